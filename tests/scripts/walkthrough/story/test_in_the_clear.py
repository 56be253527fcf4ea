"""RFC 8705 section 8: what a handshake shows to those on the way."""

from dataclasses import replace
from pathlib import Path

from pki.observability.recording import der_to_record
from pki.thumbprint import x5t_s256
from scripts.walkthrough.story.in_the_clear import in_the_clear
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.exchanging import Told, place_of


def test_up_to_tls_1_2_both_certificates_are_seen(pki: Pki, tmp_path: Path) -> None:
    """RFC 8705 section 8: the subject, the serial number, everything."""
    along = der_to_record(pki.client_authority.credential.leaf_der)
    told = Told(pki, place_of(pki, tmp_path))
    handshake = told.exchange(client=pki.client, sent_after=(along,)).handshake
    shown = dict(in_the_clear(handshake))
    assert shown["server certificate: names"] == "localhost, 127.0.0.1"
    assert shown["client certificate: subject"] == "CN=banking-client,O=Test,C=GB"
    assert shown["client certificate: issuer"] == "CN=Client root,O=Test,C=GB"
    serial = f"{pki.client.leaf.serial_number:x}"
    assert shown["client certificate: serial number"] == serial
    assert shown["client certificate: x5t#S256"] == x5t_s256(pki.client.leaf_der)
    assert "client certificate: names" not in shown
    assert shown["sent along by the client"] == "CN=Client root,O=Test,C=GB"
    assert shown["CertificateRequest"].startswith("sent")


def test_without_a_client_certificate_there_is_less(pki: Pki, tmp_path: Path) -> None:
    """And a certificate nobody can read has no serial number."""
    handshake = Told(pki, place_of(pki, tmp_path)).exchange().handshake
    unread = replace(handshake.server_certificate, fields=())
    shown = dict(in_the_clear(replace(handshake, server_certificate=unread)))
    assert shown["CertificateRequest"] == "not sent"
    assert "server certificate: serial number" not in shown
    assert not any(name.startswith("client certificate") for name in shown)


def test_names_and_protocols_are_seen_even_in_tls_1_3(pki: Pki, tmp_path: Path) -> None:
    """RFC 8446 section 4.1.2: the ClientHello is in the clear."""
    handshake = Told(pki, place_of(pki, tmp_path)).exchange().handshake
    named = replace(handshake, server_name="bank.test", alpn="http/1.1")
    shown, nothing = dict(in_the_clear(named)), dict(in_the_clear(handshake))
    sni = "even in TLS 1.3: server name (SNI)"
    alpn = "even in TLS 1.3: protocols offered (ALPN), among them"
    assert (shown[sni], shown[alpn]) == ("bank.test", "http/1.1")
    assert (nothing[sni], nothing[alpn]) == ("none was asked for", "none was agreed on")
