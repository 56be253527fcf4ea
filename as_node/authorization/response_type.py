"""
What kind of answer an authorization request wants.

FAPI 2.0 Security Profile section 5.3.2.2 leaves one kind: a code, in the query of the
redirect URI.
"""

from as_node.protocol.errors import InvalidRequest, UnsupportedResponseType
from as_node.protocol.parameters import Parameters, require
from pki.http.checks import Check
from pki.http.journal import Journal

RESPONSE_TYPE = Check(
    "authorization.response-type",
    "a code is asked for, and nothing else",
    "FAPI 2.0 Security Profile section 5.3.2.2",
)


def verify_response_type(parameters: Parameters, journal: Journal) -> None:
    """
    A code is asked for, and in the query of the redirect URI.

    No other response type: a token that comes through the browser cannot be bound
    to a certificate (RFC 8705 section 6.4).

    Raises:
        InvalidRequest: nothing is asked for, or by another `response_mode`.
        UnsupportedResponseType: something else is asked for.
    """
    asked = require(parameters, "response_type")
    if asked != "code":
        raise UnsupportedResponseType(
            "only a code is given",
            RESPONSE_TYPE,
            expected="code",
            presented=asked[:80],
        )
    mode = parameters.get("response_mode", "query")
    if mode != "query":
        raise InvalidRequest(
            "only the query of the redirect URI is answered in",
            RESPONSE_TYPE,
            expected="query",
            presented=mode[:80],
        )
    journal.accepted(
        RESPONSE_TYPE, verify_response_type, expected="code", presented=asked
    )
