"""What the first screen of the README shows of a terminal, typed in and compared."""

import re
import subprocess
import sys

from scripts.deployment.configuration import ROOT
from tests.deployment.running import PATIENCE, Running

SHOWN_CLIENT = ".venv/bin/python -m client_node"


def test_a_refused_theft(running: Running) -> None:
    """Every line but the thumbprints, which are new in each deployment."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```console\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    commands = re.findall(r"^\$ (.*)$", block, re.MULTILINE)
    shown = re.sub(r"^\$ .*\n", "", block, flags=re.MULTILINE)
    client = f"{sys.executable} -m client_node --config {running.deployment.client}"
    done = subprocess.run(
        ["bash", "-c", "\n".join(commands).replace(SHOWN_CLIENT, client)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert len(commands) == 3
    printed = done.stdout.replace(running.resource, "https://localhost:9445")
    assert without_thumbprints(printed) == without_thumbprints(shown)


def without_thumbprints(text: str) -> str:
    """RFC 8705 section 3.1: 43 characters of base64url."""
    return re.sub(r"(?<![\w-])[\w-]{43}(?![\w-])", "THUMBPRINT", text)
