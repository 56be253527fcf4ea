"""A peer's connection, and the octets of HTTP that floods need."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from scripts.deployment.place import HOST, NAME

_LONGEST = 64 * 1024  # octets of the headers of an answer
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Peer:
    """One end of a connection to a node."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, octets: bytes) -> None:
        """Returns when they are on their way, or few enough wait."""
        self.writer.write(octets)
        await self.writer.drain()

    async def answer(self) -> int:
        """
        The status of one answer; its body is read as far as Content-Length says.

        Raises:
            EOFError, OSError: the node has closed before.
        """
        headers = await self.reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(headers)
        await self.reader.readexactly(int(length[1]) if length else 0)
        return int(headers.split(b" ", 2)[1])


@asynccontextmanager
async def connected(
    port: int, tls: ssl.SSLContext | None, *, source: str = HOST
) -> AsyncIterator[Peer]:
    """
    A connection from *source* to *port*, its handshake done where there is one.

    Afterwards it is gone at once: nothing is waited for, and nothing said.
    """
    reader, writer = await asyncio.open_connection(
        HOST,
        port,
        ssl=tls,
        server_hostname=None if tls is None else NAME,
        local_addr=None if source == HOST else (source, 0),
        limit=_LONGEST,
    )
    try:
        yield Peer(reader, writer)
    finally:
        writer.transport.abort()


def request(method: str, url: str, *fields: str, body: bytes = b"") -> bytes:
    """An HTTP/1.1 request; *fields* are lines."""
    parts = urlsplit(url)
    length = (f"Content-Length: {len(body)}",) if body else ()
    begin = f"{method} {parts.path} HTTP/1.1"
    lines = [begin, f"Host: {parts.netloc}", *fields, *length]
    return "\r\n".join([*lines, "", ""]).encode() + body
