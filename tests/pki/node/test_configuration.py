"""TOML into dataclasses, strictly; every refusal one line with file and key."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pki.node import configuration
from pki.node.configuration import ConfigurationError


@dataclass(frozen=True)
class Listener:
    """A table."""

    endpoint: str

    def __post_init__(self) -> None:
        if not self.endpoint.startswith("tcp:"):
            raise ValueError(f"endpoint {self.endpoint!r} is not tcp")


@dataclass(frozen=True)
class Config:
    """A field of every kind."""

    issuer: str
    lifetime: int
    deadline: float
    check_revocation: bool
    roots: Path
    names: tuple[str, ...]
    listener: Listener
    others: dict[str, Listener]
    note: str | None = None
    claims: Any = None
    logs: tuple[Path, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if self.lifetime < 0:
            raise ValueError("lifetime is negative")


WHOLE = """\
issuer = "https://localhost:9443"
lifetime = 300
deadline = 2
check_revocation = true
roots = "../pki/issued/roots.pem"
names = ["localhost", "127.0.0.1"]
[listener]
endpoint = "tcp:9443"
[others.first]
endpoint = "tcp:9444"
"""


def read(folder: Path, text: str | bytes) -> Config:
    """The configuration in a file of that text."""
    path = folder / "as.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return configuration.read(path, Config)


def refusal(folder: Path, text: str | bytes) -> str:
    """Why it is refused, without the name of the file it begins with."""
    with pytest.raises(ConfigurationError) as refused:
        read(folder, text)
    line = str(refused.value)
    assert "\n" not in line
    file, separator, reason = line.partition("as.toml: ")
    assert file == f"{folder}/"
    assert separator
    return reason


def test_every_kind_of_value(tmp_path: Path) -> None:
    """Each kind is read as its field says, a path as relative to the file."""
    config = read(
        tmp_path, 'note = "n"\nclaims = {a = [1]}\nlogs = ["a", "/b"]\n' + WHOLE
    )
    assert config == Config(
        issuer="https://localhost:9443",
        lifetime=300,
        deadline=2.0,
        check_revocation=True,
        roots=tmp_path.parent / "pki/issued/roots.pem",
        names=("localhost", "127.0.0.1"),
        listener=Listener("tcp:9443"),
        others={"first": Listener("tcp:9444")},
        note="n",
        claims={"a": [1]},
        logs=(tmp_path / "a", Path("/b")),
    )
    assert isinstance(config.deadline, float)


def test_defaults(tmp_path: Path) -> None:
    """What has a default may be absent."""
    config = read(tmp_path, WHOLE)
    assert (config.note, config.claims, config.logs) == (None, None, ())


@pytest.mark.parametrize(
    ("wrong", "right", "reason"),
    [
        ("lifetme = 1\nissuer =", "issuer =", "unknown key 'lifetme'"),
        ("", "lifetime = 300\n", "missing key 'lifetime'"),
        ("", 'endpoint = "tcp:9443"\n', "missing key 'listener.endpoint'"),
        ("[others.first]\nx = 1", "[others.first]", "unknown key 'others.first.x'"),
        ("issuer = 1 #", "issuer =", "key 'issuer' must be of type str, not 1"),
        ('= "300"', "= 300", "key 'lifetime' must be of type int, not '300'"),
        ("= true", "= 300", "key 'lifetime' must be of type int, not True"),
        ("= 1", "= true", "key 'check_revocation' must be of type bool, not 1"),
        ("deadline = true", "deadline = 2", "key 'deadline' must be a number"),
        ("deadline = nan", "deadline = 2", "key 'deadline' must be a finite number"),
        ("roots = 1 #", "roots =", "key 'roots' must be a path, not 1"),
        ("names = 1 #", "names =", "key 'names' must be an array, not 1"),
        ("[1]", '["localhost", "127.0.0.1"]', "key 'names' must be of type str"),
        ("[others]\nfirst = 1\n#", "[others.first]\nend", "key 'others.first' must be"),
        ("[[listener]]", "[listener]", "key 'listener' must be a table, not [{"),
        ("[[others]]\n[others.first]", "[others.first]", "key 'others' must be a tab"),
        ('note = 1\nissuer = "', 'issuer = "', "key 'note' must be of type str"),
        ("udp:9443", "tcp:9443", "listener: endpoint 'udp:9443' is not tcp"),
        ("udp:9444", "tcp:9444", "others.first: endpoint 'udp:9444' is not tcp"),
        ("= -1", "= 300", "lifetime is negative"),
        ("lifetime", "lifetime = 300", "Expected '=' after a key"),
        ("lifetime = 1\nlifetime = 300", "lifetime = 300", "Cannot overwrite a value"),
    ],
)
def test_refused(tmp_path: Path, wrong: str, right: str, reason: str) -> None:
    """An unknown key, a missing key, a wrong type, a wrong value, and no TOML."""
    assert WHOLE.count(right) == 1
    assert refusal(tmp_path, WHOLE.replace(right, wrong)).startswith(reason)


def test_path_without_detours(tmp_path: Path) -> None:
    """A path is shown in messages, and so it is as short as it can be."""
    (tmp_path / "node").mkdir()
    roots = read(tmp_path / "node", WHOLE).roots
    assert roots == tmp_path / "pki/issued/roots.pem"


def test_path_that_leads_over_a_link(tmp_path: Path) -> None:
    """Behind a link `..` is the folder above its target, and stays as written."""
    (tmp_path / "far" / "node").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "far" / "node")
    roots = read(tmp_path / "link", WHOLE).roots
    assert roots.resolve() == tmp_path / "far/pki/issued/roots.pem"


def test_not_utf_8(tmp_path: Path) -> None:
    """TOML is UTF-8, and a file that is not is refused like any other."""
    assert "invalid start byte" in refusal(tmp_path, b"issuer = '\xff'")


def test_no_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(ConfigurationError, match=r"absent\.toml: No such file"):
        configuration.read(tmp_path / "absent.toml", Config)


def test_long_value_is_cut(tmp_path: Path) -> None:
    """A value is shown as far as one line goes."""
    assert len(refusal(tmp_path, WHOLE.replace("300", f'"{"x" * 5000}"'))) < 200


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_as_editors_of_windows_save_it(tmp_path: Path, ends: str) -> None:
    """A byte order mark, and lines that end with CR LF, are no matter."""
    text = WHOLE.replace("\n", ends).encode("utf-8-sig")
    assert read(tmp_path, text) == read(tmp_path, WHOLE)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_in_utf_16(tmp_path: Path, encoding: str) -> None:
    """What Windows calls Unicode is another encoding, and is called by its name."""
    octets = ("\ufeff" if encoding == "utf-16-le" else "") + WHOLE
    assert refusal(tmp_path, octets.encode(encoding)).startswith("in UTF-16: ")


def test_in_latin_1(tmp_path: Path) -> None:
    """The line is named, which is where an editor goes."""
    text = WHOLE + '\nnote = "Compa\u00f1ia"\n'
    line = text.count("\n")
    said = refusal(tmp_path, text.encode("latin-1"))
    assert said == (
        f"not UTF-8, as TOML is: invalid continuation byte 0xf1 in line {line}"
    )
