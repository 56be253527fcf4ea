"""
The rogues' gallery: certificates in `banking-client`'s name, to be refused.

Each is wrong in exactly one way (RFC 8705 section 7.5), so that a verifier which
forgets one check lets exactly one of them in.
"""

from datetime import timedelta

from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.parties import BANKING_CLIENT
from pki.issuing.validity import Validity, validity
from pki.pem import Credential

EXPIRED = "rogue-expired"
NOT_YET_VALID = "rogue-not-yet-valid"
REVOKED = "rogue-revoked"

ROGUES = (
    "rogue-unknown-ca",
    "rogue-self-signed",
    EXPIRED,
    NOT_YET_VALID,
    "rogue-server-only",
    "rogue-not-a-ca",
    REVOKED,
)

_TEN_YEARS = 10 * 365.25 * 86400


def rogues(
    intermediate: Authority, other_client: Credential, *, now: float, days: float
) -> dict[str, Credential]:
    """
    All of them by name, issued at *now* (seconds since the epoch) for *days*.

    *intermediate* is the authority that clients are issued by; *other_client* is a
    client of it that plays the authority. Putting `rogue-revoked` on the revocation
    list is left to the caller.
    """
    name, today = BANKING_CLIENT.subject, validity(now, days)
    stranger = authority.client_root(
        profiles.subject("Unknown Root CA", "Somebody Else Ltd"), now=now
    )
    last_month = Validity(
        today.not_before - timedelta(days=31), today.not_before - timedelta(days=1)
    )
    in_ten_years = validity(now + _TEN_YEARS, days)
    issue = intermediate.issue
    return {
        "rogue-unknown-ca": stranger.issue(profiles.CLIENT, name, today),
        "rogue-self-signed": authority.self_signed(profiles.CLIENT, name, today),
        EXPIRED: issue(profiles.CLIENT, name, last_month),
        NOT_YET_VALID: issue(profiles.CLIENT, name, in_ten_years),
        "rogue-server-only": issue(profiles.SERVER, name, today),
        "rogue-not-a-ca": Authority(other_client).issue(profiles.CLIENT, name, today),
        REVOKED: issue(profiles.CLIENT, name, today),
    }
