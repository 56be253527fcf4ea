"""
One deployment: the five configuration files that make it, and where it builds.

The shipped files serve on loopback, on ports 9443 to 9447. A copy for other names,
addresses and ports is made by replacing those very words in them, so the shipped
files are also what every test of the processes runs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SHIPPED_PORTS = (9443, 9444, 9445, 9446, 9447)

_SHIPPED_NAMES = ("localhost", "127.0.0.1", "::1")
_OF_HTTPS = 443


@dataclass(frozen=True, slots=True)
class Deployment:
    """The paths of a deployment; *build* is where everything it makes goes."""

    pki: Path
    authorization_server: Path
    resource_server: Path
    client: Path
    walkthrough: Path
    build: Path


SHIPPED = Deployment(
    pki=ROOT / "pki" / "pki.toml",
    authorization_server=ROOT / "as_node" / "as.toml",
    resource_server=ROOT / "rs_node" / "rs.toml",
    client=ROOT / "client_node" / "client.toml",
    walkthrough=ROOT / "scripts" / "walkthrough" / "walkthrough.toml",
    build=ROOT / "build",
)


def in_folder(folder: Path) -> Deployment:
    """The deployment whose files `copied` has laid down in *folder*."""
    return Deployment(
        pki=folder / "pki.toml",
        authorization_server=folder / "as.toml",
        resource_server=folder / "rs.toml",
        client=folder / "client.toml",
        walkthrough=folder / "walkthrough.toml",
        build=folder / "build",
    )


def copied(
    folder: Path,
    ports: Sequence[int] = SHIPPED_PORTS,
    *,
    host: str | None = None,
    bind: str = "127.0.0.1",
) -> Deployment:
    """
    A copy of the shipped deployment in *folder*, which must not hold one yet.

    *ports* are the authorization server's conventional and mutual-TLS ones, the
    resource server's, the banking client's and the walk-through's. *host* is the name
    under which others reach all of them, *bind* the address they listen on: names or
    addresses, those of IPv6 with brackets or without.
    Certificates and state will be made in *folder* too.

    Raises:
        FileExistsError: a file is there already.
        ValueError: *host* is an address with a zone, which means nothing elsewhere.
    """
    bound_to = _address(bind)
    if host is None and bound_to == "::1":
        host = bound_to  # many a machine's `localhost` is 127.0.0.1 alone
    reached_at = None if host is None else _host(host)
    moved = _Moved(dict(zip(SHIPPED_PORTS, ports, strict=True)), reached_at, bound_to)
    folder.mkdir(parents=True, exist_ok=True)
    # Keys and tokens will be here, perhaps inside a checkout.
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    copy = in_folder(folder)
    for source, target in (
        (SHIPPED.pki, copy.pki),
        (SHIPPED.authorization_server, copy.authorization_server),
        (SHIPPED.resource_server, copy.resource_server),
        (SHIPPED.client, copy.client),
        (SHIPPED.walkthrough, copy.walkthrough),
    ):
        with target.open("x", encoding="utf-8") as file:
            file.write(moved.text(source.read_text(encoding="utf-8")))
    return copy


def _host(text: str) -> str:
    host = _address(text)
    if "%" in host:
        raise ValueError(f"{text}: a zone is good on one machine only (RFC 6874)")
    return host


def _address(text: str) -> str:
    """An address as it is written for short, without brackets; a name as it is."""
    bare = text.removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class _Moved:
    """
    The replacements in a configuration file's text.

    *host* and *bind* have no brackets; they stand where RFC 3986 section 3.2.2 has
    them, and in a Twisted endpoint string a colon is escaped instead.
    """

    ports: dict[int, int]
    host: str | None
    bind: str

    def text(self, text: str) -> str:
        """*text* for the other place."""
        text = re.sub(r"(\.\./)+(pki/(?=issued)|(?=build/)|client_node/)", "", text)
        text = re.sub(r"tcp:(94\d\d):interface=127\.0\.0\.1", self._listen, text)
        text = re.sub(
            r"(https://)?(localhost|127\.0\.0\.1):(94\d\d)\b", self._reached_at, text
        )
        if self.host not in (None, *_SHIPPED_NAMES):
            text = text.replace(
                'names = ["localhost",', f'names = ["{self.host}", "localhost",'
            )
        return text

    def _listen(self, found: re.Match[str]) -> str:
        kind = "tcp6" if ":" in self.bind else "tcp"
        # Twisted's backslash, which TOML wants twice.
        address = self.bind.replace(":", r"\\:")
        return f"{kind}:{self._port(found[1])}:interface={address}"

    def _reached_at(self, found: re.Match[str]) -> str:
        """
        A URL without a port that goes without saying.

        Browsers and RFC 9110 section 4.2.3 leave it out, and an issuer is compared as
        a string (RFC 8414 section 3.3). What is no URL says its port.
        """
        scheme, port = found[1] or "", self._port(found[3])
        host = self.host or found[2]
        where = f"{scheme}[{host}]" if ":" in host else f"{scheme}{host}"
        return where if scheme and port == _OF_HTTPS else f"{where}:{port}"

    def _port(self, shipped: str) -> int:
        return self.ports.get(int(shipped), int(shipped))
