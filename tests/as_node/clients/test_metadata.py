"""Client metadata as the configuration has it: RFC 7591 section 2."""

import json
from pathlib import Path
from typing import Any

import pytest

from as_node.clients.metadata import ClientMetadata
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set, signing_jwk_set
from pki.keys import new_p256_key
from pki.node import configuration

CREDENTIAL = self_signed(CLIENT, subject("tpp", "TPP"), validity(1_800_000_000, 30))
JWKS: dict[str, Any] = json.loads(jwk_set([CREDENTIAL.leaf]))

BOUND: dict[str, Any] = {"tls_client_certificate_bound_access_tokens": True}
PKI = {**BOUND, "token_endpoint_auth_method": "tls_client_auth"}
SELF_SIGNED = {**BOUND, "token_endpoint_auth_method": "self_signed_tls_client_auth"}
DN = {**PKI, "tls_client_auth_subject_dn": "CN=tpp,O=TPP,C=GB"}
BY_VALUE = {**SELF_SIGNED, "jwks": JWKS}

CODE: dict[str, Any] = {
    **DN,
    "grant_types": ("authorization_code", "refresh_token"),
    "response_types": ("code",),
    "redirect_uris": ("https://tpp.example/callback",),
}
SIGNING_JWKS: dict[str, Any] = json.loads(
    signing_jwk_set([new_p256_key().public_key()])
)
SIGNING = {**BOUND, "token_endpoint_auth_method": "private_key_jwt"}
PUBLIC: dict[str, Any] = {
    **BOUND,
    "token_endpoint_auth_method": "none",
    "application_type": "native",
    "grant_types": ("authorization_code", "refresh_token"),
    "response_types": ("code",),
    "redirect_uris": ("http://127.0.0.1/callback", "https://app.example/callback"),
}

SUBJECTS: dict[str, Any] = {
    "tls_client_auth_subject_dn": "CN=tpp,O=TPP,C=GB",
    "tls_client_auth_san_dns": "tpp.example.com",
    "tls_client_auth_san_uri": "spiffe://example.com/tpp",
    "tls_client_auth_san_ip": "2001:db8::7",
    "tls_client_auth_san_email": "tpp@example.com",
}
SOURCES: dict[str, Any] = {
    "jwks": JWKS,
    "jwks_file": Path("tpp.jwks.json"),
    "jwks_uri": "https://tpp.example/jwks",
}


def refusal(metadata: dict[str, Any]) -> str:
    """Why a registration is refused, in one line."""
    with pytest.raises(ValueError, match=r".") as refused:
        ClientMetadata(**metadata)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# What may be registered.


@pytest.mark.parametrize("name", SUBJECTS)
def test_each_subject_parameter_may_be_registered(name: str) -> None:
    """RFC 8705 section 2.1.2: one of the five identifies a tls_client_auth client."""
    assert ClientMetadata(**PKI, **{name: SUBJECTS[name]}).subject_parameter == name


@pytest.mark.parametrize("name", SOURCES)
def test_certificates_may_be_registered_by_value_or_reference(name: str) -> None:
    """RFC 8705 section 2.2: jwks or jwks_uri; ours adds a file beside the PKI."""
    metadata = ClientMetadata(**SELF_SIGNED, **{name: SOURCES[name]})
    assert getattr(metadata, name) == SOURCES[name]


def test_what_is_left_out_has_its_default() -> None:
    """RFC 7591 section 2, but for the grant types: there is one grant here."""
    metadata = ClientMetadata(**DN)
    assert metadata.grant_types == ("client_credentials",)
    assert metadata.access_token_format == "jwt"
    assert metadata.access_token_signing_alg == "ES256"
    assert metadata.introspects is None
    assert metadata.scope == ""


def test_a_client_may_ask_for_no_token_at_all() -> None:
    """A resource server that only introspects has no grant and no scope."""
    metadata = {**DN, "grant_types": (), "introspects": "https://rs.example"}
    assert ClientMetadata(**metadata).grant_types == ()


