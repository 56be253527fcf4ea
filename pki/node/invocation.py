"""How a person starts a node: by its installed name, or as `python -m`."""

import sys
from pathlib import Path


def program_name(package: str) -> str:
    """
    What was typed to run *package*, for its usage lines.

    `as-node` where that script was started, else `python -m as_node`: a usage line is
    there to be repeated, and Python itself would say `__main__.py`.
    """
    script = package.replace("_", "-")
    return script if Path(sys.argv[0]).stem == script else f"python -m {package}"
