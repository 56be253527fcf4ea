"""`make demo` as a person runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers

from pki.pem import PrivateKey, load_private_key
from scripts.acts.outline import ACTS, NUMBERS
from scripts.deployment.configuration import ROOT, Deployment, copied
from scripts.showing.closing import LEARNT
from tests.deployment.running import PATIENCE, Running, free_ports
from tests.deployment.wireshark import assert_flawless, dissected


def demo(
    deployment: Deployment, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The demo, to its end."""
    where = ["--config", str(deployment.pki.parent)]
    return subprocess.run(
        [sys.executable, "-m", "scripts.demo", *where, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, **(env or {})},
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Deployment, str]:
    """A deployment whose demo has been played, and what was told."""
    deployment = copied(tmp_path_factory.mktemp("demo"), free_ports(5))
    done = demo(deployment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert done.stderr == ""
    return deployment, done.stdout


def test_every_step_comes_out_as_the_rfcs_say(played: tuple[Deployment, str]) -> None:
    """The walk-through says of each step what was expected, and that it came."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    steps = [step for act in story["acts"] for step in act["steps"]]
    assert story["version"] == 2
    assert [step["name"] for step in steps] == [*NUMBERS]
    assert {step["name"]: step["number"] for step in steps} == NUMBERS
    assert all(step["passed"] for step in steps)
    assert all(step["exchanges"] or step["derivation"] for step in steps)


def came(deployment: Deployment, name: str) -> list[str]:
    """What came of each step of the act of this name."""
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    (act,) = (act for act in story["acts"] if act["name"] == name)
    return [step["came"] for step in act["steps"]]


def test_the_acts_are_in_the_order_of_a_lesson(
    played: tuple[Deployment, str],
) -> None:
    """From what is wrong with bearer tokens to what is hard about thumbprints."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    assert [act["name"] for act in story["acts"]] == [
        "bearer",
        "authentication",
        "jwt",
        "introspection",
        "customer",
        "thief",
        "renewal",
        "thumbprints",
    ]
    for act in story["acts"]:
        plan = ACTS[act["name"]]
        assert (act["title"], act["sentence"]) == (plan.title, plan.sentence)
        assert (act["question"], act["answer"]) == (plan.question, plan.answer)
        about = {step["name"] for step in act["steps"] if step["central"]}
        assert about == plan.central


def test_a_stolen_bearer_token_works(played: tuple[Deployment, str]) -> None:
    """RFC 6750 section 1.2: it does at the twins; RFC 8705 section 3: not at ours."""
    deployment, _ = played
    assert came(deployment, "bearer") == [
        "200",
        "no cnf",
        "200",
        "200",  # the thief, without a certificate
        "200",  # the thief, with his own
        "401 invalid_token, RFC 9068 section 4",
        "401 invalid_token, RFC 8705 section 3",
    ]


def test_each_act_of_the_thief_is_refused(played: tuple[Deployment, str]) -> None:
    """RFC 8705 section 3: 401 invalid_token; section 2: 401 invalid_client."""
    deployment, _ = played
    assert came(deployment, "thief") == [
        *["200"] * 2,
        *["401 invalid_token, RFC 8705 section 3"] * 4,
        *["401 invalid_client, RFC 8705 section 2.1.2"] * 2,
        *["401 invalid_client, RFC 8705 section 2.1"] * 7,
        "400 invalid_grant, RFC 6749 section 4.1.3",
        "200",  # its own client may still redeem it
        "400 invalid_grant, RFC 6749 section 4.1.2",
        "200 inactive",
        "400 invalid_grant, RFC 8705 section 4",
        "alert decrypt_error",  # RFC 8446 section 4.4.3: no handshake at all
    ]


