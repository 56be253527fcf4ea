"""
Who is the client: client authentication over mutual TLS, RFC 8705 section 2.

The certificate is always that of the connection the request came over. No header,
parameter or JWK of the request is ever looked at for one.
"""

from as_node.certificate_subject import RegisteredSubject
from as_node.clients import Client, Clients
from as_node.errors import InvalidClient, InvalidClientWithScheme, InvalidRequest
from as_node.parameters import Parameters
from as_node.self_signed_tls_client_auth import SelfSignedTlsClientAuth
from as_node.tls_client_auth import TlsClientAuth
from pki.mtls.messages import Request
from pki.peer import PeerCertificate

RULE = "RFC 8705 section 2"

# How clients authenticate elsewhere: RFC 6749 section 2.3.1, RFC 7521 section 4.2.
_OTHER_MECHANISMS = ("client_secret", "client_assertion", "client_assertion_type")


class ClientAuthentication:
    """The clients of *clients*, each by the method it registered."""

    def __init__(
        self,
        clients: Clients,
        tls_client_auth: TlsClientAuth,
        self_signed_tls_client_auth: SelfSignedTlsClientAuth,
    ) -> None:
        self._clients = clients
        self._tls_client_auth = tls_client_auth
        self._self_signed_tls_client_auth = self_signed_tls_client_auth

    async def authenticate(self, request: Request, parameters: Parameters) -> Client:
        """
        The client that made this request.

        What can be seen without looking the client up comes first, so that an answer
        other than `invalid_client` never tells whether a client exists.

        Raises:
            InvalidClient: it is nobody we know, or it did not prove it.
            InvalidClientWithScheme: the same, in reply to an `Authorization` header.
            InvalidRequest: it used more than one mechanism (RFC 6749 section 5.2).
        """
        verify_no_authorization_header(request)
        verify_one_mechanism(request, parameters)
        client = self._registered_client(parameters)
        request.journal.about(client_id=client.client_id)
        peer = presented_certificate(request, client)
        await self._verify_certificate(client, peer, request)
        return client

    def _registered_client(self, parameters: Parameters) -> Client:
        """
        The client that `client_id` names.

        By its identifier first: the certificate is then compared with what *this*
        client registered, and never searched for among all of them.
        """
        client_id = parameters.get("client_id")
        if client_id is None:
            raise InvalidClient("client_id is missing", rule=RULE)
        client = self._clients.find(client_id)
        if client is None:
            raise InvalidClient(
                "no client of this client_id is registered",
                rule=RULE,
                expected="a registered client_id",
                presented=ascii(client_id[:120]),
            )
        return client

    async def _verify_certificate(
        self, client: Client, peer: PeerCertificate, request: Request
    ) -> None:
        """By the method this client registered, and no other."""
        registered = client.identified_by
        if isinstance(registered, RegisteredSubject):
            self._tls_client_auth.verify(registered, peer, request.journal)
        else:
            await self._self_signed_tls_client_auth.verify(
                registered, peer, request.journal
            )


def verify_no_authorization_header(request: Request) -> None:
    """
    No client here is registered for a method with an `Authorization` header.

    RFC 6749 section 5.2: who tries one gets 401 and `WWW-Authenticate`, whatever
    else is wrong.
    """
    if "authorization" in request.headers:
        raise InvalidClientWithScheme(
            "an Authorization header, and no client is registered for one",
            rule="RFC 6749 section 5.2",
            expected="mutual TLS alone",
        )


def verify_one_mechanism(request: Request, parameters: Parameters) -> None:
    """
    Nothing but the connection says who the client is.

    A secret or an assertion beside a certificate is more than one mechanism, which
    RFC 6749 section 5.2 makes an invalid request; alone it is a method that no
    client here is registered for.
    """
    for name in _OTHER_MECHANISMS:
        if name not in parameters:
            continue
        if request.peer is not None:
            raise InvalidRequest(
                f"{name} beside a certificate: more than one mechanism",
                rule="RFC 6749 section 5.2",
                expected="mutual TLS alone",
                presented=f"mutual TLS and {name}",
            )
        raise InvalidClient(
            f"{name}, and no client is registered for it",
            rule=RULE,
            expected="mutual TLS",
            presented=name,
        )


def presented_certificate(request: Request, client: Client) -> PeerCertificate:
    """
    The certificate of this connection.

    Raises:
        InvalidClient: there is none. The detail says whether the client was asked
            for one at all: it may have come to the wrong port (RFC 8705 section 5).
    """
    if request.peer is not None:
        return request.peer
    if request.connection.certificate_requested:
        why = "the client sent no certificate, though this listener requests one"
    else:
        why = (
            "no certificate: this listener does not request one; the endpoints of"
            " mtls_endpoint_aliases do"
        )
    raise InvalidClient(
        f"{client.token_endpoint_auth_method}: {why}",
        rule=RULE,
        expected="a client certificate",
        presented="none",
    )
