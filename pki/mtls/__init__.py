"""
How do the two ends of a mutual-TLS HTTP/1.1 connection meet?

`server` listens, and `http1` reads a request once, at the rim, into a frozen value
that carries the peer certificate; `client` holds one identity. `contexts` decides what
either end asks of a handshake. Everything that touches Twisted's HTTP client or
pyOpenSSL is in this package, and nothing that is private to Twisted.

May import `pki.observability`, `pki.http` and the modules of `pki` itself.
"""
