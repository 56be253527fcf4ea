"""
A request as a line for the shell, to be pasted where the deployment runs.

It gives the same answer again, as far as that is possible: an access token ends soon,
so a fresh one is fetched first, as the one in the story was; what is good only once is
said to be used.
"""

from scripts.walkthrough.curl.curl_script import Script
from scripts.walkthrough.curl.replay import (
    came_of,
    parameters_of,
    why_not_again,
)
from scripts.walkthrough.curl.shell import Place, can_be_pasted
from scripts.walkthrough.curl.shell_certificates import Presented, find_presented
from scripts.walkthrough.story.story import Curl, Exchange
from scripts.walkthrough.story.token_bindings import BoundTokens

_CODE_IS_USED = (
    "The code has been used, so the answer will be 400 invalid_grant. If its own "
    "client presents it again, all that was issued from it ends (RFC 6749 section "
    "4.1.2), and the lines that need it will fail."
)
_ANOTHER_CERTIFICATE = (
    "The client keeps its key to itself. This line makes another certificate of the "
    "same name, and it is another one: "
)
_REFUSALS = {
    "client_credentials": "401 invalid_client",  # RFC 8705 section 2.2
    "refresh_token": "400 invalid_grant",  # RFC 8705 section 4
}
_TOKEN_ENDS = "The token is the recorded one, which ends soon after it was issued."  # noqa: S105 - a sentence


def curl_of(exchange: Exchange, tokens: BoundTokens, place: Place) -> Curl:
    """The line for *exchange*; *tokens* tell how those in it were obtained."""
    reason = why_not_again(exchange)
    if reason is not None:
        return Curl("", reason, "")
    presented = find_presented(exchange.handshake, place)
    if presented is None:
        return Curl("", "Its certificate lies in no file: only its holder has it.", "")
    script = Script(tokens, place)
    missing = script.add(exchange, presented)
    if missing:
        return Curl("", missing, "")
    text = script.text
    if not can_be_pasted(text):
        return Curl("", "It holds characters that a terminal would obey.", "")
    answer, note = _expected(exchange, presented, literal=script.literal)
    return Curl(text, note, answer)


def _expected(
    exchange: Exchange, presented: Presented, *, literal: bool
) -> tuple[str, str]:
    """The answer that will come, and what to say if it is not the recorded one."""
    if exchange.response is None:
        return "", "No answer was recorded."
    came = came_of(exchange)
    grant = dict(parameters_of(exchange)).get("grant_type", "")
    if not came.startswith("2"):
        return came, ""
    if grant == "authorization_code":
        return "400 invalid_grant", _CODE_IS_USED
    if presented.own_making and grant in _REFUSALS:
        return _REFUSALS[grant], f"{_ANOTHER_CERTIFICATE}{_REFUSALS[grant]}."
    if literal and not came.endswith("inactive"):
        return "", _TOKEN_ENDS
    return came, ""
