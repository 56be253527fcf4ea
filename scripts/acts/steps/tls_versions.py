"""What somebody on the way reads of a handshake: RFC 8705 section 8."""

from collections.abc import Iterable, Iterator

from client_node.oauth.token.token_request import request_token
from scripts.stage.cast import SCOPE, Cast
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.walkthrough.evidence.observer import Seen

_RULE = "RFC 8705 section 8"
_SPOKEN = Plan(
    "authentication.tls-1.2",
    "The same client, over TLS 1.2",
    "Nothing is different for the two that speak: the same listener, certificate and "
    "answer.",
    _RULE,
)


async def what_is_seen_on_the_way(stage: Stage, cast: Cast, endpoint: str) -> None:
    """One request over each version, and the bytes that anybody could record."""
    name = "banking-client"
    old = cast.only_tls_1_2(name)
    await stage.exchange(_SPOKEN, request_token(old, endpoint, SCOPE))
    seen_before = stage.seen_on_the_way()
    await request_token(cast.honest(name), endpoint, SCOPE)
    seen_now = stage.seen_on_the_way()
    plan = Plan(
        "authentication.seen-on-the-way",
        "What somebody on the way has read of it, and of TLS 1.3",
        "From the bytes alone. Up to TLS 1.2 certificates cross before there are keys: "
        "whoever records the line knows who is a client of this bank, and when it "
        "calls. TLS 1.3 encrypts all that follows the hellos; the server's name stands "
        "in the first of them still.",
        _RULE,
        f"TLS 1.2 names {name}, TLS 1.3 names nobody",
    )
    came = f"TLS 1.2 names {_named(seen_before)}, TLS 1.3 names {_named(seen_now)}"
    lines = [*_lines("1.2", seen_before), *_lines("1.3", seen_now)]
    await stage.derivation(plan, lines, came)


def _named(seen: Iterable[Seen]) -> str:
    """The client that anybody has read the name of."""
    own = [each for each in seen if each.sender == "client" and each.certificates]
    return own[0].certificates[0].holder if own else "nobody"


def _lines(version: str, seen: Iterable[Seen]) -> Iterator[tuple[str, str]]:
    for each in seen:
        yield f"{version}, {each.sender}: {each.name}", each.in_words
