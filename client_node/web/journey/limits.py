"""What a browser may send, and what one page may cost."""

from client_node.web.journey.browser_session import MOST_FIELDS
from client_node.web.journey.customer_access import MOST_PAGES
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="web.fields",
        what="fields of a form sent to the banking client",
        most=MOST_FIELDS,
        unit="",
        beyond="403, a page",
        why="its forms have two",
    ),
    Bound(
        name="web.pages",
        what="pages of transactions that are read for one picture",
        most=MOST_PAGES,
        unit="",
        beyond="the picture begins later, and says so",
        why="a bank may have them without end",
    ),
)
