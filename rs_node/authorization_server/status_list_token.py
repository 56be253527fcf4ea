"""A Status List Token, judged: draft-ietf-oauth-status-list-17 sections 5.1, 8.3."""

from collections.abc import Collection, Mapping
from math import inf

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.strict_json import json_object
from rs_node.authorization_server.compact_jws import (
    is_compact_jws,
    read_jose_header,
    verified_payload,
)
from rs_node.authorization_server.status_list import (
    FORM,
    NoStatusList,
    StatusList,
    read_list,
)
from rs_node.authorization_server.verification_keys import VerificationKey

TYPE = Check(
    "status-list.type",
    "the JWT is a status list, and nothing else that its key signs",
    "Token Status List section 5.1",
)
SIGNATURE = Check(
    "status-list.signature",
    "the status list is signed by the issuer of the token",
    "Token Status List section 8.3",
)
SUBJECT = Check(
    "status-list.subject",
    "the status list is the one that the token refers to",
    "Token Status List section 8.3",
)
TIMES = Check(
    "status-list.times",
    "the status list has begun and has not expired",
    "Token Status List section 8.3",
)

LEEWAY_SECONDS = 5.0
"""How much our clock may be behind the issuer's. `exp` has none."""

_TYPES = ("statuslist+jwt", "application/statuslist+jwt")


def read_list_header(jwt: str, algorithms: Collection[str]) -> tuple[str, str]:
    """
    `kid` and `alg` of a Status List Token, read from its header.

    Raises:
        NoStatusList: no compact JWS, another `typ` (an access token, RFC 8725 section
            3.11), an algorithm that is not in *algorithms*, or no `kid`.
    """
    try:
        header = read_jose_header(jwt) if is_compact_jws(jwt) else {}
    except ValueError as error:
        raise NoStatusList(f"the status list's header: {error}", FORM) from error
    typ, alg, kid = header.get("typ"), header.get("alg"), header.get("kid")
    if not isinstance(typ, str) or typ.lower() not in _TYPES:
        raise NoStatusList(
            "typ is not that of a status list",
            TYPE,
            expected=_TYPES[0],
            presented=f"{typ!a:.80}",
        )
    if not isinstance(alg, str) or alg not in algorithms or not isinstance(kid, str):
        raise NoStatusList(
            "the status list is not signed as tokens are", SIGNATURE, presented=str(alg)
        )
    if "crit" in header:  # none is understood here, RFC 7515 section 4.1.11
        raise NoStatusList("the status list's header has critical extensions", FORM)
    return kid, alg


def judge_status_list(
    jwt: str, key: VerificationKey, uri: str, now: float, journal: Journal
) -> StatusList:
    """
    The list of *uri* in a Status List Token that was signed with *key*.

    *now* is in seconds since the epoch. That the token is of the issuer of the access
    token is proved by the key; `iss`, which need not be there, says nothing more.

    Raises:
        NoStatusList: it is another list, not signed, not in force, or no list.
    """
    try:
        payload = verified_payload(jwt, key)
    except ValueError as error:
        text = "the status list's signature is wrong"
        raise NoStatusList(text, SIGNATURE, expected=key.name) from error
    journal.accepted(
        SIGNATURE, judge_status_list, expected=key.name, presented=key.name
    )
    try:
        claims = json_object(payload)
    except ValueError as error:
        raise NoStatusList(f"the status list's claims: {error}", FORM) from error
    verify_subject(claims, uri, journal)
    exp = verify_times(claims, now, journal)
    ttl = _positive("ttl", claims.get("ttl", inf))
    width, octets = read_list(claims.get("status_list"))
    return StatusList(exp, ttl, width, octets)


def verify_subject(claims: Mapping[str, object], uri: str, journal: Journal) -> None:
    """
    Section 8.3: `sub` is the address that the access token named.

    Raises:
        NoStatusList: it is another's, which may say nothing of this token.
    """
    presented = f"{claims.get('sub')!s:.200}"
    if claims.get("sub") != uri:
        raise NoStatusList(
            "this is another status list", SUBJECT, expected=uri, presented=presented
        )
    journal.accepted(SUBJECT, verify_subject, expected=uri, presented=presented)


def verify_times(claims: Mapping[str, object], now: float, journal: Journal) -> float:
    """
    When the list expires: it has not yet, and was not issued in the future.

    Raises:
        NoStatusList: it has, or was; or the times are none.
    """
    iat = _positive("iat", claims.get("iat"))
    exp = _positive("exp", claims.get("exp", inf))
    expected = f"issued by {now:.0f}, expiring after"
    presented = f"from {iat:.0f} to {exp:.0f}"
    if not iat - LEEWAY_SECONDS <= now < exp:
        raise NoStatusList(
            "the status list is not in force",
            TIMES,
            expected=expected,
            presented=presented,
        )
    journal.accepted(TIMES, verify_times, expected=expected, presented=presented)
    return exp


def _positive(name: str, value: object) -> float:
    """RFC 7519 section 2: a number, which a boolean is not, and neither is NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise NoStatusList(f"{name} of the status list is no time", TIMES)
    return float(value) if value < _END_OF_TIME else inf


_END_OF_TIME = 253_402_300_800  # the year 10000, in seconds since the epoch
