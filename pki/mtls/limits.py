"""What a peer may send over a connection, how long that may take, and what it costs."""

from pki.bound import Bound

# The largest depth to which OpenSSL goes in a client's chain: the leaf's issuer.
VERIFY_DEPTH = 0

LARGEST_HEADERS = 16 * 1024  # bytes, the request line included
MOST_HEADER_FIELDS = 100
LARGEST_BODY = 64 * 1024  # bytes; a token request needs a few hundred
# Bytes of a chunked body beside its content: sizes, extensions, trailers.
LARGEST_FRAMING = 64 * 1024
# Bytes that may wait behind a request until it is answered, before no more is read. One
# read brings up to 64 KiB. Who reads nothing meanwhile does not hear that a peer went.
LARGEST_AHEAD = 16 * 1024
REQUEST_DEADLINE = 20  # seconds: a handshake and the request that follows it
IDLE_DEADLINE = 60  # seconds a kept connection may wait for its next request
CLOSE_DEADLINE = 10  # seconds to read the last answer and to agree to the end
# Bytes taken from a peer that sends on after that answer. A few must be: behind them
# is its agreement, and whoever closes on unread data resets the connection, which can
# take the answer away from the peer (RFC 9112 section 9.6).
LARGEST_UNHEARD = LARGEST_BODY

# What Twisted 26.10 lets wait for the peer before it asks for a pause: that much of TLS
# (`_AggregateSmallWrites`) and that much of TCP (`FileDescriptor.bufferSize`).
LARGEST_UNTAKEN = 2 * 64 * 1024

LARGEST_ANSWER_BODY = 1024 * 1024  # bytes, of a server that we ask
LARGEST_ANSWER_HEADERS = 64 * 1024  # bytes

LARGEST_TAPPED_CONNECTION = 4 * 1024 * 1024  # bytes recorded of one connection
# The same of one whose secrets are not kept, but for the handshake's: it takes 4 KiB,
# and the pages that a browser is shown after it are of use to nobody.
LARGEST_SEALED_CONNECTION = 64 * 1024
# Bytes recorded of one listener's: of the two that a node has at most, in base64, a
# third of its recording. The rest is left to its messages.
LARGEST_TAPPED_LISTENER = 32 * 1024 * 1024

BOUNDS = (
    Bound(
        name="handshake.signatures",
        what="signatures of a client's chain that a handshake checks",
        most=VERIFY_DEPTH + 1,
        unit="",
        beyond="not checked",
        why="OpenSSL's verdict is overruled; it cannot be told to check none",
    ),
    Bound(
        name="request.header-bytes",
        what="request line and header fields",
        most=LARGEST_HEADERS,
        unit="bytes",
        beyond="431, or 414 for the line; connection closed",
        why="a chain of certificates in a field takes 8 000 (RFC 9440 section 3.2)",
    ),
    Bound(
        name="request.header-fields",
        what="header fields of a request",
        most=MOST_HEADER_FIELDS,
        unit="",
        beyond="431, connection closed",
        why="browsers send twenty",
    ),
    Bound(
        name="request.body",
        what="the body of a request",
        most=LARGEST_BODY,
        unit="bytes",
        beyond="413, connection closed",
        why="a token request takes a few hundred, a pushed one a few thousand",
    ),
    Bound(
        name="request.framing",
        what="what frames the chunks of a body: sizes, extensions, trailers",
        most=LARGEST_FRAMING,
        unit="bytes",
        beyond="413, connection closed",
        why="a chunk may hold one byte, and say about it what it likes",
    ),
    Bound(
        name="request.deadline",
        what="handshake and first request, or each further one from its first byte",
        most=REQUEST_DEADLINE,
        unit="seconds",
        beyond="408, connection closed; a handshake is cut off",
        why="a peer may send one byte at a time for ever",
    ),
    Bound(
        name="connection.idle",
        what="the wait for the next request, or for a peer that takes no answers",
        most=IDLE_DEADLINE,
        unit="seconds",
        beyond="connection closed",
        why="longer than our own clients keep theirs",
    ),
    Bound(
        name="connection.close",
        what="the wait for a peer to agree to the end",
        most=CLOSE_DEADLINE,
        unit="seconds",
        beyond="connection cut off",
        why="Twisted would wait without end",
    ),
    Bound(
        name="connection.unheard",
        what="what a peer sends on after its last answer",
        most=LARGEST_UNHEARD,
        unit="bytes",
        beyond="not read, the connection cut off",
        why="its agreement to the end is behind it",
    ),
    Bound(
        name="connection.ahead",
        what="what comes behind a request before that is answered",
        most=LARGEST_AHEAD,
        unit="bytes",
        beyond="not read until it is",
        why="a peer may pipeline a thousand requests; few do, and a handler may wait",
    ),
    Bound(
        name="connection.untaken",
        what="answers that wait for a peer to take them, beside the last",
        most=LARGEST_UNTAKEN,
        unit="bytes",
        beyond="its next request is not begun, nothing more is read; after the wait"
        " connection closed",
        why="a peer may pipeline a thousand requests and read nothing",
    ),
    Bound(
        name="answer.body",
        what="the body of an answer to us",
        most=LARGEST_ANSWER_BODY,
        unit="bytes",
        beyond="no answer, connection cut off",
        why="a year of transactions; a JWK set has a bound of its own",
    ),
    Bound(
        name="answer.headers",
        what="the header of an answer to us",
        most=LARGEST_ANSWER_HEADERS,
        unit="bytes",
        beyond="no answer, connection cut off",
        why="Twisted's client bounds one line and not their number",
    ),
    Bound(
        name="wire.connection",
        what="what crosses the wire of one connection, where there is a recording",
        most=LARGEST_TAPPED_CONNECTION,
        unit="bytes",
        beyond="no more of it recorded, which the recording says",
        why="any peer can have it recorded",
    ),
    Bound(
        name="wire.sealed",
        what="the same of a connection whose secrets are not kept",
        most=LARGEST_SEALED_CONNECTION,
        unit="bytes",
        beyond="as above",
        why="a handshake takes 4 000",
    ),
    Bound(
        name="wire.listener",
        what="the same of all connections of one listener",
        most=LARGEST_TAPPED_LISTENER,
        unit="bytes",
        beyond="as above",
        why="the rest of a recording is for its messages",
    ),
)
