"""
Whether a request may be answered: the order of the checks.

RFC 6750 section 3, RFC 9068 section 4, RFC 7662, RFC 8705 section 3; FAPI 2.0
Security Profile section 5.3.4 asks for all of them on each request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Request
from pki.peer import PeerCertificate
from rs_node.access.bearer_token import read_bearer_token
from rs_node.access.certificate_binding import presented_certificate
from rs_node.access.certificate_expiry import verify_certificate_not_expired
from rs_node.access.challenges import (
    Challenge,
    InsufficientScope,
    NotACustomers,
    NotTheClientItself,
)
from rs_node.access.interaction_id import interaction_id_of
from rs_node.access.introspection import Introspection
from rs_node.access.token_status import TokenStatus
from rs_node.access.token_validation import TokenValidation, looks_like_jwt
from rs_node.access.unconfirmed_token import Authorization, UnconfirmedToken

SCOPE = Check(
    "token.scope", "the token's scope covers this resource", "RFC 6749 section 3.3"
)
FOR_THE_CLIENT = Check(
    "token.for-the-client", "the client acts for itself", "RFC 9068 section 2.2"
)
FOR_A_CUSTOMER = Check(
    "token.for-a-customer",
    "a customer authorized the client",
    "RFC 9068 section 2.2",
)


class AccessControl:
    """
    The one way to a protected resource.

    *token_validation* verifies JWTs here; without one they are introspected like opaque
    tokens. *token_status* tells whether one that is verified here has been revoked, if
    that is to be asked. *resource_metadata* is the address that every challenge tells.
    """

    def __init__(
        self,
        token_validation: TokenValidation | None,
        introspection: Introspection,
        clock: Callable[[], float],
        *,
        token_status: TokenStatus | None,
        refuse_expired_client_certificates: bool,
        resource_metadata: str,
    ) -> None:
        self._token_validation = token_validation
        self._introspection = introspection
        self._clock = clock
        self._token_status = token_status
        self._refuse_expired = refuse_expired_client_certificates
        self._resource_metadata = resource_metadata

    async def authorize_client(self, request: Request, scope: str) -> Authorization:
        """
        What *request* is authorized for: covers *scope*, for the client itself.

        Raises:
            Challenge: it has none, or one that is not enough.
            Unavailable: that cannot be told at the moment.
        """
        with self._telling_metadata():
            authorization = await self._authorize(request, scope)
            verify_is_for_the_client(authorization, request.journal)
        return authorization

    async def authorize_customer(self, request: Request, scope: str) -> Authorization:
        """
        What *request* is authorized for: covers *scope*, for a customer.

        Not checked here: the consent that she gave, which `consented_access` does.

        Raises:
            Challenge: it has none, or one that is not enough.
            Unavailable: that cannot be told at the moment.
        """
        with self._telling_metadata():
            authorization = await self._authorize(request, scope)
            verify_is_for_a_customer(authorization, request.journal)
        return authorization

    @contextmanager
    def _telling_metadata(self) -> Iterator[None]:
        try:
            yield
        except Challenge as challenge:
            challenge.resource_metadata = self._resource_metadata
            raise

    async def _authorize(self, request: Request, scope: str) -> Authorization:
        token = read_bearer_token(request)
        authorization = await self.verify(
            token, request.peer, interaction_id_of(request), request.journal
        )
        verify_scope(authorization, scope, request.journal)
        return authorization

    async def verify(
        self,
        token: str,
        peer: PeerCertificate | None,
        interaction_id: str,
        journal: Journal,
    ) -> Authorization:
        """
        What *token* authorizes when it comes over a connection of *peer*.

        Raises:
            InvalidToken: nothing.
            Unavailable: that cannot be told at the moment.
        """
        # Before the issuer is asked about a token that cannot be good here.
        presented_certificate(peer)
        if self._token_validation is None or not looks_like_jwt(token):
            # Who answers here knows of every revocation.
            introspected = await self._introspection.validate(
                token, interaction_id, journal
            )
            return self._confirm(introspected, peer, journal)
        verified = await self._token_validation.validate(token, journal)
        authorization = self._confirm(verified, peer, journal)
        # Last of what is asked about the token itself: Token Status List section 8.3.
        if self._token_status is not None:
            await self._token_status.verify(verified.status, journal)
        return authorization

    def _confirm(
        self, token: UnconfirmedToken, peer: PeerCertificate | None, journal: Journal
    ) -> Authorization:
        authorization = token.confirm(peer, self._clock(), journal)
        if self._refuse_expired:
            verify_certificate_not_expired(peer, self._clock(), journal)
        return authorization


def verify_scope(authorization: Authorization, scope: str, journal: Journal) -> None:
    """
    RFC 6749 section 3.3: *scope* is one of those the token was issued with.

    Raises:
        InsufficientScope: it is not.
    """
    presented = " ".join(sorted(authorization.scope))
    if scope not in authorization.scope:
        text = "the token's scope does not cover this"
        raise InsufficientScope(text, SCOPE, scope=scope, presented=presented)
    journal.accepted(
        SCOPE,
        verify_scope,
        expected=scope,
        presented=presented,
    )


def verify_is_for_the_client(authorization: Authorization, journal: Journal) -> None:
    """
    RFC 9068 section 2.2: the token has no resource owner, `sub` is the client.

    A customer's token is for her accounts, which are not here.

    Raises:
        NotTheClientItself: it is a customer's.
    """
    if not authorization.is_for_the_client_itself:
        raise NotTheClientItself(
            "a customer's token at the client's own accounts",
            FOR_THE_CLIENT,
            expected=authorization.client_id,
            presented=authorization.sub,
        )
    journal.accepted(
        FOR_THE_CLIENT,
        verify_is_for_the_client,
        expected=authorization.client_id,
        presented=authorization.sub,
    )


def verify_is_for_a_customer(authorization: Authorization, journal: Journal) -> None:
    """
    RFC 9068 section 2.2: the token has a resource owner, `sub` is not the client.

    Raises:
        NotACustomers: it has none.
    """
    if authorization.is_for_the_client_itself:
        raise NotACustomers(
            "the client's own token at customers' accounts",
            FOR_A_CUSTOMER,
            expected="a customer",
            presented=authorization.sub,
        )
    journal.accepted(
        FOR_A_CUSTOMER,
        verify_is_for_a_customer,
        expected="a customer",
        presented=authorization.sub,
    )
