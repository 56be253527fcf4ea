"""Where the nodes of a run are, and what a client of theirs needs."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HOST = "127.0.0.1"
NAME = "localhost"  # in the nodes' URLs and certificates


@dataclass(frozen=True, slots=True)
class Place:
    """
    A deployment that runs.

    *issuer* and *mtls* are the authorization server's listeners, *resource* the
    resource server's, *client* the banking client's; *issued* holds the certificates.
    """

    issuer: str
    mtls: str
    resource: str
    client: str
    issued: Path

    def tls(self, certificate: str | None) -> ssl.SSLContext:
        """What a client of the nodes connects with; *certificate* is whose, if any."""
        context = ssl.create_default_context(cafile=self.issued / "server-roots.pem")
        if certificate is not None:
            chain = self.issued / f"{certificate}.pem"
            context.load_cert_chain(chain, self.issued / f"{certificate}-key.pem")
        return context


def port_of(url: str) -> int:
    """The port, which every URL of a `Place` has."""
    return urlsplit(url).port or 443
