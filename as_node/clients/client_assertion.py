"""
A client assertion as it is sent, RFC 7521 section 4.2: read, and not yet believed.

A JWT in JWS Compact Serialization (RFC 7523 section 2.2). What is read here serves
to find the client and its key; nothing of it is true before the signature is verified.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field

from as_node.protocol.errors import InvalidClient
from as_node.protocol.parameters import Parameters
from pki.http.checks import Check
from pki.http.strict_json import json_object

FORM = Check(
    "assertion.form", "the client's assertion is a signed JWT", "RFC 7523 section 2.2"
)
READABLE = Check(
    "assertion.readable",
    "the client's assertion has JSON in it",
    "RFC 7519 section 7.2",
)

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LONGEST_ASSERTION = 8192
"""Characters: many times what a JWT with five claims and an RSA signature needs."""

_PARAMETERS = ("client_assertion", "client_assertion_type")
_SEGMENT = r"[A-Za-z0-9_-]+"
_JWT = re.compile(rf"({_SEGMENT})\.({_SEGMENT})\.{_SEGMENT}")


@dataclass(frozen=True, slots=True)
class ClientAssertion:
    """The header and the claims of the JWT *token*, and the token itself."""

    token: str = field(repr=False)
    header: Mapping[str, object]
    claims: Mapping[str, object]


def find_client_assertion(parameters: Parameters) -> ClientAssertion | None:
    """
    The assertion in a request; None where there is none.

    Neither signature nor claims are looked at.

    Raises:
        InvalidClient: its type is missing or another, the type stands alone, or it is
            no JWT of a reasonable length. A member that is there twice is no JSON
            here, see `pki.http.strict_json`.
    """
    if not any(name in parameters for name in _PARAMETERS):
        return None
    assertion_type = parameters.get("client_assertion_type", "")
    if assertion_type != ASSERTION_TYPE:
        raise InvalidClient(
            "private_key_jwt: another client_assertion_type",
            FORM,
            expected=ASSERTION_TYPE,
            presented=ascii(assertion_type[:120]),
        )
    return _read(parameters.get("client_assertion", ""))


def _read(token: str) -> ClientAssertion:
    if len(token) > LONGEST_ASSERTION:
        raise InvalidClient(
            f"private_key_jwt: client_assertion is too long: {len(token)} characters,"
            f" at most {LONGEST_ASSERTION} are read (is a certificate chain in its x5c?"
            " it is not looked at)",
            FORM,
            expected=f"at most {LONGEST_ASSERTION} characters",
            presented=f"{len(token)} characters",
        )
    written = _JWT.fullmatch(token)
    if written is None:
        raise InvalidClient(
            "private_key_jwt: client_assertion is no JWT",
            FORM,
            expected=f"a signed JWT of at most {LONGEST_ASSERTION} characters",
        )
    try:
        header, claims = (json_object(_decoded(part)) for part in written.groups())
    except ValueError as error:
        raise InvalidClient(
            f"private_key_jwt: client_assertion cannot be read: {error!s:.120}",
            READABLE,
        ) from error
    return ClientAssertion(token, header, claims)


def _decoded(segment: str) -> bytes:
    return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
