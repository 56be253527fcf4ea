"""How large a process is, as Linux says it in `/proc`; nothing where there is none."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_KIB = 1024


def resident(pid: int) -> int | None:
    """Bytes of memory in use now."""
    return _read(pid, "VmRSS")


def largest(pid: int) -> int | None:
    """The most that was in use since `forget_largest`."""
    return _read(pid, "VmHWM")


def forget_largest(pid: int) -> None:
    """Begin anew (proc(5), `clear_refs`)."""
    # Where it cannot, the figure is the most since the start.
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def growth(
    before: Mapping[str, int | None], after: Mapping[str, int | None]
) -> dict[str, int]:
    """How many bytes more, by name; without those that are not known."""
    grown = {}
    for name, size in before.items():
        now = after.get(name)
        if size is not None and now is not None:
            grown[name] = now - size
    return grown


def _read(pid: int, field: str) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * _KIB
    return None
