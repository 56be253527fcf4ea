"""
RFC 8705 section 3: a token is good only on a connection of its own certificate.

The whole check is here and has no switch. It needs of its surroundings the token's
claims, of which something else has verified that they are the authorization
server's word, and the peer certificate of the very connection that the request came
over.
"""

import re
from collections.abc import Mapping

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.peer import PeerCertificate
from rs_node.access.challenges import InvalidToken
from rs_node.access.wrong_thumbprints import recognised

METHOD = "x5t#S256"
RULE = "RFC 8705 section 3"

CERTIFICATE_PRESENTED = Check(
    "binding.certificate-presented", "the client presented a certificate", RULE
)
CONFIRMATION = Check(
    "binding.confirmation", "the token names one certificate and nothing else", RULE
)
THUMBPRINT_FORM = Check(
    "binding.thumbprint-form",
    "the token's thumbprint has the form of one",
    "RFC 8705 section 3.1",
)
SAME_CERTIFICATE = Check(
    "binding.same-certificate",
    "the token is bound to the certificate of this connection",
    RULE,
)

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


def verify_binding(
    claims: Mapping[str, object], peer: PeerCertificate | None, journal: Journal
) -> None:
    """
    The certificate of this connection is the one the token is bound to.

    *claims* are those of a JWT access token or of an introspection response
    (RFC 8705 section 3.2). They are not verified here.

    Fails closed: without a certificate, without `cnf`, or with a `cnf` that says
    anything else than one certificate, there is nothing to compare and so no match.

    Raises:
        InvalidToken: in every case but a match. RFC 8705 section 3 has it so: 401
            with `invalid_token`.
    """
    peer = presented_certificate(peer)
    expected = _confirmation(claims, peer)
    # A thumbprint is public, so an ordinary comparison is right; exact, since
    # letters of base64url differ in more than their case.
    if expected != peer.x5t_s256:
        raise InvalidToken(
            f"the token is bound to another certificate{_remark(expected, peer)}",
            SAME_CERTIFICATE,
            expected=expected,
            presented=peer.x5t_s256,
        )
    journal.accepted(
        SAME_CERTIFICATE,
        verify_binding,
        expected=expected,
        presented=peer.x5t_s256,
    )


def presented_certificate(peer: PeerCertificate | None) -> PeerCertificate:
    """
    The certificate of this connection.

    Raises:
        InvalidToken: there is none, and so no token that could be bound to it.
    """
    if peer is None:
        raise InvalidToken(
            "no certificate on this connection",
            CERTIFICATE_PRESENTED,
            expected="the certificate that the token is bound to",
            presented="no certificate",
        )
    return peer


def _confirmation(claims: Mapping[str, object], peer: PeerCertificate) -> str:
    """
    The thumbprint in `cnf`.

    RFC 7800 section 3.1: a recipient that cannot confirm by every method the token
    names must not act as if it could, so one member is known and no other allowed.
    """
    if "cnf" not in claims:
        raise InvalidToken("the token has no cnf: it is not bound", CONFIRMATION)
    cnf = claims["cnf"]
    if not isinstance(cnf, dict):
        raise InvalidToken(f"cnf is {_kind(cnf)}, not an object", CONFIRMATION)
    if cnf.keys() != {METHOD}:
        names = ", ".join(sorted(cnf)) or "nothing"
        raise InvalidToken(
            "cnf must name one confirmation method and no other",
            CONFIRMATION,
            expected=METHOD,
            presented=names,
        )
    thumbprint = cnf[METHOD]
    if not isinstance(thumbprint, str):
        text = f"{METHOD} is {_kind(thumbprint)}, not a string"
        raise InvalidToken(text, CONFIRMATION)
    if not _THUMBPRINT.fullmatch(thumbprint):
        raise InvalidToken(
            f"{METHOD} is not 43 base64url characters{_remark(thumbprint, peer)}",
            THUMBPRINT_FORM,
            expected="43 base64url characters",
            presented=thumbprint,
        )
    return thumbprint


def _remark(thumbprint: str, peer: PeerCertificate) -> str:
    """For the operator whose peer computes thumbprints in his own way."""
    mistake = recognised(thumbprint, peer)
    return f": it is {mistake} of this very certificate" if mistake else ""


def _kind(value: object) -> str:
    return "null" if value is None else f"of type {type(value).__name__}"
