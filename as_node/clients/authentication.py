"""
Who is the client: by its certificate (RFC 8705 section 2), by an assertion that it
signed (RFC 7523), or by its word alone (a public client, RFC 8705 section 4).

The certificate is always that of the connection the request came over. No header,
parameter or JWK of the request is ever looked at for one.
"""

import re

from as_node.clients.certificate_subject import RegisteredSubject
from as_node.clients.client_assertion import ClientAssertion, find_client_assertion
from as_node.clients.client_keys import RegisteredKeys
from as_node.clients.jwks_uri import JwksUri
from as_node.clients.private_key_jwt import PrivateKeyJwt
from as_node.clients.registry import Client, Clients, RegisteredCertificates
from as_node.clients.self_signed_tls_client_auth import SelfSignedTlsClientAuth
from as_node.clients.tls_client_auth import TlsClientAuth
from as_node.protocol.errors import (
    InvalidClient,
    InvalidClientWithScheme,
    InvalidRequest,
)
from as_node.protocol.parameters import Parameters
from pki.http.checks import Check
from pki.http.messages import Request
from pki.peer import PeerCertificate

_RULE = "RFC 8705 section 2"

LONGEST_SCHEME = 20  # characters; the longest registered one has 13

# RFC 9110 section 5.6.2.
_SCHEME = re.compile(rf"[A-Za-z0-9!#$%&'*+.^_`|~-]{{1,{LONGEST_SCHEME}}}")

KNOWN_CLIENT = Check("client-auth.known-client", "the client is registered", _RULE)
NO_HEADER = Check(
    "client-auth.no-authorization-header",
    "there is no Authorization header",
    "RFC 6749 section 5.2",
)
ONE_MECHANISM = Check(
    "client-auth.one-mechanism",
    "the client authenticates in one way only",
    "RFC 6749 section 5.2",
)
NO_SECRET = Check("client-auth.no-secret", "there is no client_secret", _RULE)
ASSERTION_PRESENTED = Check(
    "client-auth.assertion-presented", "the client sent an assertion", _RULE
)
NO_ASSERTION = Check(
    "client-auth.no-assertion", "a client of another method sent no assertion", _RULE
)
CERTIFICATE_PRESENTED = Check(
    "client-auth.certificate-presented", "the client presented a certificate", _RULE
)


class ClientAuthentication:
    """The clients of *clients*, each by the method it registered."""

    def __init__(
        self,
        clients: Clients,
        tls_client_auth: TlsClientAuth,
        self_signed_tls_client_auth: SelfSignedTlsClientAuth,
        private_key_jwt: PrivateKeyJwt,
    ) -> None:
        self._clients = clients
        self._tls_client_auth = tls_client_auth
        self._self_signed_tls_client_auth = self_signed_tls_client_auth
        self._private_key_jwt = private_key_jwt

    async def authenticate(self, request: Request, parameters: Parameters) -> Client:
        """
        The client that made this request; a public one is believed to be who it says.

        What can be seen without looking the client up comes first, so that an answer
        other than `invalid_client` never tells whether a client exists.

        Raises:
            InvalidClient: it is nobody we know, or it did not prove it.
            InvalidClientWithScheme: the same, in reply to an `Authorization` header.
            InvalidRequest: it used more than one mechanism (RFC 6749 section 5.2).
            StoreFailed: whether its assertion is new cannot be told.
        """
        verify_no_authorization_header(request)
        verify_no_client_secret(request, parameters)
        assertion = find_client_assertion(parameters)
        client = self._registered_client(parameters, assertion)
        request.journal.about(client_id=client.client_id)
        if isinstance(client.identified_by, RegisteredKeys):
            assertion = verify_presented(assertion)
            await self._private_key_jwt.verify(
                client.client_id, client.identified_by, assertion, request.journal
            )
            return client
        verify_no_assertion(assertion, client)
        if client.identified_by is not None:
            peer = presented_certificate(request, client)
            await self._verify_certificate(client.identified_by, peer, request)
        return client

    def _registered_client(
        self, parameters: Parameters, assertion: ClientAssertion | None
    ) -> Client:
        """
        The client that `client_id` names, or else the subject of the assertion.

        By its identifier first: the certificate is then compared with what *this*
        client registered, and never searched for among all of them.
        """
        client_id: object = parameters.get("client_id")
        if client_id is None and assertion is not None:  # RFC 7521 section 4.2
            client_id = assertion.claims.get("sub")
        if not isinstance(client_id, str):
            raise InvalidClient("client_id is missing", KNOWN_CLIENT)
        client = self._clients.find(client_id)
        if client is None:
            raise InvalidClient(
                "no client of this client_id is registered",
                KNOWN_CLIENT,
                expected="a registered client_id",
                presented=ascii(client_id[:120]),
            )
        return client

    async def _verify_certificate(
        self,
        registered: RegisteredSubject | RegisteredCertificates | JwksUri,
        peer: PeerCertificate,
        request: Request,
    ) -> None:
        """By the method this client registered, and no other."""
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
        before, _, _ = request.headers["authorization"][0].partition(" ")
        scheme = used_scheme(before)
        raise InvalidClientWithScheme(
            "an Authorization header, and no client is registered for one",
            NO_HEADER,
            scheme=scheme or "Basic",
            expected=f"the registered method; a scheme of {LONGEST_SCHEME} at most",
            # What is none may be all of a secret.
            presented=ascii(scheme) if scheme else f"{len(before)} characters",
        )


