"""The recording: whole messages, every decision with its source, and no password."""

import base64
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateNumbers,
)
from OpenSSL import SSL
from twisted.logger import ILogObserver, formatEvent, globalLogPublisher

from pki.http.answers import NoAnswer
from pki.http.checks import Check
from pki.http.journal import Decision, Journal
from pki.http.messages import Refusal, Request, Response, json_response
from pki.issuing.authority import Authority
from pki.observability import recording
from pki.observability.recording import Recording, body_to_record, der_to_record
from pki.observability.recording_file import ENDED
from pki.pem import Credential, private_key_to_pem
from pki.thumbprint import x5t_s256
from tests.in_memory.listeners import CONVENTIONAL, MUTUAL_TLS, Bench, bench
from tests.in_memory.raw_tls import dial, outsider_context
from tests.in_memory.store_trouble import full_disk

Event = dict[str, Any]


PRESENTED = Check("a.presented", "a certificate was presented", "RFC 8705 section 3")
SAME = Check("a.same", "the same certificate", "RFC 8705 section 3")


class Mismatch(Refusal):
    """A refusal of the tests."""

    def response(self) -> Response:
        """401."""
        return json_response(401, {"error": "invalid_token"})


def verify_binding(request: Request) -> None:
    """Accept, say so, and then refuse."""
    request.journal.accepted(PRESENTED, verify_binding, expected="one", presented="one")
    if request.path in {"/refuse", "/reword"}:
        raise Mismatch("another certificate", SAME, expected="a", presented="b")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where it is recorded."""
    return tmp_path / "as.jsonl"


@pytest.fixture
def place(
    file: Path, server_root: Authority, server_credential: Credential, now: float
) -> Iterator[Bench]:
    """Both listeners, recorded."""
    recorded = Recording(file, "as", lambda: now)
    made = bench(server_root.credential, server_credential, recorded)

    async def answer(request: Request) -> Response:
        try:
            verify_binding(request)
        except Mismatch as mismatch:
            if request.path == "/refuse":
                raise
            raise Mismatch("in another API's words") from mismatch
        return json_response(200, {"ok": True}, (("Set-Cookie", "a=b"),))

    made.answer = answer
    yield made
    recorded.close()


def events(file: Path, kind: str = "") -> list[Event]:
    """What was recorded, one JSON object a line."""
    text = file.read_text(encoding="ascii")
    assert text == "" or text.endswith("\n")
    found = [json.loads(line) for line in text.splitlines()]
    return [event for event in found if kind in ("", event["event"])]


def test_mode(file: Path, tmp_path: Path) -> None:
    """It holds tokens, so nobody else reads it: 0600, even where it was there."""
    Recording(file, "as", lambda: 0).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    readable = tmp_path / "rs.jsonl"
    readable.write_text("")
    readable.chmod(0o644)
    Recording(readable, "rs", lambda: 0).close()
    assert stat.S_IMODE(readable.stat().st_mode) == 0o600


def test_mode_from_the_beginning(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor for the blink between the making of the file and its mode."""
    monkeypatch.setattr(os, "fchmod", lambda *_seen: None)
    Recording(file, "as", lambda: 0).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_cannot_be_written_ends_the_recording_alone(
    file: Path, server_root: Authority, server_credential: Credential
) -> None:
    """Whoever asks is answered as before, and the operator is told once."""
    told: list[str] = []
    observer = cast("ILogObserver", lambda event: told.append(formatEvent(event)))
    recorded = Recording(file, "as", lambda: 1.5)
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(
        writer, recorded._file._descriptor
    )  # no reader: as little room as on a full disk
    os.close(writer)
    made = bench(server_root.credential, server_credential, recorded)
    globalLogPublisher.addObserver(observer)
    try:
        for peer in (made.dial(), made.dial()):
            peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert peer.answers[0].status == 200
    finally:
        globalLogPublisher.removeObserver(observer)
        recorded.close()
    assert told == ["nothing more is recorded: Broken pipe"]


