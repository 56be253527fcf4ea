"""`make bench ARGS=--growth`: each kind, and each amount of it."""

import json
import os
import resource
import tempfile
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from scripts.bench import cores
from scripts.bench.contenders.contender import Skipped
from scripts.bench.growth import table
from scripts.bench.growth.kinds import KINDS
from scripts.bench.growth.rows import Row, row
from scripts.deployment.progress import Progress


def run(
    progress: Progress, build: Path, seconds: float, only: Collection[str] | None
) -> Path:
    """
    Measure each kind (of those in *only*, if there are any), print it, and lay the
    figures down in *build*.

    Raises:
        TooFewCores: there is one core.
        NotStarted, ConfigurationError, Refused, OSError: as `own_nodes.running`.
    """
    server, load = cores.two_cores()
    os.sched_setaffinity(0, {load})
    _allow_many_connections()
    found: dict[str, list[dict[str, object]]] = {}
    for kind in KINDS:
        if only and kind.name not in only:
            continue
        rows: list[Row] = []
        for size in kind.sizes:
            progress.begin(f"{size:,} {kind.what}")
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                try:
                    rows.append(row(kind, size, server, Path(folder), seconds))
                except Skipped as why:
                    progress.done()
                    print(f"  {size:,} {kind.what}: {why}")
        progress.done()
        print(f"\n{table.of_a_kind(kind, rows)}", flush=True)
        found[kind.name] = [asdict(each) for each in rows]
    build.mkdir(parents=True, exist_ok=True)
    path = build / "bench-growth.json"
    path.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return path


def _allow_many_connections() -> None:
    """For us and for the nodes, which inherit it (RLIMIT_NOFILE)."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
