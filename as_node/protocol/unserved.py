"""
What is asked for and not served here, where to go on without it would mean another
thing than was asked.

RFC 6749 section 3.1 has unknown parameters ignored, and most can be. Not so one that
narrows what is asked for, or says what the tokens are to be bound to: its client
would take what it is given for what it asked.
"""

from collections.abc import Mapping

from as_node.protocol.errors import (
    InvalidAuthorizationDetails,
    InvalidRequest,
    InvalidTarget,
)
from as_node.protocol.parameters import Parameters, values_of
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Request

NO_DETAILS = Check(
    "request.authorization-details",
    "what is asked for is asked for by scope and consent",
    "RFC 9396 section 5",
)
NO_DPOP = Check(
    "request.dpop",
    "the tokens are to be bound to the certificate",
    "RFC 9449 section 5",
)
RESOURCE = Check(
    "request.resource",
    "the resource is the one that tokens are issued for",
    "RFC 8707 section 2",
)

_TARGETS = ("resource", "audience")
"""RFC 8707's name for it, and that of products from before (RFC 8693 section 2.1)."""


def verify_served(
    request: Request, parameters: Parameters, resource: str, journal: Journal
) -> None:
    """
    A request for tokens, now or later, asks for nothing that is not served.

    *resource* is the identifier (RFC 9728 section 1.2) of the only resource that
    tokens are issued for. It is compared octet by octet.

    Raises:
        InvalidAuthorizationDetails: `authorization_details`, whatever they say.
        InvalidRequest: a DPoP proof, or the key of one that is to come.
        InvalidTarget: a `resource`, of perhaps several, or an `audience`, that is
            another.
    """
    if "authorization_details" in parameters:
        raise InvalidAuthorizationDetails(
            "authorization_details, and no type of them is served",
            NO_DETAILS,
            expected="no authorization_details",
        )
    verify_no_dpop(request.headers, parameters)
    verify_resource(request, parameters, resource, journal)


def verify_no_dpop(
    headers: Mapping[str, tuple[str, ...]], parameters: Parameters
) -> None:
    """
    Nobody asks for tokens that are bound to a key by RFC 9449.

    What is issued is bound to the certificate. A client that sends a proof as well
    would hold a token that its proof does not protect.

    Raises:
        InvalidRequest: somebody does.
    """
    asked = [*({"dpop"} & set(headers)), *({"dpop_jkt"} & set(parameters))]
    if asked:
        raise InvalidRequest(
            "tokens are bound to certificates here, and not by DPoP",
            NO_DPOP,
            expected="no DPoP",
            presented=", ".join(asked),
        )


def verify_resource(
    request: Request, parameters: Parameters, resource: str, journal: Journal
) -> None:
    """
    Each resource that is named is the one served; none need be.

    Raises:
        InvalidTarget: one is not.
    """
    if not parameters.keys() & set(_TARGETS):
        return
    named = [value for name in _TARGETS for value in values_of(request, name)]
    for each in named:
        if each != resource:
            raise InvalidTarget(
                "not the resource that tokens are issued for",
                RESOURCE,
                expected=resource,
                presented=ascii(each[:200]),
            )
    journal.accepted(RESOURCE, verify_resource, expected=resource, presented=resource)
