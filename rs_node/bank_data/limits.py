"""How much of what was made up is remembered. Whatever is forgotten is made again."""

from pki.bound import Bound
from rs_node.bank_data.corporate_accounts import MOST_CLIENTS
from rs_node.bank_data.customer_accounts import MOST_CUSTOMERS
from rs_node.bank_data.household import MOST_HOUSEHOLDS
from rs_node.bank_data.ledger import MOST_HISTORIES
from rs_node.bank_data.statement import MOST_STATEMENTS

_AGAIN = "the one used least recently is made again"

BOUNDS = (
    Bound(
        name="bank-data.clients",
        what="clients whose made-up accounts are kept",
        most=MOST_CLIENTS,
        unit="",
        beyond=_AGAIN,
        why="1 kB each",
    ),
    Bound(
        name="bank-data.customers",
        what="customers whose are",
        most=MOST_CUSTOMERS,
        unit="",
        beyond=_AGAIN,
        why="2 kB each",
    ),
    Bound(
        name="bank-data.households",
        what="customers whose households are",
        most=MOST_HOUSEHOLDS,
        unit="",
        beyond=_AGAIN,
        why="1 kB each",
    ),
    Bound(
        name="bank-data.histories",
        what="customers whose bookings are",
        most=MOST_HISTORIES,
        unit="",
        beyond=_AGAIN,
        why="a megabyte each after two years",
    ),
    Bound(
        name="bank-data.statements",
        what="statements of one account that are",
        most=MOST_STATEMENTS,
        unit="",
        beyond=_AGAIN,
        why="30 kB each",
    ),
)
