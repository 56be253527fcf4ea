"""A node whose neighbour is killed: 503, and no restart when the neighbour is back."""

import signal
from collections.abc import Iterator

import pytest

from scripts.headless.page import Page
from tests.customers.person import Person
from tests.deployment.nodes import NAMES, Nodes, assert_away
from tests.fapi.test_killed_processes import at_a_browser

pytestmark = pytest.mark.slow

BANK, OPAQUE = "banking-client", "tpp-opaque"


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    nodes = Nodes(tmp_path_factory.mktemp("away"))
    try:
        for name in NAMES:
            nodes.start(name)
        yield nodes
    finally:
        nodes.close()


def assert_no_traceback(nodes: Nodes) -> None:
    for node in nodes.nodes.values():
        assert "Traceback" not in "".join(node.log)


def test_the_authorization_server_is_away(nodes: Nodes) -> None:
    """RFC 7662: what cannot be asked is 503; what can be verified here goes on."""
    with nodes.client(BANK) as client, nodes.client(OPAQUE) as asks:
        jwt = nodes.token(client, BANK).json()["access_token"]
        opaque = nodes.token(asks, OPAQUE).json()["access_token"]
        assert nodes.accounts(client, jwt).status_code == 200
        assert nodes.accounts(asks, opaque).status_code == 200
        nodes.end("as", signal.SIGKILL)
        assert nodes.accounts(client, jwt).status_code == 200
        assert_away(nodes.accounts(asks, opaque))
        with nodes.client(None) as browser:
            assert_away(nodes.connect(browser))
        nodes.start("as")
        assert nodes.accounts(asks, opaque).status_code == 200
        assert nodes.accounts(client, jwt).status_code == 200
        with nodes.client(None) as browser:
            assert nodes.connect(browser).status_code == 303
    assert_no_traceback(nodes)


def test_the_resource_server_is_away(nodes: Nodes) -> None:
    """A customer on her way is told to come back, and goes on from where she was."""
    customer: Person = at_a_browser(nodes.running)
    page = customer.browser.open(f"{nodes.running.client}/")
    page = customer.browser.submit(page, "/connect")
    nodes.end("rs", signal.SIGKILL)
    away = customer.sign_in(page)
    assert_page_away(away)
    with nodes.client(None) as browser:
        assert_away(nodes.connect(browser))
    nodes.start("rs")
    consent = customer.browser.open(away.url)
    nodes.end("rs", signal.SIGKILL)
    assert_page_away(customer.approve(consent))
    nodes.start("rs")
    assert customer.approve(consent).url.startswith(nodes.running.client)
    assert_no_traceback(nodes)


def assert_page_away(page: Page) -> None:
    """503 in words."""
    assert page.status == 503
    assert page.answer.header("retry-after") is not None
    assert "Nothing was shared" in page.text
