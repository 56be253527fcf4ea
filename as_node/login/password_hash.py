"""
Passwords as they are kept: Argon2id, RFC 9106, in the notation `$argon2id$v=19$…`.

`python -m as_node.login.password_hash` reads a password from the terminal, or a line
from standard input, and prints what belongs into a user's table.
"""

import os
import re
import sys
import unicodedata
from base64 import b64encode
from getpass import getpass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY = 19 * 1024  # KiB
PASSES = 2
LANES = 1
"""
RFC 9106 section 4 recommends more where a server has nothing else to do; this is the
least that OWASP's Password Storage Cheat Sheet calls enough: 30 ms of one core and
19 MiB for each guess, measured.
"""

# One set of parameters for all: a hash that took another time than the others would
# tell whose it is.
_OURS = re.compile(
    rf"\$argon2id\$v=19\$m={MEMORY},t={PASSES},p={LANES}"
    r"\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}"
)


def hash_password(password: str) -> str:
    """The hash of *password*, with a salt of its own."""
    argon2id = Argon2id(
        salt=os.urandom(16),
        length=32,
        iterations=PASSES,
        lanes=LANES,
        memory_cost=MEMORY,
    )
    return argon2id.derive_phc_encoded(_octets(password))


def hash_of_no_password() -> str:
    """
    A hash that takes as long to verify as any, and that no password is known to have.

    Nothing was hashed to make it, so it costs nothing.
    """
    salt, tag = (
        b64encode(os.urandom(length)).rstrip(b"=").decode("ascii")
        for length in (16, 32)
    )
    return f"$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${salt}${tag}"


def is_password_of(password_hash: str, password: str) -> bool:
    """Whether *password* is the one that was hashed. Takes as long as it takes."""
    try:
        Argon2id.verify_phc_encoded(_octets(password), password_hash)
    except InvalidKey:
        return False
    return True


def verify_password_hash(password_hash: str) -> None:
    """
    *password_hash* is one that `hash_password` could have made.

    Raises:
        ValueError: it is not; the text does not repeat it.
    """
    if not _OURS.fullmatch(password_hash):
        raise ValueError(
            "password_hash: expected what `python -m as_node.login.password_hash`"
            f" prints: Argon2id with m={MEMORY}, t={PASSES}, p={LANES}"
        )


def _octets(password: str) -> bytes:
    """RFC 8265 section 4.2: one form for what keyboards write in several (NFC)."""
    return unicodedata.normalize("NFC", password).encode("utf-8")


def main() -> None:
    """Ask for a password and print its hash."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise SystemExit("as: there is no password to hash")
    print(hash_password(password))  # noqa: T201 - a command talks to a person


if __name__ == "__main__":
    main()
