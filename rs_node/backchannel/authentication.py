"""
That the other end is our authorization server: its certificate, and nothing else.

As `tls_client_auth` does it (RFC 8705 section 2.1): a CA of ours issued the
certificate, and it has the configured subject. One without the other says nothing.
"""

from pki.chain import ChainJudge, ChainRefused
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import NO_STORE, Refusal, Response, json_response
from pki.malformed import UNREADABLE
from pki.names import DistinguishedName, distinguished_name_match, from_x509
from pki.peer import PeerCertificate

CERTIFICATE_PRESENTED = Check(
    "backchannel.certificate-presented",
    "who asks presented a certificate",
    "RFC 8705 section 2.1",
)
CHAIN = Check(
    "backchannel.chain",
    "the certificate was issued by a CA for clients, and is valid now",
    "RFC 8705 section 2.1",
)
SUBJECT = Check(
    "backchannel.subject",
    "our own authorization server asks",
    "RFC 8705 section 2.1.2",
)


class NotOurAuthorizationServer(Refusal):
    """Somebody else knocks at the back; what is wrong with him he is not told."""

    def response(self) -> Response:
        """403, always alike."""
        return json_response(403, {"error": "forbidden"}, NO_STORE)


class BackchannelAuthentication:
    """
    Knows the server with this *subject*, by a chain that *judge* accepts.

    The chain is judged anew whenever that may have changed, so a revoked certificate
    is refused also on a connection that was open before.
    """

    def __init__(self, judge: ChainJudge, subject: DistinguishedName) -> None:
        self._judge = judge
        self._subject = subject

    def verify(self, peer: PeerCertificate | None, journal: Journal) -> None:
        """
        The certificate of this connection is the authorization server's.

        Raises:
            NotOurAuthorizationServer: it is not, or there is none.
        """
        expected = str(self._subject)
        if peer is None:
            raise NotOurAuthorizationServer(
                "no certificate on this connection",
                CERTIFICATE_PRESENTED,
                expected=expected,
            )
        try:
            self._judge.verify(peer)
            presented = from_x509(peer.certificate.subject)
        except (ChainRefused, *UNREADABLE) as refused:
            raise NotOurAuthorizationServer(
                f"the certificate: {refused}",
                CHAIN,
                expected="a valid path to one of the client roots",
                presented=peer.subject,
            ) from refused
        if not distinguished_name_match(self._subject, presented):
            raise NotOurAuthorizationServer(
                "another client's certificate",
                SUBJECT,
                expected=expected,
                presented=peer.subject,
            )
        journal.accepted(
            SUBJECT,
            BackchannelAuthentication.verify,
            expected=expected,
            presented=str(presented),
        )