def test_full_disk(file: Path) -> None:
    """Whole events, the mode that says why no more come, and one line in the log."""
    told: list[str] = []
    observer = cast("ILogObserver", lambda event: told.append(formatEvent(event)))
    recorded = Recording(file, "as", lambda: 1.5)
    recorded.event("failure", reason="before")
    globalLogPublisher.addObserver(observer)
    try:
        with full_disk(room=file.stat().st_size + 20):
            recorded.event("failure", reason="while")
        recorded.event("failure", reason="after")  # it could be written again
    finally:
        globalLogPublisher.removeObserver(observer)
        recorded.close()
    assert [event["reason"] for event in events(file)] == ["before"]
    assert stat.S_IMODE(file.stat().st_mode) == ENDED
    assert told == ["nothing more is recorded: File too large"]


def test_events_are_appended(file: Path) -> None:
    """Nothing is overwritten; what is None is left out; anything fits on a line."""
    for node in ("as", "rs"):
        made = Recording(file, node, lambda: 1.5)
        made.event("failure", reason="a\nb\u2028\ud800", side=None)
        made.close()
    assert events(file) == [
        {"time": 1.5, "node": n, "event": "failure", "reason": "a\nb\u2028\ud800"}
        for n in ("as", "rs")
    ]


def test_full_recording(file: Path) -> None:
    """Any peer can have requests recorded, so there is an end, and it is told once."""
    made = Recording(file, "as", lambda: 1.5, largest=150)
    for _ in range(5):
        made.event("failure", reason="r" * 40)
    made.close()
    kinds = [event["event"] for event in events(file)]
    assert kinds == ["failure", "full"]
    assert len(file.read_bytes()) < 150


@pytest.mark.bound("recording.size")
def test_full_recording_is_told_once(file: Path) -> None:
    """Whoever shows it to people would else be silent without a word."""
    told: list[str] = []
    observer = cast("ILogObserver", lambda event: told.append(formatEvent(event)))
    recorded = Recording(file, "as", lambda: 1.5, largest=200)
    globalLogPublisher.addObserver(observer)
    try:
        for _ in range(10):
            recorded.event("failure", reason="x" * 40)
    finally:
        globalLogPublisher.removeObserver(observer)
        recorded.close()
    assert told == [f"the recording is full, nothing more is recorded: {file}"]


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is for the caller to say where."""
    with pytest.raises(FileNotFoundError):
        Recording(tmp_path / "absent" / "as.jsonl", "as", lambda: 0)


# What is recorded of one exchange


@pytest.mark.parametrize(
    ("version", "request_state"),
    [
        (SSL.TLS1_2_VERSION, "write certificate request"),
        (SSL.TLS1_3_VERSION, "write certificate request"),
    ],
    ids=["TLSv1.2", "TLSv1.3"],
)
def test_handshake(
    place: Bench,
    file: Path,
    version: int,
    request_state: str,
    server_credential: Credential,
    client_credential: Credential,
) -> None:
    """The facts of a handshake, read from OpenSSL."""
    place.dial(MUTUAL_TLS, outsider_context(client_credential, version=version))
    (event,) = events(file)
    assert event["event"] == "handshake"
    assert (event["node"], event["side"], event["connection"]) == ("as", "server", 1)
    assert event["local"] == "127.0.0.1:9444"
    assert event["remote"] == "127.0.0.1:50001"
    tls_1_3 = version == SSL.TLS1_3_VERSION
    assert event["tls_version"] == ("TLSv1.3" if tls_1_3 else "TLSv1.2")
    assert "AES" in event["cipher_suite"]
    assert event["group"]
    assert event["alpn"] == "http/1.1"
    assert event["server_name"] == "localhost"
    assert event["certificate_requested"] is True
    assert any(request_state in message for message in event["messages"])
    assert event["own_certificate"] == der_to_record(server_credential.leaf_der)
    assert event["peer_certificate"] == der_to_record(client_credential.leaf_der)
    assert len(event["peer_sent_after"]) == 1
    assert event["peer_x5t#S256"] == x5t_s256(client_credential.leaf_der)


def test_handshake_without_certificate_request(place: Bench, file: Path) -> None:
    """The conventional listener's handshake has no request and no peer."""
    place.dial(CONVENTIONAL)
    (event,) = events(file)
    assert event["certificate_requested"] is False
    assert "peer_certificate" not in event
    assert "peer_x5t#S256" not in event


