"""What a peer's certificates may cost whoever looks at them."""

from pki.bound import Bound

LARGEST_CERTIFICATE = 8 * 1024  # bytes of DER
MOST_CERTIFICATES = 10  # of one peer, its leaf among them
LARGEST_KEY = 8192  # bits: the modulus of RSA, the order of a curve
LARGEST_EXPONENT = 32  # bits of an RSA key's public exponent

MOST_INTERMEDIATES = 2  # between the leaf of a path and its root

# What may be sent after a leaf that is to be judged: the path with its root, and one
# that is astray. The work a hostile peer can cause grows with it: from four CAs of one
# name, each fitting above each, the library tries 84 signatures (9 ms with P-256, 64
# ms with P-384 keys; cryptography 50).
MOST_SENT_AFTER = MOST_INTERMEDIATES + 2

BOUNDS = (
    Bound(
        name="certificates.size",
        what="a client's certificate",
        most=LARGEST_CERTIFICATE,
        unit="bytes",
        beyond="handshake refused, or 400",
        why="a certificate of open banking takes 2 000; names are compared with"
        " constraints pair by pair",
    ),
    Bound(
        name="certificates.many",
        what="certificates of one client",
        most=MOST_CERTIFICATES,
        unit="",
        beyond="400, connection closed",
        why="a chain has two or three; all are kept while the connection is",
    ),
    Bound(
        name="certificates.key",
        what="a key in a client's certificates",
        most=LARGEST_KEY,
        unit="bits",
        beyond="handshake refused, or 400",
        why="the time of a check grows with the square of the modulus",
    ),
    Bound(
        name="certificates.exponent",
        what="the public exponent of an RSA key in them",
        most=LARGEST_EXPONENT,
        unit="bits",
        beyond="handshake refused, or 400",
        why="the time of a check grows with it: 21 ms where it is as long as a"
        " modulus of 3 072 bits, 0.1 ms with 65537",
    ),
    Bound(
        name="chain.intermediates",
        what="certificates between a client's and its root",
        most=MOST_INTERMEDIATES,
        unit="",
        beyond="401 `invalid_client`",
        why="a test PKI has one; each is one more to search among",
    ),
    Bound(
        name="chain.sent-after",
        what="certificates after a client's own, where its chain is judged",
        most=MOST_SENT_AFTER,
        unit="",
        beyond="401 `invalid_client`",
        why="from four of one name a library tries 84 signatures (9 ms with P-256)",
    ),
)
