"""Scope as RFC 6749 section 3.3 writes it: tokens with one space between them."""

import re
from collections.abc import Iterable

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
