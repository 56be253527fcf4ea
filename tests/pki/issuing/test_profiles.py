"""What each kind of certificate is for."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from pki.issuing import profiles
from pki.issuing.authority import Authority
from pki.pem import Credential
from tests.pki.certificate_assertions import (
    CLIENT_AUTH,
    assert_is_ca,
    assert_is_client_certificate,
    assert_is_server_certificate,
)


def test_server(server_credential: Credential) -> None:
    """RFC 5280 section 4.2.1.12: a server certificate serves and does nothing else."""
    assert_is_server_certificate(server_credential.leaf)


def test_client(client_credential: Credential) -> None:
    """RFC 5280 section 4.2.1.12: a client certificate cannot serve."""
    assert_is_client_certificate(client_credential.leaf)


def test_client_root(client_root: Authority) -> None:
    """RFC 5280 section 4.2.1.9: below the client root there is one intermediate."""
    assert_is_ca(client_root.certificate, 1)


def test_client_intermediate(client_intermediate: Authority) -> None:
    """RFC 5280 section 4.2.1.9: the intermediate issues to clients, not to CAs."""
    assert_is_ca(client_intermediate.certificate, 0, CLIENT_AUTH)


def test_server_root(server_root: Authority) -> None:
    """RFC 5280 section 4.2.1.10: the name constraints are there and critical."""
    constraints = server_root.certificate.extensions.get_extension_for_class(
        x509.NameConstraints
    )
    assert constraints.critical is True
    assert_is_ca(server_root.certificate, 0, constraints.value)
    permitted = [str(each.value) for each in constraints.value.permitted_subtrees or ()]
    assert permitted == ["localhost", "127.0.0.1/32", "::1/128"]


def test_subject_is_shaped_like_open_banking() -> None:
    """A subject has the organizationIdentifier between O and CN, where it was given."""
    name = profiles.subject("client", "TPP, Ltd.", "PSDGB-FCA-900001")
    text = r"CN=client,2.5.4.97=PSDGB-FCA-900001,O=TPP\, Ltd.,C=GB"
    assert text == name.rfc4514_string()


def test_subject_without_identifier() -> None:
    """A subject of somebody who is no TPP has no organizationIdentifier."""
    name = profiles.subject("as", "Bank")
    assert name.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER) == []
    assert name.rfc4514_string() == "CN=as,O=Bank,C=GB"
