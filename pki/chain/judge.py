"""
Is this certificate one of ours: the verdict about a peer's chain, RFC 8705
sections 2.1, 7.4 and 7.5.

Paths are built by `cryptography.x509.verification` and by nothing else, and nothing
here opens a connection, whatever URLs a certificate names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from pki.chain import client_policy
from pki.chain.cost import TooCostly, verify_peer_cost
from pki.chain.crl import RevocationRefused, verify_not_revoked
from pki.chain.crl_file import CrlFile, RevocationLists
from pki.chain.faults import find_faults, library_words
from pki.chain.limits import MOST_INTERMEDIATES, MOST_SENT_AFTER
from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate
from pki.unreadable_parts import unreadable_parts

REFUSAL_SECONDS = 5.0
"""How long a refusal is repeated for the same octets before they are judged anew."""

Path = tuple[x509.Certificate, ...]


class ChainRefused(Exception):
    """Not one of ours; the text is for the operator's log, never for the peer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """A path, or why there is none; and when, and by which lists, that is so."""

    path: Path = ()
    refusal: str = ""
    lists: RevocationLists | None
    since: float
    until: float

    def still_holds(self, lists: RevocationLists | None, now: float) -> bool:
        # `since`: with a clock that was set back, a certificate can be too new.
        return lists is self.lists and self.since <= now < self.until


class ChainJudge:
    """
    Judges the chains of peers, once for the same octets while they are remembered.

    *roots* are the CAs that vouch for clients: a limited set, never the system's
    (RFC 8705 section 7.4). With `None` for *crl_file* revocation is not checked.

    Which client a certificate's subject stands for is not judged here.
    """

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        *,
        crl_file: CrlFile | None,
        clock: Callable[[], float],
    ) -> None:
        self._roots = tuple(roots)
        self._store = Store(list(roots))
        self._crl_file = crl_file
        self._clock = clock
        self._verdicts: WeakKeyDictionary[PeerCertificate, _Verdict] = (
            WeakKeyDictionary()
        )

    def verify(self, peer: PeerCertificate) -> Path:
        """
        The path from the peer's leaf to one of the roots: leaf first, root last.

        The verdict is kept for as long as the peer is, and made anew when a
        certificate of the path expires, a CRL is due or the file of CRLs changed. So
        it may be asked for with each request, and a connection that stays open is
        trusted no longer than a new one.

        Raises:
            ChainRefused: there is no such path now, or something on it is revoked.
        """
        now = self._clock()
        lists = None if self._crl_file is None else self._crl_file.current()
        verdict = self._verdicts.get(peer)
        if verdict is None or not verdict.still_holds(lists, now):
            verdict = self._verdicts[peer] = self._judged(peer, lists, now)
        if verdict.refusal:
            raise ChainRefused(verdict.refusal)
        return verdict.path

    def _judged(
        self, peer: PeerCertificate, lists: RevocationLists | None, now: float
    ) -> _Verdict:
        try:
            path = self._find_path(peer, datetime.fromtimestamp(now, UTC))
            until = min(each.not_valid_after_utc.timestamp() for each in path)
            if lists is not None:
                until = min(until, verify_not_revoked(path, lists, now))
        except (ChainRefused, RevocationRefused) as refused:
            until = now + REFUSAL_SECONDS
            return _Verdict(refusal=str(refused), lists=lists, since=now, until=until)
        return _Verdict(path=path, lists=lists, since=now, until=until)

    def _find_path(self, peer: PeerCertificate, moment: datetime) -> Path:
        """
        A path that is valid at this moment.

        Where there are several the library chooses, and revocation is then judged on
        its choice: that can refuse too much, and never too little.
        """
        if len(peer.sent_after) > MOST_SENT_AFTER:
            raise ChainRefused(
                f"{len(peer.sent_after)} certificates were sent after the leaf,"
                f" expected at most {MOST_SENT_AFTER}"
            )
        try:
            verify_peer_cost(peer)
        except TooCostly as error:
            raise ChainRefused(str(error)) from error
        verifier = (
            PolicyBuilder()
            .store(self._store)
            .time(moment)
            .max_chain_depth(MOST_INTERMEDIATES)
            .extension_policies(
                ca_policy=client_policy.CA, ee_policy=client_policy.END_ENTITY
            )
            .build_client_verifier()
        )
        try:
            path = verifier.verify(peer.certificate, list(peer.intermediates)).chain
        except (VerificationError, *UNREADABLE) as error:
            raise ChainRefused(self._reason(peer, moment, error)) from error
        if len(path) == 1:  # a root of the configuration that is not a CA
            raise ChainRefused("no path: a client root cannot be a client")
        return tuple(path)

    @staticmethod
    def _unreadable(peer: PeerCertificate) -> list[str]:
        """What of the chain cannot be read, as far as that can be told."""
        try:
            after = enumerate(peer.intermediates, 1)
            sent = [("the leaf", peer.certificate)]
            sent += [(f"certificate {n} after the leaf", each) for n, each in after]
        except UNREADABLE as error:
            return [str(error)]
        return [f"{name}: {p}" for name, each in sent for p in unreadable_parts(each)]

    def _reason(self, peer: PeerCertificate, moment: datetime, error: Exception) -> str:
        """What can be seen, or else what the library says, which is terse."""
        try:
            faults = list(
                find_faults(peer.certificate, peer.intermediates, self._roots, moment)
            )
        except UNREADABLE:
            faults = self._unreadable(peer)
        said = faults or [*self._unreadable(peer), library_words(error)]
        return "; ".join(filter(None, ["no path to the client roots", *said]))
