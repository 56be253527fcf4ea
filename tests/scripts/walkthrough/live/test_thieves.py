"""Who is drawn as a thief while it happens, and who is not."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from pki.issuing.layout import Layout
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.live.story import LiveStory
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.certificate_holders import CertificateHolders
from scripts.walkthrough.story.story import Exchange, Step
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.recorded import answered, handshake

FORM = {"content-type": "application/x-www-form-urlencoded"}
ANONYMOUS, HONEST, OTHER, ROGUE, UNKNOWN = 1, 2, 3, 4, 5


class Live:
    """What happens at nodes where four have connected, and somebody anonymous."""

    def __init__(self, pki: Pki, issued: Path) -> None:
        layout = Layout(issued)
        self.honest = x5t_s256(pki.client.leaf_der)
        layout.write("banking-client", pki.client)
        layout.write("other-tpp", pki.other)
        layout.write("rogue-expired", pki.server)
        peers: dict[int, Credential | None] = {
            ANONYMOUS: None,
            HONEST: pki.client,
            OTHER: pki.other,
            ROGUE: pki.server,
            UNKNOWN: pki.self_signed,
        }
        self._story = LiveStory(CertificateHolders(issued), Place(layout), pytest.fail)
        self._story.add(
            handshake(node, pki.server, peer, connection=number)
            for node in ("as", "rs")
            for number, peer in peers.items()
        )

    def happens(self, *events: Event) -> Step:
        """The newest step."""
        self._story.add(events)
        self._story.tell(100)
        return self._story.changed_since(0, 100)[-1].step

    def refused(self, connection: int, check: str, expected: str, token: str) -> Step:
        """An access token is presented, and refused by the resource server."""
        return self.happens(
            *answered(
                "rs",
                "GET /accounts",
                1,
                at=1,
                status=401,
                refused="RFC 8705 section 3",
                check=check,
                expected=expected,
                connection=connection,
                headers={"authorization": f"Bearer {token}"},
                answer=json.dumps({"error": "invalid_token"}),
            )
        )

    def asked(self, connection: int, body: str, check: str, expected: str) -> Step:
        """A request of the token endpoint's, refused."""
        return self.happens(
            *answered(
                "as",
                "POST /token",
                1,
                at=1,
                status=400,
                refused="RFC 6749 section 5.2",
                check=check,
                expected=expected,
                connection=connection,
                headers=FORM,
                body=body,
            )
        )


@pytest.fixture
def live(pki: Pki, tmp_path: Path) -> Live:
    """Nothing has happened yet."""
    (issued := tmp_path / "issued").mkdir()
    return Live(pki, issued)


