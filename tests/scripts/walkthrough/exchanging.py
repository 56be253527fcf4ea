"""Exchanges as `Evidence` makes them, of events made up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from pki import pem
from pki.issuing.layout import Layout
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.evidence.evidence import Evidence
from scripts.walkthrough.story.story import Exchange
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.recorded import answered, handshake

FORM = {"content-type": "application/x-www-form-urlencoded"}
CLIENT_CREDENTIALS = "grant_type=client_credentials&client_id=banking-client"


def place_of(pki: Pki, folder: Path) -> Place:
    """A deployment in *folder*, with three clients and an authority that issues."""
    layout = Layout(folder / "issued")
    layout.directory.mkdir()
    layout.authorities.mkdir()
    authorities = Layout(layout.authorities)
    issuing = pki.client_authority.credential
    for kept, name, credential in (
        (layout, "banking-client", pki.client),
        (layout, "other-tpp", pki.other),
        (layout, "alone", pki.self_signed),
        (authorities, "client-intermediate", issuing),
    ):
        chain = pem.certificates_to_pem(credential.chain)
        kept.certificate(name).write_bytes(chain)
        kept.key(name).write_bytes(pem.private_key_to_pem(credential.private_key))
    roots = pem.certificates_to_pem(pki.server_roots)
    layout.server_roots.write_bytes(roots)
    return Place(layout, layout.server_roots, folder / "client.toml", "python")


@dataclass
class Told:
    """Requests that were answered, one after the other, each on a new connection."""

    pki: Pki
    place: Place
    numbers: "count[int]" = field(default_factory=count)
    evidence: Evidence = field(init=False)

    def __post_init__(self) -> None:
        """Everybody has the name of his files."""
        holders = {
            x5t_s256(credential.leaf_der): name
            for name, credential in (
                ("as", self.pki.server),
                ("banking-client", self.pki.client),
                ("other-tpp", self.pki.other),
                ("alone", self.pki.self_signed),
            )
        }
        self.evidence = Evidence(holders, self.place)

    def exchange(
        self,
        what: str = "POST /token",
        client: Credential | None = None,
        *,
        node: str = "as",
        body: str = CLIENT_CREDENTIALS,
        headers: Mapping[str, str] = FORM,
        status: int = 200,
        answer: str = '{"access_token":"abc","token_type":"Bearer"}',
        refused: str = "",
        decided: bool = True,
        sent_after: tuple[str, ...] = (),
    ) -> Exchange:
        """One exchange; *decided* says whether a decision was recorded."""
        number = next(self.numbers)
        shaken = handshake(node, self.pki.server, client, connection=number)
        shaken["certificate_requested"] = client is not None
        shaken["peer_sent_after"] = list(sent_after)
        events = answered(
            node,
            what,
            number,
            at=number,
            status=status,
            refused=refused,
            connection=number,
            headers=dict(headers),
            body=body,
            answer=answer,
        )
        self.evidence.note([shaken])
        (exchange,) = self.evidence.exchanges(
            [e for e in events if decided or e["event"] != "decision"]
        )
        return exchange
