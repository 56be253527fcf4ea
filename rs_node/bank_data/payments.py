"""Whom a company pays and who pays it: what the made-up transactions are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

IN, OUT = 1, -1


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    Payments of one kind.

    *direction* is `IN` or `OUT`, seen from the account.
    *times* is how many there are in a month, *days* on which days of it, both from
    and to. An amount lies from *least* to *most*, in whole units of the currency.
    """

    counterparties: tuple[str, ...]
    reference: str
    direction: int
    times: tuple[int, int]
    days: tuple[int, int]
    least: int
    most: int


_CUSTOMERS = (
    "Harbour & Sons Ltd",
    "Northgate Retail Group plc",
    "Pennine Outdoor Ltd",
    "Brightwater Hotels Ltd",
    "Ashdown County Council",
    "Lindqvist Trading (UK) Ltd",
    "Marlowe Publishing Ltd",
    "Quay Street Dental Partners",
)
_SUPPLIERS = (
    "Fenland Print & Post Ltd",
    "Cobalt Hosting Ltd",
    "Severn Office Supplies",
    "Albion Couriers Ltd",
    "Kestrel Facilities Management",
    "Thistle Legal LLP",
)
_EU_CUSTOMERS = (
    "Möbelhaus Kröger GmbH",
    "Société Lavande SARL",
    "Van der Velde Logistiek B.V.",
    "Ó Briain Teoranta",
    "Señal Roja S.L.",
)
_EU_SUPPLIERS = (
    "Ateliers Moreau SAS",
    "Kaltwasser Maschinenbau GmbH",
    "Nørre Data A/S",
)
_STAFF = tuple(f"Employee {number}" for number in range(1001, 1025))

PATTERNS: Mapping[str, tuple[Pattern, ...]] = {
    "operating": (
        Pattern(_CUSTOMERS, "Invoice {number}", IN, (5, 9), (1, 28), 900, 24_000),
        Pattern(_SUPPLIERS, "PO {number}", OUT, (5, 8), (2, 28), 120, 9_500),
        Pattern(
            ("Old Mill Estates",), "Rent {month}", OUT, (1, 1), (1, 1), 6_500, 6_500
        ),
        Pattern(("HMRC VAT",), "VAT {month}", OUT, (0, 1), (7, 7), 3_000, 18_000),
        Pattern(("Company cards",), "Cards {month}", OUT, (1, 1), (14, 14), 800, 4_200),
    ),
    "payroll": (
        Pattern(_STAFF, "Salary {month}", OUT, (14, 20), (25, 25), 1_900, 4_400),
        Pattern(("HMRC PAYE",), "PAYE {month}", OUT, (1, 1), (19, 19), 9_000, 15_000),
        Pattern(
            ("Bluebell Pensions",),
            "Pension {month}",
            OUT,
            (1, 1),
            (22, 22),
            2_000,
            5_000,
        ),
        Pattern(
            ("Operating account",),
            "Funding {month}",
            IN,
            (1, 1),
            (15, 18),
            60_000,
            90_000,
        ),
    ),
    "trading": (
        Pattern(_EU_CUSTOMERS, "Invoice {number}", IN, (3, 6), (1, 28), 700, 19_000),
        Pattern(_EU_SUPPLIERS, "Order {number}", OUT, (2, 5), (1, 28), 300, 14_000),
        Pattern(
            ("Example Bank FX",),
            "EUR/GBP {number}",
            OUT,
            (0, 2),
            (10, 20),
            1_000,
            9_000,
        ),
    ),
}