def test_the_certificate_without_its_key_is_worth_nothing(
    played: tuple[Deployment, str],
) -> None:
    """A real attempt: what the listener has recorded of it, up to the signature."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    (exchange,) = step_of(story, "thief.without-the-key")["exchanges"]
    handshake = exchange["handshake"]
    sent = story["certificates"][handshake["client_certificate"]]
    assert sent["holder"] == "banking-client"
    assert "bad signature" in handshake["failure"]
    assert "read client certificate" in handshake["messages"]
    assert (exchange["response"], exchange["decisions"]) == (None, [])


def step_of(story: dict[str, Any], name: str) -> dict[str, Any]:
    """The step of this name."""
    steps = (step for act in story["acts"] for step in act["steps"])
    (step,) = (step for step in steps if step["name"] == name)
    return dict(step)


def test_a_kept_answer_is_late_about_a_revocation_alone(
    played: tuple[Deployment, str],
) -> None:
    """RFC 7662 section 4; and RFC 8705 section 3.2 where the verdict is kept."""
    deployment, _ = played
    assert came(deployment, "introspection")[-4:] == [
        "200",
        "401 invalid_token, RFC 8705 section 3",  # the thief: compared all the same
        "200",  # the thief, where nobody compares
        "200",  # revoked, and nobody was asked
    ]
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    for name in ("kept", "kept-thief", "kept-revoked"):
        (exchange,) = step_of(story, f"introspection.{name}")["exchanges"]
        checks = {each["name"]: each["accepted"] for each in exchange["decisions"]}
        assert checks["introspection.remembered"]
        assert checks["binding.same-certificate"] == (name != "kept-thief")
        assert exchange["nested"] == []


def test_a_renewal_ends_a_public_clients_refresh_token(
    played: tuple[Deployment, str],
) -> None:
    """RFC 8705 section 4; that of a confidential client goes on, section 7.1."""
    deployment, _ = played
    assert came(deployment, "renewal") == [
        "401 invalid_token, RFC 8705 section 3",
        "200",
        "200",
        "400 invalid_grant, RFC 8705 section 4",
    ]


def test_what_tls_1_2_shows_on_the_wire(played: tuple[Deployment, str]) -> None:
    """RFC 8705 section 8: read off the recorded bytes of two real connections."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    (exchange,) = step_of(story, "authentication.tls-1.2")["exchanges"]
    assert exchange["handshake"]["tls_version"] == "TLSv1.2"
    seen = dict(step_of(story, "authentication.seen-on-the-way")["derivation"])
    x5t = exchange["handshake"]["client_certificate"]
    assert seen["1.2, client: Certificate"].endswith(x5t)
    assert {name for name in seen if name.startswith("1.3")} == {
        "1.3, client: ClientHello",
        "1.3, client: encrypted",
        "1.3, server: ServerHello",
        "1.3, server: encrypted",
    }


def test_the_thief_has_a_lane_of_his_own(played: tuple[Deployment, str]) -> None:
    """Nobody else is drawn in it, and he is drawn nowhere else."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    lanes = {
        (exchange["client"], exchange["client_lane"])
        for act in story["acts"]
        for step in act["steps"]
        for exchange in step["exchanges"]
    }
    in_it = {client for client, lane in lanes if lane == "thief"}
    elsewhere = {client for client, lane in lanes if lane != "thief"}
    assert "other-tpp" in in_it
    assert in_it & elsewhere == {"anonymous"}  # who has no certificate has no name
    assert "unknown" not in in_it | elsewhere
    assert all(name in {"other-tpp", "anonymous"} or "rogue" in name for name in in_it)


def test_each_wrong_thumbprint_is_recognised(played: tuple[Deployment, str]) -> None:
    """RFC 8705 section 3.1: the right one, nine mistakes by their names, and none."""
    deployment, _ = played
    refused = "401 invalid_token, RFC 8705 section 3"
    assert came(deployment, "thumbprints") == [
        "200",
        f"{refused}.1: the SHA-256 thumbprint in hex",
        f"{refused}.1: base64url of the hex digits",
        f"{refused}.1: the thumbprint in standard base64",
        f"{refused}.1: the thumbprint with padding",
        f"{refused}.1: the SHA-1 thumbprint (x5t)",
        f"{refused}: the SHA-256 of the PEM text",
        f"{refused}: the SHA-256 of the public key",
        f"{refused}: the JWK thumbprint (jkt) of the key",
        f"{refused}: the thumbprint in another case",
        refused,
    ]


def test_the_evidence_is_recorded_by_both_ends(played: tuple[Deployment, str]) -> None:
    """What a server asks before it answers is shown inside the request it serves."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    exchanges = [
        exchange
        for act in story["acts"]
        for step in act["steps"]
        for exchange in step["exchanges"]
    ]
    nested = [each for exchange in exchanges for each in exchange["nested"]]
    assert {(each["client"], each["server"]) for each in nested} == {
        ("accounts-rs", "as"),  # introspection
        ("as", "client"),  # a client's jwks_uri
        ("as-backchannel", "rs"),  # a consent
    }
    assert all(exchange["handshake"]["messages"] for exchange in exchanges)
    (old,) = step_of(story, "authentication.tls-1.2")["exchanges"]
    others = [each for each in exchanges if each != old]
    assert len(others) == len(exchanges) - 1
    assert {e["handshake"]["tls_version"] for e in others} == {"TLSv1.3"}


