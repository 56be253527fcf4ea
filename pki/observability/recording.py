"""
The recording: what one node saw and decided, one JSON object a line.

Off by default. It holds whole messages with their tokens, because this is a test
PKI and the narration and the walk-through are made from it; so the file is 0600,
and it is not a log. It never holds a private key, a password or a cookie. It does
hold the secrets of sessions: with them, whoever has the recording can decrypt what
crossed connections whose clients proved a certificate (`pki.mtls.session_secrets`).

Every event has `time` (seconds since the epoch), `node`, `event` and, where one
applies, `connection` and `exchange` (numbers within the node) and `interaction`
(the `x-fapi-interaction-id` that both ends of an exchange share). The kinds:

`handshake`  one completed TLS handshake, from the side that writes it
`request`    a request as sent (`side: client`) or received (`side: server`, which
             writes it together with its answer, and tells when it was `received`)
`decision`   one check: its name (`check`), what it found in words (`says`), rule,
             expected, presented, accepted, and the function that decided
             (decided_by, source)
`response`   its answer, from the same side
`failure`    an exchange or a handshake that broke, with the reason; of a handshake at
             a listener how far it came, in the members of one that was completed: a
             certificate among them was sent, and its key was not proved
`full`       the last one: nothing is recorded after LARGEST_RECORDING bytes; where
             the disk was full before, the file's mode says it (`recording_file`)

Below TLS, at a listener's end alone; a connection is known by its addresses, and is
a new one with each `opened`:

`wire`       what one read or write carried: `local`, `remote`, `sender` (`client` or
             `server`), and `what`: `opened`, `bytes` (with them, in base64), `ended`,
             `reset`, or `full`, after which nothing more of it is recorded
`session_secrets`  what decrypts these bytes: `local`, `remote`, `lines` (RFC 9850)
"""

import base64
import json
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from twisted.logger import Logger

from pki.http.journal import Decision
from pki.http.messages import Refusal
from pki.observability.limits import LARGEST_RECORDING
from pki.observability.recording_file import RecordingFile

_log = Logger()

_SECRET_FIELDS = frozenset({"cookie", "set-cookie"})
_SHOWN_SCHEMES = frozenset({"bearer", "dpop"})  # a token is what this is about
_SECRETS = r"(\w*(?:password|totp|client_secret))"
_SECRET_PARAMETERS = re.compile(rf"\b{_SECRETS}=[^&\s]*", re.IGNORECASE)
_SECRET_MEMBERS = re.compile(
    rf'"{_SECRETS}"\s*:\s*"(?:[^"\\]|\\.)*"', re.IGNORECASE | re.DOTALL
)
_NOT_RECORDED = "(not recorded)"
_CHECKOUT = Path(__file__).resolve().parents[2]


class Recording:
    """
    The recording of one node, appended to *path*.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        node: str,
        clock: Callable[[], float],
        *,
        largest: int = LARGEST_RECORDING,
    ) -> None:
        self._path = path
        self._left = largest
        self._node = node
        self._clock = clock
        self._file = RecordingFile(path)

    def event(self, kind: str, **members: object) -> None:
        """
        Write one event, if there is room; members that are `None` are left out.

        Never fails: what is recorded is answered all the same. Where it is full, or
        the disk is, the recording ends; it says so itself, and one line in the log.
        """
        if self._left <= 0:
            return
        line = self._line(kind, members)
        self._left -= len(line)
        if self._left <= 0:
            line = self._line("full", {})
            _log.warn(
                "the recording is full, nothing more is recorded: {path}",
                path=self._path,
            )
        try:
            self._file.append(line)
        except OSError as error:
            self._left = 0
            _log.warn("nothing more is recorded: {reason}", reason=error.strerror)

    def _line(self, kind: str, members: Mapping[str, object]) -> bytes:
        event = {"time": self._clock(), "node": self._node, "event": kind}
        event |= {name: value for name, value in members.items() if value is not None}
        text = json.dumps(event, ensure_ascii=True, separators=(",", ":"))
        return text.encode("ascii") + b"\n"

    def now(self) -> float:
        """The time an event written now has, in seconds since the epoch."""
        return self._clock()

    def close(self) -> None:
        """No event can be written after this."""
        self._file.close()


def fields_to_record(fields: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Header fields in their order, without cookies and passwords."""
    return [[name, _field_to_record(name.lower(), value)] for name, value in fields]


def _field_to_record(name: str, value: str) -> str:
    if name in _SECRET_FIELDS:
        return _NOT_RECORDED
    if name == "authorization":
        scheme, _, _ = value.partition(" ")
        return value if scheme.lower() in _SHOWN_SCHEMES else _NOT_RECORDED
    return value


def target_to_record(target: str) -> str:
    """A URL, or a part of one, without passwords in its query."""
    return _SECRET_PARAMETERS.sub(rf"\1={_NOT_RECORDED}", target)


def body_to_record(body: bytes) -> str:
    """
    A form or a JSON body as text, without passwords; what is not UTF-8 is escaped.

    They are known by the names of their parameters and members.
    """
    text = body.decode("utf-8", errors="backslashreplace")
    text = _SECRET_MEMBERS.sub(rf'"\1":"{_NOT_RECORDED}"', text)
    return _SECRET_PARAMETERS.sub(rf"\1={_NOT_RECORDED}", text)


def der_to_record(der: bytes) -> str:
    """DER in standard base64, as `x5c` has it (RFC 7517 section 4.7)."""
    return base64.b64encode(der).decode("ascii")


def decision_to_record(decision: Decision) -> dict[str, object]:
    """The members of a `decision` event for a check that was passed."""
    return {
        "check": decision.check.name,
        "says": decision.says,
        "rule": decision.check.rule,
        "expected": decision.expected,
        "presented": decision.presented,
        "accepted": True,
        **function_to_record(decision.decided_by),
    }


def function_to_record(function: Callable[..., object]) -> dict[str, str]:
    """Who decided: a function of ours by its name, and where it stands."""
    code = function.__code__
    return {
        "decided_by": f"{function.__module__}.{code.co_qualname}",
        "source": _source(code.co_filename, code.co_firstlineno),
    }


def refusal_to_record(refusal: Refusal) -> dict[str, object]:
    """The members of a `decision` event for a check that was not passed."""
    last = traceback.extract_tb(_first_raised(refusal).__traceback__)[-1]
    return {
        "check": "" if refusal.check is None else refusal.check.name,
        "says": refusal.detail,
        "rule": refusal.rule,
        "expected": refusal.expected,
        "presented": refusal.presented,
        "accepted": False,
        "decided_by": _module_of(last.filename, last.name),
        "source": _source(last.filename, last.lineno or 0),
    }


def _first_raised(refusal: Refusal) -> Refusal:
    """Where one refusal was made from another, to be told in another API's words."""
    while isinstance(refusal.__cause__, Refusal):
        refusal = refusal.__cause__
    return refusal


def _source(filename: str, line: int) -> str:
    return f"{_relative(filename)}:{line}"


def _module_of(filename: str, function: str) -> str:
    return f"{_relative(filename).removesuffix('.py').replace('/', '.')}.{function}"


def _relative(filename: str) -> str:
    """A file's path within the checkout: no path of one machine is recorded."""
    path = Path(filename)
    try:
        return path.relative_to(_CHECKOUT).as_posix()
    except ValueError:
        return path.name
