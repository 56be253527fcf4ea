"""What is kept of a run: `bench.json`, and the page made from the same values."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from scripts.bench import page, ratios
from scripts.bench.cases import OURS
from scripts.bench.contenders.contender import Running
from scripts.bench.course import Outcome
from scripts.bench.figures import Sample
from scripts.bench.noise import Noise
from scripts.bench.probes import DurableWrites


@dataclass(frozen=True, slots=True)
class Results:
    """
    A run: *versions* and *skipped* by contender, the cases, and the machine's *noise*
    before and after; *durable* is what its disk does.
    """

    versions: Mapping[str, str]
    skipped: Mapping[str, str]
    outcomes: Sequence[Outcome]
    noise: Sequence[Noise]
    durable: DurableWrites

    @classmethod
    def of(
        cls,
        contenders: Mapping[str, Running],
        skipped: Mapping[str, str],
        outcomes: Sequence[Outcome],
        noise: Sequence[Noise],
        durable: DurableWrites,
    ) -> Self:
        """Of what ran."""
        versions = {name: running.version for name, running in contenders.items()}
        return cls(versions, skipped, outcomes, noise, durable)

    def as_json(self) -> dict[str, object]:
        """Every sample of every round, and the ratios."""
        return {
            "version": 1,
            "taken": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "contenders": dict(self.versions),
            "skipped": dict(self.skipped),
            "noise": [asdict(each) for each in self.noise],
            "durable_writes": asdict(self.durable),
            "cases": [_case(outcome) for outcome in self.outcomes],
        }


def write(results: Results, build: Path) -> tuple[Path, Path]:
    """
    Lay down `bench.json` and `bench.html` in *build*.

    Raises:
        OSError: they cannot be written.
    """
    build.mkdir(parents=True, exist_ok=True)
    figures, shown = build / "bench.json", build / "bench.html"
    figures.write_text(json.dumps(results.as_json(), indent=1), encoding="utf-8")
    about = page.About(machine(), results.versions, results.skipped, results.noise)
    shown.write_text(page.html(about, results.outcomes), encoding="utf-8")
    return figures, shown


def machine() -> str:
    """What it was measured on."""
    model = platform.machine()
    for line in _cpu_lines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            model = value.strip()
            break
    python = platform.python_version()
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {python}"


def _cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _case(outcome: Outcome) -> dict[str, object]:
    rounds, case = outcome.rounds, outcome.case
    return {
        "name": case.name,
        "title": case.title,
        "at_a_time": case.at_a_time,
        "new_handshake": case.anew,
        "rounds": [
            {name: _sample(sample) for name, sample in each.items()} for each in rounds
        ],
        "ratios": {
            other: {
                "rate": _ratio(ratios.ratio(rounds, OURS, other, lambda s: s.rate)),
                "cpu": _ratio(ratios.ratio(rounds, other, OURS, lambda s: s.cpu)),
                "p99": _ratio(ratios.ratio(rounds, OURS, other, lambda s: s.p99)),
            }
            for other in case.works
            if other != OURS
        },
    }


def _sample(sample: Sample) -> dict[str, object]:
    """JSON knows no infinity, which is the median of no times."""
    return {
        name: None if value == math.inf else value
        for name, value in asdict(sample).items()
    }


def _ratio(found: ratios.Median | None) -> dict[str, float] | None:
    return None if found is None else {**asdict(found), "spread": found.spread}