def test_server_name_that_is_no_name(place: Bench, file: Path) -> None:
    """A peer may send any octets as SNI, and gets a handshake all the same."""
    name = b"l\xf6calhost"
    peer = dial(place.network, MUTUAL_TLS, outsider_context(), server_name=name)
    assert peer.handshaken
    assert events(file)[0]["server_name"] == r"l\xf6calhost"


def test_exchange(place: Bench, file: Path, client_credential: Credential) -> None:
    """The request, the decision, and the answer share their numbers."""
    peer = place.dial(MUTUAL_TLS, outsider_context(client_credential))
    peer.send(
        b"POST /x?a=b HTTP/1.1\r\nHost: localhost\r\nX-FAPI-Interaction-Id: 7\r\n"
        b"Authorization: Bearer token-of-a-test-pki\r\nContent-Length: 3\r\n\r\nc=d"
    )
    _, request, decision, response = events(file)
    same = {"node": "as", "side": "server", "connection": 1, "interaction": "7"}
    for event in (request, decision, response):
        assert event.items() >= same.items()
        assert event["exchange"] == request["exchange"]
    assert (request["method"], request["target"]) == ("POST", "/x?a=b")
    assert ["authorization", "Bearer token-of-a-test-pki"] in request["headers"]
    assert request["body"] == "c=d"
    assert response["status"] == 200
    assert response["body"] == '{"ok":true}'


def test_decision(place: Bench, file: Path) -> None:
    """A check that was passed says which function decided, and where that is."""
    place.dial().send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    (event,) = events(file, "decision")
    line = verify_binding.__code__.co_firstlineno
    assert event["accepted"] is True
    assert event["check"] == "a.presented"
    assert event["says"] == "a certificate was presented"
    assert event["rule"] == "RFC 8705 section 3"
    assert (event["expected"], event["presented"]) == ("one", "one")
    assert event["decided_by"] == f"{__name__}.verify_binding"
    assert event["source"] == f"tests/pki/observability/test_recording.py:{line}"


def test_refusal(place: Bench, file: Path) -> None:
    """A check that was not passed says where it was refused."""
    place.dial().send(b"GET /refuse HTTP/1.1\r\nHost: localhost\r\n\r\n")
    accepted, refused = events(file, "decision")
    assert accepted["accepted"] is True
    assert refused["accepted"] is False
    assert refused["check"] == "a.same"
    assert refused["says"] == "another certificate"
    assert refused["rule"] == "RFC 8705 section 3"
    assert (refused["expected"], refused["presented"]) == ("a", "b")
    assert (
        refused["decided_by"] == "tests.pki.observability.test_recording.verify_binding"
    )
    source, _, line = refused["source"].partition(":")
    assert source == "tests/pki/observability/test_recording.py"
    text = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert "raise Mismatch(" in "".join(text[int(line) - 1 : int(line) + 2])
    assert events(file, "response")[0]["status"] == 401


