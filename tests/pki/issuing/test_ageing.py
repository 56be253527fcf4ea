"""When the deployment's certificates must be issued again."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from pki.issuing import parties
from pki.issuing.ageing import find_reason
from pki.issuing.config import SHIPPED, Config, Server
from pki.issuing.layout import Layout
from pki.node import configuration

DAY = 86400.0


@pytest.fixture
def config(deployment: Layout, tmp_path: Path) -> Config:
    """A deployment to be spoilt: a copy."""
    copy = copytree(deployment.directory, tmp_path / "issued")
    return replace(configuration.read(SHIPPED, Config), directory=copy)


def test_in_order(config: Config, now: float) -> None:
    """Certificates as they were laid down are in order, two days before their end."""
    assert find_reason(config, now) is None
    assert find_reason(config, now + 28.9 * DAY) is None


def test_none(config: Config, now: float, tmp_path: Path) -> None:
    """Where nothing is, there is reason to issue."""
    elsewhere = replace(config, directory=tmp_path / "elsewhere")
    assert find_reason(elsewhere, now) == "there were none"


@pytest.mark.parametrize(
    "name",
    [
        "server-roots.pem",
        "client-roots.pem",
        "client-crls.pem",
        "authorities/server-root.pem",
        "authorities/client-intermediate-key.pem",
        "rs.pem",
        "other-tpp-key.pem",
        "rogue-expired.pem",
        "tpp-self-signed.jwks.json",
        "tpp-self-signed-jwks-uri.jwks.json",
        "tpp-private-key-jwt-jwt-key.pem",
        "tpp-private-key-jwt.jwks.json",
        "as-backchannel.pem",
    ],
)
def test_missing(config: Config, now: float, name: str) -> None:
    """A file that is missing is a reason, whichever it is."""
    path = config.directory / name
    path.unlink()
    assert find_reason(config, now) == f"{path.name} is missing"


@pytest.mark.parametrize(
    "name",
    [
        "server-roots.pem",
        "client-crls.pem",
        "authorities/client-root-key.pem",
        "as.pem",
        "rogue-expired-key.pem",
        "tpp-private-key-jwt-jwt-key.pem",
    ],
)
def test_unreadable(config: Config, now: float, name: str) -> None:
    """A file that makes no sense is a reason."""
    path = config.directory / name
    path.write_text("nonsense")
    reason = find_reason(config, now)
    assert reason is not None
    assert reason.startswith(f"{path}: ")


def test_leaf_ends(config: Config, now: float) -> None:
    """A leaf that ends within 24 hours is a reason, before it ends."""
    reason = find_reason(config, now + 29 * DAY)
    assert reason is not None
    assert reason.startswith("as ends at ")


@pytest.mark.parametrize(
    ("after", "reason"),
    [(364 * DAY, "server-root ends at "), (59 * DAY, "a revocation list ends ")],
)
def test_others_end(config: Config, now: float, after: float, reason: str) -> None:
    """An authority or a list that ends within 24 hours is a reason of its own."""
    found = find_reason(config, now + after, deployed=())
    assert found is not None
    assert found.startswith(reason)


def test_root_file_ends(config: Config, now: float) -> None:
    """A root file that holds an older root than the authority's is a reason."""
    found = find_reason(config, now + 364 * DAY, deployed=(), authorities=())
    assert found is not None
    assert found.startswith("server-roots.pem ends at ")


def test_clock_set_back(config: Config, now: float) -> None:
    """Certificates of the future, on a clock set back, work no better than old ones."""
    reason = find_reason(config, now - DAY)
    assert reason == "as is not valid yet: was the clock set back?"


def test_other_host_names(config: Config, now: float) -> None:
    """A server whose names were changed in the configuration is a reason."""
    servers = {**config.servers, "rs": Server(names=("rs.example",))}
    moved = replace(config, servers=servers)
    assert find_reason(moved, now) == "rs is to have other names"


@pytest.mark.parametrize(
    "changed",
    [
        replace(parties.CLIENTS[0], subject=parties.CLIENTS[1].subject),
        replace(parties.CLIENTS[0], sans=parties.CLIENTS[2].sans),
    ],
)
def test_other_subject(config: Config, now: float, changed: parties.Client) -> None:
    """A client of a newer version of this list is a reason."""
    reason = find_reason(config, now, clients=(changed,))
    assert reason == "banking-client is to have another subject"
