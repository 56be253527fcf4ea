"""Whatever a bank calls itself, its accounts and its payments: that is never markup."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from client_node.config import Config
from tests.client_node.in_memory.bank import Pki, always
from tests.client_node.in_memory.open_bank import AISP, Browser, OpenBank
from tests.client_node.in_memory.web import configured, provided

EVIL = "\"><script>alert(1)</script>&amp;'<!--"


class Outline(HTMLParser):
    """The elements of a page, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        """A text."""
        self.words += data


@pytest.fixture
def config(pki: Pki, tmp_path: Path) -> Config:
    """The bank's name is chosen by whoever writes the configuration."""
    provided(pki, tmp_path)
    return configured(tmp_path, ('"Example Bank"', json.dumps(EVIL)))


@pytest.fixture
def hostile(open_bank: OpenBank) -> OpenBank:
    """A bank that means us ill."""
    account, transaction = open_bank.accounts[0], open_bank.transactions[0]
    account["Nickname"] = EVIL
    account["Account"] = [{"SchemeName": EVIL, "Identification": EVIL}]
    transaction["TransactionInformation"] = EVIL
    consent = {"ConsentId": "consent-1", "Status": "AWAU", "Permissions": [EVIL]}
    created = always(201, {"Data": consent})
    open_bank.bank.resource.answers[f"{AISP}/account-access-consents"] = created
    return open_bank


@pytest.mark.parametrize(
    ("path", "times"),
    [("/", 1), ("/accounts", 4), ("/accounts/22", 5), ("/consents", 3)],
)
def test_hostile_names_stay_text(
    hostile: OpenBank, browser: Browser, path: str, times: int
) -> None:
    """Each is read as it is; none of them is an element, an attribute or a comment."""
    text = browser.connected(hostile).get(path).text
    outline = Outline(text)
    assert outline.words.count(EVIL) == times
    assert "script" not in outline.elements
    assert "<script" not in text
    assert "<!--" not in text


def test_the_button_of_a_hostile_bank(browser: Browser) -> None:
    """Its name stands on the button that connects it."""
    text = browser.get("/").text
    assert f"Connect {EVIL}" in Outline(text).words
    assert "<script" not in text