def test_a_refusal_told_in_other_words_names_who_decided(
    place: Bench, file: Path
) -> None:
    """Where one refusal is made from another, the first one's function is recorded."""
    place.dial().send(b"GET /reword HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _, refused = events(file, "decision")
    assert refused["says"] == "in another API's words"
    assert (
        refused["decided_by"] == "tests.pki.observability.test_recording.verify_binding"
    )


def test_a_decision_may_say_more_than_its_title() -> None:
    """What exactly was found; its check stays the same."""
    journal = Journal()
    journal.accepted(SAME, verify_binding, says="the same, in all 43 characters")
    journal.accepted(SAME, verify_binding)
    recorded = [recording.decision_to_record(each) for each in journal.decisions]
    assert {each["check"] for each in recorded} == {"a.same"}
    assert [each["says"] for each in recorded] == [
        "the same, in all 43 characters",
        "the same certificate",
    ]


def test_source_outside_the_checkout() -> None:
    """No path of one machine is recorded."""
    decision = Decision(Check("c", "c", ""), json.dumps, "c", "", "")
    recorded = recording.decision_to_record(decision)
    assert str(recorded["source"]).startswith("__init__.py:")
    assert recorded["decided_by"] == "json.dumps"


def test_fault(place: Bench, file: Path) -> None:
    """A fault of ours is an answer like any other."""

    async def answer(request: Request) -> Response:
        raise ZeroDivisionError

    place.answer = answer
    place.dial().send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert events(file, "response")[0]["status"] == 500
    assert events(file, "decision") == []


def test_handshake_that_failed(place: Bench, file: Path) -> None:
    """A handshake that came to nothing is a failure, with the reason."""
    place.dial(MUTUAL_TLS, outsider_context(alpn=[b"h2"]))
    (event,) = events(file)
    assert event["event"] == "failure"
    assert event["remote"] == "127.0.0.1:50001"
    assert "no common application protocol" in event["reason"]
    assert event["local"] == f"127.0.0.1:{MUTUAL_TLS}"
    assert event["server_name"] == "localhost"
    assert event["messages"] == ["before SSL initialization"] * 2
    assert "peer_certificate" not in event


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", bytes(600), b"\x16\x03\x03"]
)
def test_what_is_no_handshake_is_recorded_as_one_that_failed(
    place: Bench, file: Path, data: bytes
) -> None:
    """Also where the peer has sent nothing that OpenSSL could say anything about."""
    peer = place.dial_plain()
    peer.send(data)
    place.network.flush()
    place.network.reactor.advance(60)
    (event,) = events(file, "failure")
    assert event["reason"]
    assert event["certificate_requested"] is False


def test_our_client(place: Bench, file: Path, client_credential: Credential) -> None:
    """The client records its side of the same exchange, with the same interaction."""
    client = place.client(client_credential)
    fields = (("X-Fapi-Interaction-Id", "7"), ("Authorization", "Bearer t"))
    url = f"https://localhost:{MUTUAL_TLS}/x"
    place.network.run(client.request("POST", url, headers=fields, body=b"a=b"))
    mine = [event for event in events(file) if event["side"] == "client"]
    request, handshake, response = mine
    assert (request["event"], request["method"]) == ("request", "POST")
    assert request["target"] == url
    assert request["body"] == "a=b"
    assert ["Authorization", "Bearer t"] in request["headers"]
    assert handshake["event"] == "handshake"
    assert handshake["own_certificate"] == der_to_record(client_credential.leaf_der)
    assert handshake["certificate_requested"] is True
    assert handshake["peer_sent_after"] == []
    assert handshake["alpn"] == "http/1.1"
    assert (response["status"], response["body"]) == (200, '{"ok":true}')
    for event in (request, response):
        assert (event["exchange"], event["interaction"]) == (request["exchange"], "7")
    assert {event.get("interaction") for event in events(file, "request")} == {"7"}


def test_our_client_without_an_answer(place: Bench, file: Path) -> None:
    """An exchange that broke is a failure, with the reason."""
    with pytest.raises(NoAnswer) as error:
        place.network.run(place.client().request("GET", "https://localhost:1/"))
    request, failure = events(file)
    assert failure["event"] == "failure"
    assert failure["reason"] == str(error.value)
    assert failure["exchange"] == request["exchange"]


# What never is


SECRET = "open-sesame"


