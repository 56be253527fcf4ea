"""The `WWW-Authenticate` field: RFC 9110 section 11.6.1, RFC 6750 section 3."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# RFC 9110 section 5.6.2 calls this a token.
_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_SPACES = r"[ \t]*"
_PARAMETER = re.compile(
    rf'({_NAME}){_SPACES}={_SPACES}(?:({_NAME})|"((?:[^"\\]|\\.)*)")'
    rf"(?={_SPACES}(?:,|$))"
)
_SCHEME = re.compile(rf"({_NAME})(?:[ \t]+|(?={_SPACES}(?:,|$)))")
_TOKEN_68 = re.compile(rf"[A-Za-z0-9\-._~+/]+=*(?={_SPACES}(?:,|$))")
_BETWEEN = re.compile(r"[ \t,]*")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme with its parameters, their names in lower case."""

    scheme: str
    parameters: Mapping[str, str]

    @property
    def error(self) -> str:
        """RFC 6750 section 3.1; nothing where the request had no token."""
        return self.parameters.get("error", "")

    @property
    def told(self) -> str:
        """The error and what the server says about it, on one line."""
        described = self.parameters.get("error_description", "")
        return f"{self.error}: {described}" if described else self.error


def find_bearer_challenge(fields: Iterable[str]) -> Challenge | None:
    """
    The first `Bearer` challenge of all the `WWW-Authenticate` *fields*.

    One field may hold several challenges, one after the other. A field is read as
    far as it is well-formed. Of a parameter that comes twice in one challenge
    (RFC 6750 section 3 forbids it) the first counts.
    """
    for field in fields:
        for challenge in _challenges(field):
            if challenge.scheme.lower() == "bearer":
                return challenge
    return None


def _challenges(field: str) -> list[Challenge]:
    found: list[Challenge] = []
    parameters: dict[str, str] = {}
    rest = _after(_BETWEEN, field)
    while rest:
        if found and (parameter := _PARAMETER.match(rest)):
            name, token, quoted = parameter.groups()
            value = re.sub(r"\\(.)", r"\1", quoted) if token is None else token
            parameters.setdefault(name.lower(), value)
            rest = rest[parameter.end() :]
        elif scheme := _SCHEME.match(rest):
            parameters = {}
            found.append(Challenge(scheme[1], parameters))
            rest = _after(_TOKEN_68, rest[scheme.end() :])
        else:
            break
        rest = _after(_BETWEEN, rest)
    return found


def _after(pattern: re.Pattern[str], text: str) -> str:
    """*text* without what *pattern* finds at its beginning."""
    found = pattern.match(text)
    return text[found.end() :] if found else text
