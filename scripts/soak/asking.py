"""
A plain HTTP client: one request at a time, on a kept connection or on a new one.

Of the standard library, so that what is measured is the server and not our client.
"""

import http.client
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from pki.http.answers import Answer
from pki.http.messages import Fields

PATIENCE = 15.0
"""Seconds after which a client gives up: what our own and most others' have."""


class NoAnswer(Exception):
    """There is none; the text says why."""


@dataclass
class Asking:
    """Asks with one certificate, or with none; *kept* are its open connections."""

    context: ssl.SSLContext
    kept: dict[str, http.client.HTTPSConnection] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for connection in self.kept.values():
            connection.close()
        self.kept.clear()

    def ask(
        self, method: str, url: str, headers: Fields = (), body: bytes = b""
    ) -> Answer:
        """
        One request on the kept connection to its origin, which is made if need be.

        Raises:
            NoAnswer: no connection, or it broke, or the answer took too long.
        """
        where = urlsplit(url).netloc
        if where not in self.kept:
            self.kept[where] = self._connection(where)
        try:
            return _exchange(self.kept[where], method, url, headers, body)
        except NoAnswer:
            self.kept.pop(where).close()
            raise

    def ask_anew(
        self, method: str, url: str, headers: Fields = (), body: bytes = b""
    ) -> Answer:
        """
        The same on a connection of its own.

        Raises:
            NoAnswer: likewise.
        """
        connection = self._connection(urlsplit(url).netloc)
        try:
            return _exchange(connection, method, url, headers, body)
        finally:
            connection.close()

    def _connection(self, where: str) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            where, context=self.context, timeout=PATIENCE
        )


def _exchange(
    connection: http.client.HTTPSConnection,
    method: str,
    url: str,
    headers: Fields,
    body: bytes,
) -> Answer:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request(method, target, body or None, dict(headers))
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException) as problem:
        raise NoAnswer(f"{method} {parts.path}: {problem!r:.200}") from problem
    fields: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for name, value in response.getheaders():
        fields[name.lower()] += (value,)
    return Answer(response.status, fields, content)
