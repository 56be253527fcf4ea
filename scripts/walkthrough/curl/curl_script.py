"""Requests as lines of curl, with what they need first: certificates, a fresh token."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from scripts.walkthrough.curl.replay import (
    FORM,
    access_tokens,
    came_of,
    is_over,
    member_of,
    parameters_of,
    to_obtain_another,
    why_not_again,
)
from scripts.walkthrough.curl.shell import Place, in_lines
from scripts.walkthrough.curl.shell_certificates import Presented, find_presented
from scripts.walkthrough.story.message_contents import bearer_token
from scripts.walkthrough.story.story import Exchange
from scripts.walkthrough.story.token_bindings import BoundTokens

# What curl says by itself, what it need not say, and what has to be another each time.
_NOT_SAID = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "user-agent",
        "x-fapi-interaction-id",
    }
)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")


@dataclass(slots=True)
class Script:
    """
    Lines that belong together, in order.

    *literal* says that a token stands in it as it was recorded.
    """

    tokens: BoundTokens
    place: Place
    lines: list[str] = field(default_factory=list)
    literal: bool = False

    @property
    def text(self) -> str:
        """All of it; what is made twice is made once."""
        return "\n".join(dict.fromkeys(self.lines))

    def add(self, exchange: Exchange, presented: Presented) -> str:
        """Add a request, after what it needs; returns why that is not possible."""
        fresh = self._fresh_token(exchange)
        if presented.own_making and not fresh and bearer_token(exchange):
            return "Its token is bound to a certificate whose key only its client has."
        self.lines += presented.setup
        groups = self._groups(exchange, presented, parameters_of(exchange), fresh)
        self.lines.append(in_lines("curl -sSi -w '\\n' " + _address(exchange), *groups))
        return ""

    def _fresh_token(self, exchange: Exchange) -> str:
        """
        Add what obtains an access token as the one in *exchange* was obtained.

        Returns the one to be replaced by `$TOKEN`, if it can be.
        """
        used = next(iter(access_tokens(exchange)), "")
        obtaining = [] if is_over(exchange) else list(self._obtaining(used))
        self.lines += obtaining
        self.literal = bool(used and not obtaining)
        return used if obtaining else ""

    def _obtaining(self, token: str) -> Iterator[str]:
        """What obtains another token like *token*; nothing if that is not possible."""
        issued_in = self.tokens.issued_in(token)
        if issued_in is None or why_not_again(issued_in) is not None:
            return
        parameters = to_obtain_another(issued_in)
        member = member_of(issued_in, token)
        presented = find_presented(issued_in.handshake, self.place)
        if not parameters or not member or presented is None or presented.own_making:
            return
        yield from presented.setup
        groups = self._groups(issued_in, presented, parameters, "")
        command = in_lines(f"curl -sS {_address(issued_in)}", *groups)
        found = rf"""sed -n 's/.*"{member}": *"\([^"]*\)".*/\1/p'"""
        yield f"TOKEN=$({command} |\n  {found})"

    def _groups(
        self,
        exchange: Exchange,
        presented: Presented,
        parameters: list[tuple[str, str]],
        fresh: str,
    ) -> Iterator[str]:
        yield f"--cacert {self.place.word(self.place.server_roots)}"
        yield from presented.words
        yield from _method(exchange)
        bearer = bearer_token(exchange)
        if bearer and bearer == fresh:
            yield '-H "Authorization: Bearer $TOKEN"'
        elif bearer:
            yield "-H " + shlex.quote(f"Authorization: Bearer {bearer}")
        for name, value in exchange.request.headers:
            if _is_to_be_said(name.lower(), value):
                yield "-H " + shlex.quote(f"{name}: {value}" if value else f"{name};")
        if not parameters and exchange.request.body:
            yield f"--data-raw {shlex.quote(exchange.request.body)}"
        for name, value in parameters:
            yield self._data(exchange, name, value, fresh)

    def _data(self, exchange: Exchange, name: str, value: str, fresh: str) -> str:
        if fresh and (name, value) == ("token", fresh):
            return '--data-urlencode "token=$TOKEN"'
        client_id = dict(parameters_of(exchange)).get("client_id", "")
        if name == "client_assertion" and self._can_sign(exchange, client_id):
            signing = self.place.client("--as", client_id, "assertion")
            return f'--data-urlencode "client_assertion=$({signing})"'
        if _UNRESERVED.fullmatch(name) and _UNRESERVED.fullmatch(value):
            return f"--data {name}={value}"
        return f"--data-urlencode {shlex.quote(f'{quote(name)}={value}')}"

    def _can_sign(self, exchange: Exchange, client_id: str) -> bool:
        """Whether to sign anew: an assertion is good once, and for a minute."""
        return (
            not came_of(exchange).endswith("invalid_client")
            and re.fullmatch(r"[a-z0-9-]+", client_id) is not None
            and self.place.issued.signing_key(client_id).exists()
        )


def _address(exchange: Exchange) -> str:
    """The URL, of whose brackets curl would make several."""
    globbing = "--globoff " if re.search(r"[\[\]{}]", exchange.url) else ""
    return f"{globbing}{shlex.quote(exchange.url)}"


def _method(exchange: Exchange) -> Iterator[str]:
    """RFC 9110 section 9; curl's own choice is told by what it sends."""
    method = exchange.request.start.split(" ", 1)[0]
    if method == "HEAD":
        yield "--head"
    elif method != ("POST" if exchange.request.body else "GET"):
        yield f"--request {shlex.quote(method)}"
    if exchange.handshake.tls_version == "TLSv1.2":
        yield "--tls-max 1.2"


def _is_to_be_said(name: str, value: str) -> bool:
    usual = {"accept": "application/json", "content-type": FORM}
    return name not in _NOT_SAID and usual.get(name) != value and value != "*/*"
