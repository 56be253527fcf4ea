"""Samples that nobody measured."""

from scripts.bench.figures import Sample


def sample(rate: float = 1000.0, cpu: float = 0.0005, load: float = 0.1) -> Sample:
    """One in which nothing failed."""
    return Sample(
        rate=rate,
        p50=0.001,
        p99=0.002,
        cpu=cpu,
        load=load,
        memory=(64 * 1024 * 1024, 65 * 1024 * 1024),
        done=int(rate),
        failures=0,
    )
