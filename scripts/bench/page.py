"""The figures as one page that needs no network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from scripts.bench import ratios
from scripts.bench.cases import OURS
from scripts.bench.course import Outcome
from scripts.bench.figures import MICROSECONDS
from scripts.bench.noise import Noise
from scripts.bench.pictures import Bar, bars
from scripts.bench.table import marks, of_the_noise, ratio_text

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --soft: #5b6875;
  --ours: #0b6e4f; --theirs: #9fb0c0; --line: #d5dce3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --paper: #14181d;
  --soft: #9aa7b4; --ours: #3fb68b; --theirs: #52616f; --line: #2c343c; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.1rem; }
p, td, th { color: var(--soft); } .busy { color: var(--ink); font-weight: 600; }
table { border-collapse: collapse; font-size: .85rem; width: 100%; }
td, th { border-top: 1px solid var(--line); padding: .2rem .5rem; text-align: right; }
td:first-child, th:first-child { text-align: left; }
svg { width: 100%; font-size: 13px; } svg text { fill: var(--ink); }
.name { text-anchor: end; }
.ours { fill: var(--ours); } .theirs { fill: var(--theirs); }
.rounds { stroke: var(--ink); stroke-width: 1.5; }
"""

_EXPLAINED = """Real mutual TLS 1.3 on loopback, server and load on a core each. Every
contender is loaded in turn, in each round; bars are the medians of the rounds, the line
goes from the least to the most. CPU is the server's processor time for one piece of
work: unlike the rate it does not depend on how fast the load comes. Ratios are of two
contenders within a round. A ~ marks rounds that differ by more than a quarter, a * the
rate of a server that could do more: it is the load generator's."""


@dataclass(frozen=True, slots=True)
class About:
    """The *machine*, what ran on it and what did not, and how quiet it was."""

    machine: str
    versions: Mapping[str, str]
    skipped: Mapping[str, str]
    noise: Sequence[Noise]


def html(about: About, outcomes: Iterable[Outcome]) -> str:
    """The page."""
    cases = "".join(map(_case, outcomes))
    versions = ", ".join(escape(version) for version in about.versions.values())
    skipped = "".join(
        f"<p>Without {escape(name)}: {escape(why)}</p>"
        for name, why in about.skipped.items()
    )
    noise = "".join(
        _noise(when, each)
        for when, each in zip(("before", "after"), about.noise, strict=True)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>How fast are the nodes?</title><style>{_STYLE}</style>"
        f"<h1>How fast are the nodes?</h1><p>{_EXPLAINED}</p>"
        f"<p>{escape(about.machine)}. {versions}.</p>{skipped}{noise}{cases}</html>\n"
    )


def _noise(when: str, noise: Noise) -> str:
    kind = ' class="busy"' if noise.is_busy else ""
    return f"<p{kind}>The machine {when}: {escape(of_the_noise(noise))}</p>"


def _case(outcome: Outcome) -> str:
    rounds = outcome.rounds
    names = [n for n in outcome.case.works if any(n in each for each in rounds)]
    rows = []
    for name in names:
        rate = ratios.of(rounds, name, lambda sample: sample.rate)
        text = f"{marks(rounds, name)}{rate.middle:,.0f}/s"
        rows.append(Bar(name, rate, text, ours=name == OURS))
    picture = bars(f"{outcome.case.title}: pieces of work per second", rows)
    return f"<h2>{escape(outcome.case.title)}</h2>{picture}{_table(outcome, names)}"


def _table(outcome: Outcome, names: Sequence[str]) -> str:
    heads = ("", "CPU µs", "p50 ms", "p99 ms", "ours x by rate", "ours x by CPU")
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "".join(_row(outcome, name) for name in names)
    return f"<table><tr>{head}</tr>{body}</table>"


def _row(outcome: Outcome, name: str) -> str:
    rounds = outcome.rounds
    cells = [
        escape(name),
        f"{ratios.of(rounds, name, lambda s: s.cpu).middle * MICROSECONDS:,.0f}",
        f"{ratios.of(rounds, name, lambda s: s.p50).middle * 1000:.2f}",
        f"{ratios.of(rounds, name, lambda s: s.p99).middle * 1000:.2f}",
        *_ours_by(outcome, name),
    ]
    return "<tr>" + "".join(f"<td>{each}</td>" for each in cells) + "</tr>"


def _ours_by(outcome: Outcome, name: str) -> tuple[str, str]:
    if name == OURS:
        return "", ""
    rounds = outcome.rounds
    return (
        ratio_text(ratios.ratio(rounds, OURS, name, lambda s: s.rate)),
        ratio_text(ratios.ratio(rounds, name, OURS, lambda s: s.cpu)),
    )