# What may not, in the order it is checked.


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("token_endpoint_auth_method", "client_secret_basic", "'client_secret_basic'"),
        ("token_endpoint_auth_method", "TLS_CLIENT_AUTH", "'TLS_CLIENT_AUTH'"),
        ("id_token_signed_response_alg", "EdDSA", "'EdDSA'"),
        ("application_type", "mobile", "'mobile'"),
        ("access_token_format", "JWT", "'JWT'"),
        ("access_token_signing_alg", "RS256", "'RS256'"),
        ("access_token_signing_alg", "none", "'none'"),
    ],
)
def test_a_value_outside_the_choice_is_refused(
    key: str, value: str, found: str
) -> None:
    """Each refusal names the key, what is expected and what was found."""
    line = refusal({**DN, key: value})
    assert line.startswith(f"{key}: expected one of ")
    assert line.endswith(f"found {found}")


def test_a_grant_type_that_is_not_served_is_refused() -> None:
    """A client never registers what it could not use."""
    line = refusal({**DN, "grant_types": ("client_credentials", "password")})
    assert line.startswith("grant_types: expected only client_credentials, ")
    assert line.endswith("found 'password'")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"response_types": ()}, "response_types"),
        ({"response_types": ("code", "token")}, "response_types"),
        ({"grant_types": ("client_credentials",)}, "response_types"),
        ({"redirect_uris": ()}, "redirect_uris"),
        (
            {"grant_types": ("client_credentials",), "response_types": ()},
            "redirect_uris",
        ),
        (
            {
                "grant_types": ("refresh_token",),
                "response_types": (),
                "redirect_uris": (),
            },
            "grant_types",
        ),
        (
            {
                "grant_types": ("client_credentials",),
                "response_types": (),
                "redirect_uris": (),
                "headless_consent_user": "ty.webb@example.com",
            },
            "headless_consent_user",
        ),
        ({"redirect_uris": ("http://127.0.0.1/callback",)}, "redirect_uris"),
    ],
)
def test_members_of_the_code_grant_that_disagree_are_refused(
    changes: dict[str, Any], key: str
) -> None:
    """RFC 7591 section 2.1: grant types, response types and redirect URIs agree."""
    assert ClientMetadata(**CODE).response_types == ("code",)
    assert refusal({**CODE, **changes}).startswith(f"{key}: expected")


@pytest.mark.parametrize("name", ["client_name", "headless_consent_user"])
def test_an_empty_text_is_refused(name: str) -> None:
    """What is not there is left out."""
    line = refusal({**CODE, name: ""})
    assert line == f"{name}: expected a text, found an empty one"


@pytest.mark.parametrize("scope", [" accounts", "a  b", 'a"b', "a\\b", "a\nb", " "])
def test_a_malformed_scope_is_refused(scope: str) -> None:
    """RFC 6749 section 3.3: tokens with one space between two."""
    assert refusal({**DN, "scope": scope}).startswith("scope: expected scope tokens")


def test_unbound_access_tokens_are_not_issued() -> None:
    """RFC 8705 section 3.4: false asks for what this server does not do."""
    line = refusal({**DN, "tls_client_certificate_bound_access_tokens": False})
    key = "tls_client_certificate_bound_access_tokens"
    assert line.startswith(f"{key}: expected true, found false: ")


def test_an_empty_resource_is_refused() -> None:
    """Whoever introspects does so for a resource that has a name."""
    assert refusal({**DN, "introspects": ""}).startswith("introspects: expected")


def test_no_subject_parameter_is_refused() -> None:
    """RFC 8705 section 2.1.2: exactly one; without it any customer of the CA is in."""
    line = refusal(PKI)
    assert line.startswith("tls_client_auth: expected exactly one of tls_client_auth_")
    assert line.endswith("found none")


@pytest.mark.parametrize("first", SUBJECTS)
@pytest.mark.parametrize("second", SUBJECTS)
def test_two_subject_parameters_are_refused(first: str, second: str) -> None:
    """RFC 8705 section 2.1.2: exactly one; of two, which would count?"""
    if first != second:
        both = {name: SUBJECTS[name] for name in (first, second)}
        line = refusal({**PKI, **both})
        assert "expected exactly one of" in line
        assert first in line.partition("found")[2]
        assert second in line.partition("found")[2]


