"""The live walk-through, as a browser and as a stranger get it."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from pki.http.answers import Answer
from pki.issuing.layout import Layout
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from scripts.walkthrough.config import Config
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.live.limits import Limits
from scripts.walkthrough.live.walkthrough import LiveWalkthrough
from scripts.walkthrough.page.page import as_page
from scripts.walkthrough.page.story_json import as_json
from scripts.walkthrough.recordings import following
from scripts.walkthrough.serving.finished_page import LARGEST
from scripts.walkthrough.serving.pages import LongPolling
from tests.client_node.in_memory.bank import WEB, Bank, Pki
from tests.in_memory.store_trouble import full_disk
from tests.scripts.walkthrough.observer_in_memory import (
    ORIGIN,
    configured,
    read,
    served,
)
from tests.scripts.walkthrough.recorded import answered, handshake, write
from tests.scripts.walkthrough.stories import story

STORY = "/story"


def fetched(
    bank: Bank,
    path: str,
    *headers: tuple[str, str],
    origin: str = ORIGIN,
    method: str = "GET",
) -> Answer:
    """What a visitor gets at once."""
    sent = bank.identity(None).send(method, f"{origin}{path}", headers=headers)
    return bank.network.run(sent)


def asked_by(bank: Bank, name: str, path: str) -> Answer:
    """What a visitor gets who asks under that name."""
    return fetched(bank, path, ("Host", name))


class Waiting:
    """A request that may be answered later."""

    def __init__(self, bank: Bank, run: str, after: int | str) -> None:
        self._network = bank.network
        self._got: list[Answer] = []
        url = f"{ORIGIN}{STORY}?after={after}" + (f"&run={run}" if run else "")
        sent = Deferred.fromCoroutine(bank.identity(None).send("GET", url))
        sent.addCallbacks(self._got.append, lambda _gone: None)
        self._network.flush()

    def after(self, seconds: float) -> Any:
        """The story's changes, if they are there after so long; else nothing."""
        for _ in range(round(seconds * 10)):
            self._network.reactor.advance(0.1)
            self._network.flush()
        return json.loads(self._got[0].body) if self._got else None


def told(bank: Bank, run: str = "none", after: int | str = 0) -> Any:
    """The story's changes, which are there at once."""
    answer = fetched(bank, f"{STORY}?run={run}&after={after}")
    assert answer.status == 200
    return json.loads(answer.body)


def recorded(bank: Bank, config: Config, *numbers: int) -> None:
    """The resource server answers the banking client, once for each number."""
    connection = handshake("rs", bank.pki.server, bank.pki.client)
    write(config.recordings, [connection])
    for number in numbers:
        write(config.recordings, answered("rs", f"GET /{number}", number, at=number))


def paths(told: Any) -> list[str]:
    """What was asked for, of all steps in a part of the story."""
    return [
        step["exchanges"][0]["request"]["start"].split()[1]
        for act in told["acts"]
        for step in act["steps"]
    ]


def test_the_page_is_empty_and_asks_for_more(node: Bank) -> None:
    """Its own scripts and styles by their hash, and nothing is kept."""
    answer = fetched(node, "/")
    text = answer.body.decode()
    assert answer.status == 200
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert f'data-live="{STORY}" data-demo="/demo" data-client="{WEB}"' in text
    policy = answer.header("content-security-policy") or ""
    (script,) = re.findall(r"<script>(.*)</script>", text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*)</style>", text, re.DOTALL)
    for kind, content in (("script", script), ("style", style)):
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    for name, value in (
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ):
        assert answer.header(name) == value


def test_the_first_answer_comes_at_once(node: Bank) -> None:
    """With no story, if there is none: the folder need not be there."""
    members = told(node)
    assert members["version"] == 2
    assert (members["revision"], members["acts"]) == (0, [])
    assert members["run"]


def test_it_is_json_that_nobody_keeps(node: Bank) -> None:
    """And that no page of another origin can take for anything."""
    answer = fetched(node, f"{STORY}?run=none")
    assert answer.header("content-type") == "application/json"
    assert answer.header("cache-control") == "no-store"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("cross-origin-resource-policy") == "same-origin"
    assert answer.header("access-control-allow-origin") is None


