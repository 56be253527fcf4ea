"""A flood is a process that is up, and over when it is to be."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.deployment.place import Place
from scripts.soak.flooding import Broken, flooding
from scripts.soak.floods.handshakes import HANDSHAKES
from scripts.soak.floods.idle_connections import IDLE_CONNECTIONS

PATIENCE = 180  # seconds: not what it takes, but when to give up


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[Place]:
    """A place where no node listens, and nobody else can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"https://localhost:{taken.getsockname()[1]}"
        yield Place(url, url, url, url, tmp_path)


def test_it_ends_when_it_is_told_to(nobody: Place) -> None:
    """What it has done is known then; all that it may try was refused here."""
    with flooding(IDLE_CONNECTIONS, nobody, PATIENCE) as outcome:
        assert (outcome.done, outcome.refused) == (0, 0)
    assert (outcome.done, outcome.refused) == (0, IDLE_CONNECTIONS.most)


def test_it_ends_by_itself(nobody: Place) -> None:
    """After its time, whether it was up or not: then it did not flood."""
    with pytest.raises(Broken), flooding(IDLE_CONNECTIONS, nobody, 0):
        pass


def test_a_flood_that_cannot_is_no_success(nobody: Place) -> None:
    """There are no certificates, so there is no flood and no verdict."""
    going = flooding(HANDSHAKES, nobody, PATIENCE)
    with pytest.raises(Broken, match="handshakes does not flood"), going:
        pass
