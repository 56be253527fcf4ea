"""The configuration of the observer."""

from pathlib import Path

import pytest

from pki.node.configuration import ConfigurationError
from scripts.walkthrough.config import SHIPPED, Config
from tests.scripts.walkthrough.observer_in_memory import ORIGIN, read


def test_the_shipped_configuration_is_on_loopback() -> None:
    """It shows tokens: who wants others to reach it writes so."""
    config = read(SHIPPED)
    assert isinstance(config, Config)
    assert config.listen == "tcp:9447:interface=127.0.0.1"
    assert config.origin == ORIGIN
    assert config.names == ("localhost", "127.0.0.1", "::1")


def test_it_reads_what_a_demo_and_a_deployment_write() -> None:
    """In the folders that both have without being told otherwise."""
    config, checkout = read(SHIPPED), SHIPPED.parents[2]
    assert config.recordings == checkout / "build" / "recordings"
    assert config.demo == checkout / "build" / "walkthrough.html"
    assert config.client == checkout / "client_node" / "client.toml"
    assert config.certificate == checkout / "pki" / "issued" / "walkthrough.pem"
    assert config.key == checkout / "pki" / "issued" / "walkthrough-key.pem"


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("https://127.0.0.1:9447", "http://127.0.0.1:9447", "origin must be"),
        ("https://127.0.0.1:9447", "https://127.0.0.1:9447/", "origin must be"),
        ('"localhost"', '"no name"', "'no name' is not a host"),
        ("listen =", "listens =", "unknown key 'listens'"),
    ],
)
def test_a_configuration_that_is_wrong_is_refused(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    """One line that says what is wrong."""
    path = tmp_path / "walkthrough.toml"
    path.write_text(SHIPPED.read_text().replace(before, after))
    with pytest.raises(ConfigurationError, match=complaint):
        read(path)