def test_what_happened_is_told(node: Bank, config: Config) -> None:
    """With the certificates that occur, and all in the shape the page knows."""
    recorded(node, config, 1, 2)
    members = told(node)
    assert paths(members) == ["/1", "/2"]
    (act,) = members["acts"]
    assert [step["number"] for step in act["steps"]] == ["1.1", "1.2"]
    assert (act["number"], act["title"]) == (1, "11:06 UTC: banking-client")
    whole = as_json(story())
    whole_acts: Any = whole["acts"]
    assert set(act) == set(whole_acts[0])
    assert set(act["steps"][0]) == set(whole_acts[0]["steps"][0])
    assert set(whole) - set(members) == {"glossary", "who"}  # the page has them
    shown = act["steps"][0]["exchanges"][0]["handshake"]
    for name in ("server_certificate", "client_certificate"):
        assert shown[name] in members["certificates"]
    assert members["rules"]


def test_only_what_is_new_is_told(node: Bank, config: Config) -> None:
    """After a revision; whoever knows another run, or nonsense, is told everything."""
    recorded(node, config, 1)
    first = told(node)
    recorded(node, config, 2)
    second = Waiting(node, first["run"], first["revision"]).after(0.5)
    assert paths(second) == ["/2"]
    assert second["run"] == first["run"]
    for run, after in (
        ("another", second["revision"]),
        (first["run"], second["revision"] + 1),
        (first["run"], "x"),
        (first["run"], "-1"),
        (first["run"], "9" * 100),
        (first["run"], "%FF"),
        (first["run"], ""),
    ):
        assert paths(told(node, run, after)) == ["/1", "/2"]


def test_it_is_told_within_a_second(node: Bank, config: Config) -> None:
    """Whoever waits is answered as soon as something happens, and not before."""
    recorded(node, config, 1)
    first = told(node)
    waiting = Waiting(node, first["run"], first["revision"])
    assert waiting.after(5) is None
    recorded(node, config, 2)
    assert paths(waiting.after(0.3)) == ["/2"]


@pytest.mark.bound("walkthrough.longest")
def test_an_answer_comes_though_nothing_happens(bank: Bank, config: Config) -> None:
    """After a while that is shorter than what proxies and browsers wait."""
    assert LongPolling().longest == 20
    served(bank, config, polling=LongPolling(longest=10))  # our client waits for 15
    first = told(bank)
    waiting = Waiting(bank, first["run"], first["revision"])
    assert waiting.after(9.5) is None
    members = waiting.after(1)
    assert (members["run"], members["revision"]) == (first["run"], first["revision"])
    assert members["acts"] == []


def test_another_run_is_told_to_who_waits(node: Bank, config: Config) -> None:
    """The recordings were replaced: the page begins anew."""
    recorded(node, config, 1)
    first = told(node)
    waiting = Waiting(node, first["run"], first["revision"])
    folder = config.recordings
    folder.rename(folder.with_name("old"))
    recorded(node, config, 2)
    members = waiting.after(0.3)
    assert members["run"] != first["run"]
    assert paths(members) == ["/2"]


def test_a_recording_that_is_gone_is_told(node: Bank, config: Config) -> None:
    """By its node, to who waits; what it had told stays."""
    recorded(node, config, 1)
    members = told(node)
    assert (members["gone"], members["full"]) == ([], [])
    (config.recordings / "rs.jsonl").unlink()
    waiting = Waiting(node, members["run"], members["revision"])
    later = waiting.after(1)
    assert (later["run"], later["gone"]) == (members["run"], ["rs"])
    assert later["revision"] > members["revision"]
    assert paths(told(node, members["run"])) == ["/1"]


