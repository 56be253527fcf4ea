"""Certificates for clients that are not part of the deployment."""

import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from pki import pem
from pki.issuing.config import Config
from pki.issuing.deployment import ensure
from pki.issuing.layout import Layout, NotLaidDown, Refused
from pki.issuing.own_clients import find_outsider, issue_to_outsider, outsider
from tests.pki.certificate_assertions import (
    assert_is_client_certificate,
    assert_is_issued_by,
)


@pytest.fixture
def layout(config: Config, now: float) -> Layout:
    """A deployment of the test's own."""
    ensure(config, lambda: now)
    return Layout(config.directory)


def test_issued(config: Config, layout: Layout, now: float) -> None:
    """An outsider gets a certificate by the same authority as everybody."""
    issued = issue_to_outsider(config, lambda: now, outsider("mine"))
    assert layout.load("mine").chain == issued.chain
    assert_is_client_certificate(issued.leaf)
    assert_is_issued_by(issued.leaf, layout.load("banking-client").chain[1])
    assert layout.key("mine").stat().st_mode & 0o777 == 0o600
    assert not layout.jwk_set("mine").exists()


def test_san_and_rsa(config: Config, layout: Layout, now: float) -> None:
    """An outsider may have a subjectAltName, and an RSA key."""
    client = outsider("mine", x509.DNSName("a.example"), rsa=True)
    issued = issue_to_outsider(config, lambda: now, client)
    sans = issued.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert list(sans.value) == [x509.DNSName("a.example")]
    assert isinstance(issued.private_key, rsa.RSAPrivateKey)


def test_self_signed(config: Config, layout: Layout, now: float) -> None:
    """A self-signed one comes with the JWK set to register."""
    client = outsider("mine", self_signed=True)
    issued = issue_to_outsider(config, lambda: now, client)
    issued.leaf.verify_directly_issued_by(issued.leaf)
    assert len(json.loads(layout.jwk_set("mine").read_text())["keys"]) == 1


def test_lists_outlive_it(config: Config, layout: Layout, now: float) -> None:
    """A certificate issued weeks later does not outlive the revocation lists."""
    later = now + 40 * 86400
    leaf = issue_to_outsider(config, lambda: later, outsider("mine")).leaf
    lists = pem.load_revocation_lists(layout.client_revocation_lists)
    for each in lists:
        assert each.next_update_utc is not None
        assert each.next_update_utc > leaf.not_valid_after_utc
    assert [len(each) for each in lists] == [0, 1]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../mine",
        "Mine",
        "1mine",
        "-mine",
        "mine.pem",
        "mine\n",
        "mi ne",
        "a" * 41,
        "mine-key",
    ],
)
def test_no_file_name(name: str) -> None:
    """A name that is no safe file name is refused."""
    with pytest.raises(Refused, match="a name has 1 to 40 letters"):
        outsider(name)


@pytest.mark.parametrize(
    "name",
    ["as", "banking-client", "rogue-new", "server-roots", "client-crls", "mobile-app"],
)
def test_name_of_the_deployment(name: str) -> None:
    """A name that the deployment needs, or will need, is refused."""
    with pytest.raises(Refused, match="this name is the deployment's own"):
        outsider(name)


@pytest.mark.parametrize("left", ["mine.pem", "mine-key.pem", "mine.jwks.json"])
def test_nothing_is_overwritten(
    config: Config, layout: Layout, now: float, left: str
) -> None:
    """A name that is taken is refused, whichever of its files is there."""
    (layout.directory / left).write_text("precious")
    with pytest.raises(Refused, match=rf"table mine.*remove \S+/{left}$"):
        issue_to_outsider(config, lambda: now, outsider("mine"))
    assert (layout.directory / left).read_text() == "precious"
    assert len(list(layout.directory.glob("mine*"))) == 1


def test_every_file_to_be_removed_is_named(
    config: Config, layout: Layout, now: float
) -> None:
    """Who wants the name again learns at once what stands in the way."""
    client = outsider("mine", self_signed=True)
    issue_to_outsider(config, lambda: now, client)
    with pytest.raises(Refused) as refused:
        issue_to_outsider(config, lambda: now, client)
    files = [layout.certificate("mine"), layout.key("mine"), layout.jwk_set("mine")]
    assert str(refused.value).endswith(" and ".join(map(str, files)))


def test_find_outsider(config: Config, layout: Layout, now: float) -> None:
    """The certificate of an outsider is found by name, and nobody else's is."""
    issued = issue_to_outsider(config, lambda: now, outsider("mine"))
    assert find_outsider(config, "mine") == issued.leaf
    with pytest.raises(Refused, match="nobody: no such certificate in"):
        find_outsider(config, "nobody")
    with pytest.raises(Refused, match="this name is the deployment's own"):
        find_outsider(config, "banking-client")


def test_nothing_laid_down(config: Config, now: float) -> None:
    """Without a deployment there is no authority to issue with."""
    with pytest.raises(NotLaidDown, match="nothing is laid down in "):
        issue_to_outsider(config, lambda: now, outsider("mine"))
