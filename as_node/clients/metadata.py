"""
The registration of one client, as its table in the configuration says it.

The names are those of RFC 7591 section 2 and of RFC 8705 sections 2.1.2, 2.2 and 3.4;
`access_token_format`, `access_token_signing_alg`, `introspects`, `jwks_file` and
`headless_consent_user` are ours.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from as_node.clients.certificate_subject import SUBJECT_PARAMETERS, registered_subject
from as_node.clients.client_keys import registered_keys
from as_node.clients.jwks import registered_thumbprints
from as_node.clients.jwks_uri import parse_jwks_uri
from as_node.clients.redirect_uris import verify_redirect_uri
from as_node.protocol.scopes import parse_scope

TLS_CLIENT_AUTH = "tls_client_auth"
SELF_SIGNED_TLS_CLIENT_AUTH = "self_signed_tls_client_auth"
PRIVATE_KEY_JWT = "private_key_jwt"
NONE = "none"
METHODS = (TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH, PRIVATE_KEY_JWT, NONE)
GRANT_TYPES = ("client_credentials", "authorization_code", "refresh_token")
APPLICATION_TYPES = ("web", "native")
TOKEN_FORMATS = ("jwt", "opaque")
SIGNING_ALGS = ("ES256", "PS256", "EdDSA")
ID_TOKEN_SIGNING_ALGS = ("ES256", "PS256")

_SOURCES = ("jwks", "jwks_file", "jwks_uri")


@dataclass(frozen=True, kw_only=True)
class ClientMetadata:
    """
    What a client registered. An instance is valid on its own.

    *jwks_file* is a JWK set kept in a file beside the certificates; it is not read
    here. A client that says `authorization_code` says `response_types = ["code"]`
    and its *redirect_uris*; a `native` one without credentials may be redirected to
    loopback (RFC 8252). *headless_consent_user* is a user in whose name the consent
    of this client, a test client, is given without asking. *scope* are the scopes
    the client may ask for. *introspects* is the resource whose tokens the client,
    then a resource server, may introspect.

    Raises:
        ValueError: one line that names the key, what it should be, and what it is.
    """

    token_endpoint_auth_method: str
    tls_client_auth_subject_dn: str | None = None
    tls_client_auth_san_dns: str | None = None
    tls_client_auth_san_uri: str | None = None
    tls_client_auth_san_ip: str | None = None
    tls_client_auth_san_email: str | None = None
    jwks: dict[str, Any] | None = None
    jwks_file: Path | None = None
    jwks_uri: str | None = None
    grant_types: tuple[str, ...] = ("client_credentials",)
    redirect_uris: tuple[str, ...] = ()
    response_types: tuple[str, ...] = ()
    application_type: str = "web"
    client_name: str | None = None
    scope: str = ""
    tls_client_certificate_bound_access_tokens: bool
    access_token_format: str = "jwt"  # noqa: S105 - a format, no password
    access_token_signing_alg: str = "ES256"  # noqa: S105 - no password
    id_token_signed_response_alg: str = "ES256"  # noqa: S105 - no password
    introspects: str | None = None
    headless_consent_user: str | None = None

    def __post_init__(self) -> None:
        self._verify_one_of("token_endpoint_auth_method", METHODS)
        self._verify_one_of("access_token_format", TOKEN_FORMATS)
        self._verify_one_of("access_token_signing_alg", SIGNING_ALGS)
        self._verify_one_of("id_token_signed_response_alg", ID_TOKEN_SIGNING_ALGS)
        self._verify_one_of("application_type", APPLICATION_TYPES)
        _verify_grant_types(self.grant_types)
        self._verify_code_flow()
        _verify_scope(self.scope)
        if not self.tls_client_certificate_bound_access_tokens:
            raise ValueError(
                "tls_client_certificate_bound_access_tokens: expected true, found"
                " false: every access token issued here is bound to a certificate"
            )
        for name in ("introspects", "client_name", "headless_consent_user"):
            if getattr(self, name) == "":
                raise ValueError(f"{name}: expected a text, found an empty one")
        if self.introspects and self.token_endpoint_auth_method in (
            PRIVATE_KEY_JWT,
            NONE,
        ):
            raise ValueError(
                "introspects: expected only of a client known by its certificate"
            )
        if self.token_endpoint_auth_method == TLS_CLIENT_AUTH:
            self._verify_subject()
        elif self.token_endpoint_auth_method == SELF_SIGNED_TLS_CLIENT_AUTH:
            self._verify_certificates()
        elif self.token_endpoint_auth_method == PRIVATE_KEY_JWT:
            self._verify_keys()
        else:
            self._verify_public()

    @property
    def scopes(self) -> frozenset[str]:
        """The tokens of *scope*: RFC 6749 section 3.3."""
        return frozenset(self.scope.split())

    @property
    def is_native_and_public(self) -> bool:
        """Whether RFC 8252 section 7.3 is for it: redirects to loopback, any port."""
        return (
            self.application_type == "native"
            and self.token_endpoint_auth_method == NONE
        )

    @property
    def subject_parameter(self) -> str:
        """Which of the five (RFC 8705 section 2.1.2) a `tls_client_auth` client has."""
        return self._given(SUBJECT_PARAMETERS)[0]

    def _given(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if getattr(self, name) is not None]

    def _verify_one_of(self, name: str, values: tuple[str, ...]) -> None:
        value = getattr(self, name)
        if value not in values:
            expected = ", ".join(values)
            raise ValueError(
                f"{name}: expected one of {expected}, found {value!a:.120}"
            )

    def _verify_code_flow(self) -> None:
        """RFC 7591 section 2.1: the members of the authorization code grant agree."""
        has_code = "authorization_code" in self.grant_types
        expected = ("code",) if has_code else ()
        if self.response_types != expected:
            raise ValueError(
                f"response_types: expected {list(expected)} with these grant_types,"
                f" found {list(self.response_types)!a:.120}"
            )
        if has_code != bool(self.redirect_uris):
            raise ValueError(
                "redirect_uris: expected with the grant type authorization_code and"
                " with no other"
            )
        if not has_code and "refresh_token" in self.grant_types:
            raise ValueError(
                "grant_types: expected refresh_token only beside authorization_code"
            )
        if not has_code and self.headless_consent_user is not None:
            raise ValueError(
                "headless_consent_user: expected only with authorization_code"
            )
        for uri in self.redirect_uris:
            try:
                verify_redirect_uri(uri, loopback=self.is_native_and_public)
            except ValueError as error:
                raise ValueError(f"redirect_uris: {error}") from error

    def _verify_subject(self) -> None:
        """RFC 8705 section 2.1.2: exactly one of the five, and no certificates."""
        self._verify_exactly_one_of(SUBJECT_PARAMETERS)
        self._verify_none_of(_SOURCES)
        name = self.subject_parameter
        registered_subject(name, getattr(self, name))

    def _verify_certificates(self) -> None:
        """RFC 8705 section 2.2: the certificates by value or by reference, not both."""
        self._verify_exactly_one_of(_SOURCES)
        self._verify_none_of(SUBJECT_PARAMETERS)
        try:
            if self.jwks is not None:
                registered_thumbprints(self.jwks)
            elif self.jwks_uri is not None:
                parse_jwks_uri(self.jwks_uri)
        except ValueError as error:
            raise ValueError(f"{self._given(_SOURCES)[0]}: {error}") from error

    def _verify_keys(self) -> None:
        """
        OpenID Connect Core section 9: the keys the client signs with, by value.

        By reference is not served: a key that is fetched when it is first used
        would have to be trusted as far as the host it comes from.
        """
        self._verify_exactly_one_of(("jwks", "jwks_file"))
        self._verify_none_of((*SUBJECT_PARAMETERS, "jwks_uri"))
        try:
            if self.jwks is not None:
                registered_keys(self.jwks)
        except ValueError as error:
            raise ValueError(f"jwks: {error}") from error

    def _verify_public(self) -> None:
        """
        RFC 8705 section 4: a client that has nothing to prove itself with.

        So it has no business of its own here: RFC 6749 section 4.4 has the client
        credentials grant for confidential clients only.
        """
        self._verify_none_of((*SUBJECT_PARAMETERS, *_SOURCES))
        if "client_credentials" in self.grant_types:
            raise ValueError("grant_types: client_credentials is not for method none")

    def _verify_exactly_one_of(self, names: tuple[str, ...]) -> None:
        given = self._given(names)
        if len(given) != 1:
            raise ValueError(
                f"{self.token_endpoint_auth_method}: expected exactly one of"
                f" {', '.join(names)}, found {', '.join(given) or 'none'}"
            )

    def _verify_none_of(self, names: tuple[str, ...]) -> None:
        if given := self._given(names):
            raise ValueError(
                f"{given[0]}: expected only with another token_endpoint_auth_method,"
                f" found with {self.token_endpoint_auth_method}"
            )


def _verify_grant_types(grant_types: tuple[str, ...]) -> None:
    for grant_type in grant_types:
        if grant_type not in GRANT_TYPES:
            raise ValueError(
                f"grant_types: expected only {', '.join(GRANT_TYPES)},"
                f" found {grant_type!a:.120}"
            )


def _verify_scope(scope: str) -> None:
    if not scope:  # a client that asks for no token
        return
    try:
        parse_scope(scope)
    except ValueError as error:
        raise ValueError(
            f"scope: expected scope tokens with one space between two,"
            f" found {scope!a:.120}: {error}"
        ) from error
