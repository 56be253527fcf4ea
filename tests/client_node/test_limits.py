"""
Each bound of the banking client, one step beyond it: the page, and the line in the log
that says what was expected and what came.
"""

import io
from collections.abc import Iterator

import pytest

from client_node.cli.printer import LONGEST_SHOWN, safe
from client_node.cli.run import LONGEST_TOKEN
from client_node.config import Config
from client_node.oauth.authorization.authorization_response import MOST_PARAMETERS
from client_node.oauth.authorization.id_token import LONGEST_SUB
from client_node.oauth.discovered_server import AT_MOST_EVERY
from client_node.oauth.metadata.key_set import MOST_KEYS
from client_node.web.journey.browser_session import MOST_FIELDS
from client_node.web.journey.customer_access import MOST_PAGES
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from tests.client_node.cli.test_command_line import Shell, shell
from tests.client_node.in_memory.bank import always
from tests.client_node.in_memory.open_bank import (
    OTHER_KEY,
    SIGNING_KEY,
    Browser,
    OpenBank,
    callback,
    signed,
)
from tests.client_node.in_memory.web import served

__all__ = ["shell"]


@pytest.fixture
def log() -> io.StringIO:
    """The operator's."""
    return io.StringIO()


@pytest.fixture
def visitor(open_bank: OpenBank, config: Config, log: io.StringIO) -> Iterator[Browser]:
    """A browser at the web process, whose log is `log`."""
    bank = open_bank.bank
    node = served(bank, config, Witness(OperatorLog("client", log, bank.network.clock)))
    yield Browser(bank)

    async def close() -> None:
        await node.close()

    bank.network.run(close())


def assert_told(visitor: Browser, log: io.StringIO, status: int, *words: str) -> None:
    """A page for whoever sits there, and a warning with these words."""
    assert visitor.status == status
    line = log.getvalue().splitlines()[-1]
    assert " warning " in line
    assert f" {status} " in line
    assert [each for each in words if each not in line] == []


@pytest.mark.bound("web.fields")
def test_fields(visitor: Browser, log: io.StringIO) -> None:
    """RFC 9110 section 15.5.4: our forms have two."""
    csrf = visitor.get("/").hidden("/connect")["csrf"]
    for more, status in ((MOST_FIELDS - 1, 303), (MOST_FIELDS, 403)):
        fields = "&".join(f"field{number}=x" for number in range(more))
        visitor.post("/connect", f"csrf={csrf}&{fields}")
        assert visitor.status == status
    words = (f"at most {MOST_FIELDS} fields", f"presented={MOST_FIELDS + 1}")
    assert_told(visitor, log, 403, *words)


@pytest.mark.bound("response.parameters")
def test_an_authorization_response(
    open_bank: OpenBank, visitor: Browser, log: io.StringIO
) -> None:
    """RFC 6749 section 4.1.2: what is not known is ignored, and not without end."""
    visitor.get("/").send("/connect")
    sound = callback(open_bank)
    known = sound.count("=")
    more = "".join(f"&p{n}=x" for n in range(MOST_PARAMETERS - known + 1))
    visitor.get(sound + more)
    words = (f"{MOST_PARAMETERS + 1} parameters", f"at most {MOST_PARAMETERS}")
    assert_told(visitor, log, 400, *words)
    visitor.get(sound + more.rpartition("&")[0])
    assert visitor.location == "/accounts"


@pytest.mark.bound("id-token.sub")
def test_a_sub(open_bank: OpenBank, visitor: Browser, log: io.StringIO) -> None:
    """OpenID Connect Core section 2: it would be kept."""
    open_bank.id_token_changes = {"sub": "x" * (LONGEST_SUB + 1)}
    visitor.connected(open_bank)
    words = (f"{LONGEST_SUB + 1} characters", f"1 to {LONGEST_SUB}")
    assert_told(visitor, log, 502, *words)


@pytest.mark.bound("keys.many")
def test_keys(open_bank: OpenBank, visitor: Browser, log: io.StringIO) -> None:
    """RFC 7517 section 5: none is used."""
    open_bank.keys = [SIGNING_KEY] * (MOST_KEYS + 1)
    visitor.connected(open_bank)
    words = (f"{MOST_KEYS + 1} keys", f"at most {MOST_KEYS}")
    assert_told(visitor, log, 502, *words)


@pytest.mark.bound("keys.look-ups")
def test_unknown_keys(open_bank: OpenBank, visitor: Browser, log: io.StringIO) -> None:
    """OpenID Connect Core section 10.1.1: whoever signs with them has us look once."""

    def looked() -> int:
        asked = open_bank.bank.conventional.asked
        return sum(request.path == "/jwks" for request in asked)

    assert visitor.connected(open_bank).location == "/accounts"
    assert looked() == 1
    open_bank.id_token = lambda claims: signed(claims, OTHER_KEY)
    for seconds, looks in ((0, 1), (AT_MOST_EVERY, 2), (1, 2), (AT_MOST_EVERY - 1, 3)):
        open_bank.bank.network.reactor.advance(seconds)
        visitor.connected(open_bank)
        assert_told(visitor, log, 502, "0 keys may have signed it")
        assert looked() == looks


@pytest.mark.bound("web.pages")
def test_pages_without_end(open_bank: OpenBank, visitor: Browser) -> None:
    """UK Open Banking: a bank may have another page behind each; the page says so."""
    visitor.connected(open_bank)
    open_bank.page_size = 1
    open_bank.transactions = [
        open_bank.transaction("1.00", "Debit", 1, f"{number}")
        for number in range(MOST_PAGES + 5)
    ]
    asked = open_bank.bank.resource.asked
    asked.clear()
    assert visitor.get("/accounts/22").status == 200
    assert sum("transactions" in each.path for each in asked) == MOST_PAGES
    assert "There are more" in visitor.text


@pytest.mark.bound("cli.shown")
def test_a_value_that_is_shown() -> None:
    """Whatever a server writes, the terminal stays usable."""
    assert safe("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
    cut = f"{'x' * LONGEST_SHOWN}… ({LONGEST_SHOWN + 1} characters)"
    assert safe("x" * (LONGEST_SHOWN + 1)) == cut


@pytest.mark.bound("cli.token")
def test_a_token_that_is_read(shell: Shell) -> None:
    """RFC 7662 section 2.1: standard input may have no end."""
    shell.bank.mutual_tls.answers["/introspect"] = always(200, {"active": False})
    shell.stdin = "x" * (LONGEST_TOKEN + 5)
    assert shell.run("introspect", "-") == 0
    assert len(shell.bank.mutual_tls.forms()[0]["token"][0]) == LONGEST_TOKEN
