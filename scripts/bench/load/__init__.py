"""
How is a server loaded, by as little work of our own as can be?

`answers`     where a response ends, and what it says
`connection`  one TLS connection, on its socket, that does not wait
`callers`     who asks what, and what comes after an answer
`tls`         what a caller connects with
`loading`     some callers at a time, in turn, until time or work is over

A closed loop in one process and one thread: the next request goes out when an answer
has come in, to the connection that has rested longest.

Why none of those that others know: wrk and h2load have no option for a client
certificate; ab, oha and k6 have one certificate (or a few, by host) for all of their
connections, so no two hundred clients in rotation, no token that belongs to the
certificate of its connection, and no flow whose next request is made from the last
answer. Level with `ab -k -E` where that can be compared.

Imports `pki.mtls` for the groups that keys are exchanged in, and nothing of the nodes.
"""
