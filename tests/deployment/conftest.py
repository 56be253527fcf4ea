"""One running deployment for every test that does not stop it."""

import os
import signal
from collections.abc import Iterator

import pytest

from scripts.deployment.configuration import copied
from tests.deployment.running import (
    PATIENCE,
    Running,
    as_told,
    free_ports,
    ready_line,
    up,
)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The three processes, with certificates and state of their own."""
    folder = tmp_path_factory.mktemp("deployment")
    deployment = copied(folder, free_ports(5))
    with (folder / "up.log").open("w") as log, up(deployment, log) as process:
        try:
            assert ready_line(process).startswith("ready"), (
                folder / "up.log"
            ).read_text()
            yield as_told(deployment)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
