"""`python -m as_node`: the authorization server as a process."""

from pathlib import Path

from as_node.config import Config
from as_node.wiring import assemble
from pki.node.process import Program, run

if __name__ == "__main__":
    run(
        Program(
            name="as",
            purpose="The authorization server: certificate-bound access tokens.",
            config=Config,
            shipped_config=Path(__file__).with_name("as.toml"),
            assemble=assemble,
        )
    )
