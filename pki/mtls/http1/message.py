"""What llhttp finds in one message."""


class Message:
    """
    The fields and the body of one request, as llhttp calls them out.

    *fields* are lower-case names and values in the order they came, with white space
    behind a value if some came. What follows a chunked body has the form of fields too,
    and is dropped: no trailer is a header (RFC 9110 section 6.5.1), whatever its name.
    """

    __slots__ = ("body", "body_size", "fields", "head_is_whole", "is_whole")

    def __init__(self) -> None:
        self.fields: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []
        self.body_size = 0
        self.head_is_whole = False
        self.is_whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field, or a trailer."""
        if not self.head_is_whole:
            self.fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The empty line behind the fields came."""
        self.head_is_whole = True

    def on_body(self, part: bytes) -> None:
        """A part of the body, without what frames it."""
        self.body.append(part)
        self.body_size += len(part)

    def on_message_complete(self) -> None:
        """The last octet came."""
        self.is_whole = True
