"""The configuration of the observer: `walkthrough.toml` as a value."""

from dataclasses import dataclass
from pathlib import Path

from client_node.oauth.requests.json_answers import is_https_url
from pki.alternative_names import host_names

SHIPPED = Path(__file__).with_name("walkthrough.toml")


@dataclass(frozen=True, slots=True)
class Config:
    """
    Where it is served, by which names it is reached, and what it reads.

    *listen* is a Twisted endpoint string. *origin* is where people find it; at the
    same port it answers to *names*, too.

    *recordings* is the folder that the nodes record into, *demo* the page that the
    demo writes: neither need be there. *client* is the configuration of the banking
    client of the same deployment.
    """

    listen: str
    origin: str
    names: tuple[str, ...]
    certificate: Path
    key: Path
    recordings: Path
    demo: Path
    client: Path

    def __post_init__(self) -> None:
        """Refuse an origin that is none, and a name that nobody can come by."""
        if not is_https_url(self.origin) or self.origin.count("/") != 2:
            raise ValueError(f"origin must be https://HOST:PORT, not {self.origin!r}")
        host_names(self.names)
