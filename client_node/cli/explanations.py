"""Why it may have been refused, for a person."""

from client_node.cli.jwt_display import find_jwt
from client_node.oauth.requests.errors import ErrorResponse, ResourceRefused
from client_node.oauth.requests.identity import Identity
from pki.http.answers import HandshakeRefused, NoAnswer

Refused = ErrorResponse | ResourceRefused | NoAnswer

_BY_ERROR = {
    "invalid_client": "the certificate of the connection must be the one registered"
    " for this client_id, by its subject (RFC 8705 section 2.1) or as a whole"
    " (RFC 8705 section 2.2)",
    "invalid_request": "a parameter is missing, repeated or malformed"
    " (RFC 6749 section 5.2)",
    "invalid_scope": "this client may not have that scope (RFC 6749 section 3.3)",
    "invalid_grant": "the grant, or the token, is not this client's"
    " (RFC 6749 section 5.2)",
    "unauthorized_client": "this client may not do that (RFC 6749 section 5.2)",
    "unsupported_grant_type": "the server knows no such grant (RFC 6749 section 5.2)",
    "invalid_token": "the token is expired, revoked, unknown, or bound to another"
    " certificate (RFC 6750 section 3.1, RFC 8705 section 3)",
    "insufficient_scope": "the token's scope does not cover this"
    " (RFC 6750 section 3.1)",
}


def explanation(error: Refused, identity: Identity, token: str | None) -> str:
    """
    Which rule may stand behind *error*; empty where nothing is known.

    A guess, for the servers tell no more than they must. *token* is the one that
    was given on the command line.
    """
    match error:
        case ErrorResponse() | ResourceRefused():
            return _of_refusal(error, identity, token)
        case HandshakeRefused():
            return (
                "one end refused the other's certificate or terms; under TLS 1.3 the"
                " client learns it at its first read (RFC 8446 section 4.4.2.4)"
            )
        case _:
            return "are the nodes running? `make up` starts them"


def _of_refusal(
    error: ErrorResponse | ResourceRefused, identity: Identity, token: str | None
) -> str:
    if error.error == "invalid_client" and identity.credential is None:
        return (
            "no certificate was presented, and the client authenticates by one"
            " (RFC 8705 section 2)"
        )
    if error.error == "invalid_token" and token is not None:
        return _binding(identity, token) or _BY_ERROR["invalid_token"]
    if error.status == 401 and not error.error:
        return "the request had no access token (RFC 6750 section 3.1)"
    if error.status == 404:
        return "there is none of that name, or it is not this client's"
    return _BY_ERROR.get(error.error, "")


def _binding(identity: Identity, token: str) -> str:
    """What can be seen of the binding, where the token is a JWT."""
    jwt = find_jwt(token)
    bound_to = None if jwt is None else jwt.x5t_s256
    if bound_to is None or bound_to == identity.x5t_s256:
        return ""
    presented = identity.x5t_s256 or "none"
    return (
        f"the token is bound to the certificate {bound_to}, presented was"
        f" {presented} (RFC 8705 section 3)"
    )