@pytest.mark.bound("walkthrough.part")
def test_a_long_story_comes_in_parts(bank: Bank, config: Config) -> None:
    """Each with the revision after which to ask on."""
    served(bank, config, limits=Limits(most_steps_at_once=2))
    recorded(bank, config, 1, 2, 3, 40)
    first = told(bank)
    second = told(bank, first["run"], first["revision"])
    assert [paths(first), paths(second)] == [["/1", "/2"], ["/3", "/40"]]
    assert [act["number"] for act in second["acts"]] == [1, 2]
    long, short = (act["mermaid"] for act in second["acts"])
    assert long == ""
    assert short.startswith("sequenceDiagram")


@pytest.mark.bound("walkthrough.part-size")
@pytest.mark.parametrize(("steps", "parts"), [(0.5, [1, 1, 1]), (2.5, [2, 1])])
def test_a_part_is_not_too_large(
    bank: Bank, config: Config, steps: float, parts: list[int]
) -> None:
    """Of large steps less than fifty, and at least one; the next part goes on there."""
    assert Limits().largest_part == 4 * 1024 * 1024
    recorded(bank, config, 1, 2, 3)
    room = round(steps * _characters_of_a_step(bank, config))
    served(bank, config, limits=Limits(largest_part=room))
    part: Any = {"run": "none", "revision": 0}
    told_parts = []
    for _ in parts:
        part = told(bank, part["run"], part["revision"])
        told_parts.append(paths(part))
    assert [len(each) for each in told_parts] == parts
    in_order = [path for each in told_parts for path in each]
    assert in_order == ["/1", "/2", "/3"]
    assert Waiting(bank, part["run"], part["revision"]).after(1) is None


def _characters_of_a_step(bank: Bank, config: Config) -> int:
    """What the first step that is recorded takes of a part."""
    served(bank, config)
    (act,) = told(bank)["acts"]
    return len(json.dumps(act["steps"][0]))


@pytest.mark.bound("walkthrough.turn", "walkthrough.taken-in")
def test_much_is_read_in_small_parts(bank: Bank, config: Config) -> None:
    """Others are served meanwhile; after a second what there is is told."""
    served(bank, config, limits=Limits(largest_turn=2000, most_events_at_once=10))
    recorded(bank, config, *range(1, 30))
    waiting = Waiting(bank, "", 0)
    assert len(paths(waiting.after(1))) == 29


@pytest.mark.bound("walkthrough.told", "walkthrough.patience")
def test_a_flood_does_not_keep_the_story_back(bank: Bank, config: Config) -> None:
    """There is always more to read, and yet an answer."""
    served(
        bank,
        config,
        limits=Limits(most_told_at_once=1),
        polling=LongPolling(patience=-1),
    )
    recorded(bank, config, 1, 2, 3)
    assert len(paths(told(bank))) < 3


def test_who_has_gone_is_not_waited_for(node: Bank) -> None:
    """A closed tab costs nothing any more: no timer is left."""
    first = told(node)
    before = len(node.network.reactor.getDelayedCalls())
    Waiting(node, first["run"], first["revision"])
    assert len(node.network.reactor.getDelayedCalls()) > before
    node.network.cut([9447])
    node.network.reactor.advance(100)
    left = [str(call) for call in node.network.reactor.getDelayedCalls()]
    assert not [call for call in left if "deferLater" in call or "callback" in call]


