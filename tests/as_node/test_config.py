"""The configuration: as shipped it is right, and what is wrong is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from as_node.config import Config
from pki.issuing.parties import CLIENTS
from pki.node import configuration
from pki.node.configuration import ConfigurationError
from tests.in_memory.authorization_server import Deployment

WriteConfig = Callable[..., Path]
StartAs = Callable[..., Deployment]

ISSUER = 'issuer = "https://localhost:9443"'
MTLS_BASE_URL = 'mtls_base_url = "https://localhost:9444"'
SCOPES = '["openid", "accounts"]'
RESOURCE = 'resource = "https://localhost:9445"'


def test_as_shipped(write_config: WriteConfig) -> None:
    """
    The shipped configuration registers every client that gets a certificate.

    But for itself: `as-backchannel` is what this server is at the resource server.
    The mobile application makes its own.
    """
    config = configuration.read(write_config(), Config)
    certified = {client.name for client in CLIENTS}
    assert config.clients.keys() == certified - {"as-backchannel"} | {"mobile-app"}
    assert config.issuer == "https://localhost:9443"
    assert config.mtls_base_url == "https://localhost:9444"
    assert config.resource == "https://localhost:9445"
    assert config.check_revocation
    assert not config.self_signed_certificates_may_be_expired


def test_nothing_is_fetched_unless_it_is_listed(write_config: WriteConfig) -> None:
    """Without the key `jwks_uri_allowed_hosts` there are none."""
    path = write_config(
        ('jwks_uri_allowed_hosts = ["127.0.0.1:9446"]', ""),
        ("jwks_uri_allowed_networks = []", ""),
    )
    config = configuration.read(path, Config)
    assert config.jwks_uri_allowed_hosts == ()
    assert config.jwks_uri_allowed_networks == ()


def test_revocation_is_checked_unless_it_is_said(write_config: WriteConfig) -> None:
    """RFC 8705 section 7.5: to leave `check_revocation` out is not to switch it off."""
    path = write_config(
        ("check_revocation = true", ""),
        ("self_signed_certificates_may_be_expired = false", ""),
    )
    config = configuration.read(path, Config)
    assert config.check_revocation
    assert not config.self_signed_certificates_may_be_expired


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9443",
        "https://localhost:9443/",
        "https://localhost:9443/as",
        "https://localhost:9443?a=b",
        "https://localhost:9443?",
        "https://localhost:9443#a",
        "https://user@localhost:9443",
        "https://",
        "https://localhost:",
        "https://localhost:123456",
        "localhost:9443",
        "",
    ],
)
@pytest.mark.parametrize(
    ("key", "line"), [("issuer", ISSUER), ("mtls_base_url", MTLS_BASE_URL)]
)
def test_a_base_url(write_config: WriteConfig, key: str, line: str, url: str) -> None:
    """RFC 8414 section 2: https, no query, no fragment; here no path either."""
    path = write_config((line, f'{key} = "{url}"'))
    with pytest.raises(ConfigurationError, match=f"{key} must be https://host"):
        configuration.read(path, Config)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (RESOURCE, 'resource = "http://localhost:9445"', "resource must be"),
        (RESOURCE, 'resource = "https://localhost:9445#a"', "resource must be"),
        (MTLS_BASE_URL, MTLS_BASE_URL.replace("9444", "9443"), "conventional"),
        ("_lifetime = 300", "_lifetime = 0", "access_token_lifetime must be"),
        ("= 7776000", "= 0", "refresh_token_lifetime must be"),
        ("request_lifetime = 300", "request_lifetime = 0", "must be from 1 to 599"),
        ("request_lifetime = 300", "request_lifetime = 600", "must be from 1 to 599"),
        ("_check_seconds = 5", "_check_seconds = -1", "crl_check_seconds must not"),
        (SCOPES, '["accounts payments"]', "scopes_supported"),
        (SCOPES, '["acc\\"ounts"]', "scopes_supported"),
        (SCOPES, "[]", "scopes_supported"),
        (SCOPES, '["openid"]', "clients.*scope: accounts is not in scopes_supp"),
        (
            'introspects = "https://localhost:9445"',
            'introspects = "https://localhost:9446"',
            "clients.accounts-rs.introspects: not the resource",
        ),
        (
            'client_name = "Example Banking Client"',
            'headless_consent_user = "nobody@example.com"',
            "clients.banking-client.headless_consent_user: not one of users",
        ),
        (
            'totp_secret = "PZIG',
            'totp_secret = "0ZIG',
            "users.ty.webb@example.com: totp_secret: expected base32",
        ),
        ("check_revocation = true", "check_revokation = true", "'check_revokation'"),
        ("check_revocation = true", 'check_revocation = "no"', "'check_revocation'"),
        (ISSUER, "", "missing key 'issuer'"),
        (ISSUER, f"{ISSUER}\nanything = 1", "unknown key 'anything'"),
        ('scope = "accounts"', 'scopes = "accounts"', r"clients\..*\.scopes"),
    ],
)
def test_what_cannot_be_meant(
    write_config: WriteConfig, old: str, new: str, why: str
) -> None:
    """What is wrong is said in one line that names file and key."""
    path = write_config((old, new))
    with pytest.raises(ConfigurationError, match=why) as refused:
        configuration.read(path, Config)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("client-roots.pem", "nothing.pem", "nothing.pem: No such file"),
        ("server-roots.pem", "nothing.pem", "nothing.pem: No such file"),
        ("as-key.pem", "rs-key.pem", "not the key of the leaf"),
        (
            "tpp-self-signed.jwks.json",
            "nothing.json",
            "clients.tpp-self-signed: jwks_f",
        ),
        (
            ISSUER,
            'issuer = "https://as.example.com"',
            "the certificate is not for as.ex",
        ),
        (
            MTLS_BASE_URL,
            'mtls_base_url = "https://mtls.example.com"',
            "the certificate is not for mtls.example.com",
        ),
        (
            'jwks_uri_allowed_hosts = ["127.0.0.1:9446"]',
            "jwks_uri_allowed_hosts = []",
            "clients.tpp-self-signed-jwks-uri: jwks_uri",
        ),
        ("_networks = []", '_networks = ["everything"]', "jwks_uri_allowed_networks"),
    ],
)
def test_what_cannot_be_used(start_as: StartAs, old: str, new: str, why: str) -> None:
    """What the configuration names is looked at before anything is served."""
    with pytest.raises(ValueError, match=why):
        start_as((old, new))


def test_a_database_that_cannot_be_used(start_as: StartAs, tmp_path: Path) -> None:
    """A database is never taken for another one: it stops the start."""
    (tmp_path / "other.sqlite3").write_text("this is no database", encoding="utf-8")
    (tmp_path / "other.sqlite3").chmod(0o600)
    with pytest.raises(ValueError, match=r"other\.sqlite3"):
        start_as((f"{tmp_path}/state/as.sqlite3", f"{tmp_path}/other.sqlite3"))
