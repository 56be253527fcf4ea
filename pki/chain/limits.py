"""What a peer's certificates may cost whoever looks at them."""

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
