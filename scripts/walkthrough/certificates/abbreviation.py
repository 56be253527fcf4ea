"""Octets to look at."""

_SHOWN = 24
"""Bytes: enough to tell two values apart at a glance."""


def abbreviated(octets: bytes) -> str:
    """Octets in hexadecimal; of many, the first ones and how many there are."""
    if len(octets) <= _SHOWN:
        return octets.hex()
    return f"{octets[:_SHOWN].hex()}… ({len(octets)} bytes)"
