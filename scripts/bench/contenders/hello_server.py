"""
Twisted's web server with mutual TLS and nothing else: what its layers cost.

    python -m scripts.bench.contenders.hello_server PORT CERTIFICATE KEY CLIENT_ROOTS
"""

import sys
from pathlib import Path

from OpenSSL import crypto
from twisted.internet import reactor, ssl
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from scripts.bench.contenders.child import HOST

_HELLO = b'{"hello": "world"}'


class Hello(Resource):
    """Every path."""

    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        """A constant."""
        request.setHeader(b"Content-Type", b"application/json")
        return _HELLO


def main() -> None:
    """Serve until a signal comes."""
    port, certificate, key, roots = sys.argv[1:]
    context = ssl.CertificateOptions(
        privateKey=crypto.load_privatekey(crypto.FILETYPE_PEM, Path(key).read_bytes()),
        certificate=crypto.load_certificate(
            crypto.FILETYPE_PEM, Path(certificate).read_bytes()
        ),
        trustRoot=ssl.trustRootFromCertificates(
            [ssl.Certificate.loadPEM(Path(roots).read_bytes())]
        ),
        raiseMinimumTo=ssl.TLSVersion.TLSv1_3,
    )
    site = Site(Hello(), reactor=reactor)
    reactor.listenSSL(int(port), site, context, interface=HOST)  # type: ignore[attr-defined]
    reactor.run()


if __name__ == "__main__":
    main()
