"""
`account-access-consents`: a client asks for a consent, and gives it back.

With a token of the client's own (client credentials); a customer's is refused.
"""

from collections.abc import Callable
from uuid import uuid4

from pki.http.checks import Check
from pki.http.messages import Request, Response
from pki.http.routes import Route
from rs_node.access.access_control import AccessControl
from rs_node.consents.awaiting import TooManyAwaiting
from rs_node.consents.consent import Consent, moment_of
from rs_node.consents.store import ConsentStore
from rs_node.open_banking.consent_request import ConsentRequest, read_consent_request
from rs_node.open_banking.content_negotiation import (
    verify_accepts_json,
    verify_sends_json,
)
from rs_node.open_banking.customer_headers import verify_customer_headers
from rs_node.open_banking.date_times import written
from rs_node.open_banking.envelope import BASE_PATH, answer, document
from rs_node.open_banking.error_responses import answering
from rs_node.open_banking.refusals import (
    Forbidden,
    NoRoomForConsents,
    ResourceNotFound,
    TooManyConsents,
)

PATH = f"{BASE_PATH}/account-access-consents"
SCOPE = "accounts"

_RULE = "UK Open Banking Read/Write v4.0, account-access-consents"

KNOWN = Check("account-access-consent.known", "there is such a consent", _RULE)
CLIENT = Check(
    "account-access-consent.client", "the consent is the client's own", _RULE
)

ROOM = Check(
    "account-access-consent.room", "not too many consents await authorisation", _RULE
)

_REASONS = {
    "AWAU": ("U036", "waiting for the customer's authorisation"),
    "RJCT": ("U033", "not authorised by the customer"),
    "EXPD": ("TKXP", "the consent has expired"),
}


class ConsentsEndpoint:
    """
    Create, read and delete.

    *resource* is the address below which this server is. Every POST makes a new
    consent: the standard wants it so, and has no idempotency key here.
    """

    def __init__(
        self,
        access: AccessControl,
        store: ConsentStore,
        resource: str,
        clock: Callable[[], float],
    ) -> None:
        self._access = access
        self._store = store
        self._resource = resource
        self._clock = clock

    def routes(self, resource_metadata: str) -> tuple[Route, ...]:
        """Where what is served; *resource_metadata* is told by every challenge."""
        one = f"{PATH}/{{consent_id}}"
        return (
            Route("POST", PATH, answering(self.create, resource_metadata)),
            Route("GET", one, answering(self.read, resource_metadata)),
            Route("DELETE", one, answering(self.delete, resource_metadata)),
        )

    async def create(self, request: Request) -> Response:
        """A new consent, which waits for its customer."""
        authorization = await self._access.authorize_client(request, SCOPE)
        verify_accepts_json(request)
        verify_customer_headers(request)
        verify_sends_json(request)
        now = self._clock()
        asked = read_consent_request(request.body, moment_of(now))
        consent = _new_consent(authorization.client_id, asked, now)
        await self._keep(consent)
        request.journal.about(consent=consent.consent_id)
        return answer(201, self._document(consent))

    async def _keep(self, consent: Consent) -> None:
        """
        Raises:
            TooManyConsents, NoRoomForConsents: it is one too many.
        """
        try:
            await self._store.keep(consent)
        except TooManyAwaiting as error:
            refusal = NoRoomForConsents if error.of_all else TooManyConsents
            raise refusal(
                str(error),
                ROOM,
                expected=f"at most {error.most}",
                presented=f"one more, of {consent.client_id}",
            ) from error

    async def read(self, request: Request, consent_id: str) -> Response:
        """A consent of the client's, as it stands."""
        consent = await self._own_consent(request, consent_id)
        return answer(200, self._document(consent))

    async def delete(self, request: Request, consent_id: str) -> Response:
        """The end of a consent, and of every token that names it."""
        consent = await self._own_consent(request, consent_id)
        await self._store.cancel(consent.consent_id)
        return Response(204)

    async def _own_consent(self, request: Request, consent_id: str) -> Consent:
        """
        Raises:
            ResourceNotFound: there is none, or it was deleted.
            Forbidden: it is another client's.
        """
        authorization = await self._access.authorize_client(request, SCOPE)
        verify_accepts_json(request)
        verify_customer_headers(request)
        consent = await self._store.find(consent_id)
        if consent is None or consent.status == "CANC":
            raise ResourceNotFound("no such consent, or a deleted one", KNOWN)
        request.journal.about(consent=consent.consent_id)
        if consent.client_id != authorization.client_id:
            raise Forbidden(
                "the consent is another client's",
                CLIENT,
                expected=consent.client_id,
                presented=authorization.client_id,
            )
        return consent

    def _document(self, consent: Consent) -> dict[str, object]:
        url = f"{self._resource}{PATH}/{consent.consent_id}"
        return {**document(_data(consent), url), "Risk": {}}


def _new_consent(client_id: str, asked: ConsentRequest, now: float) -> Consent:
    return Consent(
        consent_id=f"aac-{uuid4()}",
        client_id=client_id,
        permissions=asked.permissions,
        expiration=asked.expiration,
        transaction_from=asked.transaction_from,
        transaction_to=asked.transaction_to,
        created=now,
        status_updated=now,
    )


def _data(consent: Consent) -> dict[str, object]:
    """`OBReadDataConsentResponse1`: what was asked for, unchanged, and its fate."""
    dates = {
        "ExpirationDateTime": consent.expiration,
        "TransactionFromDateTime": consent.transaction_from,
        "TransactionToDateTime": consent.transaction_to,
    }
    return {
        "ConsentId": consent.consent_id,
        "CreationDateTime": _second(consent.created),
        "Status": consent.status,
        "StatusReason": _reasons(consent),
        "StatusUpdateDateTime": _second(consent.status_updated),
        "Permissions": list(consent.permissions),
        **{name: written(date) for name, date in dates.items() if date is not None},
    }


def _reasons(consent: Consent) -> list[dict[str, str]]:
    if consent.status not in _REASONS:
        return []
    code, text = _REASONS[consent.status]
    return [{"StatusReasonCode": code, "StatusReasonDescription": text}]


def _second(seconds: float) -> str:
    return written(moment_of(int(seconds)))
