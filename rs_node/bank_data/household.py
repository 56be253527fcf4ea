"""What one customer earns, owes and likes to spend money on."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from random import Random

from rs_node.bank_data.corporate_accounts import made_from
from rs_node.bank_data.merchants import PASTIMES, Habit, Merchant

MOST_HOUSEHOLDS = 1_000

_EMPLOYERS = (
    "Bushwood Estates Ltd",
    "Pennant Instruments Ltd",
    "Calder Valley Council",
    "Tidewater Shipping plc",
    "Larkfield School Trust",
    "Foxglove Software Ltd",
)
_LANDLORDS = ("Old Mill Estates", "Harbour Lettings", "M Smails", "Kestrel Homes")
_ENERGY = ("Beacon Energy", "Thermal & Light", "Greenfield Power")
_WATER = ("Three Rivers Water", "Moorland Water")
_BROADBAND = ("Fibrelane Broadband", "Copperfield Telecom")
_MOBILE = ("Wavelength Mobile", "Hummingbird Mobile")
_STREAMING = (
    Merchant("Lantern Streaming", "4899"),
    Merchant("Cinebox", "4899"),
    Merchant("Tunedeck Music", "5815"),
)
_GYM = Merchant("Ironbridge Gym", "7997")


@dataclass(frozen=True, slots=True)
class Bill:
    """What is collected by direct debit each month: *least* to *most* pence."""

    payee: str
    reference: str
    day: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is taken from a card each month, on the same day and always the same."""

    merchant: Merchant
    day: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Household:
    """
    The fixed points of a customer's months; amounts in pounds.

    *usual_rest* is about what she likes to have on the current account when a month
    ends; what is over goes to the savings.
    """

    sub: str
    employer: str
    salary: Decimal
    payday: int
    landlord: str
    rent: Decimal
    bills: tuple[Bill, ...]
    subscriptions: tuple[Subscription, ...]
    pastime: Habit
    usual_rest: Decimal
    savings_at_first: Decimal
    euros_at_first: Decimal


@lru_cache(maxsize=MOST_HOUSEHOLDS)
def household(sub: str) -> Household:
    """The household of one customer: the same in every process."""
    choice = made_from("household", sub)
    salary = pence(choice.randrange(298_000, 534_000))
    # A quarter or a third of it, in steps of five pounds.
    rent = pence(int(salary) * choice.randint(24, 31) // 500 * 500)
    return Household(
        sub=sub,
        employer=choice.choice(_EMPLOYERS),
        salary=salary,
        payday=choice.choice((24, 25, 26, 28)),
        landlord=choice.choice(_LANDLORDS),
        rent=rent,
        bills=_bills(choice),
        subscriptions=_subscriptions(choice),
        pastime=choice.choice(PASTIMES),
        usual_rest=rent + pence(choice.randrange(205_000, 265_000)),
        savings_at_first=pence(choice.randrange(250_000, 1_800_000)),
        euros_at_first=pence(choice.randrange(30_000, 140_000)),
    )


def _bills(choice: Random) -> tuple[Bill, ...]:
    mobile = choice.randrange(900, 3_200, 100)
    broadband = choice.randrange(2_500, 4_600, 100)
    council_tax = choice.randrange(11_200, 19_800)
    return (
        Bill("Calder Valley Council", "Council tax", 3, council_tax, council_tax),
        Bill(choice.choice(_WATER), "Water", 6, 2_900, 3_900),
        Bill(choice.choice(_BROADBAND), "Broadband", 12, broadband, broadband),
        Bill(choice.choice(_ENERGY), "Gas and electricity", 17, 6_900, 17_400),
        Bill(choice.choice(_MOBILE), "Mobile", 20, mobile, mobile),
    )


def _subscriptions(choice: Random) -> tuple[Subscription, ...]:
    merchants = choice.sample(_STREAMING, choice.randint(1, len(_STREAMING)))
    if choice.random() < 0.6:
        merchants.append(_GYM)
    return tuple(
        Subscription(merchant, choice.randint(2, 27), pence(price))
        for merchant in merchants
        for price in [choice.choice((799, 999, 1_099, 1_499, 2_499))]
    )


def pence(number: int) -> Decimal:
    """So many pence as pounds, or cents as euros."""
    return Decimal(number).scaleb(-2)
