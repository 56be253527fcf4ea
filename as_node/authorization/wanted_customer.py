"""
Which customer a request is about, where it says so.

By the claim `sub` with a value (OpenID Connect Core section 5.5.1) or by an ID token
that she brought about before (`id_token_hint`, section 3.1.2.1). Then nobody else's
answer is one to it, section 3.1.2.2.
"""

from collections.abc import Callable

from as_node.authorization.claims_parameter import RequestedClaims
from as_node.protocol.errors import InvalidRequest
from as_node.protocol.parameters import Parameters
from pki.http.checks import Check
from pki.http.journal import Journal

ID_TOKEN_HINT = Check(
    "authorization.id-token-hint",
    "the ID token that is a hint was issued here, to this client",
    "OpenID Connect Core section 3.1.2.1",
)
ONE_CUSTOMER = Check(
    "authorization.one-customer",
    "there is a customer whom all parts of the request can mean",
    "OpenID Connect Core section 5.5",
)

SubOfIdToken = Callable[[str, str], str | None]
"""
The `sub` of an ID token (the first text) that was issued here for a client (the second
is its `client_id`), however long ago; None of everything else.
"""


def wanted_customers(
    client_id: str,
    parameters: Parameters,
    claims: RequestedClaims,
    sub_of_id_token: SubOfIdToken,
    journal: Journal,
) -> frozenset[str] | None:
    """
    Those by their `sub` whom the request can be about; None if it can be anybody.

    Whether the bank has such a customer is not looked at, and nobody is told.

    Raises:
        InvalidRequest: the hint is no ID token of ours for this client, or nobody
            can be meant.
    """
    wanted = claims.subs
    hint = parameters.get("id_token_hint")
    if hint is not None:
        hinted = frozenset({verify_hint(hint, client_id, sub_of_id_token, journal)})
        wanted = hinted if wanted is None else wanted & hinted
    if wanted is not None and not wanted:
        raise InvalidRequest("two customers are asked for at once", ONE_CUSTOMER)
    return wanted


def verify_hint(
    hint: str, client_id: str, sub_of_id_token: SubOfIdToken, journal: Journal
) -> str:
    """
    The customer whom the hint is about.

    It may have expired. A hint that cannot be verified is not ignored: the client
    would take the answer for one about her.

    Raises:
        InvalidRequest: it was not issued here, or for another client, or by a key
            that is not published any more.
    """
    sub = sub_of_id_token(hint, client_id)
    if sub is None:
        raise InvalidRequest(
            "id_token_hint is no ID token that was issued here to this client",
            ID_TOKEN_HINT,
            expected=client_id,
            presented=f"{len(hint)} characters",
        )
    journal.accepted(ID_TOKEN_HINT, verify_hint, expected=client_id, presented=sub)
    return sub
