"""
`x-fapi-interaction-id`: one name for one interaction, on every wire it crosses.

FAPI 1.0 part 1 section 6.2.1.
"""

import re
from collections.abc import Mapping

INTERACTION_ID = "x-fapi-interaction-id"

# What came is repeated in headers of ours, and so must be harmless there. Clients send
# UUIDs; some send identifiers of their own.
LONGEST_ID = 128  # characters
_HARMLESS = re.compile(rf"[!-~]{{1,{LONGEST_ID}}}")


def usable_interaction_id(headers: Mapping[str, tuple[str, ...]]) -> str:
    """
    The identifier that came, or an empty string.

    *headers* maps lower-case names to the values as they came. One that came twice, or
    that could not be repeated in a header, is none.
    """
    values = headers.get(INTERACTION_ID, ())
    return values[0] if len(values) == 1 and _HARMLESS.fullmatch(values[0]) else ""
