"""
Who is a thief, among those whom nobody has cast as one.

Who presents a token or a code that is another's, and is refused for that. Nothing else
makes one: no `client_id` with a typing error in it, no certificate that is missing,
wrong or a rogue's, and no token of one's own whose certificate has been renewed.
"""

from scripts.walkthrough.certificates.facts import Holders
from scripts.walkthrough.story.step_titles import (
    OF_ANOTHER_CERTIFICATE,
    OF_ANOTHER_CLIENT,
    find_refusal,
)
from scripts.walkthrough.story.story import Decision, Exchange
from scripts.walkthrough.story.unverified_jwt import jwt_claims


def is_a_thief(exchange: Exchange, holders: Holders) -> bool:
    """
    Whether who asked has presented what is another's, as far as can be shown.

    *holders* are the names of those whose certificates are on file. Who proved no
    certificate is nobody in particular, and may have forgotten his own. Nothing is
    taken from one with a certificate nobody knows unless its owner is on file: else
    it may be the owner's new one.
    """
    refusal = find_refusal(exchange)
    proven = exchange.handshake.client_certificate
    if refusal is None or proven is None:
        return False
    owner = _owner(exchange, refusal, holders)
    if proven.x5t_s256 in holders:
        return owner not in {"", exchange.client}
    return owner in holders.values()


def _owner(exchange: Exchange, refusal: Decision, holders: Holders) -> str:
    """Whose a token or a code is that was refused as another's; else nobody's."""
    if refusal.name in OF_ANOTHER_CLIENT:
        return refusal.expected
    if refusal.name not in OF_ANOTHER_CERTIFICATE:
        return ""
    issued_to = [d.expected for d in exchange.decisions if d.name in OF_ANOTHER_CLIENT]
    presented = [t.value for t in exchange.tokens if t.place == "request"]
    says = [(jwt_claims(each) or {}).get("client_id") for each in presented]
    named = [str(each) for each in (*issued_to, *says) if each]
    return holders.get(refusal.expected, named[0] if named else "")
