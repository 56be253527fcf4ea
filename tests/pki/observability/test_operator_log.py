"""The operator's log: readable, and written by nobody else."""

import io

import pytest
from twisted.logger import Logger, LogPublisher
from twisted.python.failure import Failure

from pki.observability.layouts import printable
from pki.observability.limits import LONGEST_FACT, LONGEST_TEXT
from pki.observability.operator_log import OperatorLog

NOON = 1_767_355_200.25
STAMP = "2026-01-02T12:00:00.250+00:00"


@pytest.fixture
def stream() -> io.StringIO:
    """Where it is written."""
    return io.StringIO()


@pytest.fixture
def node_log(stream: io.StringIO) -> OperatorLog:
    """The log of a node."""
    return OperatorLog("as", stream, lambda: NOON)


def test_line(node_log: OperatorLog, stream: io.StringIO) -> None:
    """Time, node, level, text and facts."""
    node_log.info("POST /token 200", {"client_id": "tpp", "jti": "1"})
    node_log.warning("refused")
    assert stream.getvalue().splitlines() == [
        f"{STAMP} as     info    POST /token 200 client_id=tpp jti=1",
        f"{STAMP} as     warning refused",
    ]


def test_fault(node_log: OperatorLog, stream: io.StringIO) -> None:
    """A fault has the way to it below, indented."""
    node_log.error("broken", {"client_id": "tpp"}, 'Traceback:\n  File "x"\n')
    assert stream.getvalue().splitlines() == [
        f"{STAMP} as     error   broken client_id=tpp",
        "    Traceback:",
        '      File "x"',
    ]


@pytest.mark.parametrize(
    "forged",
    [
        "x\n2026-01-02T12:00:00.250+00:00 as     info    POST /token 200",
        "x\r\n2026-01-02T12:00:00.250+00:00 as     info",
        "x\x85y",
        "x\u2028y",
        "x\x1b[2Ky",
        "x\u202ey",
    ],
    ids=["LF", "CRLF", "NEL", "LS", "terminal", "bidi"],
)
def test_lines_are_not_forged(
    node_log: OperatorLog, stream: io.StringIO, forged: str
) -> None:
    """Whatever a peer sends, in text, fact or trace, is on its line and printable."""
    node_log.info(forged, {"client_id": forged})
    node_log.error("broken", {}, f"ValueError: {forged}")
    first, second, *trace = stream.getvalue().split("\n")[:-1]
    assert first.isprintable()
    assert second.isprintable()
    assert all(line.isprintable() and line.startswith("    ") for line in trace)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("tpp", "tpp"),
        ("CN=tpp,O=x", "CN=tpp,O=x"),
        ("tpp peer=trusted", '"tpp peer=trusted"'),
        ('a" peer="b', r'"a\" peer=\"b"'),
        ('a\\" peer="b', r'"a\\\" peer=\"b"'),
        ("", ""),
    ],
)
def test_facts_are_not_forged(
    node_log: OperatorLog, stream: io.StringIO, value: str, shown: str
) -> None:
    """A value with a space in it does not become two facts."""
    node_log.info("t", {"client_id": value})
    assert stream.getvalue() == f"{STAMP} as     info    t client_id={shown}\n"


@pytest.mark.bound("log.text", "log.fact")
def test_long_values(node_log: OperatorLog, stream: io.StringIO) -> None:
    """A log is no place for the megabytes of a peer."""
    node_log.info("t" * 10_000, {"client_id": "x" * 10_000})
    line = stream.getvalue()
    assert len(line) < 2600
    assert f" {'t' * LONGEST_TEXT}… (10000 characters) " in line
    assert f'client_id="{"x" * LONGEST_FACT}… (10000 characters)"\n' in line


def test_long_values_end(node_log: OperatorLog, stream: io.StringIO) -> None:
    """A value that was cut is still seen to end, before the next fact begins."""
    node_log.info("t", {"presented": "x y" * 200, "peer": "z"})
    assert stream.getvalue().endswith(' (600 characters)" peer=z\n')


def test_printable() -> None:
    """Letters of all the world are printable; what moves the cursor is not."""
    assert printable("Müller & Söhne 銀行") == "Müller & Söhne 銀行"
    assert printable("a\tb\x00") == r"a\tb\x00"


def test_twisteds_events(node_log: OperatorLog, stream: io.StringIO) -> None:
    """Twisted's warnings and faults are in the log too, and its chatter is not."""
    twisted = Logger(observer=LogPublisher(node_log))
    twisted.info("starting {n}", n=1)
    twisted.warn("slow {n}", n=2)
    fault = Failure(ZeroDivisionError("z"))
    twisted.failure("while {doing}", doing="this", failure=fault)
    lines = stream.getvalue().splitlines()
    assert lines[0] == f"{STAMP} as     warn    slow 2"
    assert lines[1] == f"{STAMP} as     critical while this"
    assert lines[2].startswith("    Traceback")
    assert lines[-1].endswith("builtins.ZeroDivisionError: z")
