"""A customer disconnects her bank, also while a part of it is away."""

import pytest

from client_node.config import Config
from tests.client_node.in_memory.bank import always
from tests.client_node.in_memory.open_bank import AISP, Browser, OpenBank

CONSENT = f"{AISP}/account-access-consents/consent-1"


@pytest.fixture
def customer(open_bank: OpenBank, browser: Browser) -> Browser:
    """Her bank is connected."""
    return browser.connected(open_bank)


def test_all_ends(open_bank: OpenBank, customer: Browser) -> None:
    """The consent at the resource server, both tokens at the authorization server."""
    customer.get("/consents").send("/disconnect")
    assert (customer.status, customer.location) == (303, "/consents?ended=yes")
    assert open_bank.consents == {}
    assert open_bank.revoked == ["refresh-1", "authorization_code-2"]
    customer.get(customer.location)
    assert "Disconnected." in customer.text
    assert "You share nothing" in customer.text


def test_nothing_of_it_is_kept(
    open_bank: OpenBank, customer: Browser, config: Config
) -> None:
    """The tokens are gone from the store as well."""
    customer.get("/consents").send("/disconnect")
    files = config.web.database.parent.glob(f"{config.web.database.name}")
    assert not any(b"refresh-1" in path.read_bytes() for path in files)
    assert "No bank is connected" in customer.get("/accounts").text


def test_the_resource_server_is_away(open_bank: OpenBank, customer: Browser) -> None:
    """The tokens are revoked; what remains is said, and can be ended later."""
    customer.get("/consents")
    deletion = open_bank.bank.resource.answers.pop(CONSENT)
    open_bank.bank.resource.answers[CONSENT] = always(403, {})
    customer.send("/disconnect")
    assert customer.location == "/consents?ended=partly"
    assert open_bank.revoked == ["refresh-1", "authorization_code-2"]
    customer.get(customer.location)
    assert "in your bank's books" in customer.text
    assert "No bank is connected" in customer.get("/accounts").text
    open_bank.bank.resource.answers[CONSENT] = deletion
    customer.get("/consents").send("/disconnect")
    assert customer.location == "/consents?ended=yes"
    assert len(open_bank.revoked) == 2


def test_the_authorization_server_is_away(
    open_bank: OpenBank, customer: Browser
) -> None:
    """The consent is deleted; what remains is said, and can be ended later."""
    customer.get("/consents")
    revoke = open_bank.bank.mutual_tls.answers["/revoke"]
    open_bank.bank.mutual_tls.answers["/revoke"] = always(503, {})
    customer.send("/disconnect")
    assert customer.location == "/consents?ended=partly"
    assert open_bank.consents == {}
    assert "could not be made void yet" in customer.get(customer.location).text
    assert customer.get("/accounts/22").status == 404
    open_bank.bank.mutual_tls.answers["/revoke"] = revoke
    customer.get("/consents").send("/disconnect")
    assert customer.location == "/consents?ended=yes"


def test_both_are_away(open_bank: OpenBank, customer: Browser) -> None:
    """Nothing is ended, and nothing is forgotten."""
    customer.get("/consents")
    open_bank.bank.resource.answers[CONSENT] = always(503, {})
    open_bank.bank.mutual_tls.answers["/revoke"] = always(503, {})
    customer.send("/disconnect")
    assert customer.location == "/consents?ended=no"
    assert "nothing could be ended yet" in customer.get(customer.location).text
    assert "Disconnect</button>" in customer.text


def test_a_consent_that_is_gone_already(open_bank: OpenBank, customer: Browser) -> None:
    """UK Open Banking: 400 for an id it does not know. It is what was wanted."""
    customer.get("/consents")
    open_bank.bank.resource.answers[CONSENT] = always(
        400, {"Errors": [{"ErrorCode": "U011", "Message": "gone"}]}
    )
    customer.send("/disconnect")
    assert customer.location == "/consents?ended=yes"


def test_a_connection_of_somebody_else(open_bank: OpenBank, customer: Browser) -> None:
    """404: knowing its id is not enough."""
    customer.get("/consents")
    connection = customer.hidden("/disconnect")["connection"]
    other = Browser(open_bank.bank).connected(open_bank)
    other.get("/consents").send("/disconnect", connection=connection)
    assert other.status == 404
    assert open_bank.revoked == []


def test_she_is_asked_first(customer: Browser) -> None:
    """The page's button opens the question; the one that ends it stands in there."""
    text = customer.get("/consents").text
    asks = text.index('popovertarget="end-')
    begins = text.index('<div class="question" role="dialog" popover="auto"')
    assert asks < begins < text.index('<form method="post" action="/disconnect">')
    assert "Disconnect Example Bank?" in text


def test_nothing_ends_by_a_link(open_bank: OpenBank, customer: Browser) -> None:
    """GET ends nothing, whatever its address says."""
    customer.get("/consents")
    connection = customer.hidden("/disconnect")["connection"]
    for query in ("", f"?connection={connection}", "?ended=yes"):
        assert customer.get(f"/disconnect{query}").status == 405
    assert open_bank.revoked == []
    assert "In force" in customer.get("/consents").text


@pytest.mark.parametrize("token", ["", "x" * 43])
def test_a_form_without_our_token(
    open_bank: OpenBank, customer: Browser, token: str
) -> None:
    """RFC 6749 section 10.12: a confirmation is one that she was shown."""
    customer.get("/consents").send("/disconnect", csrf=token)
    assert customer.status == 403
    assert open_bank.revoked == []
    assert open_bank.consents != {}


def test_a_form_from_elsewhere(open_bank: OpenBank, customer: Browser) -> None:
    """Nobody disconnects a customer but she."""
    customer.get("/consents")
    customer.origin = "https://evil.example"
    assert customer.send("/disconnect").status == 403
    assert open_bank.revoked == []
