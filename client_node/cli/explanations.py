"""Why it may have been refused, for a person."""

from datetime import UTC, datetime

from client_node.cli.jwt_display import find_jwt
from client_node.oauth.requests.errors import ErrorResponse, ResourceRefused
from client_node.oauth.requests.identity import Identity
from pki.http.answers import HandshakeRefused, NoAnswer, NoConnection

Refused = ErrorResponse | ResourceRefused | NoAnswer

_BY_ERROR = {
    "invalid_request": "a parameter is missing, repeated or malformed"
    " (RFC 6749 section 5.2)",
    "invalid_scope": "this client may not have that scope (RFC 6749 section 3.3)",
    "invalid_grant": "the grant, or the token, is not this client's"
    " (RFC 6749 section 5.2)",
    "unauthorized_client": "this client may not do that (RFC 6749 section 5.2)",
    "unsupported_grant_type": "the server knows no such grant (RFC 6749 section 5.2)",
    "invalid_token": "the token is expired, revoked, unknown, or bound to another"
    " certificate (RFC 6750 section 3.1, RFC 8705 section 3)",
}


def explanation(
    error: Refused, identity: Identity, token: str | None, now: float
) -> str:
    """
    Which rule may stand behind *error*; empty where nothing is known.

    A guess, for the servers tell no more than they must. *token* is the one that
    was given on the command line.
    """
    match error:
        case ErrorResponse() if error.error == "invalid_client":
            return _of_the_client(identity, now)
        case ErrorResponse():
            return _BY_ERROR.get(error.error, "")
        case ResourceRefused():
            return _of_refusal(error, identity, token)
        case HandshakeRefused():
            return (
                "one end refused the other's certificate or terms; under TLS 1.3 the"
                " client learns it at its first read (RFC 8446 section 4.4.2.4)"
            )
        case NoConnection():
            return "are the nodes running? `make up` starts them"
        case _:  # an answer came, and the error says what is wrong with it
            return ""


def _of_the_client(identity: Identity, now: float) -> str:
    """By what this client authenticates; what can be seen from here comes first."""
    if identity.assertion is not None:
        return (
            "the assertion must be signed with a key registered for this client_id, and"
            " be new, in force and addressed to this server alone (RFC 7523 section 3);"
            " the server's log says which it was"
        )
    if identity.credential is None:
        return (
            "no certificate was presented, and the client authenticates by one"
            " (RFC 8705 section 2)"
        )
    leaf, moment = identity.credential.leaf, datetime.fromtimestamp(now, UTC)
    if moment > leaf.not_valid_after_utc:
        return f"the certificate expired at {leaf.not_valid_after_utc:%FT%TZ}"
    if moment < leaf.not_valid_before_utc:
        return f"the certificate is not valid before {leaf.not_valid_before_utc:%FT%TZ}"
    return (
        "nobody is registered under this client_id, or the certificate is not the one"
        " registered for it (RFC 8705 section 2.1 or 2.2), was revoked, or is of a CA"
        " that the server does not know; the server's log says which it was"
    )


def _of_refusal(error: ResourceRefused, identity: Identity, token: str | None) -> str:
    if error.error == "invalid_token" and token is not None:
        return _binding(identity, token) or _BY_ERROR["invalid_token"]
    if error.error == "insufficient_scope":
        return _of_the_scope(error)
    if error.status == 401 and not error.error:
        return _without_a_reason(error)
    if error.status == 404:
        return "there is none of that name, or it is not this client's"
    return _BY_ERROR.get(error.error, "")


def _without_a_reason(error: ResourceRefused) -> str:
    if error.challenge is None:
        return (
            "the answer has no Bearer challenge, so it does not say what is wrong: with"
            " the token, or with what came beside it (RFC 9110 section 15.5.2 wants a"
            " WWW-Authenticate field)"
        )
    return (
        "the answer does not say what is wrong, as if the request had had no access"
        " token, which it had (RFC 6750 section 3.1)"
    )


def _of_the_scope(error: ResourceRefused) -> str:
    """RFC 6750 section 3.1: the scope that would be needed may be named."""
    challenge = error.challenge
    needed = "" if challenge is None else challenge.parameters.get("scope", "")
    if needed:
        return (
            f"the token's scope does not cover this, which needs {needed:.80}"
            " (RFC 6750 section 3.1)"
        )
    return (
        "the token is good, but not for this; no scope is named that would do, so what"
        " does not fit may be whom it is for: the client itself, or a customer"
        " (RFC 6750 section 3.1)"
    )


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
