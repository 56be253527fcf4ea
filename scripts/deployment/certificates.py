"""See to it that a deployment has its certificates, and say what was done."""

import time

from pki.issuing.config import Config
from pki.issuing.deployment import ensure
from pki.node import configuration
from scripts.deployment.configuration import Deployment


def put_in_place(deployment: Deployment) -> list[str]:
    """
    Issue what is missing or within 24 hours of its end.

    Returns what to tell the person, a line each; nothing where all was in order.

    Raises:
        ConfigurationError, Refused, OSError: always one line.
    """
    outcome = ensure(configuration.read(deployment.pki, Config), time.time)
    if outcome.reason is not None:
        return outcome.lines()
    return outcome.lines()[1:]  # without the one that says that all is in order
