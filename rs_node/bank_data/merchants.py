"""Where people spend money: shops that do not exist, by merchant category code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merchant:
    """A shop; *category* is its merchant category code, ISO 18245."""

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Habit:
    """
    Card payments of one kind.

    *times* is how many there are in a month, from and to. An amount lies from
    *least* to *most*, in pence or cents.
    """

    merchants: tuple[Merchant, ...]
    times: tuple[int, int]
    least: int
    most: int


def _shops(category: str, *names: str) -> tuple[Merchant, ...]:
    return tuple(Merchant(name, category) for name in names)


GROCERIES = _shops(
    "5411", "Hartley Foods", "Greenwell Market", "Corner & Co", "Bramble Grocers"
)
COMMUTE = _shops("4111", "City Transit", "Northern Line Rail", "Harbour Ferries")
COFFEE = _shops("5814", "Kettle & Crumb", "Second Cup Coffee", "The Bean Office")
PUBS = _shops("5813", "The Drowned Rat", "The Old Ferry Inn", "The Nine Bells")

DEBIT_CARD = (
    Habit(GROCERIES, (5, 9), 1_150, 9_480),
    Habit(COMMUTE, (8, 18), 280, 1_240),
    Habit(COFFEE, (6, 14), 265, 1_180),
    Habit(PUBS, (1, 5), 620, 4_650),
    Habit(_shops("5912", "Wells Pharmacy", "High Street Chemist"), (0, 3), 340, 2_890),
)
"""What everybody pays for from a current account."""

CREDIT_CARD = (
    Habit(_shops("5812", "Trattoria Lucia", "Spice Harbour", "The Larder"), (1, 5),
          1_800, 9_600),
    Habit(_shops("5651", "Field & Thread", "Marlow Outfitters"), (0, 3), 1_900, 14_500),
    Habit(_shops("5942", "Dog-eared Books", "Paper Lantern Books"), (0, 3), 799, 4_200),
    Habit(_shops("5200", "Tool & Timber", "Homestead DIY"), (0, 2), 650, 13_900),
    Habit(_shops("5732", "Volt Electronics"), (0, 1), 1_499, 18_900),
    Habit(_shops("7832", "Astoria Cinema", "The Ritzy Screen"), (0, 3), 950, 3_400),
)  # fmt: skip
"""What people put on a credit card."""

PASTIMES = (
    Habit(_shops("7992", "Bushwood Golf Links"), (2, 5), 2_500, 7_800),
    Habit(_shops("5941", "Summit & Stream", "Wheelhouse Cycles"), (1, 3), 990, 16_500),
    Habit(_shops("5733", "Fretboard Music"), (1, 3), 850, 12_900),
    Habit(_shops("5261", "Wisteria Garden Centre"), (1, 4), 690, 8_700),
    Habit(_shops("5970", "Ochre & Umber Art Supplies"), (1, 4), 480, 6_400),
)
"""One of these is a customer's."""

ABROAD = (
    Habit(_shops("5812", "Bistro des Halles", "Osteria del Porto"), (1, 4), 1_450,
          7_900),
    Habit(_shops("4112", "Chemins de Fer du Littoral", "Treni del Sud"), (0, 3), 900,
          8_600),
    Habit(_shops("7011", "Hôtel de la Gare", "Pensión Miramar"), (0, 1), 7_500, 26_000),
    Habit(_shops("5411", "Épicerie Martin", "Mercado Central"), (1, 4), 540, 5_200),
)  # fmt: skip
"""What people pay for in euros."""
