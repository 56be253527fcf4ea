"""
The groups that keys are exchanged in.

pyOpenSSL 26.4 has no public way to name more than one, so two of its private names,
`SSL._lib` and `Context._context`, are used in this file alone; `test_key_exchange` says
when they have changed.
"""

from typing import Any

from OpenSSL import SSL

# Mozilla's "intermediate" (Server Side TLS 5.8). Left to itself OpenSSL 4.0 takes X448,
# secp521r1 and finite fields as well, of which the slowest cost a server milliseconds.
# The first is a hybrid with ML-KEM: what is recorded today is not read when there are
# quantum computers.
GROUPS = b"X25519MLKEM768:X25519:P-256:P-384"


def limit_groups(context: SSL.Context) -> None:
    """
    Exchange keys in GROUPS alone.

    Raises:
        ValueError: OpenSSL does not have one of them.
    """
    binding: Any = SSL
    if binding._lib.SSL_CTX_set1_curves_list(context._context, GROUPS) != 1:  # noqa: SLF001
        raise ValueError(f"OpenSSL lacks one of the groups {GROUPS.decode()}")
