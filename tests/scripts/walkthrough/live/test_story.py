"""A story that grows: what belongs together, what it is called, what is forgotten."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from pki import pem
from pki.issuing.layout import Layout
from pki.pem import Credential, certificates_to_pem
from pki.thumbprint import x5t_s256
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.evidence import correlation
from scripts.walkthrough.evidence.correlation import Correlation
from scripts.walkthrough.live.changes import changes_as_json
from scripts.walkthrough.live.limits import MOST_NODES, Limits
from scripts.walkthrough.live.story import PAUSE, LiveStep, LiveStory
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.certificate_holders import CertificateHolders
from scripts.walkthrough.story.story import Exchange
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.recorded import START, answered, asked, handshake

HTML = {"accept": "text/html,*/*"}
BINDING = "RFC 8705 section 3"
KEYS = "https://localhost:9443/jwks"

Told = list[str]


@pytest.fixture
def told() -> Told:
    """What was complained of."""
    return []


@pytest.fixture
def issued(pki: Pki, tmp_path: Path) -> Path:
    """The folder with the certificates of those who have a name."""
    folder = tmp_path / "issued"
    folder.mkdir()
    layout = Layout(folder)
    layout.write("rs", pki.server)
    layout.write("banking-client", pki.client)
    layout.write("other-tpp", pki.other)
    return folder


@pytest.fixture
def story(issued: Path, told: Told) -> LiveStory:
    """Nothing has happened yet."""
    return limited(issued, told, Limits())


def limited(issued: Path, told: Told, limits: Limits) -> LiveStory:
    """A story that is forgotten sooner, for tests of that."""
    holders = CertificateHolders(issued)
    return LiveStory(holders, Place(Layout(issued)), told.append, limits)


@pytest.fixture
def connected(pki: Pki) -> list[Event]:
    """Connections: number 1 of each node without, 2 and 3 with a certificate."""
    return [
        event
        for node in ("as", "rs", "client")
        for event in (
            handshake(node, pki.server),
            handshake(node, pki.server, pki.client, connection=2),
            handshake(node, pki.server, pki.other, connection=3),
        )
    ]


def happen(story: LiveStory, events: Iterable[Event]) -> None:
    """Events that have come, and are told before anything else comes."""
    story.add(events)
    assert not story.tell(1000)


def steps(story: LiveStory) -> list[LiveStep]:
    """All of them, in their places."""
    found = story.changed_since(0, 1000)
    return sorted(found, key=lambda each: (each.act.number, each.number))


def titles(story: LiveStory) -> list[str]:
    """What the steps are called, in their places."""
    return [each.step.title for each in steps(story)]


def drawn(exchanges: Iterable[Exchange]) -> list[str]:
    """Who asked whom, indented where it was asked for something else."""
    return [
        line
        for each in exchanges
        for line in (
            f"{each.client}>{each.server} {each.request.start.split()[1]}",
            *(f"  {inner}" for inner in drawn(each.nested)),
        )
    ]


def test_what_somebody_does_is_a_step(story: LiveStory, connected: list[Event]) -> None:
    """curl sends no interaction id: each of its requests stands for itself."""
    happen(story, connected)
    assert (story.revision, steps(story)) == (0, [])
    happen(story, answered("rs", "GET /accounts", 1, at=1, connection=2))
    happen(story, answered("rs", "GET /accounts", 2, at=2, connection=2))
    one, two = steps(story)
    assert (one.act, one.number, two.number) == (two.act, 1, 2)
    assert (one.revision, two.revision, story.revision) == (1, 2, 2)
    assert one.step.title == "banking-client reads accounts"
    assert (one.step.expected, one.step.came) == ("", "200")
    assert one.step.rule == "RFC 8705 section 2.1"
    assert one.step.passed
    assert one.step.exchanges[0].client_lane == "client"


def test_a_step_grows_and_keeps_its_place(
    story: LiveStory, connected: list[Event]
) -> None:
    """The inner exchange is recorded before the outer one."""
    happen(story, connected)
    sent = asked("rs", "POST https://as/introspect", 1, at=1, interaction="i")
    inner = answered("as", "POST /introspect", 1, at=1.1, interaction="i", connection=2)
    happen(story, [sent, *inner])
    happen(story, answered("as", "GET /jwks", 2, at=1.2))
    assert titles(story)[0] == "banking-client asks whether a token is good"
    outer = answered(
        "rs", "GET /accounts", 2, at=1.3, took=0.4, interaction="i", connection=2
    )
    happen(story, outer[:1])
    half = steps(story)[0]
    assert half.step.came == "no answer"
    happen(story, outer[1:])
    whole, other = steps(story)
    assert drawn(whole.step.exchanges) == [
        "banking-client>rs /accounts",
        "  banking-client>as /introspect",
    ]
    assert (whole.number, other.number) == (1, 2)
    assert whole.revision == story.revision > other.revision
    assert story.changed_since(other.revision, 10) == [whole]
    assert story.changed_since(0, 1) == [other]


def test_nothing_new_changes_nothing(story: LiveStory, connected: list[Event]) -> None:
    """A decision that belongs to nothing, or an event that tells nothing new."""
    events = answered("rs", "GET /accounts", 1, at=1, connection=2)
    happen(story, [*connected, *events])
    happen(story, answered("rs", "GET /accounts", 7, at=1, connection=2)[1:])
    sent = asked("demo", "GET https://rs/accounts", 1, at=2, interaction="x")
    happen(story, [sent, events[-1]])
    assert story.revision == 1


def test_what_a_node_asks_for_a_request_is_drawn_within_it(
    story: LiveStory, connected: list[Event]
) -> None:
    """Keys have no interaction id; they are fetched while a request is answered."""
    happen(
        story,
        [
            *connected,
            asked("rs", f"GET {KEYS}?a=b", 1, at=1),
            *answered("as", "GET /jwks?a=b", 1, at=1.01),
            *answered("rs", "GET /accounts", 2, at=1.1, took=0.2, connection=2),
        ],
    )
    (step,) = steps(story)
    assert drawn(step.step.exchanges) == [
        "banking-client>rs /accounts",
        "  rs>as /jwks?a=b",
    ]
    assert step.step.exchanges[0].nested[0].client_lane == "rs"


def test_a_page_shows_what_the_client_asked_for_it(
    story: LiveStory, connected: list[Event]
) -> None:
    """Each with an id of its own; shown at once, and within the page afterwards."""
    happen(story, connected)
    one = asked("client", "GET https://rs/accounts", 1, at=1, interaction="a")
    two = asked("client", "GET https://rs/balances", 2, at=1.2, interaction="b")
    later = asked("client", "GET https://rs/accounts", 3, at=2.5, interaction="c")
    happen(
        story,
        [
            one,
            *answered("rs", "GET /accounts", 1, at=1.1, interaction="a", connection=2),
        ],
    )
    happen(
        story,
        [
            two,
            *answered("rs", "GET /balances", 2, at=1.3, interaction="b", connection=2),
        ],
    )
    (step,) = steps(story)
    assert len(step.step.exchanges) == 2
    page = answered("client", "GET /accounts", 4, at=1.4, took=0.5, headers=HTML)
    happen(story, page)
    (step,) = steps(story)
    assert step.step.title == "a browser opens /accounts"
    assert drawn(step.step.exchanges) == [
        "browser>client /accounts",
        "  banking-client>rs /accounts",
        "  banking-client>rs /balances",
    ]
    happen(
        story,
        [
            later,
            *answered("rs", "GET /accounts", 3, at=2.6, interaction="c", connection=2),
        ],
    )
    assert titles(story)[1] == "banking-client reads accounts"


def test_what_was_asked_at_another_time_is_beside(
    story: LiveStory, connected: list[Event]
) -> None:
    """It was not for this page; nor is what comes much later for the same."""
    happen(story, connected)
    for exchange, at in ((1, 1.0), (2, 5.0), (3, 40.0)):
        key = str(exchange)
        happen(
            story,
            [
                asked("client", "GET https://rs/a", exchange, at=at, interaction=key),
                *answered("rs", "GET /a", exchange, at=at + 0.1, interaction=key),
            ],
        )
    assert [len(each.step.exchanges) for each in steps(story)] == [2, 1]
    happen(
        story, answered("client", "GET /accounts", 9, at=5.2, took=0.3, headers=HTML)
    )
    assert drawn(steps(story)[0].step.exchanges) == [
        "anonymous>rs /a",
        "browser>client /accounts",
        "  anonymous>rs /a",
    ]


def test_all_that_a_page_asked_for_is_one_step(
    story: LiveStory, connected: list[Event]
) -> None:
    """One of its requests led to another, and what it led to is its own."""
    story.add(connected)
    ends = {"a": 1.1, "b": 1.3, "c": 1.5}
    for number, (key, at) in enumerate(ends.items(), 1):
        story.add(
            [
                asked(
                    "client",
                    f"GET https://rs/{key}",
                    number,
                    at=at - 0.09,
                    interaction=key,
                )
            ]
        )
        if key == "b":
            story.add([asked("rs", f"GET {KEYS}", 9, at=at - 0.05)])
            story.add(answered("as", "GET /jwks", 9, at=at - 0.04))
        story.add(
            answered("rs", f"GET /{key}", number, at=at, took=0.07, interaction=key)
        )
    happen(
        story, answered("client", "GET /accounts", 4, at=1.6, took=0.7, headers=HTML)
    )
    (step,) = steps(story)
    assert drawn(step.step.exchanges) == [
        "browser>client /accounts",
        "  anonymous>rs /a",
        "  anonymous>rs /b",
        "    rs>as /jwks",
        "  anonymous>rs /c",
    ]


def test_a_page_joins_what_is_shown(story: LiveStory, connected: list[Event]) -> None:
    """The keys were shown already: the page and all of its comes to them."""
    sent = [
        asked("client", "GET https://rs/a", 1, at=1, interaction="a"),
        *answered("rs", "GET /a", 1, at=1.1, interaction="a"),
        asked("client", "GET https://rs/b", 2, at=1.2, interaction="b"),
        asked("rs", f"GET {KEYS}", 9, at=1.25),
        *answered("as", "GET /jwks", 9, at=1.26),
    ]
    happen(story, [*connected, *sent[4:6], *sent[6:]])
    assert titles(story) == ["rs fetches the keys that tokens are signed with"]
    happen(
        story,
        [
            *sent[:4],
            *answered("rs", "GET /b", 2, at=1.3, took=0.09, interaction="b"),
            *answered("client", "GET /", 4, at=1.6, took=0.7, headers=HTML),
        ],
    )
    (step,) = steps(story)
    assert drawn(step.step.exchanges) == [
        "browser>client /",
        "  anonymous>rs /a",
        "  anonymous>rs /b",
        "    rs>as /jwks",
    ]


def test_two_steps_that_are_shown_stay_two(
    story: LiveStory, connected: list[Event]
) -> None:
    """A number is not taken back, though the one was asked for the other."""
    happen(story, connected)
    happen(
        story,
        [asked("rs", f"GET {KEYS}", 1, at=1), *answered("as", "GET /jwks", 1, at=1)],
    )
    outer = answered("rs", "GET /accounts", 2, at=1.1, took=0.2, interaction="i")
    happen(
        story,
        [
            asked("rs", "POST https://as/introspect", 3, at=1, interaction="i"),
            *answered("as", "POST /introspect", 2, at=1, interaction="i"),
        ],
    )
    happen(story, outer)
    assert [drawn(each.step.exchanges) for each in steps(story)] == [
        ["rs>as /jwks"],
        ["anonymous>rs /accounts", "  rs>as /introspect"],
    ]


def test_a_request_in_the_middle_takes_what_it_asked(
    story: LiveStory, connected: list[Event]
) -> None:
    """The keys are asked for by a server that was itself asked by another."""
    happen(story, connected)
    happen(
        story,
        [
            asked("client", "GET https://rs/accounts", 1, at=1, interaction="i"),
            asked("rs", f"GET {KEYS}", 1, at=1.05),
            *answered("as", "GET /jwks", 1, at=1.06),
        ],
    )
    happen(
        story, answered("rs", "GET /accounts", 2, at=1.1, took=0.08, interaction="i")
    )
    happen(
        story, answered("client", "GET /accounts", 3, at=1.2, took=0.3, headers=HTML)
    )
    (step,) = steps(story)
    assert drawn(step.step.exchanges) == [
        "browser>client /accounts",
        "  anonymous>rs /accounts",
        "    rs>as /jwks",
    ]


def test_a_request_that_is_read_late_takes_what_it_asked(
    story: LiveStory, connected: list[Event]
) -> None:
    """Two of one interaction, and each the keys that were asked for then."""
    happen(story, connected)
    happen(
        story,
        [asked("rs", f"GET {KEYS}", 1, at=1), asked("rs", f"GET {KEYS}", 2, at=2)],
    )
    happen(story, answered("as", "GET /jwks", 1, at=1.01))
    happen(story, answered("as", "GET /jwks", 2, at=2.01))
    happen(story, answered("rs", "GET /a", 3, at=1.5, took=0.6, interaction="x"))
    happen(story, answered("rs", "GET /b", 4, at=2.5, took=0.6, interaction="x"))
    (step,) = steps(story)
    assert drawn(step.step.exchanges) == [
        "anonymous>rs /a",
        "  rs>as /jwks",
        "anonymous>rs /b",
        "  rs>as /jwks",
    ]


def test_a_program_that_serves_nothing_does_one_thing_after_another(
    story: LiveStory, connected: list[Event]
) -> None:
    """The demo records what it asks, and is no server that asks for somebody."""
    happen(story, connected)
    for exchange in (1, 2):
        key = f"id-{exchange}"
        happen(
            story,
            [
                asked("demo", "GET https://rs/a", exchange, at=1, interaction=key),
                *answered("rs", "GET /a", exchange, at=1.1, interaction=key),
            ],
        )
    assert len(steps(story)) == 2


def test_one_id_for_everything_is_no_single_step(
    story: LiveStory, connected: list[Event]
) -> None:
    """A client may send the same id for ever: a minute later it is another one."""
    happen(story, connected)
    for exchange, at in ((1, 0), (2, 1), (3, 1 + correlation.SILENCE + 1)):
        happen(story, answered("rs", "GET /a", exchange, at=at, interaction="x"))
    assert [len(each.step.exchanges) for each in steps(story)] == [2, 1]


@pytest.mark.bound("walkthrough.events")
def test_an_interaction_has_an_end(
    issued: Path, told: Told, connected: list[Event]
) -> None:
    """However fast one id is used: no step grows without end."""
    assert Limits().most_events == 200
    story = limited(issued, told, Limits(most_events=30))
    happen(story, connected)
    for exchange in range(30):
        happen(story, answered("rs", "GET /a", exchange, at=1, interaction="x"))
    shown = [len(each.step.exchanges) for each in steps(story)]
    assert max(shown) <= 30 / 3 + 1
    assert len(shown) >= 3


def test_the_numbers_of_a_node_that_began_again_are_others(
    story: LiveStory, connected: list[Event]
) -> None:
    """Exchange 1 of yesterday is not exchange 1 of today."""
    happen(story, connected)
    happen(story, answered("rs", "GET /a", 1, at=1))
    happen(story, answered("rs", "GET /b", 1, at=2))
    assert len(steps(story)) == 2


@pytest.mark.bound("walkthrough.nodes")
def test_a_full_recording_is_news(story: LiveStory, connected: list[Event]) -> None:
    """Once for each node, by itself and among others; what came before stays."""
    happen(story, [*connected, *answered("rs", "GET /a", 1, at=1)])
    full: Event = {"event": "full", "node": "rs", "time": START + 2}
    before = story.revision
    happen(story, [full])
    assert (story.full, story.revision) == (("rs",), before + 1)
    told = changes_as_json(story, "run", before)
    assert (told["full"], told["acts"], told["revision"]) == (["rs"], [], before + 1)
    happen(story, [full, {**full, "node": "as"}])
    assert (story.full, story.revision) == (("rs", "as"), before + 2)
    assert len(steps(story)) == 1
    for name in range(100):
        happen(story, [{**full, "node": str(name)}])
    assert len(story.full) == MOST_NODES


def test_a_pause_begins_an_act(story: LiveStory, connected: list[Event]) -> None:
    """It is called after its time, and after those who took part."""
    happen(story, connected)
    pause = PAUSE
    for exchange, at in enumerate((1, pause, 2 * pause + 1), 1):
        happen(story, answered("rs", "GET /accounts", exchange, at=at, connection=2))
    happen(story, answered("rs", "GET /accounts", 8, at=2 * pause + 2, connection=3))
    assert [(s.act.number, s.number) for s in steps(story)] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]
    assert steps(story)[0].act.title == "11:06 UTC: banking-client"
    assert steps(story)[3].act.title == "11:07 UTC: banking-client, other-tpp"


def test_a_crowd_is_counted(story: LiveStory, connected: list[Event]) -> None:
    """The title of an act stays a title."""
    happen(story, connected)
    happen(story, answered("rs", "GET /a", 1, at=1, connection=2))
    happen(story, answered("rs", "GET /a", 2, at=1, connection=3))
    happen(story, answered("rs", "GET /a", 3, at=1))
    happen(story, answered("client", "GET /a", 4, at=1, headers=HTML))
    assert steps(story)[0].act.title == (
        "11:06 UTC: banking-client, other-tpp, somebody without a certificate, 1 more"
    )


def test_decoration_is_left_out(story: LiveStory, connected: list[Event]) -> None:
    """What a browser fetches beside a page; and the way to this very walk-through."""
    happen(story, connected)
    numbers = count(1)
    for path in ("/favicon.ico", "/robots.txt", "/walkthrough", "/walkthrough?x=y"):
        happen(story, answered("client", f"GET {path}", next(numbers), at=1))
    image = {"sec-fetch-dest": "image"}
    happen(story, answered("client", "GET /a.png", next(numbers), at=1, headers=image))
    assert steps(story) == []
    happen(story, answered("rs", "GET /walkthrough", next(numbers), at=1))
    happen(story, answered("client", "GET /walkthrough/x", next(numbers), at=1))
    assert len(steps(story)) == 2


def test_a_page_that_is_left_out_takes_nothing_along(
    story: LiveStory, connected: list[Event]
) -> None:
    """What was asked while it was made is shown nevertheless."""
    happen(
        story,
        [
            *connected,
            asked("client", "GET https://rs/accounts", 1, at=1, interaction="a"),
            *answered("rs", "GET /accounts", 1, at=1.1, interaction="a"),
            *answered("client", "GET /favicon.ico", 2, at=1.2, took=0.3),
        ],
    )
    assert titles(story) == ["somebody without a certificate reads accounts"]


def test_what_has_no_handshake_is_told_and_left_out(
    story: LiveStory, connected: list[Event], told: Told
) -> None:
    """Its certificate would be guessed: it was recorded too long ago."""
    happen(story, [*connected, *answered("rs", "GET /a", 1, at=1, connection=99)])
    assert steps(story) == []
    assert told == ["no evidence: rs has not recorded the handshake of connection 99"]


def test_what_cannot_be_read_is_told_and_left_out(
    story: LiveStory, connected: list[Event], told: Told
) -> None:
    """Members that are missing, or are something else: the rest goes on."""
    happen(story, connected)
    broken = answered("rs", "GET /a", 1, at=1)
    for name in ("method", "headers", "body", "received", "side", "exchange"):
        values: list[object] = [None, 7, {}]
        for value in values:
            changed = [{**event, "exchange": 5, name: value} for event in broken]
            missing = [{k: v for k, v in e.items() if k != name} for e in changed]
            happen(story, [*changed, *missing])
    for name in connected[0]:
        if name not in {"time", "node", "event"}:
            happen(story, [{**connected[0], "connection": 7, name: 7}])
            happen(story, [{k: v for k, v in connected[0].items() if k != name}])
    happen(story, [*connected, *answered("rs", "GET /whole", 50, at=3)])
    assert "somebody without a certificate sends GET /whole" in titles(story)
    assert "events that cannot be read: TypeError" in told
    assert "a handshake cannot be read: KeyError" in told


@pytest.mark.bound("walkthrough.steps")
def test_the_oldest_steps_are_forgotten(
    issued: Path, told: Told, connected: list[Event]
) -> None:
    """Numbers go on; what comes late for a forgotten step is no new one."""
    story = limited(issued, told, Limits(most_steps=3))
    happen(story, connected)
    for number in range(1, 8):
        happen(story, answered("rs", f"GET /{number}", number, at=number))
    assert [each.number for each in steps(story)] == [5, 6, 7]
    happen(story, answered("rs", "GET /1", 1, at=8)[1:])
    assert [each.number for each in steps(story)] == [5, 6, 7]


def test_what_would_be_forgotten_is_not_told(
    issued: Path, told: Told, connected: list[Event]
) -> None:
    """Of very much that comes at once, the last is told; and in small parts."""
    story = limited(issued, told, Limits(most_steps=3))
    story.add(connected)
    for number in range(1, 8):
        story.add(answered("rs", f"GET /{number}", number, at=number))
    assert story.tell(2)
    assert len(steps(story)) == 2
    assert not story.tell(2)
    assert [each.rpartition("/")[2] for each in titles(story)] == ["5", "6", "7"]


@pytest.mark.bound("walkthrough.handshakes")
def test_the_oldest_handshakes_are_forgotten(
    issued: Path, told: Told, pki: Pki
) -> None:
    """And not the latest ones."""
    story = limited(issued, told, Limits(most_handshakes=4))
    for number in range(1, 10):
        happen(story, [handshake("rs", pki.server, connection=number)])
    happen(story, answered("rs", "GET /a", 1, at=1, connection=9))
    assert (len(steps(story)), told) == (1, [])
    happen(story, answered("rs", "GET /b", 2, at=1, connection=1))
    assert told == ["no evidence: rs has not recorded the handshake of connection 1"]


def test_a_handshake_that_cannot_be_read_is_not_kept(
    issued: Path, told: Told, pki: Pki
) -> None:
    """Else it would be read again whenever the oldest are forgotten."""
    story = limited(issued, told, Limits(most_handshakes=4))
    for number in range(1, 10):
        good = handshake("rs", pki.server, connection=number)
        happen(story, [{k: v for k, v in good.items() if k != "connection"}, good])
    happen(story, answered("rs", "GET /a", 1, at=1, connection=9))
    assert (len(steps(story)), told) == (
        1,
        ["a handshake cannot be read: KeyError"] * 9,
    )


def test_a_request_that_was_sent_nowhere_is_beside(
    story: LiveStory, connected: list[Event]
) -> None:
    """A recording may hold a URL that is none: the rest goes on."""
    happen(story, connected)
    happen(story, [asked("client", "GET https://[/a", 1, at=1)])
    happen(story, answered("rs", "GET /a", 1, at=1.1))
    assert titles(story) == ["somebody without a certificate sends GET /a"]


@pytest.mark.bound("walkthrough.happenings")
def test_the_oldest_events_are_forgotten() -> None:
    """Of what is gathered too: neither many nor large happenings fill the memory."""
    gathered = Correlation(most_happenings=4)
    events = [answered("rs", "GET /a", number, at=1) for number in range(6)]
    for request, decision, _ in events:
        assert gathered.add(request)
        assert gathered.add(decision)
    assert [gathered.add(each[2]) is None for each in events] == [True] * 2 + [
        False
    ] * 4
    for _ in range(6):  # the same number, again and again
        assert gathered.add(events[0][0])
    last = gathered.add(events[0][0])
    assert last is not None
    for _ in range(correlation.MOST_EVENTS + 10):
        gathered.add(events[0][1])
    assert len(last.interactions[0].events) == correlation.MOST_EVENTS


def test_names_are_learnt_from_the_folder(issued: Path, pki: Pki) -> None:
    """A certificate that lies there has a name, also after it was replaced."""
    known = CertificateHolders(issued)
    assert dict(known.names) == {}
    known.know("nobody")
    assert known.names[_x5t(pki.client)] == "banking-client"
    (issued / "other-tpp.pem").write_bytes((issued / "rs.pem").read_bytes())
    Layout(issued).write("alone", pki.self_signed)
    (issued / "bare.pem").write_bytes(_without_extensions())
    (issued / "roots.pem").write_bytes(certificates_to_pem(pki.server_roots))
    (issued / "nothing.pem").write_text("nothing")
    (issued / "gone.pem").symlink_to("nowhere")
    known.know(_x5t(pki.other))
    assert _x5t(pki.self_signed) not in known.names
    known.know(_x5t(pki.self_signed))
    assert known.names[_x5t(pki.self_signed)] == "alone"
    assert known.names[_x5t(pki.other)] == "other-tpp"
    assert sorted(known.names.values()) == [
        "alone",
        "banking-client",
        "bare",
        "other-tpp",
        "rs",
    ]


def test_many_unknown_certificates_cost_little(
    issued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any peer can bring one after the other: only new files are read for them."""
    read: list[Path] = []
    load = pem.load_certificates

    def noted(path: Path) -> tuple[x509.Certificate, ...]:
        read.append(path)
        return load(path)

    monkeypatch.setattr(pem, "load_certificates", noted)
    known = CertificateHolders(issued)
    for number in range(9):
        known.know(str(number))
    assert len(read) == 3


def _without_extensions() -> bytes:
    """A certificate that says as little as can be."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bare")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 2, 1, tzinfo=UTC))
        .sign(key, SHA256())
    )
    return certificates_to_pem((certificate,))


def _x5t(credential: Credential) -> str:
    return x5t_s256(credential.leaf_der)
