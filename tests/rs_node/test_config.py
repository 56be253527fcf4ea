"""The configuration: as shipped it is strict, and a mistake is one line."""

from pathlib import Path

import pytest

from pki.node.configuration import ConfigurationError
from tests.rs_node.bank import shipped_config


def test_as_shipped(issued_folder: Path) -> None:
    """What is shipped is on loopback, keeps nothing, and accepts three algorithms."""
    config = shipped_config(issued_folder)
    assert config.listen.mutual_tls == "tcp:9445:interface=127.0.0.1"
    assert config.resource == "https://localhost:9445"
    assert config.access_tokens.issuer == "https://localhost:9443"
    assert config.introspection.cache_seconds == 0
    assert config.refuse_expired_client_certificates is False
    assert (
        str(config.backchannel.subject()) == "CN=as-backchannel,O=Example Bank plc,C=GB"
    )
    assert config.database.name == "rs.sqlite3"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"https://localhost:9445"',
            '"http://localhost:9445"',
            "resource must be an https",
        ),
        ('"https://localhost:9445"', '"https://h/?q"', "resource must be an https"),
        ('"https://localhost:9445"', '"https://h/#f"', "resource must be an https"),
        ('"https://localhost:9445"', '"https:///x"', "resource must be an https"),
        ('"https://localhost:9445"', "'https://h/\"'", "resource has characters"),
        ('"https://localhost:9443"', '"localhost"', "access_tokens: issuer must be"),
        ('"local"\n', '"both"\n', "jwt_validation must be"),
        ('"status-list"\n', '"crl"\n', "jwt_revocation must be"),
        ("list_seconds = 5\n", "list_seconds = 0\n", "status_list_seconds must be"),
        ("list_seconds = 5\n", "list_seconds = 61\n", "status_list_seconds must be"),
        ("survival_seconds = 60", "survival_seconds = 4", "status_list_seconds must"),
        ('["ES256", "PS256", "EdDSA"]', "[]", "signing_algorithms must be of"),
        ('["ES256", "PS256", "EdDSA"]', '["RS256"]', "signing_algorithms must be of"),
        ("refetch_seconds = 10", "refetch_seconds = 0", "jwks_refetch_seconds must be"),
        ("cache_seconds = 0", "cache_seconds = -1", "must not be negative"),
        ("certificates = false", "certificates = 0", "refuse_expired_client"),
        ("resource_name", "ressource_name", "ressource_name"),
        ('"CN=as-', '"as-', "backchannel: tls_client_auth_subject_dn: at character"),
        ("crl_check_seconds = 10", "crl_check_seconds = -1", "must not be negative"),
        ("client_crl = ", "# ", "missing key 'backchannel.client_crl'"),
    ],
)
def test_mistakes(issued_folder: Path, old: str, new: str, said: str) -> None:
    """A mistake is refused in one line that names the key."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        shipped_config(issued_folder, (old, new))
    assert "\n" not in str(caught.value)
