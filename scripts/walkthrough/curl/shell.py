"""Lines for the shell: quoting, and where the files of a deployment lie."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from client_node.config import SHIPPED
from pki.issuing.layout import Layout

_CHECKOUT = Path(__file__).resolve().parents[3]
_ISSUED = Layout(_CHECKOUT / "pki" / "issued")


@dataclass(frozen=True, slots=True)
class Place:
    """
    A deployment, for whoever stands in the checkout's folder.

    *issued* are its certificates, *client_config* is the configuration of the banking
    client, *python* what runs it.
    """

    issued: Layout = _ISSUED
    server_roots: Path = _ISSUED.server_roots
    client_config: Path = SHIPPED
    python: str = ".venv/bin/python"

    def word(self, path: Path) -> str:
        """A path as a word: short within the checkout, else absolute."""
        whole = path.resolve()
        if whole.is_relative_to(_CHECKOUT):
            whole = whole.relative_to(_CHECKOUT)
        return shlex.quote(whole.as_posix())

    def client(self, *arguments: str) -> str:
        """A command of the banking client."""
        shipped = self.client_config.resolve() == SHIPPED.resolve()
        config = [] if shipped else ["--config", self.word(self.client_config)]
        words = [
            self.python,
            "-m",
            "client_node",
            *config,
            *map(shlex.quote, arguments),
        ]
        return " ".join(words)


def in_lines(*groups: str) -> str:
    """One command, its groups of words each on a line of its own."""
    return " \\\n  ".join(groups)


def can_be_pasted(text: str) -> bool:
    """Whether a terminal takes *text* as what it is, and for nothing it must obey."""
    return all(c.isprintable() or c == "\n" for c in text)