def used_scheme(word: str) -> str:
    """
    The scheme that the first *word* of an `Authorization` field is, or nothing.

    RFC 9110 section 11.1 makes it a token, so it can be said again as it is.
    """
    return word if _SCHEME.fullmatch(word) else ""


def verify_no_client_secret(request: Request, parameters: Parameters) -> None:
    """
    No client here is registered for a secret (RFC 6749 section 2.3.1).

    Beside a certificate or an assertion it is more than one mechanism, which RFC 6749
    section 5.2 makes an invalid request; alone it is a method that is not served. A
    certificate beside an assertion is no second mechanism: a token is bound to it.
    """
    if "client_secret" not in parameters:
        return
    others = {
        "mutual TLS": request.peer is not None,
        "client_assertion": "client_assertion" in parameters,
    }
    if beside := [name for name, is_there in others.items() if is_there]:
        raise InvalidRequest(
            f"client_secret beside {beside[0]}: more than one mechanism",
            ONE_MECHANISM,
            expected=f"{beside[0]} alone",
            presented=f"{beside[0]} and client_secret",
        )
    raise InvalidClient(
        "client_secret, and no client is registered for it",
        NO_SECRET,
        expected="the registered method",
        presented="client_secret",
    )


def verify_presented(assertion: ClientAssertion | None) -> ClientAssertion:
    """
    The assertion of a `private_key_jwt` client.

    Raises:
        InvalidClient: there is none. A certificate, whoever issued it to the client,
            does not stand in for it: the registered method decides.
    """
    if assertion is None:
        raise InvalidClient(
            "private_key_jwt: no client_assertion",
            ASSERTION_PRESENTED,
            expected="a client_assertion",
            presented="none",
        )
    return assertion


def verify_no_assertion(assertion: ClientAssertion | None, client: Client) -> None:
    """
    A client of another method is not authenticated by an assertion, good or bad.

    Nor does a public client have one: who sends more than its `client_id` has taken
    another client's registration for its own.

    Raises:
        InvalidClient: there is one.
    """
    if assertion is not None:
        raise InvalidClient(
            "a client_assertion, and the client is registered for another method",
            NO_ASSERTION,
            expected=client.token_endpoint_auth_method,
            presented="private_key_jwt",
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
        CERTIFICATE_PRESENTED,
        expected="a client certificate",
        presented="none",
    )
