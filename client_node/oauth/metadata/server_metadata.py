"""Authorization server metadata: RFC 8414, RFC 8705 sections 3.3 and 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import (
    https_url,
    is_https_url,
    json_object,
    optional,
)
from client_node.oauth.requests.statuses import unexpected_status
from pki.http.answers import Answer

DirectEndpoint = Literal[
    "token_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "pushed_authorization_request_endpoint",
    "device_authorization_endpoint",
    "backchannel_authentication_endpoint",
    "registration_endpoint",
    "userinfo_endpoint",
]
"""
The endpoints that a client sends requests to itself.

A browser goes to `authorization_endpoint` and `end_session_endpoint`.
"""

DIRECT_ENDPOINTS: tuple[DirectEndpoint, ...] = get_args(DirectEndpoint)

_OTHER_URLS = ("authorization_endpoint", "jwks_uri")
_ARRAYS = (
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "revocation_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_methods_supported",
    "code_challenge_methods_supported",
)
_FLAGS = (
    "tls_client_certificate_bound_access_tokens",
    "authorization_response_iss_parameter_supported",
    "require_pushed_authorization_requests",
)
_WELL_KNOWN = "/.well-known/oauth-authorization-server"
_WHAT = "authorization server metadata"


@dataclass(frozen=True, slots=True)
class ServerMetadata:
    """
    What one metadata document says, each member checked.

    It is made from one document and never merged with an earlier one: an alias
    that the authorization server no longer publishes is gone with it.
    *mtls_endpoint_aliases* has only endpoints for direct requests. *members* is
    the document as received, for display; of it, members that no dataclass field
    or table here names are unchecked.
    """

    issuer: str
    endpoints: Mapping[str, str]
    mtls_endpoint_aliases: Mapping[str, str]
    tls_client_certificate_bound_access_tokens: bool
    members: Mapping[str, object]


def metadata_url(issuer: str) -> str:
    """
    Where the metadata of *issuer* is.

    RFC 8414 section 3.1: the well-known path comes before the issuer's own path.

    Raises:
        ValueError: *issuer* is not an https URL without query and fragment.
    """
    if not is_https_url(issuer) or "?" in issuer:
        raise ValueError(f"no issuer (RFC 8414 section 2): {issuer!r}")
    parts = urlsplit(issuer)
    return f"https://{parts.netloc}{_WELL_KNOWN}{parts.path.rstrip('/')}"


async def request_metadata(identity: Identity, issuer: str) -> Answer:
    """Ask for the metadata of *issuer*: RFC 8414 section 3.1."""
    accept = (("Accept", "application/json"),)
    return await identity.send("GET", metadata_url(issuer), accept)


def judge_metadata(answer: Answer, issuer: str) -> ServerMetadata:
    """
    The metadata in *answer*, which is that of *issuer* or nothing.

    RFC 8414 section 3.3: an `issuer` that is not identical, character for
    character, means that the document must not be used.

    What the server offers is not compared with what the client wants.

    Raises:
        UnusableAnswer: not 200, not JSON, another issuer, or a member of another
            type than its specification gives it.
    """
    if answer.status != 200:
        raise unexpected_status(answer, _WHAT, 200)
    members = json_object(answer, _WHAT)
    if members.get("issuer") != issuer:
        raise UnusableAnswer(
            f"{_WHAT}: the issuer is {members.get('issuer')!r:.200} and not {issuer!r}"
        )
    _verify_types(members)
    aliases = optional(members, "mtls_endpoint_aliases", dict, _WHAT) or {}
    flag = members.get("tls_client_certificate_bound_access_tokens", False)
    return ServerMetadata(
        issuer=issuer,
        endpoints=_direct_endpoints(members, _WHAT),
        mtls_endpoint_aliases=_direct_endpoints(aliases, "mtls_endpoint_aliases"),
        tls_client_certificate_bound_access_tokens=cast("bool", flag),
        members=MappingProxyType(members),
    )


async def discover(identity: Identity, issuer: str) -> ServerMetadata:
    """
    The metadata of *issuer*.

    Raises:
        UnusableAnswer: see `judge_metadata`.
        NoAnswer: no answer came.
    """
    return judge_metadata(await request_metadata(identity, issuer), issuer)


def choose_endpoint(metadata: ServerMetadata, name: DirectEndpoint) -> str:
    """
    Where a client that uses mutual TLS sends its requests for *name*.

    RFC 8705 section 5: the alias in preference to the conventional endpoint of the
    same name; without an alias, the conventional one. This is for every direct
    request, and also for a client that authenticates otherwise and wants its
    tokens bound: what is bound is the certificate of that connection.

    Raises:
        UnusableAnswer: the authorization server has neither.
    """
    chosen = metadata.mtls_endpoint_aliases.get(name) or metadata.endpoints.get(name)
    if chosen is None:
        raise UnusableAnswer(f"{_WHAT}: there is no {name}")
    return chosen


def _verify_types(members: dict[str, object]) -> None:
    for name in _OTHER_URLS:
        if name in members:
            https_url(members[name], name, _WHAT)
    for name in _FLAGS:
        optional(members, name, bool, _WHAT)
    for name in _ARRAYS:
        values = optional(members, name, list, _WHAT) or []
        if not all(isinstance(value, str) for value in values):
            raise UnusableAnswer(f"{_WHAT}: {name!r} is not an array of strings")


def _direct_endpoints(members: dict[str, object], what: str) -> Mapping[str, str]:
    """
    The endpoints for direct requests among *members*.

    RFC 8705 section 5: whatever else stands among the aliases is ignored, of
    whatever type it is; `authorization_endpoint`, `issuer` and `jwks_uri` mean
    nothing there.
    """
    return MappingProxyType(
        {
            name: https_url(members[name], name, what)
            for name in DIRECT_ENDPOINTS
            if name in members
        }
    )
