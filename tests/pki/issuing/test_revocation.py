"""Revoking certificates."""

from datetime import UTC, datetime

import pytest
from cryptography import x509

from pki import pem
from pki.issuing.config import Config
from pki.issuing.deployment import ensure
from pki.issuing.hierarchy import load_authorities
from pki.issuing.layout import Layout, Refused
from pki.issuing.revocation import Revocations, previous_revocations, revoke
from pki.pem import PemError


@pytest.fixture
def layout(config: Config, now: float) -> Layout:
    """A deployment of the test's own."""
    ensure(config, lambda: now)
    return Layout(config.directory)


def _list(layout: Layout) -> x509.CertificateRevocationList:
    return pem.load_revocation_lists(layout.client_revocation_lists)[1]


def _number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_revoked(config: Config, layout: Layout, now: float) -> None:
    """RFC 5280 section 5: the certificate joins the list, with the day and a number."""
    before = _list(layout)
    revoke(config, lambda: now + 60, "banking-client")
    after = _list(layout)
    serial = layout.load("banking-client").leaf.serial_number
    assert {entry.serial_number for entry in after} == {
        serial,
        *(entry.serial_number for entry in before),
    }
    entry = after.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == datetime.fromtimestamp(int(now + 60), UTC)
    assert _number(after) == _number(before) + 1


def test_twice(config: Config, layout: Layout, now: float) -> None:
    """Revoked again it is revoked since the first time."""
    revoke(config, lambda: now + 60, "banking-client")
    revoke(config, lambda: now + 120, "banking-client")
    serial = layout.load("banking-client").leaf.serial_number
    entry = _list(layout).get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == datetime.fromtimestamp(int(now + 60), UTC)
    assert len(_list(layout)) == 2


def test_unknown(config: Config, layout: Layout, now: float) -> None:
    """A name without a certificate is refused."""
    with pytest.raises(Refused, match="issued/as: no such certificate in"):
        revoke(config, lambda: now, "../issued/as")
    with pytest.raises(Refused, match="nobody: no such certificate in"):
        revoke(config, lambda: now, "nobody")


@pytest.mark.parametrize("name", ["as", "tpp-self-signed", "rogue-not-a-ca"])
def test_not_issued_by_us(
    config: Config, layout: Layout, now: float, name: str
) -> None:
    """RFC 5280 section 5: an authority revokes what it has issued and nothing else."""
    with pytest.raises(Refused, match="not issued by the authority for clients"):
        revoke(config, lambda: now, name)
    assert len(_list(layout)) == 1


def test_nothing_laid_down(config: Config, now: float) -> None:
    """Without a deployment there is no list."""
    with pytest.raises(Refused, match="nothing is laid down in "):
        revoke(config, lambda: now, "banking-client")


def test_lists_gone(layout: Layout) -> None:
    """Where the file of lists is gone, they begin anew."""
    layout.client_revocation_lists.unlink()
    authorities = load_authorities(layout)
    assert previous_revocations(layout, authorities) == Revocations()


def test_list_of_another_authority(layout: Layout) -> None:
    """A list by somebody else says nothing of what the intermediate revoked."""
    root_list, _ = pem.load_revocation_lists(layout.client_revocation_lists)
    layout.client_revocation_lists.write_bytes(pem.revocation_lists_to_pem([root_list]))
    authorities = load_authorities(layout)
    assert previous_revocations(layout, authorities) == Revocations()


def test_no_list_in_the_file(layout: Layout) -> None:
    """A file with something else than lists is told by its name."""
    with pytest.raises(PemError, match=r"as\.pem: no PEM revocation list"):
        pem.load_revocation_lists(layout.certificate("as"))
