"""
The authorization response, as a browser brings it: RFC 6749 section 4.1.2, RFC 9207.

Anybody can send a browser to the redirect URI with anything, so nothing is believed
before `state` and `iss` have been.
"""

from urllib.parse import parse_qsl

from client_node.oauth.requests.errors import AuthorizationRefused, UnusableAnswer
from pki.http.checks import Check

RESPONSE_ISSUER = Check(
    "authorization-response.issuer",
    "the response is from the authorization server the browser was sent to",
    "RFC 9207 section 2.4",
)

MOST_PARAMETERS = 20  # of a response; five are known

_WHAT = "authorization response"


def judge_authorization_response(query: str, *, state: str, issuer: str) -> str:
    """
    The authorization code in *query*, which is the redirect's as it came.

    *state* is that of the request which this very browser began; *issuer* is the
    authorization server it was sent to. `iss` is always required, as FAPI 2.0 section
    5.3.3.2 has it, and compared character by character (RFC 9207 section 2.4): a code
    of one server is never taken to another.

    Raises:
        AuthorizationRefused: the authorization server says no, and why.
        UnusableAnswer: it belongs to another request, comes from another server, or
            is not as RFC 6749 section 4.1.2 has it.
    """
    members = _members(query)
    if members.get("state") != state:
        raise UnusableAnswer(f"{_WHAT}: it does not belong to this request (state)")
    if members.get("iss") != issuer:
        raise UnusableAnswer(f"{_WHAT}: it is not from {issuer} (RFC 9207, iss)")
    error, code = members.get("error"), members.get("code")
    if error is not None and code is None:
        raise AuthorizationRefused(error, members.get("error_description", ""))
    if code is None or error is not None:
        raise UnusableAnswer(f"{_WHAT}: expected either a code or an error")
    return code


def _members(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:  # too many of them, or not UTF-8
        raise UnusableAnswer(f"{_WHAT}: it cannot be read: {error}") from error
    members = dict(pairs)
    if len(members) < len(pairs):
        raise UnusableAnswer(f"{_WHAT}: a parameter comes twice")
    return members
