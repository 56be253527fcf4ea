"""`python -m rs_node`, or `rs-node`: run the resource server."""

from pathlib import Path
from typing import NoReturn

from pki.node.process import Program, run
from rs_node.config import Config
from rs_node.wiring import assemble


def main() -> NoReturn:
    """Serve until a signal comes; the console script, too."""
    run(
        Program(
            name="rs",
            purpose="The resource server: accounts, for certificate-bound tokens only.",
            config=Config,
            shipped_config=Path(__file__).with_name("rs.toml"),
            assemble=assemble,
        )
    )


if __name__ == "__main__":
    main()
