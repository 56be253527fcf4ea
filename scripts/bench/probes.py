"""What the machine can do by itself: make octets durable."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.figures import percentile

_PAGE = 4096  # octets, as SQLite's
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class DurableWrites:
    """
    One after the other: *rate* a second, *p50* and *p99* seconds.

    More tokens a second than that are durable only because several share a commit.
    """

    rate: float
    p50: float
    p99: float


def durable_writes(folder: Path) -> DurableWrites:
    """
    Append pages to a file in *folder*, each durable before the next (fdatasync).

    Raises:
        OSError: it cannot be written.
    """
    path, taken = folder / "durable", []
    page = b"x" * _PAGE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        end = time.perf_counter() + _SECONDS
        while (begun := time.perf_counter()) < end:
            os.write(descriptor, page)
            os.fdatasync(descriptor)
            taken.append(time.perf_counter() - begun)
    finally:
        os.close(descriptor)
        path.unlink()
    return DurableWrites(
        len(taken) / sum(taken), percentile(taken, 50), percentile(taken, 99)
    )