@pytest.mark.parametrize(
    "field",
    [
        f"Cookie: __Host-bank-session={SECRET}",
        f"COOKIE: a={SECRET}",
        f"Authorization: Basic {SECRET}",
        f"Authorization: basic {SECRET}",
        f"Authorization: Basic\t{SECRET}",
        f"Authorization: Digest {SECRET}",
        f"Authorization: {SECRET}",
    ],
)
def test_fields_that_are_not_recorded(place: Bench, file: Path, field: str) -> None:
    """Cookies and credentials other than tokens are left out of both sides."""
    peer = place.dial()
    peer.send(f"GET / HTTP/1.1\r\nHost: localhost\r\n{field}\r\n\r\n".encode())
    name, _, value = field.partition(": ")
    url = f"https://localhost:{MUTUAL_TLS}/"
    sending = place.client().request("GET", url, headers=((name, value),))
    place.network.run(sending)
    assert len(events(file, "request")) == 3
    assert SECRET not in file.read_text(encoding="ascii")
    assert file.read_text(encoding="ascii").count("(not recorded)") >= 3


@pytest.mark.parametrize(
    "body",
    [
        f"username=a&password={SECRET}&totp=1",
        f"password={SECRET}",
        f"new_password={SECRET}",
        f"Password={SECRET}",
        f"a=b&totp={SECRET}",
        f"client_id=a&client_secret={SECRET}&b=c",
        f'{{"password": "{SECRET}"}}',
        f'{{"client_secret":"\\"{SECRET}"}}',
    ],
)
def test_parameters_that_are_not_recorded(place: Bench, file: Path, body: str) -> None:
    """Passwords are left out, in a body and in a query, in requests and answers."""

    async def answer(request: Request) -> Response:
        return Response(200, (), request.body)

    place.answer = answer
    peer = place.dial()
    peer.send(
        f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        f"{body}".encode()
    )
    if "{" not in body:
        peer.send(f"GET /?{body} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        url = f"https://localhost:{MUTUAL_TLS}/?{body}"
        place.network.run(place.client().request("GET", url))
    assert len(events(file, "request")) >= 1
    assert SECRET not in file.read_text(encoding="ascii")


def test_cookies_that_are_set(place: Bench, file: Path) -> None:
    """A session's cookie is not recorded where it is made."""
    place.dial().send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    fields = events(file, "response")[0]["headers"]
    assert ["Set-Cookie", "(not recorded)"] in fields


def test_no_private_key(
    place: Bench, file: Path, server_credential: Credential
) -> None:
    """What is recorded of a handshake is public."""
    place.dial()
    text = file.read_text(encoding="ascii")
    pem = private_key_to_pem(server_credential.private_key).decode()
    first, *body, _ = pem.splitlines()
    assert first.strip("-") not in text
    assert not [line for line in body if line in text]
    numbers = server_credential.private_key.private_numbers()
    assert isinstance(numbers, EllipticCurvePrivateNumbers)
    octets = numbers.private_value.to_bytes(32)
    assert octets not in base64.b64decode(events(file)[0]["own_certificate"])


def test_body_that_is_not_text() -> None:
    """Octets that are not UTF-8 are escaped."""
    assert body_to_record(b"a\xff\xc3\xa9") == "a\\xff\u00e9"


def test_long_words_are_read_once() -> None:
    """A body of one long word takes no longer than any other."""
    assert body_to_record(b"x" * 60_000) == "x" * 60_000
    assert body_to_record(b'"' + b"x" * 60_000) == '"' + "x" * 60_000


def test_interaction_id_that_was_made_here(place: Bench, file: Path) -> None:
    """A request that came without an id is found under the one its handler made."""

    async def answer(request: Request) -> Response:
        request.journal.about(interaction="made-here")
        return Response(204)

    place.answer = answer
    peer = place.dial(CONVENTIONAL)
    peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    peer.send(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nx-fapi-interaction-id: theirs\r\n\r\n"
    )
    found = [event["interaction"] for event in events(file, "request")]
    assert found == ["made-here", "theirs"]