def test_the_story_holds_all_that_is_looked_up_in_it(
    played: tuple[Deployment, str],
) -> None:
    """Certificates with names and fields, rules, sources, diagrams."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    steps = [step for act in story["acts"] for step in act["steps"]]
    outer = [exchange for step in steps for exchange in step["exchanges"]]
    exchanges = [*outer, *(each for exchange in outer for each in exchange["nested"])]
    decisions = [each for exchange in exchanges for each in exchange["decisions"]]
    named = {step["rule"] for step in steps} | {each["rule"] for each in decisions}
    assert named == set(story["rules"])
    worked_out = [step["worked_out_by"] for step in steps if step["worked_out_by"]]
    assert len(worked_out) == 4
    ours = {each["source"] for each in (*decisions, *worked_out)}
    assert ours == set(story["sources"])
    certificates = story["certificates"]
    for exchange in exchanges:
        handshake = exchange["handshake"]
        sent = handshake["client_certificate"]
        assert sent is None or "not on file" not in certificates[sent]["holder"]
        assert handshake["in_the_clear"]
        assert (
            exchange["curl"]
            or exchange["curl_note"]
            or exchange["client"] == ("browser")
        )
    assert all(each["fields"] for each in certificates.values())
    assert all(act["mermaid"].startswith("sequenceDiagram") for act in story["acts"])
    for number, act in enumerate(story["acts"], 1):
        diagram = (deployment.build / f"walkthrough-{number}.mmd").read_text()
        assert diagram == act["mermaid"]
        assert diagram.count("sequenceDiagram") == 1
        assert len(diagram) < 50_000  # what Mermaid draws at most
    assert len([*deployment.build.glob("*.mmd")]) == len(story["acts"])


def test_the_narration_is_plain_without_a_terminal(
    played: tuple[Deployment, str],
) -> None:
    """No escape codes in a pipe, and no line of the story wider than the page."""
    deployment, told = played
    assert "\x1b" not in told
    *lines, path = told.splitlines()
    story = lines[next(i for i, line in enumerate(lines) if line.startswith("━━")) :]
    assert max(len(line) for line in story) <= 120
    assert (ROOT / path).samefile(deployment.build / "walkthrough.html")


def test_the_figures_of_the_slides_are_told_whole(
    played: tuple[Deployment, str],
) -> None:
    """RFC 8705 sections 3.1 and 3.2: the JWT's body, and the introspection answer."""
    deployment, told = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    steps = {s["name"]: s for act in story["acts"] for s in act["steps"]}
    step = steps["customer.introspection-figure"]
    answer = step["exchanges"][0]["response"]
    assert answer["start"] == "HTTP/1.1 200"
    assert ["Content-Type", "application/json"] in answer["headers"]
    said = json.loads(answer["body"])
    assert said["active"] is True
    assert said["sub"] == "ty.webb@example.com"
    lines = told_of(told, "customer.introspection-figure")
    assert "Content-Type: application/json" in [line.strip() for line in lines]
    assert figure_in(lines) == said

    step = steps["customer.jwt-figure"]
    body = figure_in(told_of(told, "customer.jwt-figure"))
    for name in ("iss", "sub", "exp", "nbf", "cnf"):
        assert body[name] == said[name]
    assert [*body] == [name for name, _ in step["derivation"]]

    # … beside the comparison that the resource server made.
    compared = [line.split() for line in told_of(told, "customer.client-reads")]
    thumbprint = said["cnf"]["x5t#S256"]
    for label in ("token", "TLS"):
        assert [label, thumbprint, "banking-client"] in compared
    assert ["=", "all", "43", "characters"] in compared


def told_of(told: str, name: str) -> list[str]:
    """The lines of the step of this name."""
    lines = told.splitlines()
    begins = [
        at for at, line in enumerate(lines) if re.match(r"  \d+\.\d+ |━━|   ⇒", line)
    ]
    head = f"  {NUMBERS[name]} "
    (first,) = (at for at in begins if lines[at].startswith(head))
    return lines[first : next(at for at in begins if at > first)]


