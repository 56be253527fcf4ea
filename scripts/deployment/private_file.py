"""Files that hold tokens."""

import os
from pathlib import Path
from tempfile import mkstemp


def replace_file(path: Path, octets: bytes) -> None:
    """
    Write *path*, for its owner only, in place of what was there.

    It is replaced as a whole: nobody reads half a file, also where two write at a
    time. What was there stays if it cannot be written.

    Raises:
        OSError: it cannot.
    """
    # `mkstemp` makes a file for its owner only.
    descriptor, name = mkstemp(prefix=f"{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
