"""
What stands in a recorded message: parameters of a form, members of JSON, a token.

Whoever sent it may have written anything: what is not what it should be holds nothing.
"""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from scripts.walkthrough.story.story import Exchange, Message

MOST_PARAMETERS = 100


def form(body: str) -> list[tuple[str, str]]:
    """The parameters of a form; of one with too many, none."""
    try:
        return parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return []


def parameters(exchange: Exchange, name: str) -> list[str]:
    """The values of one parameter of the form that was sent, if it was one."""
    if "form-urlencoded" not in exchange.request.header("content-type"):
        return []
    return [value for each, value in form(exchange.request.body) if each == name]


def members_of(answer: Message | None) -> Mapping[str, object]:
    """The members of a JSON object that an answer of success holds."""
    if answer is None or not answer.start.endswith(" 200"):
        return {}
    return json_object(answer.body)


def json_object(text: str) -> dict[str, object]:
    """The members of the JSON object that *text* is; none if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def bearer_token(exchange: Exchange) -> str:
    """The token in the Authorization header field, RFC 6750 section 2.1, if any."""
    scheme, _, credentials = exchange.request.header("authorization").partition(" ")
    return credentials if scheme.lower() == "bearer" else ""
