"""What happened, in words; and what came of it."""

import json
from dataclasses import replace

import pytest

from scripts.walkthrough.story.outcome import outcome_of
from scripts.walkthrough.story.step_titles import (
    client_id_of,
    rule_of,
    says_of,
    title_of,
)
from scripts.walkthrough.story.story import Decision, Exchange, Message, Pairs
from tests.scripts.walkthrough.stories import exchange

FORM: Pairs = (("content-type", "application/x-www-form-urlencoded; charset=UTF-8"),)


def decision(rule: str, *, accepted: bool = True) -> Decision:
    """A check of a server."""
    return Decision("rs", "a.b", "a check", rule, "", "", accepted, "a.b", "a.py:1")


def asked(
    lane: str,
    start: str,
    body: str = "",
    *decisions: Decision,
    headers: Pairs = FORM,
    client: str = "banking-client",
) -> Exchange:
    """An exchange in which *client* asks something of the server in *lane*."""
    return replace(
        exchange(),
        client=client,
        client_lane="browser" if client == "browser" else "client",
        server=lane,
        server_lane=lane,
        request=Message(f"{start} HTTP/1.1", headers, body),
        decisions=decisions,
    )


@pytest.mark.parametrize(
    ("lane", "start", "body", "title"),
    [
        ("as", "POST /token", "grant_type=client_credentials", "asks for a token"),
        ("as", "POST /token", "grant_type=refresh_token", "asks for a fresh token"),
        (
            "as",
            "POST /token",
            "grant_type=authorization_code",
            "exchanges a code for tokens",
        ),
        ("as", "POST /token", "grant_type=x", "asks for a token"),
        ("as", "POST /token", "\ud800;&=", "asks for a token"),
        ("as", "POST /introspect", "token=x", "asks whether a token is good"),
        ("as", "POST /revoke", "token=x", "gives a token back"),
        ("rs", "GET /accounts?a=b", "", "reads accounts"),
        ("rs", "GET /open-banking/v4.0/aisp/accounts", "", "reads accounts"),
        ("rs", "GET /open-banking/v4.0/aisp/accounts/1", "", "reads an account"),
        ("rs", "GET /accounts/1/balances", "", "reads balances"),
        ("rs", "PUT /accounts", "", "sends PUT /accounts"),
        ("as", "GET /nothing", "", "sends GET /nothing"),
        ("as", f"GET /{'x' * 99}", "", f"sends GET /{'x' * 58}…"),
        ("as", "GET [", "", "sends GET ["),
        ("as", "GET x]?y", "", "sends GET x]"),
        ("as", "GET /jwks#x", "", "fetches the keys that tokens are signed with"),
        ("as", "GET /status/0", "", "fetches the list of revoked tokens"),
    ],
)
def test_what_a_program_does_has_words(
    lane: str, start: str, body: str, title: str
) -> None:
    """From method, path and what kind of grant it is."""
    assert title_of(asked(lane, start, body)) == f"banking-client {title}"


def test_a_browser_opens_pages() -> None:
    """Which have no words of their own."""
    page = asked("client", "GET /accounts/1", client="browser")
    assert title_of(page) == "a browser opens /accounts/1"
    form = asked("client", "POST /accounts/1", client="browser")
    assert title_of(form) == "a browser sends POST /accounts/1"
    back = asked("client", "GET /callback?code=x", client="browser")
    assert title_of(back) == "a browser comes back from the bank"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("/sign-in", "is asked to sign in at the bank"),
        ("/second-factor", "is asked for a second factor"),
        ("/consent", "is shown what would be shared"),
        ("/elsewhere", "comes to the bank with a request"),
    ],
)
def test_the_banks_pages_are_told_apart(form: str, words: str) -> None:
    """One address, and the page tells by its form what is asked next."""
    arrives = asked("as", "GET /authorize?request_uri=x", client="browser")
    page = Message("HTTP/1.1 200", (), f'<form method="post" action="{form}">')
    assert title_of(replace(arrives, response=page)) == f"a browser {words}"
    unanswered = replace(arrives, response=None)
    assert title_of(unanswered) == "a browser comes to the bank with a request"


