"""
Whether and how a request can be sent again.

What was recorded is not all that was sent: no password and no cookie. And whoever sends
a request writes its Host.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from scripts.walkthrough.story.message_contents import (
    bearer_token,
    form,
    members_of,
)
from scripts.walkthrough.story.outcome import outcome_of
from scripts.walkthrough.story.story import NODES, Exchange

FORM = "application/x-www-form-urlencoded"

_ORIGIN = re.compile(r"https://(?:([A-Za-z0-9.-]+)|\[([0-9a-f:]+)\])(?::[0-9]+)?/")
_NOT_RECORDED = "(not recorded)"
_INACTIVE = "RFC 7662 section 2.2"


def why_not_again(exchange: Exchange) -> str | None:
    """Why there is no line, if there is none; nothing is said of a browser."""
    parts = (exchange.request.body, *(v for _, v in exchange.request.headers))
    reasons = (
        (exchange.client_lane == "browser", ""),
        (exchange.server not in NODES, "This server runs during the demo only."),
        (
            not _is_addressed_to_the_server(exchange),
            "It was not sent to a name of this server's.",
        ),
        (
            any(_NOT_RECORDED in part for part in parts),
            "It holds a password or a cookie, which are not recorded.",
        ),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _is_addressed_to_the_server(exchange: Exchange) -> bool:
    """Whoever sends a request writes its Host, and could send us elsewhere with it."""
    origin = _ORIGIN.match(exchange.url)
    names = exchange.handshake.server_certificate.alternative_names
    return origin is not None and (origin[1] or origin[2]).lower() in names


def came_of(exchange: Exchange) -> str:
    """Status and error code."""
    return outcome_of(replace(exchange, decisions=()))


def parameters_of(exchange: Exchange) -> list[tuple[str, str]]:
    """The parameters of the form, if the body is one and can be told as one."""
    request = exchange.request
    if request.header("content-type") != FORM:
        return []
    if not all("=" in part for part in request.body.split("&")):
        return []
    return form(request.body)


def access_tokens(exchange: Exchange) -> Iterator[str]:
    """What is presented, or asked about, or revoked."""
    if bearer := bearer_token(exchange):
        yield bearer
    yield from (value for name, value in parameters_of(exchange) if name == "token")


def is_over(exchange: Exchange) -> bool:
    """Whether the token was found to be active no more, which will not change."""
    return came_of(exchange) == "200 inactive" or any(
        not each.accepted and each.rule == _INACTIVE for each in exchange.decisions
    )


def to_obtain_another(issued_in: Exchange) -> list[tuple[str, str]]:
    """
    The parameters that obtain another token like the one issued then; none if there
    is no way: a code is good once, and perhaps no refresh token came with it.
    """
    parameters = parameters_of(issued_in)
    if dict(parameters).get("grant_type") != "authorization_code":
        return parameters
    refresh_token = members_of(issued_in.response).get("refresh_token")
    if not isinstance(refresh_token, str):
        return []
    left_out = {"grant_type", "code", "code_verifier", "redirect_uri"}
    return [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        *((name, value) for name, value in parameters if name not in left_out),
    ]


def member_of(issued_in: Exchange, token: str) -> str:
    """As which member of the answer *token* was issued; not as a refresh token."""
    members = members_of(issued_in.response)
    return next(
        (n for n in ("access_token", "id_token") if members.get(n) == token), ""
    )
