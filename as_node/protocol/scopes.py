"""Scope as RFC 6749 section 3.3 writes it: tokens with one space between them."""

import re
from collections.abc import Iterable

from as_node.protocol.errors import InvalidScope
from as_node.protocol.parameters import Parameters
from pki.http.journal import Journal

_RULE = "RFC 6749 section 3.3"

# scope = scope-token *( SP scope-token ); scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*")


def parse_scope(text: str) -> frozenset[str]:
    """
    The scope tokens of *text*; order and repetition mean nothing.

    Raises:
        ValueError: it is not of the form of RFC 6749 section 3.3.
    """
    if not _SCOPE.fullmatch(text):
        raise ValueError("not a scope as RFC 6749 section 3.3 has it")
    return frozenset(text.split(" "))


def scope_text(scope: Iterable[str]) -> str:
    """The scope on the wire, always in the same order."""
    return " ".join(sorted(scope))


def granted_scope(
    registered: frozenset[str], parameters: Parameters, journal: Journal
) -> frozenset[str]:
    """
    What was asked for, or all the client is registered for if nothing was.

    Raises:
        InvalidScope: what was asked for is no scope, or more than *registered*; or
            nothing was asked for, and the client is registered for nothing.
    """
    expected = scope_text(registered)
    asked = parameters.get("scope", expected)
    try:
        scope = parse_scope(asked)
    except ValueError as error:
        raise InvalidScope(str(error), rule=_RULE, presented=asked) from error
    if not scope <= registered:
        raise InvalidScope(
            "more scope than the client is registered for",
            rule=_RULE,
            expected=expected,
            presented=asked,
        )
    journal.accepted(
        "the scope is within the client's registration",
        granted_scope,
        rule=_RULE,
        expected=expected,
        presented=asked,
    )
    return scope
