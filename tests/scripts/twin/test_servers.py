"""The twins as servers: what is left of those that do not start."""

import io
import tempfile
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from pki.node import configuration
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from rs_node.config import Config
from scripts.deployment.configuration import copied
from scripts.twin.own_resource_server import assembled


def test_a_twin_that_cannot_start_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scratch folder goes with it: here no certificate was ever issued."""
    deployment = copied(tmp_path / "deployment")
    config = configuration.read(deployment.resource_server, Config)
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    log = OperatorLog("strict-rs", io.StringIO())
    with pytest.raises((ValueError, OSError)):
        assembled(Clock(), config, Witness(log), "strict-rs")
    assert list(scratch.iterdir()) == []