def figure_in(lines: list[str]) -> dict[str, Any]:
    """The JSON object that stands in them, whole."""
    first, last = ([line.strip() for line in lines].index(each) for each in "{}")
    members: dict[str, Any] = json.loads("\n".join(lines[first : last + 1]))
    return members


def test_a_step_takes_a_line_unless_its_act_is_about_it(
    played: tuple[Deployment, str],
) -> None:
    """An act is about a screen, and ends with what it comes to."""
    _, told = played
    for act in ACTS.values():
        for name in act.steps:
            lines = [line for line in told_of(told, name) if line]
            assert len(lines) <= (30 if name in act.central else 2)
            assert any(line.endswith("✓") for line in lines[:2])
        assert f"⇒ {act.sentence.split(',')[0][:60]}" in " ".join(told.split())


def test_it_ends_with_what_was_learnt(played: tuple[Deployment, str]) -> None:
    """Three sentences, what to type next, and what to open."""
    _, told = played
    end = " ".join(told.partition("━━ What you have seen")[2].split())
    places = [end.index(each) for each in (*LEARNT, "make up", "--step", "To read on:")]
    assert places == sorted(places)


def test_what_holds_tokens_is_for_its_owner_only(
    played: tuple[Deployment, str],
) -> None:
    """Recordings and walk-through hold tokens, so they are 0600 in a 0700 folder."""
    deployment, _ = played
    recordings = deployment.build / "recordings"
    assert recordings.stat().st_mode & 0o777 == 0o700
    files = [*recordings.glob("*.jsonl"), *deployment.build.glob("walkthrough.*")]
    assert len(files) >= 8
    assert {".html", ".json", ".keys", ".pcapng"} <= {file.suffix for file in files}
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600


def test_no_key_is_recorded(played: tuple[Deployment, str]) -> None:
    """The recordings never hold a private key, and no session secret is one."""
    deployment, _ = played
    recorded = (deployment.build / "recordings").iterdir()
    made = deployment.build.glob("walkthrough.*")
    texts = [file.read_bytes() for file in (*recorded, *made)]
    assert not [text for text in texts if b"PRIVATE KEY" in text]
    keys = [*(deployment.pki.parent / "issued").glob("*-key.pem")]
    for key in keys:
        secret = _secret_number(load_private_key(key))
        for text in texts:
            assert secret not in text
            assert secret.hex().encode() not in text
    assert len(keys) > 10