@pytest.mark.parametrize("name", SOURCES)
def test_certificates_are_not_for_tls_client_auth(name: str) -> None:
    """RFC 8705 section 2.1.2: a client of this method is known by its subject."""
    line = refusal({**DN, name: SOURCES[name]})
    assert line.startswith(f"{name}: expected only with another")
    assert line.endswith("found with tls_client_auth")


def test_a_subject_that_cannot_be_parsed_is_refused() -> None:
    """RFC 8705 section 2.1.2: refused at registration, not at the first request."""
    line = refusal({**PKI, "tls_client_auth_subject_dn": "CN"})
    assert line.startswith("tls_client_auth_subject_dn: expected an RFC 4514 string")


def test_no_certificates_are_refused() -> None:
    """RFC 8705 section 2.2: the certificates are registered before they are used."""
    line = refusal(SELF_SIGNED)
    method = "self_signed_tls_client_auth"
    assert line.startswith(f"{method}: expected exactly one of jwks, jwks_file, jwks")


@pytest.mark.parametrize(
    ("first", "second"),
    [("jwks", "jwks_uri"), ("jwks", "jwks_file"), ("jwks_file", "jwks_uri")],
)
def test_certificates_by_value_and_by_reference_are_refused(
    first: str, second: str
) -> None:
    """RFC 7591 section 2: jwks and jwks_uri must not both be there."""
    both = {name: SOURCES[name] for name in (first, second)}
    assert refusal({**SELF_SIGNED, **both}).endswith(f"found {first}, {second}")


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_is_not_for_self_signed_certificates(name: str) -> None:
    """RFC 8705 section 2.2: anybody can sign a certificate with any subject."""
    line = refusal({**BY_VALUE, name: SUBJECTS[name]})
    assert line.startswith(f"{name}: expected only with another")


@pytest.mark.parametrize(
    ("jwks", "reason"),
    [
        ({"keys": []}, "jwks: expected an x5c in one key at least"),
        ({"keys": [{**JWKS["keys"][0], "d": "x"}]}, "jwks: keys[0]: expected a public"),
        ({"keys": [{**JWKS["keys"][0], "x": "x"}]}, "jwks: keys[0]: x: expected"),
    ],
)
def test_a_wrong_jwk_set_is_refused(jwks: dict[str, Any], reason: str) -> None:
    """RFC 8705 section 2.2.2: the set is read when it is registered."""
    assert refusal({**SELF_SIGNED, "jwks": jwks}).startswith(reason)


def test_a_jwks_uri_is_https() -> None:
    """RFC 7591 section 2: what is fetched says who the client is."""
    line = refusal({**SELF_SIGNED, "jwks_uri": "http://tpp.example/jwks"})
    assert line.startswith("jwks_uri: expected https://")


# Clients that sign, and clients that prove nothing.


@pytest.mark.parametrize("name", ["jwks", "jwks_file"])
def test_keys_may_be_registered_by_value_or_in_a_file(name: str) -> None:
    """RFC 7591 section 2: the public keys of a client that signs."""
    values: dict[str, Any] = {"jwks": SIGNING_JWKS, "jwks_file": Path("tpp.jwks.json")}
    value = values[name]
    assert getattr(ClientMetadata(**SIGNING, **{name: value}), name) == value


def test_a_client_that_signs_without_keys_is_refused() -> None:
    """RFC 7523 section 3: nothing to verify a signature with."""
    line = refusal(SIGNING)
    assert line.startswith("private_key_jwt: expected exactly one of jwks, jwks_file")
    both = {**SIGNING, "jwks": SIGNING_JWKS, "jwks_file": Path("tpp.jwks.json")}
    assert refusal(both).endswith("found jwks, jwks_file")


@pytest.mark.parametrize("name", [*SUBJECTS, "jwks_uri"])
def test_what_is_not_for_a_client_that_signs_is_refused(name: str) -> None:
    """Its certificate does not say who it is, and its keys are not fetched."""
    value = {**SUBJECTS, **SOURCES}[name]
    line = refusal({**SIGNING, "jwks": SIGNING_JWKS, name: value})
    assert line.startswith(f"{name}: expected only with another")


