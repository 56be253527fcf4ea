"""Files that hold tokens."""

import os
from pathlib import Path


def replace_file(path: Path, octets: bytes) -> None:
    """
    Write *path*, for its owner only, in place of what was there.

    It is replaced as a whole: nobody reads half a file.
    """
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(octets)
    fresh.replace(path)
