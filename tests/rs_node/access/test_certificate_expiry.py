"""The switch about expired client certificates, alone."""

from datetime import timedelta

import pytest

from pki.http.journal import Journal
from pki.peer import PeerCertificate
from pki.pem import Credential
from rs_node.access.certificate_expiry import verify_certificate_not_expired
from rs_node.access.challenges import InvalidToken


@pytest.mark.check("binding.certificate-not-expired")
def test_until_the_very_end(tpp: Credential) -> None:
    """RFC 5280 section 4.1.2.5: the last second is inside."""
    peer, journal = PeerCertificate(tpp.leaf_der), Journal()
    end = tpp.leaf.not_valid_after_utc
    verify_certificate_not_expired(peer, end.timestamp(), journal)
    assert journal.decisions[0].check.rule == "RFC 8705 section 6.2"
    late = (end + timedelta(seconds=1)).timestamp()
    with pytest.raises(InvalidToken, match="has expired"):
        verify_certificate_not_expired(peer, late, Journal())


def test_the_beginning_is_not_judged(tpp: Credential) -> None:
    """RFC 8705 section 6.2: only the end is asked for; the switch is called so."""
    verify_certificate_not_expired(PeerCertificate(tpp.leaf_der), 0.0, Journal())


@pytest.mark.check("binding.certificate-not-expired")
@pytest.mark.parametrize("peer", [None, PeerCertificate(b"no certificate")])
def test_nothing_to_read(peer: PeerCertificate | None) -> None:
    """RFC 8705 section 6.2: without a readable end, refused where the end matters."""
    with pytest.raises(InvalidToken):
        verify_certificate_not_expired(peer, 0.0, Journal())
