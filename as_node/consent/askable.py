"""
Whether a customer can be asked about a consent: for the first time, or again.

Again is re-authentication (UK Open Banking, Read/Write Data API profile): a client may
have the customer sign in for a consent of hers at any time while it is in force, before
and after its tokens have ended. It stays hers: anybody else who approved it would open
his own accounts under what she had agreed with her client.
"""

from as_node.browser.error_pages import ConsentNotUsable
from as_node.consent.consent import ConsentView
from pki.http.checks import Check

AWAITS_DECISION = Check(
    "consent.awaits-decision",
    "the consent is this client's, and awaits the customer's decision, or is in force",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)
SAME_CUSTOMER = Check(
    "consent.same-customer",
    "who is asked again about a consent is the customer who gave it",
    "UK Open Banking Read/Write v4.0, Consent Re-authentication",
)


class AnotherGaveIt(ConsentNotUsable):
    """The consent is in force, and somebody else gave it than she who signed in."""


def verify_askable(view: ConsentView, customer: str) -> None:
    """
    Nobody has decided about the consent; or it is in force, and *customer* gave it.

    Whose consent it is among the clients is not checked.

    Raises:
        AnotherGaveIt: it is in force, and somebody else gave it.
        ConsentNotUsable: it was refused or has ended.
    """
    if view.awaits_decision:
        return
    if view.renewable is None:
        raise ConsentNotUsable(
            "the consent neither awaits a decision nor is in force",
            AWAITS_DECISION,
            expected="AWAU or AUTH",
            presented=view.status,
        )
    if view.renewable.customer != customer:
        raise AnotherGaveIt(
            "another customer gave the consent",
            SAME_CUSTOMER,
            expected=view.renewable.customer,
            presented=customer,
        )
