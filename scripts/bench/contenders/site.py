"""Where the contenders are."""

from dataclasses import dataclass
from pathlib import Path

from scripts.bench.load.tls import Door, context


@dataclass(frozen=True, slots=True)
class Site:
    """
    *issued* holds the certificates that all of them use, *folder* whatever they write,
    and goes when the run ends; *packages* is kept. *core* is the servers'.
    """

    issued: Path
    folder: Path
    packages: Path
    core: int

    def certificate(self, name: str) -> Path:
        """The chain of *name*, leaf first."""
        return self.issued / f"{name}.pem"

    def key(self, name: str) -> Path:
        """The private key of *name*."""
        return self.issued / f"{name}-key.pem"

    @property
    def server_roots(self) -> Path:
        """Whom a client of the servers believes."""
        return self.issued / "server-roots.pem"

    @property
    def client_roots(self) -> Path:
        """Whom a server believes about its clients."""
        return self.issued / "client-roots.pem"

    def door(self, port: int, name: str | None) -> Door:
        """*port* of loopback with the certificate of *name*, or without one."""
        if name is None:
            return Door(port, context(None))
        return Door(port, context(self.certificate(name), self.key(name)))
