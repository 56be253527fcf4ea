"""
Which clients the load comes from: certificates, and how our server registers them.

All are known by their subject (`tls_client_auth_subject_dn`, RFC 8705 section 2.1.2),
and issued by the authority of the deployment's own clients.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pki.issuing.credentials import issue_to
from pki.issuing.hierarchy import load_authorities
from pki.issuing.layout import Layout
from pki.issuing.parties import Client
from pki.issuing.profiles import subject

REDIRECT_URI = "https://127.0.0.1:7/callback"
CUSTOMER = "ty.webb@example.com"
SCOPE = "accounts"
INTROSPECTING = "accounts-rs"
"""The resource server when it introspects: of the deployment, its certificate too."""

IN_ROTATION = 200
_DAYS = 2.0


@dataclass(frozen=True, slots=True)
class BenchClient:
    """
    A client; *access_tokens* is `jwt` or `opaque`, *alg* what a JWT is signed with.

    One with a *flow* asks a customer (the code flow), the others for themselves.
    """

    client_id: str
    access_tokens: str = "jwt"
    alg: str = "ES256"
    flow: bool = False

    @property
    def _party(self) -> Client:
        name = subject(self.client_id, "Load Ltd", "PSDGB-FCA-999998")
        return Client(self.client_id, name)

    @property
    def subject_dn(self) -> str:
        """As RFC 4514 has it."""
        return self._party.subject.rfc4514_string()

    def issue(self, layout: Layout) -> None:
        """
        Lay down its certificate and key.

        Raises:
            Refused: the deployment's authorities are not there.
        """
        intermediate = load_authorities(layout).client_intermediate
        now = time.time()
        layout.write(
            self.client_id, issue_to(self._party, intermediate, now=now, days=_DAYS)
        )


ES256 = BenchClient("bench-es256")
PS256 = BenchClient("bench-ps256", alg="PS256")
OPAQUE = BenchClient("bench-opaque", access_tokens="opaque")
FLOW = BenchClient("bench-flow", flow=True)
THIEF = BenchClient("bench-thief")
"""Who must get nothing for another's token."""

ROTATING = tuple(BenchClient(f"bench-{n}") for n in range(IN_ROTATION))
ROTATING_OPAQUE = tuple(
    BenchClient(f"bench-opaque-{n}", access_tokens="opaque") for n in range(IN_ROTATION)
)
ALL = (ES256, PS256, OPAQUE, FLOW, THIEF, *ROTATING, *ROTATING_OPAQUE)


def issue_all(issued: Path) -> None:
    """
    Lay down the certificates and keys of all, beside the deployment's.

    Raises:
        Refused: the deployment's authorities are not there.
    """
    for client in ALL:
        client.issue(Layout(issued))


def registrations(clients: Iterable[BenchClient] = ALL) -> str:
    """The TOML tables of *clients* for our authorization server."""
    return "".join(map(_table, clients))


def _table(client: BenchClient) -> str:
    members: dict[str, object] = {
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_subject_dn": client.subject_dn,
        "tls_client_certificate_bound_access_tokens": True,
        "access_token_format": client.access_tokens,
        "grant_types": ["client_credentials"],
        "scope": SCOPE,
    }
    if client.access_tokens == "jwt":
        members["access_token_signing_alg"] = client.alg
    if client.flow:
        members |= {
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "redirect_uris": [REDIRECT_URI],
            "scope": "openid",
            "headless_consent_user": CUSTOMER,
        }
    # JSON's strings, booleans and arrays of strings are TOML's as well.
    lines = [f"{name} = {json.dumps(value)}" for name, value in members.items()]
    return "\n".join(["", f"[clients.{client.client_id}]", *lines, ""])
