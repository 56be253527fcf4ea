"""`x-fapi-interaction-id` on every answer, good or bad."""

from uuid import UUID

import pytest

from pki.http.checks import Check
from pki.http.messages import EMPTY, Connection, Refusal, Request, Response
from pki.observability.recording import refusal_to_record
from pki.pem import Credential
from rs_node.access.challenges import InvalidToken
from rs_node.access.interaction_id import Answer, with_interaction_id
from tests.rs_node.bank import Bank

NAME = "x-fapi-interaction-id"
ID = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"
OTHER = "93bac548-d2de-4546-b106-880a5018460d"


@pytest.mark.parametrize("value", [ID, ID.upper(), "an-id_of.their:own", "x" * 128])
def test_what_came_goes_back(bank: Bank, tpp: Credential, value: str) -> None:
    """FAPI 1.0 part 1 section 6.2.1: the value that came is sent back, and logged."""
    answer = bank.get(tpp, bank.jwt(tpp), headers=((NAME, value),))
    assert answer.headers[NAME] == (value,)
    assert f"interaction={value}" in bank.logged()


def test_none_came(bank: Bank, tpp: Credential) -> None:
    """FAPI 1.0 part 1 section 6.2.1: without one each request gets a new UUID."""
    [first] = bank.get(tpp, bank.jwt(tpp)).headers[NAME]
    [second] = bank.get(tpp, bank.jwt(tpp)).headers[NAME]
    assert first != second
    logged = bank.logged()
    for made in (first, second):
        assert UUID(made).version == 4
        assert f"interaction={made}" in logged


@pytest.mark.parametrize(
    "fields",
    [
        ((NAME, ""),),
        ((NAME, "two words"),),
        ((NAME, "x" * 129),),
        ((NAME, "\u00e4"),),
        ((NAME, ID), (NAME, OTHER)),
    ],
)
def test_what_came_cannot_be_repeated(
    bank: Bank, tpp: Credential, fields: tuple[tuple[str, str], ...]
) -> None:
    """FAPI 1.0 part 1 section 6.2.1: what is no single harmless value is replaced."""
    [value] = bank.get(tpp, bank.jwt(tpp), headers=fields).headers[NAME]
    assert UUID(value).version == 4
    assert value not in (ID, OTHER)


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/accounts", None, 401),
        ("/accounts", "x.y.z", 401),
        ("/accounts?access_token=x", None, 400),
        ("/accounts/none/balances", "good", 404),
        ("/nothing", None, 404),
        ("/.well-known/oauth-protected-resource", None, 200),
    ],
)
def test_refusals_have_it_too(
    bank: Bank, tpp: Credential, path: str, token: str | None, status: int
) -> None:
    """FAPI 1.0 part 1 section 6.2.1: a refusal can be found in the log by it."""
    presented = bank.jwt(tpp) if token == "good" else token
    answer = bank.get(tpp, presented, path, headers=((NAME, ID),))
    assert answer.status == status
    assert answer.headers[NAME] == (ID,)


def test_fapi_headers_are_tolerated(bank: Bank, tpp: Credential) -> None:
    """FAPI 1.0 part 1 section 6.2.1: the other headers of FAPI clients do no harm."""
    for address in ("203.0.113.7", "2001:db8::7"):
        fields = (
            ("x-fapi-auth-date", "Mon, 23 Nov 2026 10:00:00 GMT"),
            ("x-fapi-customer-ip-address", address),
            ("x-fapi-customer-user-agent", "Mozilla/5.0"),
        )
        assert bank.get(tpp, bank.jwt(tpp), headers=fields).status == 200


def test_the_recording_names_who_refused(bank: Bank) -> None:
    """A refusal that is marked on its way is still recorded as made where it was."""

    check = Check("a.check", "a title", "a rule")

    async def refuse(request: Request) -> Response:
        raise InvalidToken("why", check, expected="this", presented="that")

    connection = Connection(1, "", "", certificate_requested=True, peer=None)
    asked = Request("GET", "/", "", EMPTY, b"", connection)
    with pytest.raises(Refusal) as caught:
        bank.network.run(_answered(with_interaction_id(refuse), asked))
    recorded = refusal_to_record(caught.value)
    assert str(recorded["decided_by"]).endswith(".refuse")
    kept = ("check", "says", "rule", "expected", "presented")
    assert [recorded[name] for name in kept] == [
        "a.check",
        "why",
        "a rule",
        "this",
        "that",
    ]


async def _answered(answer: Answer, request: Request) -> Response:
    return await answer(request)
