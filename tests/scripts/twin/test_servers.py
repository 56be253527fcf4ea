"""The twins as servers: what is left of those that do not start."""

import tempfile
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from pki.issuing.layout import Layout
from pki.node import configuration
from rs_node.config import Config
from scripts.deployment.configuration import copied
from scripts.twin.servers import _Start


def test_a_twin_that_cannot_start_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scratch folder goes with it: here no certificate was ever issued."""
    deployment = copied(tmp_path / "deployment")
    config = configuration.read(deployment.resource_server, Config)
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (folder := tmp_path / "recordings").mkdir()
    starting = _Start(Clock(), Layout(tmp_path), folder)
    with pytest.raises((ValueError, OSError)):
        starting._strict_rs(config, "https://localhost:1", "https://localhost:2")
    starting._log.close()
    assert list(scratch.iterdir()) == []
