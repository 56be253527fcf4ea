"""The configuration of the test PKI."""

from pathlib import Path

import pytest

from pki.issuing.config import SHIPPED, Config
from pki.node import configuration
from pki.node.configuration import ConfigurationError


def test_shipped() -> None:
    """The shipped configuration issues into `pki/issued/`, for loopback names."""
    config = configuration.read(SHIPPED, Config)
    assert config.directory == SHIPPED.parent / "issued"
    assert config.host_names == ("localhost", "127.0.0.1", "::1")
    assert list(config.servers) == ["as", "rs", "client-web", "walkthrough"]


def test_configured_names_are_added_to_loopback(tmp_path: Path) -> None:
    """The server root is good for what is configured, and for loopback always."""
    text = _shipped().replace('"localhost", "127.0.0.1"', '"bank.example"', 1)
    config = _read(tmp_path, text)
    assert config.servers["as"].names == ("bank.example", "::1")
    assert config.host_names == ("localhost", "127.0.0.1", "::1", "bank.example")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("leaf = 30", "leaf = 1", "lifetimes: leaf must be at least 2 days"),
        ("leaf = 30", "leaf = 60", "lifetimes: must grow"),
        ("authority = 365", "authority = 59", "lifetimes: must grow"),
        ('"127.0.0.1"', '"Bank Example"', "servers.as: 'Bank Example' is not a host"),
        ('["localhost", "127.0.0.1", "::1"]', "[]", "servers.as: names must not be"),
        (
            "[servers.rs]",
            "[servers.xs]",
            "exactly as, rs, client-web, walkthrough",
        ),
    ],
)
def test_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """What cannot be issued is refused with the key that says it."""
    assert old in _shipped()
    with pytest.raises(ConfigurationError, match=complaint):
        _read(tmp_path, _shipped().replace(old, new, 1))


def _shipped() -> str:
    return SHIPPED.read_text()


def _read(folder: Path, text: str) -> Config:
    path = folder / "pki.toml"
    path.write_text(text)
    return configuration.read(path, Config)
