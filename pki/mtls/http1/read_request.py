"""A request as it was read: octets, and where each of them belongs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestLine:
    """RFC 9112 section 3, without its line end; *minor* is of HTTP/1."""

    method: bytes
    target: bytes
    minor: bytes

    @property
    def is_http_1_1(self) -> bool:
        """And not HTTP/1.0, the other one that is read."""
        return self.minor == b"1"

    @property
    def size(self) -> int:
        """In octets."""
        return len(self.method) + len(self.target) + len(b"  HTTP/1.1")


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """
    A request that is whole. Neither its target nor its Host is checked yet.

    *fields* are lower-case names and values in the order they came, with white space
    behind a value if some came.
    """

    line: RequestLine
    fields: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def keeps(self) -> bool:
        """RFC 9112 section 9.3: whether its connection may bring another one."""
        return self.line.is_http_1_1 and not any(
            b"close" in (option.strip(b" \t").lower() for option in value.split(b","))
            for name, value in self.fields
            if name == b"connection"
        )
