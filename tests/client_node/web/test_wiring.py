"""The web process as it is put together: its pages, its names, its configuration."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from client_node.config import SHIPPED, Config, Web
from pki.http.answers import Answer
from pki.node import configuration
from pki.pem import PemError
from tests.client_node.in_memory.bank import ISSUER, RESOURCE, WEB, Bank
from tests.client_node.in_memory.web import Serve, configured, provided
from tests.in_memory.raw_tls import asked_by_name

JWKS = "/jwks/tpp-self-signed-jwks-uri"


def fetched(bank: Bank, path: str, origin: str = WEB, method: str = "GET") -> Answer:
    """What a visitor gets."""
    return bank.network.run(bank.identity(None).send(method, f"{origin}{path}"))


def test_without_a_certificate_nothing_starts(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """One line at the start rather than a 503 at the first request."""
    config.web.jwks_uri_certificate.write_text("nothing")
    with pytest.raises(PemError):
        serve(config)


class _Page(HTMLParser):
    """The elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_the_first_page_says_who_is_who(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """The three nodes' addresses, the way to the walk-through, and no script."""
    serve(config)
    answer = fetched(bank, "/")
    assert answer.status == 200
    assert answer.header("content-type") == "text/html; charset=utf-8"
    text = answer.body.decode()
    for expected in (ISSUER, RESOURCE, WEB, "python -m client_node accounts"):
        assert expected in text
    shown = _Page(text)
    assert shown.links.count("https://127.0.0.1:9447") == 2  # one in the navigation
    assert JWKS in shown.links
    assert "script" not in shown.tags
    assert "$" not in text.replace("$TOKEN", "").replace("$(python", "")


def test_the_style_is_the_one_the_policy_names(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """Content Security Policy: this style sheet by its hash, and nothing else."""
    serve(config)
    answer = fetched(bank, "/")
    (style,) = re.findall("<style>(.*)</style>", answer.body.decode(), re.DOTALL)
    expected = b64encode(sha256(style.encode()).digest()).decode()
    policy = answer.header("content-security-policy") or ""
    assert f"style-src 'sha256-{expected}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("referrer-policy") == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts",
        "/accounts/22",
        "/consents",
    ],
)
def test_a_browser_at_localhost_is_sent_to_our_own_origin(
    bank: Bank, config: Config, path: str, serve: Serve
) -> None:
    """Cookies ignore ports: the authorization server is `localhost` too."""
    serve(config)
    answer = fetched(bank, path, origin="https://localhost:9446")
    assert answer.status == 302
    assert answer.header("location") == f"{WEB}{path}"


def test_what_is_not_served_is_not_found(
    bank: Bank, config: Config, serve: Serve
) -> None:
    """No path leads into the file system."""
    serve(config)
    assert fetched(bank, "/../client.toml").status == 404
    assert fetched(bank, "/walkthrough/x").status == 404
    assert fetched(bank, "/", method="POST").status == 405


def test_the_walkthrough_is_elsewhere(bank: Bank, config: Config, serve: Serve) -> None:
    """A 303, for who knows the path by heart; by whichever name the client is met."""
    serve(config)
    for origin in (WEB, "https://localhost:9446"):
        answer = fetched(bank, "/walkthrough", origin=origin)
        assert answer.status == 303
        assert answer.header("location") == "https://127.0.0.1:9447"


def test_without_a_walkthrough_nothing_leads_there(
    bank: Bank, tmp_path: Path, serve: Serve
) -> None:
    """A client need not be observed: no link, and a path like any unknown one."""
    provided(bank.pki, tmp_path)
    line = 'walkthrough_url = "https://127.0.0.1:9447"\n'
    serve(configured(tmp_path, (line, "")))
    home = fetched(bank, "/")
    assert home.status == 200
    assert "walk" not in home.body.decode().lower()
    assert fetched(bank, "/walkthrough").status == 404


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("https://localhost:9443", "http://localhost:9443", "no issuer"),
        ("https://localhost:9445", "http://localhost:9445", "resource must be"),
        ("https://127.0.0.1:9446", "http://127.0.0.1:9446", "web: origin must be"),
        ("https://127.0.0.1:9446", "https://127.0.0.1:9446/", "web: origin must be"),
        ("https://127.0.0.1:9447", "javascript:x", "web: walkthrough_url must be"),
        ("scope =", "scopes =", "unknown key 'scopes'"),
        ('"ES256"', '"RS256"', "web: id_token_signed_response_alg must be"),
    ],
)
def test_a_configuration_that_is_wrong_is_refused(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    """RFC 8705 section 5: no plaintext anywhere; and no key is overlooked."""
    path = tmp_path / "client.toml"
    path.write_text(SHIPPED.read_text().replace(before, after))
    with pytest.raises(configuration.ConfigurationError, match=complaint):
        configuration.read(path, Config)


def test_the_shipped_configuration_is_the_contract() -> None:
    """The addresses outsiders rely on."""
    config = configuration.read(SHIPPED, Config)
    assert (config.issuer, config.resource) == (ISSUER, RESOURCE)
    assert config.web.listen == "tcp:9446:interface=127.0.0.1"
    assert config.web.origin == WEB
    assert config.web.walkthrough_url == "https://127.0.0.1:9447"
    assert isinstance(config.web, Web)


@pytest.mark.parametrize("path", ["/", JWKS, "/accounts", "/nothing"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9446", "localhost:9443"]
)
def test_another_name(
    bank: Bank, config: Config, path: str, host: str, serve: Serve
) -> None:
    """RFC 9110 section 7.4: it answers no name that is not its own."""
    serve(config)
    answer = asked_by_name(bank.network, 9446, host, path, server="127.0.0.1")
    assert answer.status == 421
    assert "this is https://127.0.0.1:9446" in answer.body.decode()
