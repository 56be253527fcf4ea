"""How large a form may be, whoever sends it."""

from as_node.protocol.parameters import (
    LARGEST_FORM,
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_PARAMETERS,
)
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="form.size",
        what="a form sent to the authorization server",
        most=LARGEST_FORM,
        unit="bytes",
        beyond="400 `invalid_request`, or a page",
        why="one value as long as one may be, and all the others",
    ),
    Bound(
        name="form.parameters",
        what="parameters in it",
        most=MOST_PARAMETERS,
        unit="",
        beyond="400 `invalid_request`, or a page",
        why="a token request has ten; a customer's form one an account",
    ),
    Bound(
        name="form.name",
        what="the name of one",
        most=LONGEST_NAME,
        unit="characters",
        beyond="400 `invalid_request`, or a page",
        why="the longest registered one has 35",
    ),
    Bound(
        name="form.value",
        what="the value of one",
        most=LONGEST_VALUE,
        unit="characters",
        beyond="400 `invalid_request`, or a page",
        why="a signed object with a chain of certificates",
    ),
)
