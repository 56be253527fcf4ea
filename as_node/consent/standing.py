"""
Whether the consent that a grant stands on is still in force.

The consent is the resource server's, and ends there: its client deletes it, or its time
is over. So the resource server is asked whenever something would be given on the
strength of it, over the channel by which it told what was consented to. Nothing has to
be told, so nothing can be lost between the two; and what is once found to have ended
is revoked here, and stays so.
"""

from dataclasses import dataclass
from uuid import uuid4

from as_node.browser.error_pages import ConsentNotUsable, TryAgainLater
from as_node.consent.backchannel import ConsentBackchannel
from as_node.protocol.errors import ResourceServerAway
from as_node.store.records import AuthorizationGrant
from as_node.tokens.authorizations import Authorizations
from pki.http.checks import Check
from pki.http.journal import Journal

IN_FORCE = Check(
    "grant.consent-in-force",
    "the consent that the grant stands on has not ended",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)


@dataclass(frozen=True, slots=True)
class StandingConsents:
    """Asks by *backchannel*, and revokes among *authorizations*."""

    backchannel: ConsentBackchannel
    authorizations: Authorizations

    async def is_in_force(self, grant: AuthorizationGrant, journal: Journal) -> bool:
        """
        Whether the consent of *grant* is in force; True of one that has none.

        With False, all that was issued from the grant is revoked, durably.

        Raises:
            ResourceServerAway: it cannot be told, so nothing is given; nothing is
                revoked either.
            StoreFailed: it could not be revoked.
        """
        if grant.openbanking_intent_id is None:
            return True
        interaction = journal.interaction_id or str(uuid4())
        journal.about(interaction=interaction)
        try:
            await self.backchannel.verify_authorised(
                grant.openbanking_intent_id,
                client_id=grant.client_id,
                interaction_id=interaction,
            )
        except ConsentNotUsable as ended:
            await self.authorizations.revoke(grant)
            journal.about(consent_ended=ended.detail)
            return False
        except TryAgainLater as away:
            raise ResourceServerAway(away.detail) from away
        journal.accepted(
            IN_FORCE,
            self.is_in_force,
            expected="AUTH",
            presented="AUTH",
        )
        return True
