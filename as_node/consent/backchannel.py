"""
The authorization server asks the bank's resource server about a consent, and tells it
what the customer decided.

Over mutual TLS, as `as-backchannel`: each side proves itself to the other. Between
the two calls stands the customer; nothing is decided here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from as_node.browser.error_pages import ConsentNotUsable, TryAgainLater
from as_node.consent.askable import AWAITS_DECISION, verify_askable
from as_node.consent.consent import AUTHORISED, ConsentView, parse_consent_view
from pki.http.answers import Answer, NoAnswer
from pki.http.checks import Check
from pki.http.interaction_id import INTERACTION_ID
from pki.http.messages import Fields
from pki.mtls.client import MutualTLSClient

AUTHORISED_CONSENT = Check(
    "consent.authorised",
    "the consent is this client's, and was not ended",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)

DEADLINE = 5.0
"""Seconds for one exchange; a person waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    What the customer *customer* decided about a consent of *client_id*'s.

    *account_ids* are those she chose; none with a refusal. *decision_id* names this
    decision: reported twice, because an answer was lost say, it counts once.
    *renews* names the decision that it takes the place of, if she had given the
    consent before.
    """

    customer: str
    client_id: str
    decision: Literal["approved", "refused"]
    account_ids: Sequence[str]
    decision_id: str
    renews: str | None = None


class ConsentBackchannel:
    """The consents at *base_url*, for example `https://localhost:9445`."""

    def __init__(self, client: MutualTLSClient, base_url: str) -> None:
        self._client = client
        self._consents = f"{base_url}/backchannel/consents"

    async def read_consent(
        self, consent_id: str, *, client_id: str, customer: str, interaction_id: str
    ) -> ConsentView:
        """
        The consent of this client's that *customer* can be asked about.

        Nobody has decided about it yet; or it is in force, and *customer* gave it.

        Raises:
            AnotherGaveIt: it is in force, and somebody else gave it.
            ConsentNotUsable: there is none like that.
            TryAgainLater: the resource server is away, or makes no sense.
        """
        query = urlencode({"customer": customer})
        url = f"{self._consents}/{quote(consent_id, safe=':')}?{query}"
        answer = await self._ask("GET", url, interaction_id)
        view = _view(answer, url)
        if view.consent_id != consent_id:
            raise TryAgainLater(f"{url} answers with another consent")
        if view.client_id != client_id:
            raise ConsentNotUsable(
                "the consent was made by another client",
                AWAITS_DECISION,
                expected=view.client_id,
                presented=client_id,
            )
        verify_askable(view, customer)
        return view

    async def verify_authorised(
        self, consent_id: str, *, client_id: str, interaction_id: str
    ) -> None:
        """
        The consent is this client's, and in force: approved, and not ended since.

        Raises:
            ConsentNotUsable: it is not, or there is none any more.
            TryAgainLater: the resource server is away, or makes no sense.
        """
        url = f"{self._consents}/{quote(consent_id, safe=':')}"
        answer = await self._ask("GET", url, interaction_id)
        if answer.status not in {200, 404}:
            raise TryAgainLater(f"{url} answers {answer.status}")
        view = _view(answer, url)
        if view.consent_id != consent_id:
            raise TryAgainLater(f"{url} answers with another consent")
        if view.client_id != client_id or view.status not in AUTHORISED:
            raise ConsentNotUsable(
                "the consent is not in force",
                AUTHORISED_CONSENT,
                expected=f"{client_id} AUTH",
                presented=f"{view.client_id} {view.status}",
            )

    async def report_decision(
        self, consent_id: str, decision: Decision, *, interaction_id: str
    ) -> None:
        """
        Have the decision recorded; when this returns, it is.

        Raises:
            ConsentNotUsable: there is no such consent of this client's, or it was
                decided about otherwise, or it ended meanwhile.
            TryAgainLater: the resource server is away, or makes no sense. Whether
                the decision was recorded is not known; to report it again is safe.
        """
        url = f"{self._consents}/{quote(consent_id, safe=':')}/decision"
        members: dict[str, object] = {
            "customer": decision.customer,
            "client_id": decision.client_id,
            "decision": decision.decision,
            "account_ids": list(decision.account_ids),
            "decision_id": decision.decision_id,
        }
        if decision.renews is not None:
            members["renews"] = decision.renews
        answer = await self._ask(
            "PUT",
            url,
            interaction_id,
            headers=(("Content-Type", "application/json"),),
            body=json.dumps(members).encode("ascii"),
        )
        _verify_status(answer, url)

    async def _ask(
        self,
        method: str,
        url: str,
        interaction_id: str,
        *,
        headers: Fields = (),
        body: bytes = b"",
    ) -> Answer:
        fields = (
            ("Accept", "application/json"),
            (INTERACTION_ID, interaction_id),
            *headers,
        )
        try:
            return await self._client.request(
                method, url, headers=fields, body=body, deadline=DEADLINE
            )
        except NoAnswer as error:
            raise TryAgainLater(f"{url}: {error}") from error


def _view(answer: Answer, url: str) -> ConsentView:
    _verify_status(answer, url)
    try:
        return parse_consent_view(answer.body)
    except ValueError as error:
        raise TryAgainLater(f"{url}: {error}") from error


def _verify_status(answer: Answer, url: str) -> None:
    """200, or why not."""
    if answer.status in {400, 404, 409}:
        raise ConsentNotUsable(f"{url} answers {answer.status}", AWAITS_DECISION)
    if answer.status != 200:
        raise TryAgainLater(f"{url} answers {answer.status}")
