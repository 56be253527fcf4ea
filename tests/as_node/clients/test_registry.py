"""What a registration says of a client, and what may not stand in one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from as_node.clients.certificate_subject import registered_subject
from as_node.clients.client_keys import RegisteredKeys
from as_node.clients.jwks_uri import parse_jwks_uri
from as_node.clients.metadata import ClientMetadata
from as_node.clients.registry import (
    Client,
    Clients,
    RegisteredCertificates,
    redirect_uri_matches,
)
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set, signing_jwk_set
from pki.keys import new_p256_key
from pki.thumbprint import x5t_s256

CREDENTIAL = self_signed(CLIENT, subject("tpp", "TPP"), validity(1_800_000_000, 30))
THUMBPRINTS = frozenset({x5t_s256(CREDENTIAL.leaf_der)})


def pki(**more: Any) -> ClientMetadata:
    """A registration for tls_client_auth."""
    return ClientMetadata(
        token_endpoint_auth_method="tls_client_auth",
        tls_client_auth_san_ip="2001:db8:0::7",
        tls_client_certificate_bound_access_tokens=True,
        **more,
    )


def by_jwks(**source: Any) -> ClientMetadata:
    """A registration for self_signed_tls_client_auth."""
    return ClientMetadata(
        token_endpoint_auth_method="self_signed_tls_client_auth",
        tls_client_certificate_bound_access_tokens=True,
        **source,
    )


def signing(**source: Any) -> ClientMetadata:
    """A registration for private_key_jwt."""
    return ClientMetadata(
        token_endpoint_auth_method="private_key_jwt",
        tls_client_certificate_bound_access_tokens=True,
        **source,
    )


def native() -> ClientMetadata:
    """A registration for a native application."""
    return ClientMetadata(
        token_endpoint_auth_method="none",
        application_type="native",
        grant_types=("authorization_code",),
        response_types=("code",),
        redirect_uris=("http://127.0.0.1/callback", "https://app.example/callback"),
        tls_client_certificate_bound_access_tokens=True,
    )


def found(metadata: ClientMetadata, *allowed: str) -> Client:
    """The client of this registration."""
    clients = Clients({"tpp": metadata}, jwks_uri_allowed_hosts=allowed)
    client = clients.find("tpp")
    assert client is not None
    return client


def test_a_client_is_what_it_registered() -> None:
    """RFC 7591 section 2: the metadata, read and taken apart."""
    client = found(
        pki(
            scope="accounts payments",
            access_token_format="opaque",
            access_token_signing_alg="PS256",
            introspects="https://rs.example",
        )
    )
    assert client == Client(
        client_id="tpp",
        token_endpoint_auth_method="tls_client_auth",
        tls_client_auth_san_ip="2001:db8:0::7",
        identified_by=registered_subject("tls_client_auth_san_ip", "2001:db8::7"),
        grant_types=("client_credentials",),
        scope="accounts payments",
        tls_client_certificate_bound_access_tokens=True,
        access_token_format="opaque",
        access_token_signing_alg="PS256",
        introspects="https://rs.example",
        client_name=None,
        application_type="web",
        redirect_uris=(),
        response_types=(),
        id_token_signed_response_alg="ES256",
        headless_consent_user=None,
    )
    assert client.scopes == {"accounts", "payments"}
    assert client.name_for_people == "tpp"


def test_a_client_of_customers_is_what_it_registered() -> None:
    """RFC 7591 section 2: the members of the authorization code grant."""
    client = found(
        pki(
            grant_types=("authorization_code", "refresh_token"),
            response_types=("code",),
            redirect_uris=("https://tpp.example/callback",),
            client_name="The TPP",
            id_token_signed_response_alg="PS256",
            headless_consent_user="ty.webb@example.com",
        )
    )
    assert client.grant_types == ("authorization_code", "refresh_token")
    assert client.response_types == ("code",)
    assert client.redirect_uris == ("https://tpp.example/callback",)
    assert client.client_name == "The TPP"
    assert client.name_for_people == "The TPP"
    assert client.id_token_signed_response_alg == "PS256"
    assert client.headless_consent_user == "ty.webb@example.com"


def test_a_public_client_is_known_by_nothing() -> None:
    """RFC 6749 section 2.1: there is nothing to recognise it by."""
    client = found(native())
    assert client.identified_by is None
    assert client.is_public
    assert client.application_type == "native"
    assert not found(pki()).is_public


@pytest.mark.parametrize(
    ("uri", "matches"),
    [
        ("http://127.0.0.1/callback", True),
        ("http://127.0.0.1:50123/callback", True),
        ("http://127.0.0.1:50123/other", False),
        ("https://app.example:50123/callback", False),
    ],
)
def test_a_native_public_client_may_listen_on_any_port(
    uri: str,
    matches: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """RFC 8252 section 7.3: the port is whatever was free."""
    assert redirect_uri_matches(found(native()), uri) == matches


@pytest.mark.parametrize("application_type", ["web", "native"])
def test_the_port_counts_for_everybody_else(application_type: str) -> None:
    """RFC 9700 section 2.1: redirect URIs are compared as they are written."""
    client = found(
        pki(
            application_type=application_type,
            grant_types=("authorization_code",),
            response_types=("code",),
            redirect_uris=("https://127.0.0.1/callback",),
        )
    )
    assert redirect_uri_matches(client, "https://127.0.0.1/callback")
    assert not redirect_uri_matches(client, "https://127.0.0.1:50123/callback")
    for uri in ("http://127.0.0.1/callback", "http://127.0.0.1:50123/callback"):
        assert not redirect_uri_matches(client, uri)
        with pytest.raises(ValueError, match="expected https://host/path, found"):
            replace(client, redirect_uris=(uri,))
    with pytest.raises(ValueError, match="expected https://host/path, found"):
        replace(found(native()), application_type="web")


def test_a_client_that_signs_is_known_by_its_keys(tmp_path: Path) -> None:
    """RFC 7523 section 3: in the table, or in a file made with the PKI."""
    path = tmp_path / "tpp.jwks.json"
    path.write_bytes(signing_jwk_set([new_p256_key().public_key()]))
    jwks = json.loads(path.read_bytes())
    by_file = found(signing(jwks_file=path)).identified_by
    assert isinstance(by_file, RegisteredKeys)
    (key,) = by_file.keys
    assert (key.kid, key.alg) == (jwks["keys"][0]["kid"], "ES256")
    assert found(signing(jwks=jwks)).identified_by == by_file


def test_a_file_without_keys_for_signatures_is_refused(tmp_path: Path) -> None:
    """The line names the client, the key and the file."""
    path = tmp_path / "tpp.jwks.json"
    path.write_text('{"keys": []}')
    with pytest.raises(ValueError, match="expected a key for signatures") as refused:
        found(signing(jwks_file=path))
    assert str(refused.value).startswith(f"clients.tpp: jwks_file: {path}: ")


def test_a_client_without_scope_has_none() -> None:
    """An empty text is no scope, not one without a name."""
    assert found(pki()).scopes == frozenset()


@pytest.mark.parametrize("client_id", ["TPP", "tpp ", "", "tp", "tpp\n", "no-one"])
def test_nobody_else_is_found(client_id: str) -> None:
    """RFC 6749 section 2.2: an identifier is compared as it is."""
    assert Clients({"tpp": pki()}).find(client_id) is None


def test_certificates_by_value_are_known_by_thumbprint(tmp_path: Path) -> None:
    """RFC 8705 section 2.2.2: in the table, or in a file made with the PKI."""
    path = tmp_path / "tpp.jwks.json"
    path.write_bytes(jwk_set([CREDENTIAL.leaf]))
    by_file = found(by_jwks(jwks_file=path))
    assert by_file.identified_by == RegisteredCertificates(THUMBPRINTS)
    assert by_file.token_endpoint_auth_method == "self_signed_tls_client_auth"
    jwks = json.loads(path.read_bytes())
    assert found(by_jwks(jwks=jwks)).identified_by == by_file.identified_by


def test_a_jwks_uri_on_a_listed_host_is_kept() -> None:
    """RFC 8705 section 2.2: nothing is fetched before the client is looked up."""
    client = found(by_jwks(jwks_uri="https://tpp.example/jwks"), "tpp.example:443")
    assert client.identified_by == parse_jwks_uri("https://tpp.example/jwks")


@pytest.mark.parametrize("allowed", [(), ("tpp.example:8443",), ("other.example",)])
def test_a_jwks_uri_elsewhere_is_refused_at_load(allowed: tuple[str, ...]) -> None:
    """The line names the client, the key, and what is allowed."""
    with pytest.raises(ValueError, match="jwks_uri_allowed_hosts") as refused:
        found(by_jwks(jwks_uri="https://tpp.example/jwks"), *allowed)
    assert str(refused.value).startswith("clients.tpp: jwks_uri: expected a host of")


def test_a_list_of_allowed_hosts_that_cannot_be_read_is_refused() -> None:
    """The line names the key."""
    with pytest.raises(ValueError, match=r"^jwks_uri_allowed_hosts: expected host"):
        Clients({}, jwks_uri_allowed_hosts=["https://tpp.example/"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"{", "Expecting"),
        (b"\xff", "decode"),
        (b"[" * 100_000, "recursion"),
        (b"{}", "expected a JWK set"),
    ],
)
def test_a_file_that_holds_no_jwk_set_is_refused(
    content: bytes | None, reason: str, tmp_path: Path
) -> None:
    """The line names the client, the key and the file."""
    path = tmp_path / "tpp.jwks.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=reason) as refused:
        found(by_jwks(jwks_file=path))
    assert str(refused.value).startswith(f"clients.tpp: jwks_file: {path}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "client_id", ["", "tpp\n", "t\N{LATIN SMALL LETTER U WITH DIAERESIS}v"]
)
def test_a_client_id_is_printable_ascii(client_id: str) -> None:
    """RFC 6749 appendix A.1: %x20 to %x7E."""
    with pytest.raises(ValueError, match="printable ASCII as client_id"):
        Clients({client_id: pki()})
