"""`python -m as_node`, or `as-node`: the authorization server as a process."""

from pathlib import Path
from typing import NoReturn

from as_node.config import Config
from as_node.wiring import assemble
from pki.node.process import Program, run


def main() -> NoReturn:
    """Serve until a signal comes; the console script, too."""
    run(
        Program(
            name="as",
            purpose="The authorization server: certificate-bound access tokens.",
            config=Config,
            shipped_config=Path(__file__).with_name("as.toml"),
            assemble=assemble,
        )
    )


if __name__ == "__main__":
    main()
