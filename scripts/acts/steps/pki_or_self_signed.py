"""The two methods of RFC 8705 section 2, beside each other."""

from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.walkthrough.story.story import Certificate, Decision, Exchange

_REGISTERED = "client-auth.registered-certificate"
_PLAN = Plan(
    "authentication.pki-or-self-signed",
    "A certificate by a CA beside one that is self-signed",
    "Of the two clients above. With a CA the bank registers a name and trusts somebody "
    "to check it; without one it registers the certificate, and trusts nobody. So: "
    "PKI where a CA that both sides trust checks names, as for banks under eIDAS; "
    "self-signed where there is none, or each server knows its few clients itself.",
    "RFC 8705 section 2",
    "chain verified; no chain",
)


async def pki_or_self_signed(stage: Stage) -> None:
    """What both clients have shown before, row by row."""
    by_ca = stage.told("authentication.subject-dn")
    alone = stage.told("authentication.self-signed")
    chain = _find(by_ca, "client-auth.chain")
    rows = (
        (
            "what is registered",
            f"a subject: {_expected(by_ca, 'client-auth.subject')}",
            f"the certificate: {_expected(alone, _REGISTERED)}",
        ),
        ("who vouches for it", _issuer(by_ca), _issuer(alone)),
        (
            "is the chain checked",
            "yes, up to a root that is trusted for clients"
            if chain is not None
            else "no",
            "no: no check was about a chain"
            if _find(alone, "client-auth.chain") is None
            else "yes",
        ),
        (
            "how it is revoked",
            "by its CA, on its list (CRL), for all servers at once",
            "by the client, which takes it out of its JWK set, with each server",
        ),
        (
            "how it is renewed",
            "the CA issues another of the same subject; nothing is registered anew",
            "the new one is put beside the old one in the JWK set, before it is used",
        ),
        (
            "what to mind",
            "each trusted CA can issue this name (section 7.4)",
            "how the first certificate reaches the registration unchanged",
        ),
    )
    lines = [
        line
        for what, one, other in rows
        for line in ((f"{what}: by a CA", one), (f"{what}: self-signed", other))
    ]
    verified = "chain verified" if chain is not None else "no chain"
    other = _find(alone, "client-auth.chain")
    came = f"{verified}; {'no chain' if other is None else 'chain verified'}"
    await stage.derivation(_PLAN, lines, came)


def _find(exchange: Exchange, check: str) -> Decision | None:
    return next((d for d in exchange.decisions if d.name == check), None)


def _expected(exchange: Exchange, check: str) -> str:
    decision = _find(exchange, check)
    return "" if decision is None else decision.expected


def _issuer(exchange: Exchange) -> str:
    sent = exchange.handshake.client_certificate
    return "nobody" if sent is None else _vouches(sent)


def _vouches(sent: Certificate) -> str:
    return "itself" if sent.issuer == sent.subject else sent.issuer
