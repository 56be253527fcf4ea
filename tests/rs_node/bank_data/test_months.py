"""A month of a household where money is short, and where it is not."""

from datetime import date
from decimal import Decimal

from rs_node.bank_data.customer_accounts import Kind
from rs_node.bank_data.household import household
from rs_node.bank_data.months import month, next_month

HOME = household("ty.webb@example.com")
MAY = date(2026, 5, 1)
NOTHING = Decimal(0)


def test_no_savings() -> None:
    """Where nothing is saved there is no interest, and nothing to fall back on."""
    kinds: tuple[Kind, ...] = ("current", "savings", "card")
    opening = dict.fromkeys(kinds, NOTHING)
    drafts = month(HOME, MAY, opening, NOTHING)
    assert "savings" not in {draft.kind for draft in drafts}
    assert "euro" not in {draft.kind for draft in drafts}
    assert not [draft for draft in drafts if draft.text.startswith("Credit card")]


def test_short_of_money() -> None:
    """What is missing at the end of a month comes from the savings."""
    opening: dict[Kind, Decimal] = {
        "current": NOTHING,
        "savings": Decimal(100_000),
        "card": NOTHING,
    }
    drafts = month(HOME, MAY, opening, Decimal(500))
    rest = sum(draft.amount for draft in drafts if draft.kind == "current")
    assert rest == HOME.usual_rest
    assert [draft.text for draft in drafts].count("From rainy day") == 2


def test_next_month() -> None:
    """A month of 28 to 31 days is followed by the next one, also in December."""
    assert next_month(date(2026, 2, 1)) == date(2026, 3, 1)
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
