"""
Octets that somebody might read in another way than we do, and what we make of them.

Each request that is to be answered has a target of its own, `/1`, `/2`, and tells by it
which octets were taken for a request. After a refusal nothing more is read.
"""

from dataclasses import dataclass, field

HOST = b"Host: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST_CHUNK = b"0\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
NEXT = b"GET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True)
class Case:
    """
    *targets* are answered with 200, then comes *refusal*, or nothing. *name* is among
    its kind.
    """

    name: str
    octets: bytes
    targets: list[str] = field(default_factory=list)
    refusal: int | None = None


def _get(fields: bytes = b"", line: bytes = b"GET /1 HTTP/1.1") -> bytes:
    return line + b"\r\n" + HOST + fields + b"\r\n"


def _post(fields: bytes, body: bytes = b"") -> bytes:
    return b"POST /1 HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


def _chunked(body: bytes) -> bytes:
    return _post(CHUNKED, body)


ONE, BOTH = ["/1"], ["/1", "/2"]


def _refused(name: str, octets: bytes, status: int = 400) -> Case:
    """Refused at once, so that what is behind it is not read."""
    return Case(name, octets + HIDDEN, refusal=status)


LINES = [
    Case("one", _get(), ONE),
    Case("two", _get() + NEXT, BOTH),
    Case("an empty line before", b"\r\n" + _get() + b"\r\n" + NEXT, BOTH),
    _refused("two empty lines before", b"\r\n\r\n" + _get()),
    _refused("a bare LF before", b"\n" + _get()),
    Case("nothing but an empty line", b"\r\n"),
    _refused("LF alone", b"GET /1 HTTP/1.1\nHost: localhost\n\n"),
    _refused("LF behind the line", b"GET /1 HTTP/1.1\nHost: localhost\r\n\r\n"),
    _refused("CR twice", b"GET /1 HTTP/1.1\r\r\nHost: localhost\r\n\r\n"),
    _refused("CR in the target", _get(line=b"GET /1\r HTTP/1.1")),
    _refused("two spaces", _get(line=b"GET  /1 HTTP/1.1")),
    _refused("a tab", _get(line=b"GET\t/1 HTTP/1.1")),
    _refused("a space in front", _get(line=b" GET /1 HTTP/1.1")),
    _refused("a space behind", _get(line=b"GET /1 HTTP/1.1 ")),
    _refused("a space in the target", _get(line=b"GET /1 x HTTP/1.1")),
    _refused("NUL in the target", _get(line=b"GET /1\0 HTTP/1.1")),
    _refused("DEL in the target", _get(line=b"GET /1\x7f HTTP/1.1")),
    _refused("an octet that nobody took", _get(line=b"GET /1\xff HTTP/1.1")),
    _refused("no target", _get(line=b"GET HTTP/1.1")),
    _refused("no version", b"GET /1\r\n\r\n"),
    _refused("HTTP/0.9", b"GET /1\r\n"),
    _refused("HTTP/1.2", _get(line=b"GET /1 HTTP/1.2")),
    _refused("HTTP/2.0", _get(line=b"GET /1 HTTP/2.0")),
    _refused("HTTP/1.10", _get(line=b"GET /1 HTTP/1.10")),
    _refused("HTTP/1.", _get(line=b"GET /1 HTTP/1.")),
    _refused("small letters", _get(line=b"GET /1 http/1.1")),
    _refused("another protocol", _get(line=b"GET /1 ICY/1.1")),
    _refused("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    _refused("a handshake of TLS", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\n"),
    Case("a method of nobody", _get(line=b"BREW /1 HTTP/1.1") + NEXT, BOTH),
    Case("a method in small letters", _get(line=b"get /1 HTTP/1.1"), ONE),
    Case("a method of RTSP", _get(line=b"DESCRIBE /1 HTTP/1.1") + NEXT, BOTH),
    Case("a method of ICE", _get(line=b"SOURCE /1 HTTP/1.1") + NEXT, BOTH),
    Case("PRI in HTTP/1.1", _get(line=b"PRI /1 HTTP/1.1") + NEXT, BOTH),
    _refused("a method that is no token", _get(line=b"G{T /1 HTTP/1.1")),
    _refused("no method", _get(line=b" /1 HTTP/1.1")),
    Case("absolute-form", _get(line=b"GET https://localhost/1 HTTP/1.1"), ONE),
    Case("asterisk-form", _get(line=b"OPTIONS * HTTP/1.1") + NEXT, ["*", "/2"]),
    Case(
        "authority-form",
        _get(line=b"CONNECT localhost:443 HTTP/1.1") + NEXT,
        ["localhost:443", "/2"],
    ),
    Case(
        "CONNECT with a body",
        _get(b"Content-Length: 3\r\n", b"CONNECT a:1 HTTP/1.1") + b"abc" + NEXT,
        ["a:1", "/2"],
    ),
    _refused("long", b"GET /" + b"1" * 16_384 + b" HTTP/1.1\r\n", 414),
    _refused("long without an end", b"GET /" + b"1" * 16_384, 414),
]

