"""The configuration of the resource server: `rs.toml` as a value."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pki.names import DistinguishedName, parse

ALGORITHMS = ("ES256", "PS256", "EdDSA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where the API is served: a Twisted endpoint string, and its certificate."""

    mutual_tls: str
    certificate: Path
    private_key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Introspection:
    """Who we are when we ask the authorization server, and how long that holds."""

    client_id: str
    certificate: Path
    private_key: Path
    cache_seconds: float

    def __post_init__(self) -> None:
        """A negative time is a mistake."""
        if self.cache_seconds < 0:
            raise ValueError("cache_seconds must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokens:
    """Whose access tokens are accepted, and how they are checked."""

    issuer: str
    jwt_validation: str
    jwt_revocation: str
    status_list_seconds: float
    status_list_survival_seconds: float
    signing_algorithms: tuple[str, ...]
    jwks_refetch_seconds: float

    def __post_init__(self) -> None:
        """Only what is implemented, and so safe, can be chosen."""
        _verify_https("issuer", self.issuer)
        if self.jwt_validation not in ("local", "introspection"):
            raise ValueError('jwt_validation must be "local" or "introspection"')
        if self.jwt_revocation not in ("status-list", "none"):
            raise ValueError('jwt_revocation must be "status-list" or "none"')
        if not 0 < self.status_list_seconds <= self.status_list_survival_seconds:
            raise ValueError(
                "status_list_seconds must be more than 0, and no more than "
                "status_list_survival_seconds"
            )
        unknown = set(self.signing_algorithms) - set(ALGORITHMS)
        if unknown or not self.signing_algorithms:
            raise ValueError(f"signing_algorithms must be of {', '.join(ALGORITHMS)}")
        if self.jwks_refetch_seconds < 1:
            raise ValueError("jwks_refetch_seconds must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backchannel:
    """How the authorization server is known when it asks about consents."""

    tls_client_auth_subject_dn: str
    client_roots: Path
    client_crl: Path
    crl_check_seconds: float

    def __post_init__(self) -> None:
        """The subject must be one that a certificate can have."""
        self.subject()
        if self.crl_check_seconds < 0:
            raise ValueError("crl_check_seconds must not be negative")

    def subject(self) -> DistinguishedName:
        """
        The subject of its certificate.

        Raises:
            ValueError: it is not an RFC 4514 string.
        """
        try:
            return parse(self.tls_client_auth_subject_dn)
        except ValueError as error:
            raise ValueError(f"tls_client_auth_subject_dn: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of it. Nothing that matters for security has a default."""

    resource: str
    resource_name: str
    refuse_expired_client_certificates: bool
    server_roots: Path
    database: Path
    listen: Listen
    access_tokens: AccessTokens
    introspection: Introspection
    backchannel: Backchannel

    def __post_init__(self) -> None:
        """The identifier must be one that a client can verify."""
        _verify_https("resource", self.resource)


def _verify_https(key: str, url: str) -> None:
    """RFC 8414 section 2 and RFC 9728 section 1.2: https, no query, no fragment."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{key} must be an https URL without query and fragment")
    if '"' in url or not url.isprintable():
        raise ValueError(f"{key} has characters that no URL has")
