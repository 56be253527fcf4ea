"""
What the authorization server says of itself, RFC 8414.

Asked for and judged in two functions, so that each can be read, and tested, alone.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from pki.http.strict_json import json_object

_WELL_KNOWN = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True)
class ServerMetadata:
    """The two members that a resource server needs."""

    jwks_uri: str
    introspection_endpoint: str


def metadata_url(issuer: str) -> str:
    """RFC 8414 section 3: the well-known part goes before the path of the issuer."""
    scheme, authority, path, _, _ = urlsplit(issuer)
    where = _WELL_KNOWN + path.rstrip("/")
    return urlunsplit((scheme, authority, where, "", ""))


def judge_metadata(document: bytes, issuer: str) -> ServerMetadata:
    """
    The metadata in *document*, which must be of *issuer* and nobody else.

    RFC 8414 section 3.3: identical to the issuer that was asked for. RFC 8705
    section 5: the alias of an endpoint is used in preference to the endpoint, by
    those who authenticate with a certificate, as we do.

    Raises:
        ValueError: it cannot be used; the text says why.
    """
    members = json_object(document)
    if members.get("issuer") != issuer:
        raise ValueError(f"metadata of issuer {members.get('issuer')!r:.200}")
    aliases = members.get("mtls_endpoint_aliases", {})
    if not isinstance(aliases, dict):
        raise ValueError("mtls_endpoint_aliases is not an object")  # noqa: TRY004 - see json_object
    endpoint = {**members, **aliases}.get("introspection_endpoint")
    return ServerMetadata(
        # RFC 8705 section 5: of the aliases only endpoints count, not this.
        jwks_uri=_https("jwks_uri", members.get("jwks_uri")),
        introspection_endpoint=_https("introspection_endpoint", endpoint),
    )


def _https(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.startswith("https://"):
        raise ValueError(f"{name} is not an https URL: {value!r:.200}")
    return value
