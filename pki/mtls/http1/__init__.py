"""
How does a server speak HTTP/1.1 over one connection?

`connection` is the rim: what Twisted calls, and in which order a request is read,
answered and followed by the next. `request_reader` makes whole messages of octets, by
`incoming` and llhttp; `requests` makes of each the `Request` that handlers see;
`handling` has it answered, and `answers` makes octets of that. What reads and writes
octets knows no Twisted.

May import `pki.mtls.alerts`, `handshakes` and `limits`, and what `pki.mtls` may.
"""
