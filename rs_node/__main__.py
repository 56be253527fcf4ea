"""`python -m rs_node`: run the resource server."""

from pathlib import Path

from pki.node.process import Program, run
from rs_node.config import Config
from rs_node.wiring import assemble

if __name__ == "__main__":
    run(
        Program(
            name="rs",
            purpose="The resource server: accounts, for certificate-bound tokens only.",
            config=Config,
            shipped_config=Path(__file__).with_name("rs.toml"),
            assemble=assemble,
        )
    )
