"""
`Strict-Transport-Security`: come back by https and by nothing else (RFC 6797).

FAPI 2.0 Security Profile section 5.2.3 wants it of what browsers reach. It is about a
host, whatever the port, so on loopback it would break a developer's other projects;
and browsers keep none for an address (RFC 6797 section 8.1.1). The name is the one that
the peer has asked for, which is as the deployment is configured: nothing to switch on.
"""

import re
from functools import lru_cache
from ipaddress import ip_address

from pki.http.messages import Fields

_ONE_YEAR = 365 * 86400
_FIELD = ("Strict-Transport-Security", f"max-age={_ONE_YEAR}")
_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?")
_PORT = re.compile(r":[0-9]*$")


@lru_cache(maxsize=256)
def strict_transport_security(host: str) -> Fields:
    """
    The field, where *host* is a host name of the network: a `Host` field's value.

    None for loopback names, for addresses, and for what is neither. That the name is
    one of ours is not checked.
    """
    name = _PORT.sub("", host).lower().removesuffix(".")
    is_loopback = name == "localhost" or name.endswith(".localhost")
    if is_loopback or not _NAME.fullmatch(name) or _is_address(name):
        return ()
    return (_FIELD,)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
