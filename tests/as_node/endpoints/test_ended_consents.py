"""What becomes of a grant when the consent it stands on has ended."""

from typing import Any

import pytest

from pki.http.answers import Answer
from pki.http.messages import json_response
from tests.as_node.authorizing import REDIRECT_URI
from tests.as_node.pushing import pushed, redeem
from tests.customers.step_by_step import Browser, approve, consent_page, sent_back
from tests.in_memory.authorization_server import (
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, TY, Consents

ENDED = pytest.mark.parametrize(
    "ended",
    [
        None,  # deleted: the resource server says 404
        {"status": "CANC"},
        {"status": "EXPD"},
        {"status": "RJCT"},
        {"status": "AWAU"},
        {"status": "of a later version"},
        {"client_id": "other-tpp"},
    ],
)
CLIENT = "banking-client"


def code(server: Deployment, **changed: Any) -> str:
    """One that Ty's approval has led to."""
    browser = Browser(server)
    page = consent_page(browser, pushed(server, **changed))
    return sent_back(approve(browser, page), REDIRECT_URI)["code"]


def tokens(server: Deployment, **changed: Any) -> dict[str, Any]:
    """What the client got for it."""
    return members(redeem(server, code(server, **changed)), 200)


def end(consents: Consents, ended: dict[str, str] | None) -> None:
    """What its client or time does to the consent."""
    if ended is None:
        del consents.consents[INTENT]
    else:
        consents.consents[INTENT].update(ended)


def refresh(server: Deployment, held: dict[str, Any]) -> Answer:
    """The client wants a new access token."""
    form = {"grant_type": "refresh_token", "refresh_token": held["refresh_token"]}
    return server.post(
        f"{MUTUAL_TLS}/token", {**form, "client_id": CLIENT}, certificate=CLIENT
    )


def userinfo(server: Deployment, held: dict[str, Any]) -> Answer:
    """The client asks who its customer is."""
    return server.request(
        "GET",
        f"{MUTUAL_TLS}/userinfo",
        certificate=CLIENT,
        headers=(("Authorization", f"Bearer {held['access_token']}"),),
    )


@pytest.mark.check("grant.consent-in-force", "consent.authorised")
def test_a_consent_in_force(server: Deployment, consents: Consents) -> None:
    """Open Banking: what she allowed goes on for as long as it is allowed."""
    held = tokens(server)
    for _ in range(2):
        assert members(userinfo(server, held), 200) == {"sub": TY}
        assert members(server.introspect(held["access_token"]), 200)["active"] is True
        assert members(refresh(server, held), 200)["access_token"]


@pytest.mark.check("code.consent", "grant.consent-in-force")
@ENDED
def test_a_code(
    server: Deployment, consents: Consents, ended: dict[str, str] | None
) -> None:
    """Open Banking: a consent that ends before its code is redeemed gives nothing."""
    brought = code(server)
    end(consents, ended)
    assert_refused(redeem(server, brought), 400, "invalid_grant")


@pytest.mark.check("refresh-token.consent", "consent.authorised")
@ENDED
def test_a_refresh_token(
    server: Deployment, consents: Consents, ended: dict[str, str] | None
) -> None:
    """Open Banking: it brings nothing more, and the access tokens end with it."""
    held = tokens(server)
    end(consents, ended)
    assert_refused(refresh(server, held), 400, "invalid_grant")
    assert "check=refresh-token.consent" in server.log.getvalue()
    assert_ended_for_good(server, consents, held)


@pytest.mark.check("grant.consent-in-force")
@ENDED
def test_introspection(
    server: Deployment, consents: Consents, ended: dict[str, str] | None
) -> None:
    """RFC 7662 section 2.2: inactive, and not a word more."""
    held = tokens(server)
    end(consents, ended)
    answer = server.introspect(held["access_token"])
    assert members(answer, 200) == {"active": False}
    assert_ended_for_good(server, consents, held)


@pytest.mark.check("userinfo.consent")
@ENDED
def test_userinfo(
    server: Deployment, consents: Consents, ended: dict[str, str] | None
) -> None:
    """RFC 6750 section 3.1: the token is revoked."""
    held = tokens(server)
    end(consents, ended)
    assert_refused(userinfo(server, held), 401, "invalid_token")
    assert "check=userinfo.consent" in server.log.getvalue()
    assert_ended_for_good(server, consents, held)


def assert_ended_for_good(
    server: Deployment, consents: Consents, held: dict[str, Any]
) -> None:
    """It is revoked here, whatever the resource server says or does not say later."""
    consents.add(INTENT, CLIENT, status="AUTH")
    asked = len(consents.asked)
    assert_refused(refresh(server, held), 400, "invalid_grant")
    assert_refused(userinfo(server, held), 401, "invalid_token")
    answer = server.introspect(held["access_token"])
    assert members(answer, 200) == {"active": False}
    assert len(consents.asked) == asked


@pytest.mark.parametrize(
    "status", [500, 503, 403, 400, 409, 301, 200], ids=lambda status: f"{status}"
)
def test_the_resource_server_makes_no_sense(
    server: Deployment, consents: Consents, status: int
) -> None:
    """RFC 9110 section 15.6.4: nothing is given, nothing ended; it goes on later."""
    held = tokens(server)
    consents.instead = json_response(status, {})
    answers = [
        refresh(server, held),
        userinfo(server, held),
        server.introspect(held["access_token"]),
    ]
    for each in answers:
        assert_refused(each, 503, "temporarily_unavailable")
        assert each.header("retry-after") == "5"
        assert each.header("www-authenticate") is None
    consents.instead = None
    assert members(refresh(server, held), 200)
    assert members(userinfo(server, held), 200)
    assert members(server.introspect(held["access_token"]), 200)["active"] is True


def test_a_code_waits_for_the_resource_server(
    server: Deployment, consents: Consents
) -> None:
    """RFC 6749 section 4.1.2: a code is not used up by what failed for our reasons."""
    brought = code(server)
    consents.instead = json_response(503, {})
    assert_refused(redeem(server, brought), 503, "temporarily_unavailable")
    consents.instead = None
    assert members(redeem(server, brought), 200)


def test_without_a_consent(server: Deployment) -> None:
    """OpenID Connect Core section 5.3: where none was named, nobody has to be asked."""
    browser = Browser(server)
    page = consent_page(browser, pushed(server, claims=None, scope="openid"))
    answer = browser.submit(page, "/consent", decision="approved")
    brought = sent_back(answer, REDIRECT_URI)["code"]
    held = members(redeem(server, brought), 200)
    assert members(userinfo(server, held), 200) == {"sub": TY}
    assert members(refresh(server, held), 200)
    assert members(server.introspect(server.token(CLIENT)), 200)["active"] is True
