"""
The numbers of steps and acts in documents, put in from their names.

    python -m scripts.acts.citations

A document cites "6.3<!--thief.wrong-certificate-->": what stands before the comment,
perhaps within backticks, is the number of the step or the act that it names, or how
many acts or steps there are in all, as digits or as a word.
"""

import re
from pathlib import Path

from scripts.acts.outline import ACTS, NUMBERS

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("scripts/walkthrough/README.md",)

CITED = re.compile(r"(?P<number>\d+(?:\.\d+)?|[a-z]+)(?P<quote>`?)<!--(?P<name>.+?)-->")

_WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ACTS = {name: str(number) for number, name in enumerate(ACTS, 1)}
_COUNTS = {"acts": len(ACTS), "steps": len(NUMBERS)}


def in_words(count: int) -> str:
    """A number as a text has it: small ones are words."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def filled_in(text: str) -> str:
    """
    *text* with the numbers that its citations have now.

    Raises:
        KeyError: it cites what is not there.
    """
    return CITED.sub(_filled_in, text)


def _filled_in(citation: re.Match[str]) -> str:
    number, quote, name = citation.groups()
    if name in _COUNTS:
        count = _COUNTS[name]
        right = in_words(count) if number.isalpha() else str(count)
    else:
        right = NUMBERS[name] if name in NUMBERS else _ACTS[name]
    return f"{right}{quote}<!--{name}-->"


def main() -> None:
    """Fill in all documents, and name those that have changed."""
    for document in DOCUMENTS:
        path = CHECKOUT / document
        text = path.read_text(encoding="utf-8")
        right = filled_in(text)
        if right != text:
            path.write_text(right, encoding="utf-8")
            print(f"{document}: numbers filled in")


if __name__ == "__main__":
    main()
