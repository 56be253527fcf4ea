"""
PKI mutual-TLS client authentication, RFC 8705 section 2.1.

The certificate is one that a CA of ours issued, and has the client's registered
subject. One without the other says nothing: anybody can sign a certificate with the
right name for himself, and a CA has more than one customer.
"""

from weakref import WeakKeyDictionary

from as_node.clients.certificate_subject import (
    AlternativeName,
    PresentedSubject,
    RegisteredSubject,
    presented_subject,
)
from as_node.clients.uri_spelling import differ_in_spelling_only
from as_node.protocol.errors import InvalidClient
from pki.chain.judge import ChainJudge, ChainRefused
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.names import DistinguishedName, describe_mismatch
from pki.peer import PeerCertificate, UnreadableCertificate

CHAIN = Check(
    "client-auth.chain",
    "the certificate was issued by a CA for clients, and is valid now",
    "RFC 8705 section 2.1",
)
SUBJECT = Check(
    "client-auth.subject",
    "the certificate has the client's registered subject",
    "RFC 8705 section 2.1.2",
)

_EXPECTED_CHAIN = "a valid path to one of the client roots"


class TlsClientAuth:
    """The method `tls_client_auth`, with chains judged by *judge*."""

    def __init__(self, judge: ChainJudge) -> None:
        self._judge = judge
        # Parsing a subject takes longer than comparing it, so once per certificate.
        self._subjects: WeakKeyDictionary[PeerCertificate, PresentedSubject] = (
            WeakKeyDictionary()
        )

    def verify(
        self, registered: RegisteredSubject, peer: PeerCertificate, journal: Journal
    ) -> None:
        """
        The certificate of this connection is the registered client's.

        Raises:
            InvalidClient: its chain is not ours, or its subject not the client's.
        """
        self._verify_chain(peer, journal)
        self._verify_subject(registered, peer, journal)

    def _verify_chain(self, peer: PeerCertificate, journal: Journal) -> None:
        try:
            self._judge.verify(peer)
        except ChainRefused as refused:
            raise InvalidClient(
                f"tls_client_auth: {refused}",
                CHAIN,
                expected=_EXPECTED_CHAIN,
                presented=self._name(peer),
            ) from refused
        journal.accepted(
            CHAIN,
            ChainJudge.verify,
            expected=_EXPECTED_CHAIN,
            presented=self._name(peer),
        )

    def _verify_subject(
        self, registered: RegisteredSubject, peer: PeerCertificate, journal: Journal
    ) -> None:
        try:
            presented = self._subject(peer)
        except UnreadableCertificate as error:
            raise InvalidClient(f"tls_client_auth: {error}", SUBJECT) from error
        if not presented.is_the(registered):
            raise InvalidClient(
                f"tls_client_auth: {_mismatch(registered, presented)}",
                SUBJECT,
                expected=str(registered.value),
                presented=_comparable(registered, presented),
            )
        journal.accepted(
            SUBJECT,
            PresentedSubject.is_the,
            says=f"the certificate has the client's {registered.parameter}",
            expected=str(registered.value),
            presented=_comparable(registered, presented),
        )

    def _subject(self, peer: PeerCertificate) -> PresentedSubject:
        subject = self._subjects.get(peer)
        if subject is None:
            subject = self._subjects[peer] = presented_subject(peer)
        return subject

    def _name(self, peer: PeerCertificate) -> str:
        try:
            return str(self._subject(peer).dn)
        except UnreadableCertificate as error:
            return f"({error})"


def _comparable(registered: RegisteredSubject, presented: PresentedSubject) -> str:
    """What of the certificate the registered subject was compared with."""
    if isinstance(registered.value, DistinguishedName):
        return str(presented.dn)
    return ", ".join(map(str, presented.sans)) or "no subjectAltName of a known type"


def _mismatch(registered: RegisteredSubject, presented: PresentedSubject) -> str:
    if isinstance(registered.value, DistinguishedName):
        compared = describe_mismatch(registered.value, presented.dn)
    else:
        shown = _comparable(registered, presented)
        compared = f"expected {registered.value}, presented {shown}"
        if _is_spelled_differently(registered.value, presented):
            compared += (
                "; the two URIs differ in spelling only, and octets are compared:"
                " register it as the certificate has it"
            )
    return f"{registered.parameter}: {compared}"


def _is_spelled_differently(
    registered: AlternativeName, presented: PresentedSubject
) -> bool:
    return registered.kind == "uri" and any(
        name.kind == "uri"
        and differ_in_spelling_only(str(registered.value), str(name.value))
        for name in presented.sans
    )
