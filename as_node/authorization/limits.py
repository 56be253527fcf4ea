"""What is kept of an authorization request, and so may not be endless."""

from as_node.authorization.authentication_parameters import LONGEST_ACR_VALUES
from as_node.authorization.claims_parameter import LONGEST_CLAIMS
from as_node.authorization.judgement import LONGEST_NONCE, LONGEST_STATE
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="authorization.acr-values",
        what="`acr_values`",
        most=LONGEST_ACR_VALUES,
        unit="characters",
        beyond="400 `invalid_request`",
        why="the one value that is known has 23",
    ),
    Bound(
        name="authorization.claims",
        what="`claims`",
        most=LONGEST_CLAIMS,
        unit="bytes",
        beyond="400 `invalid_request`",
        why="kept with the request, as long as its lifetime",
    ),
    Bound(
        name="authorization.state",
        what="`state`",
        most=LONGEST_STATE,
        unit="characters",
        beyond="400 `invalid_request`",
        why="kept, and sent back in a URL; some clients keep a signed object in it",
    ),
    Bound(
        name="authorization.nonce",
        what="`nonce`",
        most=LONGEST_NONCE,
        unit="characters",
        beyond="400 `invalid_request`",
        why="FAPI 2.0 section 5.3.2.2; kept until the last refresh",
    ),
)
