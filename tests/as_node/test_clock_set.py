"""A machine's clock is set, forward or back, while the authorization server runs."""

import re

import pytest

from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
    load_signing_key,
)
from pki.http.answers import Answer
from tests.as_node.pushing import SCA, claims, pushed
from tests.customers.step_by_step import (
    PASSWORD,
    Browser,
    confirm,
    forms_of,
    sign_in,
)
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.consents import TY

SIGNING = "tpp-private-key-jwt"
AHEAD = [400, 7200, 400 * 86_400]


def asserted(server: Deployment) -> dict[str, str]:
    """A token request with a new assertion."""
    key = load_signing_key(server.issued.signing_key(SIGNING))
    now = server.network.clock()
    assertion = client_assertion(key, SIGNING, CONVENTIONAL, now)
    form = assertion_parameters(assertion)
    return {"grant_type": "client_credentials", **form}


def ask(server: Deployment, form: dict[str, str]) -> Answer:
    return server.post(f"{MUTUAL_TLS}/token", form, certificate=SIGNING)


@pytest.mark.check("assertion.used-once")
@pytest.mark.parametrize("ahead", AHEAD)
def test_a_used_assertion_stays_used(server: Deployment, ahead: float) -> None:
    """RFC 7523 section 3: whatever the clock said meanwhile, it is taken once."""
    form = asserted(server)
    assert ask(server, form).status == 200
    server.network.clock_is_ahead = ahead
    for _ in range(5):
        assert ask(server, asserted(server)).status == 200
    server.network.clock_is_ahead = 0
    assert_refused(ask(server, form), 401, "invalid_client")


@pytest.mark.parametrize("ahead", [400, 7200])  # its certificate is valid then
@pytest.mark.parametrize("client_id", ["banking-client", "tpp-opaque"])
def test_a_revoked_token_stays_revoked(
    server: Deployment, client_id: str, ahead: float
) -> None:
    """RFC 7009 section 2: and one that was not is in force when the clock is back."""
    revoked, kept = server.token(client_id), server.token(client_id)
    assert server.revoke(revoked, client_id=client_id).status == 200
    server.network.clock_is_ahead = ahead
    for _ in range(5):
        assert server.revoke(server.token(client_id), client_id=client_id).status == 200
        assert members(server.introspect(kept), 200)["active"] is False
    server.network.clock_is_ahead = 0
    assert members(server.introspect(revoked), 200)["active"] is False
    assert members(server.introspect(kept), 200)["active"] is True


@pytest.mark.usefixtures("consents")
@pytest.mark.parametrize("ahead", [-1529, -86_400])
def test_nobody_waits_for_a_clock_that_was_set_back(
    server: Deployment, ahead: float
) -> None:
    """The longest wait after wrong passwords is what the throttle promises: 30 s."""
    browser = Browser(server)
    page = browser.authorize(pushed(server))

    def guess() -> Answer:
        return browser.submit(page, "/sign-in", username=TY, password="wrong")

    assert [guess().status for _ in range(6)] == [403] * 5 + [429]
    server.network.clock_is_ahead = ahead
    said = re.search(rb"wait (\d+) seconds", guess().body)
    assert said is not None
    assert int(said[1]) <= 30
    server.network.reactor.advance(30)
    answer = browser.submit(page, "/sign-in", username=TY, password=PASSWORD)
    assert answer.status == 303


@pytest.mark.usefixtures("consents")
def test_the_second_factor_after_a_clock_was_set_back(server: Deployment) -> None:
    """A code of this time is shown and taken, though one of a later time was used."""
    with_a_code = claims(essential=True, values=[SCA])
    for ahead in (7200, 0):
        server.network.clock_is_ahead = ahead
        browser = Browser(server)
        page = sign_in(browser, browser.authorize(pushed(server, claims=with_a_code)))
        assert "/consent" in forms_of(confirm(browser, page))


@pytest.mark.parametrize("ahead", [-200, 7200])
def test_new_tokens_after_the_clock_was_set(server: Deployment, ahead: float) -> None:
    """What is issued by a clock is in force by it."""
    server.token("banking-client")
    server.network.clock_is_ahead = ahead
    token = server.token("banking-client")
    assert members(server.introspect(token), 200)["active"] is True