def _secret_number(key: PrivateKey) -> bytes:
    numbers = key.private_numbers()
    if isinstance(numbers, RSAPrivateNumbers):
        return numbers.d.to_bytes((numbers.d.bit_length() + 7) // 8)
    return numbers.private_value.to_bytes(32)


def test_what_a_browser_said_cannot_be_decrypted(
    played: tuple[Deployment, str],
) -> None:
    """Passwords and cookies cross connections without a client certificate."""
    deployment, _ = played
    lines = [
        json.loads(line)
        for file in (deployment.build / "recordings").glob("*.jsonl")
        for line in file.read_text().splitlines()
    ]
    proven = {
        (event["local"], event["remote"]): "peer_certificate" in event
        for event in lines
        if event["event"] == "handshake" and event["side"] == "server"
    }
    broken = [  # the thief's, with no key: nothing crosses it after its handshake
        (event["local"], event["remote"])
        for event in lines
        if event["event"] == "failure" and "messages" in event
    ]
    assert len(broken) == 1
    proven[broken[0]] = True
    labels: dict[bool, set[str]] = {False: set(), True: set()}
    for event in lines:
        if event["event"] == "session_secrets":
            found = {line.split(" ")[0] for line in event["lines"]}
            labels[proven[event["local"], event["remote"]]] |= found
    assert "CLIENT_TRAFFIC_SECRET_0" in labels[True]
    assert labels[False] == {
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        "SERVER_HANDSHAKE_TRAFFIC_SECRET",
    }


@pytest.mark.slow
def test_the_capture_is_decrypted_by_wireshark(played: tuple[Deployment, str]) -> None:
    """Every request over mutual TLS, and nothing that would make Wireshark wonder."""
    deployment, _ = played
    fields = ("frame.interface_name", "http.request.method", "http.request.uri")
    packets = dissected(deployment.build / "walkthrough.pcapng", *fields)
    assert_flawless(packets)
    for node in ("as", "rs", "twin-rs"):
        recording = deployment.build / "recordings" / f"{node}.jsonl"
        events = [json.loads(line) for line in recording.read_text().splitlines()]
        served = [event for event in events if event.get("side") == "server"]
        mutual = {
            event["connection"]
            for event in served
            if event["event"] == "handshake" and "peer_certificate" in event
        }
        asked = [
            [event["method"], event["target"]]
            for event in served
            if event["event"] == "request" and event["connection"] in mutual
        ]
        assert len(asked) > 1
        decrypted = [
            [packet["http.request.method"], packet["http.request.uri"]]
            for packet in packets
            if packet["frame.interface_name"] == node and packet["http.request.method"]
        ]
        assert sorted(decrypted) == sorted(asked)


def test_a_demo_beside_a_running_deployment_says_which_port(
    running: Running, tmp_path: Path
) -> None:
    """A busy port is one line that names the port and its key, and exit 1."""
    ports = [int(url.rpartition(":")[2]) for url in (running.issuer, running.mtls)]
    deployment = copied(tmp_path / "second", [*ports, *free_ports(3)])
    done = demo(deployment)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"port {ports[0]} (listen.conventional in " in line
    assert "is another `make up` or `make demo` running? Stop it, or " in line


@pytest.mark.slow
def test_the_full_telling_has_every_message(tmp_path: Path) -> None:
    """Expected and came of each step, both figures, and all acts on one screen."""
    deployment = copied(tmp_path, free_ports(5))
    done = demo(deployment, "--full")
    assert done.returncode == 0
    told = done.stdout
    assert len(re.findall(r"^ +[✓·] came  ", told, re.MULTILINE)) == len(NUMBERS)
    assert "━━ What was shown" in told
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    steps = {s["name"]: s for act in story["acts"] for s in act["steps"]}
    answer = steps["customer.introspection-figure"]["exchanges"][0]["response"]
    lines = told_of(told, "customer.introspection-figure")
    assert figure_in(lines) == json.loads(answer["body"])
    assert not any("more line" in line for line in lines)
    in_two_columns = [
        line.split(maxsplit=1) for line in told_of(told, "jwt.token-says")
    ]
    for name, value in steps["jwt.token-says"]["derivation"]:
        assert [name, value] in in_two_columns or len(value) > 60


@pytest.mark.slow
def test_one_act_is_told_and_all_are_played(tmp_path: Path) -> None:
    """By its number; the page has the others, and the exit code is about them too."""
    deployment = copied(tmp_path, free_ports(5))
    done = demo(deployment, "--act", "6")
    assert done.returncode == 0
    assert re.findall(r"^━━ (\d+)", done.stdout, re.MULTILINE) == ["6"]
    assert "checks as in 1." not in done.stdout  # which nobody has seen
    assert ACTS["thief"].question in " ".join(done.stdout.split())
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    assert [act["name"] for act in story["acts"]] == [*ACTS]


def test_an_act_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """Before anything is started; those that there are are named."""
    for asked in ("0", "9", "robbery"):
        done = demo(copied(tmp_path / asked, free_ports(5)), "--act", asked)
        assert done.returncode == 2
        assert f"there is no act '{asked}'" in done.stderr
        assert "6 thief" in done.stderr


@pytest.mark.slow
def test_a_step_that_comes_out_otherwise_fails_the_demo(tmp_path: Path) -> None:
    """An authorization server that checks no revocation: one step, exit 1."""
    deployment = copied(tmp_path, free_ports(5))
    config = deployment.authorization_server
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("check_revocation = true", "check_revocation = false"),
        encoding="utf-8",
    )
    done = demo(deployment)
    assert done.returncode == 1
    assert f"1 of {len(NUMBERS)} steps did not come out as the RFCs say." in done.stdout


@pytest.mark.slow
def test_an_interrupted_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    """Ctrl-C in the second act: no port, no process and no scratch file is left."""
    deployment = copied(tmp_path / "demo", ports := free_ports(5))
    (scratch := tmp_path / "scratch").mkdir()
    where = ["--config", str(deployment.pki.parent), "--pace", "0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.demo", *where],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("━━ 2"):
            break
    assert list(scratch.iterdir()) != []
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert list(scratch.iterdir()) == []
    recordings = (deployment.build / "recordings").glob("*-?s.jsonl")
    told = "".join(path.read_text(encoding="utf-8") for path in recordings)
    twins = set(re.findall(r'"local":"127\.0\.0\.1:(\d+)"', told))
    assert len(twins) == 2
    for port in {*ports, *map(int, twins)}:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