FIELDS = [
    _refused("a space before the colon", _get(b"X : 1\r\n")),
    _refused("a tab before the colon", _get(b"X\t: 1\r\n")),
    _refused("a length with a space", _post(b"Content-Length : 3\r\n", b"abc")),
    _refused("a coding with a space", _post(CHUNKED.replace(b":", b" :"), LAST_CHUNK)),
    _refused(
        "a space before the first", b"GET /1 HTTP/1.1\r\n Host: localhost\r\n\r\n"
    ),
    _refused("folded", _get(b"X: 1\r\n 2\r\n")),
    _refused("folded by a tab", _get(b"X: 1\r\n\t2\r\n")),
    _refused("folded to nothing", _get(b"X: 1\r\n \r\n")),
    _refused("a folded length", _post(b"Content-Length:\r\n 3\r\n", b"abc")),
    _refused(
        "a folded coding", _post(b"Transfer-Encoding:\r\n chunked\r\n", LAST_CHUNK)
    ),
    _refused("LF behind a field", _get(b"X: 1\nY: 2\r\n")),
    _refused("LF instead of the empty line", _get(b"X: 1\r\n\n")),
    _refused("a coding behind LF", _post(b"X: 1\n" + CHUNKED, LAST_CHUNK)),
    _refused("CR in a value", _get(b"X: 1\r2\r\n")),
    _refused("a coding behind CR", _post(b"X: 1\r" + CHUNKED, LAST_CHUNK)),
    _refused("NUL in a value", _get(b"X: 1\x002\r\n")),
    _refused("a control in a value", _get(b"X: 1\x0b2\r\n")),
    _refused("NUL in a name", _get(b"X\0Y: 1\r\n")),
    _refused("a letter beyond ASCII in a name", _get(b"X\xff: 1\r\n")),
    _refused("a parenthesis in a name", _get(b"X(: 1\r\n")),
    _refused("no name", _get(b": 1\r\n")),
    _refused("no colon", _get(b"X\r\n")),
    Case("no value", _get(b"X:\r\nY: \r\n") + NEXT, BOTH),
    Case("a value beyond ASCII", _get(b"X: \xff\xfe\r\n"), ONE),
    Case("a tab in a value", _get(b"X: 1\t2\r\n"), ONE),
    Case("an underscore", _post(b"Content_Length: 3\r\n") + NEXT, BOTH),
    Case("a hundred", _get(b"X: 1\r\n" * 99), ONE),
    _refused("a hundred and one", _get(b"X: 1\r\n" * 100), 431),
    _refused("large", _get(b"X: " + b"1" * 16_384 + b"\r\n"), 431),
    _refused("large without an end", _get()[:-2] + b"X: " + b"1" * 16_384, 431),
    _refused("large together", _get((b"X: " + b"1" * 500 + b"\r\n") * 40), 431),
    _refused("no Host", b"GET /1 HTTP/1.1\r\nX: 1\r\n\r\n"),
    _refused("nothing at all", b"GET /1 HTTP/1.1\r\n\r\n"),
    _refused("two Hosts", _get(HOST)),
    _refused("two Hosts in absolute-form", _get(HOST, b"GET https://a/1 HTTP/1.1")),
    _refused("a Host that is none", b"GET /1 HTTP/1.1\r\nHost: a b\r\n\r\n"),
    _refused("a list of Hosts", b"GET /1 HTTP/1.1\r\nHost: a/, b\r\n\r\n"),
    _refused("a user", b"GET /1 HTTP/1.1\r\nHost: a@localhost\r\n\r\n"),
    Case("HTTP/1.0 without Host", b"GET /1 HTTP/1.0\r\n\r\n" + HIDDEN, ONE),
    Case("close", _get(b"Connection: close\r\n") + HIDDEN, ONE),
    Case("close in a list", _get(b"Connection: x, Close ,\r\n") + HIDDEN, ONE),
    Case(
        "close in a second field", _get(b"Connection: x\r\nConnection: close\r\n"), ONE
    ),
    Case("close of a proxy", _get(b"Proxy-Connection: close\r\n") + NEXT, BOTH),
    Case("kept in HTTP/1.0", b"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ONE),
]

_UPGRADE = b"Connection: upgrade\r\nUpgrade: h2c\r\n"

LENGTHS = [
    Case("a length", _post(b"Content-Length: 3\r\n", b"abc") + NEXT, BOTH),
    Case("a length of nothing", _post(b"Content-Length: 0\r\n") + NEXT, BOTH),
    Case("a length in white space", _post(b"Content-Length: \t3 \r\n", b"abc"), ONE),
    Case("a length with zeros", _post(b"Content-Length: 003\r\n", b"abc") + NEXT, BOTH),
    Case("of a GET", _get(b"Content-Length: 3\r\n") + b"abc" + NEXT, BOTH),
    Case("missing", _post(b"") + NEXT, BOTH),
    Case("shorter than announced", _post(b"Content-Length: 3\r\n", b"ab")),
    Case(
        "longer than announced",
        _post(b"Content-Length: 3\r\n", b"abc ") + HIDDEN,
        ONE,
        400,
    ),
    _refused("plus", _post(b"Content-Length: +3\r\n", b"abc")),
    _refused("minus", _post(b"Content-Length: -3\r\n", b"abc")),
    _refused("hexadecimal", _post(b"Content-Length: 0x3\r\n", b"abc")),
    _refused("a fraction", _post(b"Content-Length: 3.0\r\n", b"abc")),
    _refused("a digit beyond ASCII", _post(b"Content-Length: \xb3\r\n", b"abc")),
    _refused("digits apart", _post(b"Content-Length: 3 3\r\n", b"abc")),
    _refused("empty", _post(b"Content-Length:\r\n", b"abc")),
    _refused("a list", _post(b"Content-Length: 3, 3\r\n", b"abc")),
    _refused("twice", _post(b"Content-Length: 3\r\n" * 2, b"abc")),
    _refused("two", _post(b"Content-Length: 3\r\nContent-Length: 0\r\n", b"abc")),
    _refused(
        "beyond 64 bits", _post(b"Content-Length: 18446744073709551619\r\n", b"abc")
    ),
    _refused("many zeros", _post(b"Content-Length: " + b"0" * 5000 + b"3\r\n", b"abc")),
    _refused("large", _post(b"Content-Length: 65537\r\n"), 413),
    Case(
        "a length in HTTP/1.0", b"POST /1 HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", ONE
    ),
    Case("an upgrade", _get(_UPGRADE) + NEXT, BOTH),
    Case("an upgrade, close", _get(b"Connection: close\r\n" + _UPGRADE) + HIDDEN, ONE),
    Case(
        "an upgrade by half",
        _post(b"Upgrade: h2c\r\nContent-Length: 3\r\n", b"abc"),
        ONE,
    ),
    _refused(
        "an upgrade with a body", _post(_UPGRADE + b"Content-Length: 3\r\n", b"abc")
    ),
    _refused("an upgrade with chunks", _post(_UPGRADE + CHUNKED, LAST_CHUNK)),
]

CODINGS = [
    Case("chunked", _chunked(b"3\r\nabc\r\n" + LAST_CHUNK) + NEXT, BOTH),
    Case("of a GET", _get(CHUNKED) + b"3\r\nabc\r\n" + LAST_CHUNK + NEXT, BOTH),
    Case("CHUNKED", _post(b"Transfer-Encoding: CHUNKED\r\n", LAST_CHUNK) + NEXT, BOTH),
    _refused(
        "length and chunked", _post(b"Content-Length: 5\r\n" + CHUNKED, LAST_CHUNK)
    ),
    _refused(
        "chunked and length", _post(CHUNKED + b"Content-Length: 5\r\n", LAST_CHUNK)
    ),
    _refused("and no length", _post(CHUNKED + b"Content-Length: 0\r\n", LAST_CHUNK)),
    _refused("twice", _post(CHUNKED * 2, LAST_CHUNK)),
    _refused("in HTTP/1.0", b"POST /1 HTTP/1.0\r\n" + CHUNKED + b"\r\n" + LAST_CHUNK),
    *(
        _refused(
            repr(coding), _post(b"Transfer-Encoding: " + coding + b"\r\n", LAST_CHUNK)
        )
        for coding in (
            b"gzip",
            b"gzip, chunked",
            b"chunked, gzip",
            b"chunked, chunked",
            b"identity",
            b"identity, chunked",
            b"chunked, identity",
            b"chunked,",
            b",chunked",
            b"chunked;q=1",
            b'"chunked"',
            b"xchunked",
            b"chunkedx",
            b"chunked chunked",
            b"\x0bchunked",
            b"chunked\x0b",
            b"chunked\0",
            b"\xa0chunked",
            b"",
        )
    ),
    _refused(
        "then identity", _post(CHUNKED + b"Transfer-Encoding: identity\r\n", LAST_CHUNK)
    ),
    _refused("then nothing", _post(CHUNKED + b"Transfer-Encoding:\r\n", LAST_CHUNK)),
    _refused("after gzip", _post(b"Transfer-Encoding: gzip\r\n" + CHUNKED, LAST_CHUNK)),
    Case("another name", _post(b"X-Transfer-Encoding: chunked\r\n") + NEXT, BOTH),
]

CHUNKS = [
    Case("two", _chunked(b"2\r\nab\r\n1\r\nc\r\n" + LAST_CHUNK) + NEXT, BOTH),
    Case("zeros", _chunked(b"0003\r\nabc\r\n000\r\n\r\n") + NEXT, BOTH),
    Case(
        "letters", _chunked(b"a\r\n1234567890\r\nA\r\n1234567890\r\n" + LAST_CHUNK), ONE
    ),
    Case(
        "line ends inside", _chunked(b"6\r\n0\r\n\r\n\n\r\n" + LAST_CHUNK) + NEXT, BOTH
    ),
    Case("an extension", _chunked(b"3;x=y\r\nabc\r\n0;z\r\n\r\n") + NEXT, BOTH),
    Case("a quoted one", _chunked(b'3;x="y;0"\r\nabc\r\n' + LAST_CHUNK) + NEXT, BOTH),
    Case("not all", _chunked(b"3\r\nab")),
    Case("no last one", _chunked(b"3\r\nabc\r\n")),
    Case("no line behind the last", _chunked(b"3\r\nabc\r\n0\r\n")),
    *(
        _refused(repr(chunk), _chunked(chunk + LAST_CHUNK))
        for chunk in (
            b"3\nabc\r\n",
            b"3\r\nabc\n",
            b"3\rabc\r\n",
            b"3\r\r\nabc\r\n",
            b"3\r\nabc",
            b"3\r\nabcd\r\n",
            b"3\r\nab\r\n",
            b" 3\r\nabc\r\n",
            b"3 \r\nabc\r\n",
            b"\t3\r\nabc\r\n",
            b"0x3\r\nabc\r\n",
            b"+3\r\nabc\r\n",
            b"-3\r\nabc\r\n",
            b"g\r\nabc\r\n",
            b"\xb3\r\nabc\r\n",
            b"3_0\r\nabc\r\n",
            b"\r\n3\r\nabc\r\n",
            b"10000000000000003\r\nabc\r\n",
            b"3;\0\r\nabc\r\n",
            b"3;x\nabc\r\n",
            b"3;x\n\r\nabc\r\n",
            b"3;x\rabc\r\n",
            b'3;x="\n"\r\nabc\r\n',
            b'3;x="\r\nabc\r\n',
        )
    ),
    _refused("LF behind the last", _chunked(b"0\n\r\n")),
    _refused("LF at the end", _chunked(b"0\r\n\n")),
    _refused("a large one", _chunked(b"ffff1\r\n" + b"x" * 65_537), 413),
    _refused("a large extension", _chunked(b"1;" + b"x" * 65_537 + b"\r\na\r\n"), 413),
    _refused("large trailers", _chunked(b"0\r\n" + b"X: 1\r\n" * 11_000), 413),
    Case("a trailer", _chunked(b"0\r\nX: 1\r\nY: 2\r\n\r\n") + NEXT, BOTH),
    Case("Host as a trailer", _chunked(b"0\r\nHost: evil\r\n\r\n") + NEXT, BOTH),
    _refused("a length as a trailer", _chunked(b"0\r\nContent-Length: 5\r\n\r\n")),
    _refused("a bad trailer", _chunked(b"0\r\nX\r\n\r\n")),
    _refused("a folded trailer", _chunked(b"0\r\nX: 1\r\n 2\r\n\r\n")),
    _refused("a trailer behind a space", _chunked(b"0\r\n X: 1\r\n\r\n")),
]

KINDS = {
    "line": LINES,
    "field": FIELDS,
    "length": LENGTHS,
    "coding": CODINGS,
    "chunk": CHUNKS,
}
CASES = {
    f"{kind}: {case.name}": case for kind, cases in KINDS.items() for case in cases
}
