"""
The tokens in a message, and the certificate each is bound to.

A JWT says so itself. Of an opaque one it is known once it was introspected, or from
the connection it was issued on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.walkthrough.story.message_contents import (
    bearer_token,
    members_of,
    parameters,
)
from scripts.walkthrough.story.story import Exchange, SeenToken
from scripts.walkthrough.story.unverified_jwt import confirmed, jwt_claims

MOST_TOKENS = 512
"""How many are remembered; of more, the oldest is forgotten."""

_MEMBERS = ("access_token", "refresh_token", "id_token")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a token, and the exchange it was issued in."""

    bound_to: str
    known_by: str
    issued_in: Exchange | None
    bound_to_client: bool = False


@dataclass(slots=True)
class BoundTokens:
    """What the run has told of its tokens so far."""

    most: int = MOST_TOKENS
    _known: dict[str, _Known] = field(default_factory=dict)

    def seen_in(self, exchange: Exchange) -> tuple[SeenToken, ...]:
        """
        The tokens of an exchange; what its answer tells of them is learnt first.

        The exchanges nested in it have to be shown before: they came before.
        """
        self._learn(exchange)
        return tuple(
            self._token(value, place)
            for place, values in (
                ("request", _in_request(exchange)),
                ("response", _in_response(exchange)),
            )
            for value in dict.fromkeys(values)
        )

    def issued_in(self, token: str) -> Exchange | None:
        """The exchange whose answer *token* came in, if it was seen."""
        known = self._known.get(token)
        return None if known is None else known.issued_in

    def _token(self, value: str, place: str) -> SeenToken:
        claims = jwt_claims(value)
        if claims is not None:
            bound_to, known_by = _says_itself(claims)
            return SeenToken(value, place, "JWT", bound_to, known_by)
        known = self._known.get(value)
        if known is None:
            return SeenToken(value, place, "opaque", "", "nothing seen so far tells")
        binding = (known.bound_to, known.known_by, known.bound_to_client)
        return SeenToken(value, place, "opaque", *binding)

    def _learn(self, exchange: Exchange) -> None:
        members = members_of(exchange.response)
        if _asks(exchange, "introspect") and members.get("active") is True:
            by = "the answer of the introspection endpoint"
            for value in parameters(exchange, "token"):
                was = self._known.get(value)
                issued_in = None if was is None else was.issued_in
                self._remember(value, _Known(confirmed(members), by, issued_in))
        if _asks(exchange, "token"):
            for name in _MEMBERS:
                token = members.get(name)
                if isinstance(token, str):
                    self._remember(token, _issued(exchange, name))

    def _remember(self, value: str, known: _Known) -> None:
        self._known[value] = known
        while len(self._known) > self.most:
            del self._known[next(iter(self._known))]


def _says_itself(claims: Mapping[str, object]) -> tuple[str, str]:
    bound_to = confirmed(claims)
    if bound_to:
        return bound_to, "its own cnf, decoded and not verified"
    return "", "it has no x5t#S256 in a cnf: it is bound to nothing"


def _issued(exchange: Exchange, member: str) -> _Known:
    """The binding of an opaque token by how it was issued."""
    presented = exchange.handshake.client_certificate
    if exchange.server != "as" or presented is None:
        return _Known("", "nothing seen so far tells", exchange)
    by = "the connection it was issued on"
    if member == "access_token":
        return _Known(presented.x5t_s256, by, exchange)
    if _is_authenticated(exchange):
        by = "RFC 8705 section 7.1: its client authenticates itself"
        return _Known("", by, exchange, bound_to_client=True)
    by = f"{by}: RFC 8705 section 4, a public client"
    return _Known(presented.x5t_s256, by, exchange)


def _is_authenticated(exchange: Exchange) -> bool:
    """Whether the client had to prove who it is: RFC 8705 section 2 or RFC 7523."""
    return any(
        each.accepted and each.rule.startswith(("RFC 8705 section 2", "RFC 7523"))
        for each in exchange.decisions
    )


def _in_request(exchange: Exchange) -> Iterator[str]:
    if bearer := bearer_token(exchange):
        yield bearer
    if _asks(exchange, "introspect") or _asks(exchange, "revoke"):
        yield from parameters(exchange, "token")
    yield from parameters(exchange, "refresh_token")


def _in_response(exchange: Exchange) -> Iterator[str]:
    if not _asks(exchange, "token"):
        return
    members = members_of(exchange.response)
    for name in _MEMBERS:
        value = members.get(name)
        # An ID token is for the client to read, and bound only if it says so.
        if isinstance(value, str) and (
            name != "id_token" or confirmed(jwt_claims(value) or {})
        ):
            yield value


def _asks(exchange: Exchange, endpoint: str) -> bool:
    """Whether the request goes to an *endpoint*, by the last word of its path."""
    target = exchange.request.start.split(" ")[1]
    return target.partition("?")[0].endswith(f"/{endpoint}")
