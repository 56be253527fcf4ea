"""
One month of a household, as bookings on its accounts.

A month follows from the household, the calendar, what the month before left on the
accounts and what it put on the credit card. What leaves one own account comes to
another in the same second.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random

from rs_node.bank_data.corporate_accounts import made_from
from rs_node.bank_data.customer_accounts import Kind
from rs_node.bank_data.drafts import (
    CASH,
    CREDIT_CARD_PAYMENT,
    DEBIT_CARD_PAYMENT,
    DIRECT_DEBIT,
    INTEREST,
    SALARY,
    STANDING_ORDER,
    TRANSFER_IN,
    TRANSFER_OUT,
    Draft,
    Exchange,
)
from rs_node.bank_data.household import Household, pence
from rs_node.bank_data.merchants import (
    ABROAD,
    CREDIT_CARD,
    DEBIT_CARD,
    Habit,
)

CENT = Decimal("0.01")

_INTEREST = Decimal("0.0325")  # a year


def month(
    home: Household,
    first: date,
    opening: Mapping[Kind, Decimal],
    card_bill: Decimal,
) -> list[Draft]:
    """
    All bookings of the month that begins on *first*, in no order.

    *opening* are the balances at its begin, by the kinds of accounts that there are;
    *card_bill* is what the month before put on the credit card.
    """
    choice = made_from("month", home.sub, f"{first:%Y-%m}")
    drafts = [*_fixed(home, first, choice), *_card_bill(first, card_bill)]
    drafts += _payments(DEBIT_CARD, "current", first, choice)
    drafts += _payments((*CREDIT_CARD, home.pastime), "card", first, choice)
    drafts += _cash(first, choice)
    if "euro" in opening:
        drafts += _abroad(first, choice)
    drafts += _interest(first, opening["savings"])
    return drafts + _rest(home, first, opening, drafts)


def next_month(first: date) -> date:
    """The first day of the month after the one that begins on *first*."""
    return (first + timedelta(days=31)).replace(day=1)


def _fixed(home: Household, first: date, choice: Random) -> Iterator[Draft]:
    """Salary, rent, bills and subscriptions."""
    payday = _working_day(first.replace(day=home.payday), forward=False)
    early = time(0, 7)
    yield Draft(
        "current", _at(payday, early), home.salary, SALARY,
        f"{home.employer.upper()} SALARY", other=home.employer,
    )  # fmt: skip
    yield Draft(
        "current", _at(_working_day(first), early), -home.rent, STANDING_ORDER,
        f"Rent {first:%b %Y}", other=home.landlord,
    )  # fmt: skip
    for bill in home.bills:
        day = _working_day(first.replace(day=bill.day))
        yield Draft(
            "current", _at(day, early), -pence(choice.randint(bill.least, bill.most)),
            DIRECT_DEBIT, f"{bill.payee.upper()} {bill.reference}", other=bill.payee,
        )  # fmt: skip
    for taken in home.subscriptions:
        yield Draft(
            "card", _at(first.replace(day=taken.day), time(4, 30)), -taken.price,
            CREDIT_CARD_PAYMENT, taken.merchant.name.upper(), merchant=taken.merchant,
        )  # fmt: skip


def _payments(
    habits: tuple[Habit, ...], kind: Kind, first: date, choice: Random
) -> Iterator[Draft]:
    """With a card, at all times of the day."""
    code = CREDIT_CARD_PAYMENT if kind == "card" else DEBIT_CARD_PAYMENT
    for habit in habits:
        for _ in range(choice.randint(*habit.times)):
            merchant = choice.choice(habit.merchants)
            amount = -pence(choice.randint(habit.least, habit.most))
            moment = _some_time(first, choice)
            text = merchant.name.upper()
            yield Draft(kind, moment, amount, code, text, merchant=merchant)


def _cash(first: date, choice: Random) -> Iterator[Draft]:
    for _ in range(choice.randint(0, 2)):
        amount = Decimal(-choice.choice((20, 30, 40, 60, 100)))
        moment = _some_time(first, choice)
        yield Draft("current", moment, amount, CASH, "CASH MACHINE HIGH STREET")


def _card_bill(first: date, bill: Decimal) -> list[Draft]:
    """The credit card is paid in full, in the middle of the month after."""
    if not bill:
        return []
    moment = _at(_working_day(first.replace(day=14)), time(1, 15))
    text = f"Credit card {first:%b %Y}"
    return _transfer("current", "card", moment, bill, text)


def _abroad(first: date, choice: Random) -> list[Draft]:
    """A little is changed into euros, and some of them are spent."""
    pounds = Decimal(choice.randrange(120, 280, 20))
    exchange = Exchange(
        "GBP", "EUR", Decimal(choice.randint(11_300, 12_050)).scaleb(-4)
    )
    euros = (pounds * exchange.rate).quantize(CENT, ROUND_HALF_EVEN)
    moment = _at(first.replace(day=choice.randint(4, 9)), time(10, 42))
    text = f"GBP to EUR at {exchange.rate}"
    out = Draft("current", moment, -pounds, TRANSFER_OUT, text, own="euro",
                exchange=exchange)  # fmt: skip
    back = Draft("euro", moment, euros, TRANSFER_IN, text, own="current",
                 exchange=exchange)  # fmt: skip
    spent = list(_payments(ABROAD, "euro", first, choice))
    return [out, back, *_as_far_as(euros, spent)]


def _as_far_as(money: Decimal, spent: list[Draft]) -> Iterator[Draft]:
    """Of these payments, those that there is money for."""
    for draft in spent:
        money += draft.amount
        if money < 0:
            return
        yield draft


def _interest(first: date, savings: Decimal) -> Iterator[Draft]:
    amount = (savings * _INTEREST / 12).quantize(CENT, ROUND_HALF_EVEN)
    if amount > 0:
        moment = _at(next_month(first) - timedelta(days=1), time(23, 30))
        yield Draft("savings", moment, amount, INTEREST, f"Interest {first:%b %Y}")


def _rest(
    home: Household, first: date, opening: Mapping[Kind, Decimal], drafts: list[Draft]
) -> list[Draft]:
    """What is over goes to the savings; what is missing comes from there."""
    changes = sum(draft.amount for draft in drafts if draft.kind == "current")
    over = opening["current"] + changes - home.usual_rest
    moment = _at(next_month(first) - timedelta(days=1), time(22, 15))
    if over > 0:
        return _transfer("current", "savings", moment, over, "To rainy day")
    missing = min(-over, opening["savings"])
    return _transfer("savings", "current", moment, missing, "From rainy day")


def _transfer(
    source: Kind, target: Kind, moment: datetime, amount: Decimal, text: str
) -> list[Draft]:
    """Both sides of a transfer between two own accounts."""
    if not amount:
        return []
    return [
        Draft(source, moment, -amount, TRANSFER_OUT, text, own=target),
        Draft(target, moment, amount, TRANSFER_IN, text, own=source),
    ]


def _some_time(first: date, choice: Random) -> datetime:
    last = (next_month(first) - timedelta(days=1)).day
    moment = time(choice.randint(7, 21), choice.randrange(60), choice.randrange(60))
    return _at(first.replace(day=choice.randint(1, last)), moment)


def _working_day(day: date, *, forward: bool = True) -> date:
    """This day, or the Monday after or the Friday before a weekend."""
    while day.weekday() >= 5:
        day += timedelta(days=1 if forward else -1)
    return day


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, UTC)