def test_wrong_keys_are_refused() -> None:
    """The set is read when it is registered."""
    assert refusal({**SIGNING, "jwks": {"keys": []}}).startswith("jwks: expected a key")


def test_a_native_public_client_may_be_redirected_to_loopback() -> None:
    """RFC 8252 section 7.3, and nobody else may: web, or with credentials."""
    assert ClientMetadata(**PUBLIC).is_native_and_public
    web = {**PUBLIC, "application_type": "web"}
    assert refusal(web).startswith("redirect_uris: expected https://")
    confidential = {**CODE, "redirect_uris": ("http://127.0.0.1/callback",)}
    line = refusal({**confidential, "application_type": "native"})
    assert line.startswith("redirect_uris: expected https://")


@pytest.mark.parametrize("name", [*SUBJECTS, *SOURCES])
def test_a_public_client_has_nothing_to_be_known_by(name: str) -> None:
    """RFC 6749 section 2.1: else its registration would promise what is not kept."""
    line = refusal({**PUBLIC, name: {**SUBJECTS, **SOURCES}[name]})
    assert line.startswith(f"{name}: expected only with another")


def test_client_credentials_are_not_for_public_clients() -> None:
    """RFC 6749 section 4.4: MUST only be used by confidential clients."""
    grants = ("authorization_code", "client_credentials")
    line = refusal({**PUBLIC, "grant_types": grants})
    assert line == "grant_types: client_credentials is not for method none"


@pytest.mark.parametrize(
    "metadata", [PUBLIC, {**SIGNING, "jwks": SIGNING_JWKS}], ids=["none", "signing"]
)
def test_who_introspects_is_known_by_its_certificate(metadata: dict[str, Any]) -> None:
    """RFC 7662 section 4: the metadata says so of the introspection endpoint."""
    line = refusal({**metadata, "introspects": "https://rs.example"})
    assert line.startswith("introspects: expected only of a client known by")


# From a file.


def test_a_table_of_the_configuration_is_a_registration(tmp_path: Path) -> None:
    """An inline table is a JWK set, and a path is relative to the file."""
    path = tmp_path / "client.toml"
    x5c = JWKS["keys"][0]["x5c"][0]
    members = ", ".join(
        f'{name} = "{JWKS["keys"][0][name]}"' for name in ("kty", "crv", "x", "y")
    )
    path.write_text(
        'token_endpoint_auth_method = "self_signed_tls_client_auth"\n'
        f'jwks = {{ keys = [{{ {members}, x5c = ["{x5c}"] }}] }}\n'
        'scope = "accounts payments"\n'
        "tls_client_certificate_bound_access_tokens = true\n"
    )
    metadata = configuration.read(path, ClientMetadata)
    assert metadata.jwks is not None
    assert metadata.jwks["keys"][0]["x5c"] == [x5c]
    path.write_text(
        'token_endpoint_auth_method = "self_signed_tls_client_auth"\n'
        'jwks_file = "tpp.jwks.json"\n'
        "tls_client_certificate_bound_access_tokens = true\n"
    )
    metadata = configuration.read(path, ClientMetadata)
    assert metadata.jwks_file == tmp_path / "tpp.jwks.json"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "missing key 'tls_client_certificate_bound_access_tokens'"),
        ('tls_client_certificate_bound_access_tokens = "true"', "of type bool"),
        ("tls_client_certificate_bound_access_tokens = 1", "of type bool"),
        (
            "tls_client_certificate_bound_access_tokens = true\nclient_secret = 'x'",
            "unknown key 'client_secret'",
        ),
    ],
)
def test_a_table_with_another_key_or_type_is_refused(
    line: str, reason: str, tmp_path: Path
) -> None:
    """RFC 8705 section 3.4: left out means false, so it has to be said."""
    path = tmp_path / "client.toml"
    path.write_text(
        'token_endpoint_auth_method = "tls_client_auth"\n'
        f'tls_client_auth_san_dns = "tpp.example.com"\n{line}\n'
    )
    with pytest.raises(configuration.ConfigurationError, match=reason):
        configuration.read(path, ClientMetadata)
