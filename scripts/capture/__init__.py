"""
What crossed the wire, as a capture that Wireshark opens and decrypts.

Made from the nodes' recordings, without any privilege: the TLS records are those that
were read and written, at their times, between their addresses. What the operating
system keeps to itself, IP and TCP, is made up around them.

`conversations`  from events to TCP connections: who sent which bytes when
`segments`       from a connection to IP packets
`pcapng`         from packets and secrets to the octets of a file
`files`          where they are written

May import `scripts.deployment` and `scripts.walkthrough.recordings`.
"""
