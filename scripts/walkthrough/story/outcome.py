"""What came of an exchange, in a few words that can be compared."""

import json
import re

from client_node.oauth.requests.challenges import find_bearer_challenge
from scripts.walkthrough.story.story import Exchange, Message

RECOGNISED = re.compile(r": it is (.+) of this very certificate$")
"""How `rs_node.access.certificate_binding` remarks that it knows the mistake."""

_ALERT = re.compile(r"\balert ([a-z ]+)$")  # as OpenSSL has it


def outcome_of(exchange: Exchange) -> str:
    """
    What came: status and error code from the answer, and the rule of the refusal from
    the server's recording, so that a refusal for another reason is another outcome.
    So is one of a thumbprint that the server has recognised as another mistake.
    Of a handshake that an alert ended it is the alert, as RFC 8446 section 6 calls it.

    For example "401 invalid_token, RFC 8705 section 3", or "alert decrypt_error".
    """
    if exchange.response is None:
        failure = exchange.failure or "no answer"
        alert = _ALERT.search(failure)
        return f"alert {alert[1].replace(' ', '_')}" if alert else failure
    status = exchange.response.start.removeprefix("HTTP/1.1 ")
    outcome = f"{status} {_error(exchange.response)}".strip()
    refusal = next((each for each in exchange.decisions if not each.accepted), None)
    if refusal is None:
        return outcome
    mistake = RECOGNISED.search(refusal.check)
    named = f": {mistake[1]}" if mistake else ""
    return f"{outcome}, {refusal.rule}{named}"


def _error(answer: Message) -> str:
    """The error code: RFC 6750 section 3 has it in the header, RFC 6749 in the body."""
    fields = [v for name, v in answer.headers if name.lower() == "www-authenticate"]
    challenge = find_bearer_challenge(tuple(fields))
    if challenge is not None:
        return challenge.error
    try:
        members = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if members == {"active": False}:  # RFC 7662 section 2.2: an answer that says no
        return "inactive"
    return str(members.get("error", "")) if isinstance(members, dict) else ""