def test_who_was_asked_for_no_certificate_is_somebody() -> None:
    """RFC 8705 section 5: the conventional listener requests none."""
    asks = asked("as", "GET /jwks", client="anonymous")
    does = "fetches the keys that tokens are signed with"
    assert title_of(asks) == f"somebody without a certificate {does}"
    conventional = replace(asks.handshake, certificate_requested=False)
    assert title_of(replace(asks, handshake=conventional)) == f"somebody {does}"


def test_a_refusal_is_in_the_title() -> None:
    """With its rule as the step's, and its check among what is said."""
    refused = asked(
        "rs",
        "GET /accounts",
        "",
        decision("RFC 8705 section 3"),
        decision("RFC 6750 section 3.1", accepted=False),
    )
    assert title_of(refused) == "banking-client reads accounts, and is refused"
    assert rule_of(refused) == "RFC 6750 section 3.1"
    assert says_of(refused) == (
        "GET /accounts at the resource server. Refused: a check."
    )


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([], ""),
        ([""], ""),
        (["RFC 7519 section 4.1", "RFC 6750 section 2.1"], "RFC 6750 section 2.1"),
        (["RFC 7519 section 4.1", "RFC 8705 section 2.1"], "RFC 8705 section 2.1"),
        (["RFC 8705 section 2.1", "RFC 8705 section 3"], "RFC 8705 section 3"),
    ],
)
def test_the_rule_that_tells_most_is_the_steps(rules: list[str], told: str) -> None:
    """The binding before the client's certificate, and that before anything else."""
    assert rule_of(asked("rs", "GET /a", "", *map(decision, rules))) == told


def test_what_decided_nothing_has_the_rule_of_what_it_led_to() -> None:
    """A page of the client, for which the bank's API judged a token."""
    inner = asked("rs", "GET /accounts", "", decision("RFC 8705 section 3"))
    bare = asked("as", "GET /jwks")
    page = replace(asked("client", "GET /", client="browser"), nested=(bare, inner))
    assert rule_of(page) == "RFC 8705 section 3"


def test_a_client_names_itself_in_a_form_alone() -> None:
    """A JSON body with the same letters is no form."""
    assert client_id_of(asked("as", "POST /token", "client_id=a&client_id=b")) == "a"
    other: Pairs = (("content-type", "application/json"),)
    assert client_id_of(asked("as", "POST /token", "client_id=a", headers=other)) == ""
    assert client_id_of(asked("as", "GET /", "client_id=a", headers=())) == ""


def came(status: str, body: object = "", *fields: tuple[str, str]) -> str:
    """The outcome of an exchange with that answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    answer = Message(f"HTTP/1.1 {status}", fields, text)
    return outcome_of(replace(exchange(), response=answer, decisions=()))


def test_what_came_is_status_error_and_rule() -> None:
    """RFC 6750 section 3: the error from the header; RFC 6749: from the body."""
    challenge = ("WWW-Authenticate", 'Bearer error="invalid_token"')
    assert came("200", {"accounts": []}) == "200"
    assert came("401", {"error": "x"}, challenge) == "401 invalid_token"
    assert came("401", "", ("www-authenticate", "Bearer")) == "401"
    assert came("400", {"error": "invalid_grant"}) == "400 invalid_grant"
    assert came("200", {"active": False}) == "200 inactive"
    assert came("200", []) == "200"
    assert came("200", "<html>") == "200"
    assert came("200", "[" * 100_000) == "200"
    refused = decision("RFC 8705 section 3", accepted=False)
    answer = Message("HTTP/1.1 401", (challenge,), "")
    whole = replace(exchange(), response=answer, decisions=(decision("x"), refused))
    assert outcome_of(whole) == "401 invalid_token, RFC 8705 section 3"


def test_no_answer_is_an_outcome_too() -> None:
    """With the reason, where one was recorded."""
    assert outcome_of(replace(exchange(), response=None)) == "no answer"
    broken = replace(exchange(), response=None, failure="connection lost")
    assert outcome_of(broken) == "connection lost"
    alert = replace(broken, failure="TLS: tlsv1 alert decrypt error")
    assert outcome_of(alert) == "alert decrypt_error"  # RFC 8446 section 6