def test_nothing_runs_while_nobody_looks(
    bank: Bank, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who serves the walk-through to nobody reads nothing, and has no timer."""

    def never(*_: object) -> None:
        raise AssertionError("it looks at the recordings")

    monkeypatch.setattr(following.Following, "read_on", never)
    served(bank, config)
    assert bank.network.reactor.getDelayedCalls() == []


@pytest.mark.parametrize(
    "name",
    [
        "attacker.example:9447",
        "127.0.0.1",
        "127.0.0.1:9446",
        "127.0.0.1.attacker.example:9447",
        "localhost.:9447",
        "",
    ],
)
def test_another_name_is_not_answered(node: Bank, config: Config, name: str) -> None:
    """A name server of somebody else may lead his page here: it reads no tokens."""
    recorded(node, config, 1)
    config.demo.write_text(as_page(as_json(story())))
    for path in ("/", STORY, "/demo", "/walkthrough", "/nothing"):
        answer = asked_by(node, name, path)
        assert answer.status == 421
        assert json.loads(answer.body) == {
            "error": "misdirected_request",
            "error_description": f"this is {ORIGIN}",
        }
        assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize(
    "name", ["127.0.0.1:9447", "localhost:9447", "LOCALHOST:9447", "[::1]:9447"]
)
def test_its_own_names_are_answered(node: Bank, config: Config, name: str) -> None:
    """Those of the configuration, as browsers write them, at the origin's port."""
    recorded(node, config, 1)
    answer = asked_by(node, name, f"{STORY}?run=none")
    assert answer.status == 200
    assert paths(json.loads(answer.body)) == ["/1"]


def test_the_names_are_configured(bank: Bank, pki: Pki, tmp_path: Path) -> None:
    """Loopback is no name of an observer that is somewhere else."""
    elsewhere = ("https://127.0.0.1:9447", "https://watch.example")
    names = ('names = ["localhost", "127.0.0.1", "::1"]', 'names = ["w.example"]')
    config = read(configured(pki, tmp_path, elsewhere, names))
    served(bank, config)
    for name, status in (
        ("watch.example", 200),
        ("w.example", 200),
        ("w.example:9447", 421),
        ("127.0.0.1:9447", 421),
    ):
        assert asked_by(bank, name, "/").status == status


@pytest.mark.parametrize(
    ("site", "status"),
    [
        ("cross-site", 403),
        ("same-site", 403),
        ("same-origin", 200),
        ("none", 200),
    ],
)
def test_the_page_of_another_origin_is_not_answered(
    node: Bank, config: Config, site: str, status: int
) -> None:
    """Browsers say whose page asks: another's gets no token, whatever it does."""
    recorded(node, config, 1)
    answer = fetched(node, STORY, ("Sec-Fetch-Site", site))
    assert answer.status == status
    assert (b"exchanges" in answer.body) == (status == 200)


def test_the_former_address_leads_here(node: Bank) -> None:
    """`/walkthrough`, as it was at the banking client."""
    answer = fetched(node, "/walkthrough")
    assert (answer.status, answer.header("location")) == (303, "/")


def test_what_is_not_served_is_not_found(node: Bank) -> None:
    """No path leads into the folder of the recordings."""
    for path in ("/walkthrough/story", "/as.jsonl", "/../walkthrough.toml"):
        assert fetched(node, path).status == 404
    assert fetched(node, STORY, method="POST").status == 405


def test_a_head_is_answered_at_once(node: Bank) -> None:
    """It is asked what the answer would be like, not to wait for one."""
    assert fetched(node, STORY, method="HEAD").status == 200


def test_without_a_run_it_is_the_current_one(node: Bank, config: Config) -> None:
    """Whoever asks for no more than what is new waits for it."""
    recorded(node, config, 1)
    answer = fetched(node, STORY)
    assert paths(json.loads(answer.body)) == ["/1"]
    waiting = Waiting(node, "", 1)
    assert waiting.after(1) is None
    recorded(node, config, 2)
    assert paths(waiting.after(0.5)) == ["/2"]


@pytest.mark.bound("walkthrough.waiting")
def test_too_many_do_not_wait(bank: Bank, config: Config) -> None:
    """They are answered at once, as long as so many wait; and are told what is new."""
    log = StringIO()
    served(bank, config, polling=LongPolling(most=2), witness=Witness(_log(log)))
    first = told(bank)
    waiting = [Waiting(bank, first["run"], 0) for _ in range(2)]
    answer = fetched(bank, f"{STORY}?run={first['run']}&after=0")
    assert (answer.status, answer.header("retry-after")) == (503, "2")
    line = log.getvalue().splitlines()[-1]
    assert ' expected="at most 2 who wait" presented="one more"' in line
    recorded(bank, config, 1)
    bank.network.reactor.advance(1)
    assert paths(told(bank, first["run"], 0)) == ["/1"]
    assert all(paths(each.after(0.3)) == ["/1"] for each in waiting)
    assert Waiting(bank, first["run"], 1).after(1) is None


def test_many_who_wait_look_once(
    node: Bank, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one of them has just seen, the others need not look for."""
    first = told(node)
    looks = 0
    look = following.Following.read_on

    def counted(follow: following.Following) -> Any:
        nonlocal looks
        looks += 1
        return look(follow)

    monkeypatch.setattr(following.Following, "read_on", counted)
    waiting = [Waiting(node, first["run"], 0) for _ in range(10)]
    assert all(each.after(0.2) is None for each in waiting)
    assert looks <= 15


def test_what_cannot_be_shown_is_told_once(bank: Bank, config: Config) -> None:
    """One line in the log for each kind, however often somebody looks."""
    log = StringIO()
    live = LiveWalkthrough(
        config.recordings, _place(config), bank.network.reactor, _log(log)
    )
    config.recordings.mkdir()
    for _ in range(3):
        with (config.recordings / "rs.jsonl").open("a") as file:
            file.write("nothing\n")
        write(config.recordings, answered("rs", "GET /a", 1, at=1, connection=9))
        bank.network.reactor.advance(1)
        live.catch_up()
    lines = log.getvalue().splitlines()
    assert len(lines) == 2
    assert all(" walkthrough warning " in line for line in lines)
    assert all(line.endswith("; more of the kind is not told") for line in lines)
    (config.recordings / "rs.jsonl").unlink()
    write(config.recordings, answered("rs", "GET /b", 1, at=2, connection=9))
    bank.network.reactor.advance(1)
    live.catch_up()
    live.catch_up()
    assert len(log.getvalue().splitlines()) == 3  # that was another run


def test_a_full_disk_is_told(node: Bank, config: Config) -> None:
    """Whoever looks on learns why nothing more is shown of a node."""
    config.recordings.mkdir()
    recording = Recording(config.recordings / "rs.jsonl", "rs", lambda: 1.5)
    recording.event("failure", reason="before")
    first = told(node)
    assert first["full"] == []
    with full_disk():
        recording.event("failure", reason="while")
    recording.close()
    node.network.reactor.advance(1)
    assert told(node, first["run"], first["revision"])["full"] == ["rs"]


def test_a_missing_demo_says_how_to_make_one(node: Bank) -> None:
    """404, the command that helps, and the way to what is there."""
    answer = fetched(node, "/demo")
    assert answer.status == 404
    assert b"make demo" in answer.body
    assert b'href="/"' in answer.body
    assert answer.header("content-security-policy")


def test_the_demo_is_served_as_it_was_written(node: Bank, config: Config) -> None:
    """Under the policy that it was written with, and again when there is another."""
    for made_at in ("one", "second"):
        members = as_json(story()) | {"made_at": made_at}
        config.demo.write_text(as_page(members))
        answer = fetched(node, "/demo")
        assert (answer.status, answer.body) == (
            200,
            config.demo.read_bytes(),
        )
        policy = answer.header("content-security-policy") or ""
        assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='(;|$)", policy)
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><p>one",
        '<meta http-equiv="Content-Security-Policy" content="a\r\nSet-Cookie: b">',
        " " * 5000 + '<meta http-equiv="Content-Security-Policy" content="a">',
    ],
)
def test_a_page_of_somebody_else_is_not_served(
    node: Bank, config: Config, text: str
) -> None:
    """Without a policy of its own at its beginning it is no page of the demo."""
    config.demo.write_text(text)
    assert fetched(node, "/demo").status == 404


@pytest.mark.bound("walkthrough.demo")
def test_an_endless_demo_is_not_read(bank: Bank, config: Config) -> None:
    """Whatever lies there, memory has an end."""
    log = StringIO()
    served(bank, config, witness=Witness(_log(log)))
    page = as_page(as_json(story())).encode()
    with config.demo.open("wb") as file:
        file.write(page)
        file.truncate(LARGEST + 1)
    assert fetched(bank, "/demo").status == 404
    line = log.getvalue().splitlines()[-1]
    assert f"is larger than is read: at most {LARGEST} bytes" in line


def _log(stream: StringIO) -> OperatorLog:
    return OperatorLog("walkthrough", stream)


def _place(config: Config) -> Place:
    return Place(Layout(config.client.parent))
