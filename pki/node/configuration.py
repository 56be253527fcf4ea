"""
One TOML file into one frozen dataclass, strictly.

A key nobody asked for, a key that is missing, a value of another type: each is
refused with one line that names the file and the key. A typing error in the name
of a security switch must not silently mean its default.
"""

import codecs
import dataclasses
import math
import os
import tomllib
import types
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Config = TypeVar("Config")


class ConfigurationError(ValueError):
    """The file cannot be used; the text is one line and names file and key."""


def read(path: Path, kind: type[Config]) -> Config:
    """
    The configuration in the TOML file *path* as an instance of dataclass *kind*.

    Fields may be `str`, `int`, `float`, `bool`, `Path` (taken as relative to the
    file), `tuple[X, ...]`, `dict[str, X]`, `X | None`, `Any` and further
    dataclasses. A field with a default may be absent. What a value *means* is
    checked by the dataclass itself: a `ValueError` from its `__post_init__` is
    reported under the key it belongs to.

    Raises:
        ConfigurationError: always one line.
    """
    try:
        table = read_toml(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise ConfigurationError(f"{path}: {_one_line(error)}") from error
    try:
        value = _converted(table, kind, "", path.parent)
    except ValueError as error:
        raise ConfigurationError(f"{path}: {_one_line(error)}") from error
    assert isinstance(value, kind)  # noqa: S101 - tells mypy what _converted made
    return value


def read_toml(path: Path) -> dict[str, Any]:
    """
    The TOML file *path*, with a byte order mark if an editor of Windows put one there.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no TOML, or in another encoding than UTF-8.
    """
    octets = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ValueError("in UTF-16: TOML is UTF-8, save it as that")
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        octet = octets[error.start]
        raise ValueError(
            f"not UTF-8, as TOML is: {error.reason} 0x{octet:02x} in line {line}"
        ) from error
    # TOML's new lines are LF and CR LF, and tomllib knows the one.
    return tomllib.loads(text.replace("\r\n", "\n"))


def _converted(value: object, kind: Any, key: str, folder: Path) -> object:
    """*value* as a *kind*; *key* is its dotted name in the file."""
    if kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        return _dataclass(_expect(value, dict, "a table", key), kind, key, folder)
    if get_origin(kind) is not None:
        return _generic(value, kind, key, folder)
    if kind is Path:
        return _short(folder / _expect(value, str, "a path", key))
    if kind is float:
        return _finite(_expect(value, (int, float), "a number", key), key)
    return _expect(value, kind, f"of type {kind.__name__}", key)


def _generic(value: object, kind: Any, key: str, folder: Path) -> object:
    """*value* as an `X | None`, a `tuple[X, ...]` or a `dict[str, X]`."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):  # TOML has no null
        present = next(a for a in arguments if a is not type(None))
        return _converted(value, present, key, folder)
    if get_origin(kind) is tuple:
        items = _expect(value, list, "an array", key)
        return tuple(_converted(item, arguments[0], key, folder) for item in items)
    table = _expect(value, dict, "a table", key)
    return {
        name: _converted(item, arguments[1], _dotted(key, name), folder)
        for name, item in table.items()
    }


def _dataclass(table: dict[str, object], kind: Any, key: str, folder: Path) -> object:
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if unknown := table.keys() - fields.keys():
        raise ValueError(f"unknown key {_dotted(key, min(unknown))!r}")
    missing = [
        name
        for name, field in fields.items()
        if name not in table
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ValueError(f"missing key {_dotted(key, missing[0])!r}")
    values = {
        name: _converted(value, hints[name], _dotted(key, name), folder)
        for name, value in table.items()
    }
    try:
        return kind(**values)
    except ValueError as error:
        raise ValueError(f"{key}: {error}" if key else str(error)) from error


def _short(path: Path) -> Path:
    """*path* as a person would write it, without `..` where that is the same file."""
    short = Path(os.path.normpath(path))
    # After a link, `..` leads elsewhere; links stay, for they may be changed.
    return short if short.resolve() == path.resolve() else path


def _expect(value: object, kind: Any, what: str, key: str) -> Any:
    """*value* if it is a *kind*; `bool` is not an `int` here, though in Python."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"key {key!r} must be {what}, not {value!r:.80}")
    return value


def _finite(number: float, key: str) -> float:
    """TOML has `nan` and `inf`; nothing that is configured here is either."""
    if not math.isfinite(number):
        raise ValueError(f"key {key!r} must be a finite number")
    return float(number)


def _dotted(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
