"""The configuration of the test PKI: `pki.toml` as a value."""

from dataclasses import dataclass
from pathlib import Path

from pki.alternative_names import host_names
from pki.issuing.parties import SERVERS

SHIPPED = Path(__file__).parents[1] / "pki.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long what is issued lasts, in days."""

    leaf: int
    revocation_list: int
    authority: int

    def __post_init__(self) -> None:
        """A set that would be reissued on the day it is made is a mistake."""
        if self.leaf < 2:
            raise ValueError("leaf must be at least 2 days")
        if not self.leaf < self.revocation_list <= self.authority:
            raise ValueError("must grow: leaf < revocation_list <= authority")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The host names and IP addresses under which one server is reached."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        """A certificate without a name is good for nothing."""
        if not self.names:
            raise ValueError("names must not be empty")
        host_names(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where the certificates are laid down, for how long, for which host names."""

    directory: Path
    lifetimes: Lifetimes
    servers: dict[str, Server]

    def __post_init__(self) -> None:
        """The servers of this deployment, all of them and no other."""
        if self.servers.keys() != set(SERVERS):
            raise ValueError(f"servers must be exactly {', '.join(SERVERS)}")

    @property
    def host_names(self) -> tuple[str, ...]:
        """Every name for which the server root is good; loopback always."""
        configured = [n for server in self.servers.values() for n in server.names]
        return tuple(dict.fromkeys(["localhost", "127.0.0.1", "::1", *configured]))
