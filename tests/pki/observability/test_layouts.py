"""The operator's log on a terminal, and everywhere else."""

import os
import pty
import re

import pytest

from pki.observability.layouts import (
    GREY,
    OF_NODES,
    RED,
    Entry,
    layout_for,
    on_terminal,
    plain,
)
from pki.observability.lines import Descriptor
from pki.observability.operator_log import OperatorLog
from tests.contrast import contrast, of_256

NOON = 1_767_355_200.25
ISSUED = Entry(
    NOON,
    "as",
    "info",
    "POST /token 200 3.2ms",
    {
        "peer": "A" * 43,
        "jti": "pWs2zaAdqSIho88p7ajbgA",
        "client_id": "banking-client",
        "bound_to": "A" * 43,
        "interaction": "2c81b905-6de8-476c-9e08-603cd751e8e5",
    },
)
REFUSED = Entry(
    NOON,
    "rs",
    "warning",
    "GET /accounts 401 1.2ms refused: the token is bound to another certificate",
    {
        "check": "binding.same-certificate",
        "rule": "RFC 8705 section 3",
        "expected": "A" * 43,
        "presented": "B" * 43,
    },
)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_what_went_well_is_one_line(width: int) -> None:
    """Who it was before what is only there to be found again."""
    line = on_terminal(ISSUED, width, colour=False)
    assert len(line) < width
    whole = (
        "12:00:00Z as       POST /token 200 3.2ms client_id=banking-client "
        "peer=AAAAAAAA… bound_to=AAAAAAAA… jti=pWs2zaAd… interaction=2c81b905…"
    )
    assert line == whole if width == 140 else whole.startswith(line.rstrip("…"))


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_refusal_is_folded_and_nothing_of_it_is_left_out(width: int) -> None:
    """Expected and presented are there to be compared."""
    lines = on_terminal(REFUSED, width, colour=False).splitlines()
    assert all(len(line) < width for line in lines)
    assert lines[0].startswith("12:00:00Z rs     ✗ GET /accounts 401 1.2ms refused: ")
    assert all(line.startswith(" " * 19) for line in lines[1:])
    told = " ".join(" ".join(lines).split())
    assert told.endswith(plain(REFUSED).partition(" refused: ")[2])


def test_elsewhere_it_is_the_whole_line() -> None:
    """In a pipe and in a file, for programs and for later."""
    here, there = os.pipe()
    with os.fdopen(here, encoding="utf-8") as reader:
        OperatorLog(
            "rs", Descriptor(there), lambda: NOON, layout=layout_for(there)
        ).warning(REFUSED.text, REFUSED.facts)
        os.close(there)
        told = reader.read()
    assert told == f"{plain(REFUSED)}\n"
    assert told == (
        f"2026-01-02T12:00:00.250+00:00 rs     warning {REFUSED.text} "
        'check=binding.same-certificate rule="RFC 8705 section 3" '
        f"expected={'A' * 43} presented={'B' * 43}\n"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("NO_COLOR", ""), ("TERM", "dumb")], ids=["no-color", "dumb"]
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """https://no-color.org; what a colour says, a sign says as well."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    here, there = pty.openpty()
    try:
        coloured = layout_for(there)(REFUSED)
        monkeypatch.setenv(name, value)
        plainly = layout_for(there)(REFUSED)
    finally:
        os.close(here)
        os.close(there)
    assert "\x1b" not in plainly
    assert ESCAPE.sub("", coloured) == plainly == on_terminal(REFUSED, 80, colour=False)
    assert f"\x1b[38;5;{RED}m" in coloured


def test_no_peer_writes_lines_of_his_own() -> None:
    """What is below an entry is indented, and what acts is escaped."""
    forged = "x\n12:00:00Z rs  \x1b[2J  " + "GET /accounts 200 " * 60
    entry = Entry(NOON, "as", "warning", forged, {"client_id": forged, "y": "z" * 400})
    for width in (40, 80):
        first, *below = on_terminal(entry, width, colour=False).split("\n")
        assert all(line.startswith(" " * 19) for line in below)
        assert all(line.isprintable() for line in (first, *below))
    info = Entry(NOON, "as", "info", forged, {"client_id": forged})
    assert on_terminal(info, 80, colour=False).isprintable()


@pytest.mark.parametrize("number", [GREY, RED, *OF_NODES])
def test_every_colour_can_be_read_on_black_and_on_white(number: int) -> None:
    """WCAG 2.2, 1.4.3."""
    assert contrast(of_256(number), 0) >= 4.5
    assert contrast(of_256(number), 1) >= 4.5