def jwt(client_id: str) -> str:
    """An access token of a client's, whose signature nobody looks at here."""
    parts = ({"alg": "ES256"}, {"client_id": client_id})
    said = [urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join((*(part.rstrip("=") for part in said), "s"))


def lane(step: Step) -> str:
    """Where the one who asked is drawn."""
    return step.exchanges[0].client_lane


def test_who_brings_a_token_of_another_is_a_thief(live: Live) -> None:
    """RFC 8705 section 3: with another certificate; by a JWT, or by what is on file."""
    for token in (jwt("banking-client"), "opaque"):
        step = live.refused(OTHER, "binding.same-certificate", live.honest, token)
        assert lane(step) == "thief"
        assert step.title == "other-tpp presents a token that is not its own"
        assert step.rule == "RFC 8705 section 3"
    nobodys = live.refused(
        UNKNOWN, "binding.same-certificate", live.honest, jwt("banking-client")
    )
    assert lane(nobodys) == "thief"


def test_a_token_bound_to_a_certificate_that_is_gone(live: Live) -> None:
    """RFC 8705 section 6.3: who has renewed his own steals nothing, others do."""
    gone = "g" * 43
    own = live.refused(HONEST, "binding.same-certificate", gone, jwt("banking-client"))
    assert lane(own) == "client"
    assert own.title == (
        "banking-client presents a token that is bound to another certificate"
    )
    others = live.refused(OTHER, "binding.same-certificate", gone, jwt("mobile-app"))
    assert lane(others) == "thief"
    for unknown in ("opaque", jwt("mobile-app")):
        new = live.refused(UNKNOWN, "binding.same-certificate", gone, unknown)
        assert lane(new) == "client"
    opaque = live.refused(OTHER, "binding.same-certificate", gone, "opaque")
    assert lane(opaque) == "client"


@pytest.mark.parametrize(
    ("check", "what"),
    [
        ("code.client", "code"),
        ("refresh-token.client", "token"),
        ("revocation.client", "token"),
    ],
)
def test_who_brings_what_was_issued_to_another(
    live: Live, check: str, what: str
) -> None:
    """RFC 6749 sections 4.1.3 and 6, RFC 7009 section 2.1: a thief; else an error."""
    body = "client_id=other-tpp"
    step = live.asked(OTHER, body, check, "banking-client")
    assert lane(step) == "thief"
    assert step.title == f"other-tpp presents a {what} that is not its own"
    assert lane(live.asked(OTHER, "client_id=mobile-app", check, "other-tpp")) == (
        "client"
    )
    assert lane(live.asked(ANONYMOUS, body, check, "banking-client")) == "client"


def refresh_refused(live: Live, connection: int) -> Step:
    """Known by its name, and refused for the certificate of *connection*."""
    known, refused = (
        answered(
            "as",
            "POST /token",
            1,
            at=1,
            refused=rule,
            check=check,
            expected=expected,
            connection=connection,
            headers=FORM,
            body="client_id=mobile-app&refresh_token=r",
        )
        for rule, check, expected in (
            ("", "refresh-token.client", "mobile-app"),
            ("RFC 8705 section 4", "refresh-token.same-certificate", "g" * 43),
        )
    )
    return live.happens(known[0], known[1], *refused[1:])


def test_a_public_clients_refresh_token(live: Live) -> None:
    """RFC 8705 section 4: its certificate is on no file, its name stands beside it."""
    step = refresh_refused(live, OTHER)
    assert lane(step) == "thief"
    assert step.title == "other-tpp presents a token that is not its own"


def test_a_public_client_that_has_renewed_its_certificate(live: Live) -> None:
    """RFC 8705 section 4: its refresh token has ended, and nobody has stolen it."""
    step = refresh_refused(live, UNKNOWN)
    assert lane(step) == "client"
    assert "not its own" not in step.title


def test_a_public_clients_access_token(live: Live) -> None:
    """Whoever is known and brings it is a thief; whoever is not may be its owner."""
    for connection, drawn in ((OTHER, "thief"), (UNKNOWN, "client")):
        check = "binding.same-certificate"
        step = live.refused(connection, check, "g" * 43, jwt("mobile-app"))
        assert lane(step) == drawn


@pytest.mark.parametrize(
    ("check", "rule"),
    [
        ("token.scope", "RFC 6749 section 3.3"),
        ("token.for-a-customer", "RFC 9068 section 2.2"),
        ("token.not-expired", "RFC 7519 section 4.1.4"),
        ("introspection.active", "RFC 7662 section 2.2"),
        ("consent.client", "UK Open Banking Read/Write v4.0, Consent Authorisation"),
    ],
)
def test_who_brings_a_token_that_is_no_good_for_this(
    live: Live, check: str, rule: str
) -> None:
    """With its own certificate, or before anybody has compared it: no thief."""
    for connection in (HONEST, OTHER, UNKNOWN, ANONYMOUS):
        step = live.happens(
            *answered(
                "rs",
                "GET /accounts",
                1,
                at=1,
                status=403,
                refused=rule,
                check=check,
                connection=connection,
                headers={"authorization": f"Bearer {jwt('banking-client')}"},
                answer=json.dumps({"error": "insufficient_scope"}),
            )
        )
        assert lane(step) == "client"
        assert "not its own" not in step.title


@pytest.mark.parametrize(
    "check", ["request.scope", "grant-type.registered", "pkce.verifier"]
)
def test_who_asks_for_too_much_is_no_thief(live: Live, check: str) -> None:
    """A client of one's own, with a scope that it is not registered for."""
    for connection in (HONEST, OTHER, UNKNOWN, ANONYMOUS):
        step = live.asked(connection, "client_id=x&scope=payments", check, "accounts")
        assert lane(step) == "client"


@pytest.mark.parametrize("claimed", ["bankng-client", "other-tpp", "mobile-app", ""])
@pytest.mark.parametrize(
    "check",
    [
        "client-auth.known-client",
        "client-auth.subject",
        "client-auth.chain",
        "code.known",
    ],
)
def test_nobody_is_a_thief_for_a_typing_error(
    live: Live, claimed: str, check: str
) -> None:
    """In a client_id, whatever that names; nor for anything else that is refused."""
    for connection in (ANONYMOUS, HONEST, ROGUE, UNKNOWN):
        step = live.asked(connection, f"client_id={claimed}", check, "one")
        assert lane(step) == "client"
        assert "not its own" not in step.title
    mistyped = live.asked(HONEST, "client_id=bankng-client", check, "one")
    assert mistyped.title == (
        "banking-client says that it is bankng-client, and is refused"
    )


@pytest.mark.parametrize(
    ("check", "title"),
    [
        (
            "binding.certificate-presented",
            (
                "somebody without a certificate presents a token without the "
                "certificate it is bound to"
            ),
        ),
        (
            "token.certificate-to-bind-to",
            "somebody without a certificate reads accounts, and is refused",
        ),
    ],
)
def test_nobody_is_a_thief_for_having_no_certificate(
    live: Live, check: str, title: str
) -> None:
    """He may have forgotten his own."""
    step = live.refused(ANONYMOUS, check, live.honest, jwt("banking-client"))
    assert (lane(step), step.title) == ("client", title)


@pytest.mark.parametrize("check", ["binding.thumbprint-form", "binding.confirmation"])
def test_a_token_that_is_bound_wrongly_is_no_stolen_one(live: Live, check: str) -> None:
    """RFC 8705 section 3.1: whoever issued it has erred."""
    step = live.refused(HONEST, check, "one certificate", jwt("banking-client"))
    assert lane(step) == "client"


def test_a_thief_is_one_in_that_very_request(live: Live) -> None:
    """Neither before nor after, nor in what else was sent under the same id."""
    honest = answered(
        "rs", "GET /a", 1, at=1, connection=OTHER, interaction="same", took=0.1
    )
    stolen = answered(
        "rs",
        "GET /accounts",
        2,
        at=2,
        connection=OTHER,
        interaction="same",
        refused="RFC 8705 section 3",
        check="binding.same-certificate",
        expected=live.honest,
    )
    step = live.happens(*honest, *stolen)
    drawn: list[Exchange] = list(step.exchanges)
    assert [each.client_lane for each in drawn] == ["client", "thief"]
    after = live.happens(*answered("rs", "GET /b", 3, at=3, connection=OTHER))
    assert lane(after) == "client"
