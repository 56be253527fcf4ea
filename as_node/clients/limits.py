"""What a client may send to say who it is, and have fetched and remembered for it."""

from as_node.clients.authentication import LONGEST_SCHEME
from as_node.clients.client_assertion import LONGEST_ASSERTION
from as_node.clients.jwks_cache import PAUSE_SECONDS
from as_node.clients.jwks_fetch import DEADLINE, LARGEST_JWK_SET
from as_node.clients.private_key_jwt import LONGEST_JTI, LONGEST_LIFETIME
from pki.bound import Bound
from pki.names.preparation import LONGEST_VALUE

BOUNDS = (
    Bound(
        name="client-auth.scheme",
        what="the scheme of an `Authorization` header, said again to who tried one",
        most=LONGEST_SCHEME,
        unit="characters",
        beyond="401 `invalid_client` with `Basic` in its place",
        why="the longest registered one has 13",
    ),
    Bound(
        name="assertion.size",
        what="a client assertion",
        most=LONGEST_ASSERTION,
        unit="characters",
        beyond="401 `invalid_client`",
        why="five claims and an RSA signature take 900",
    ),
    Bound(
        name="assertion.jti",
        what="its `jti`",
        most=LONGEST_JTI,
        unit="characters",
        beyond="401 `invalid_client`",
        why="kept until the assertion is over",
    ),
    Bound(
        name="assertion.lifetime",
        what="what it has left of its lifetime",
        most=LONGEST_LIFETIME,
        unit="seconds",
        beyond="401 `invalid_client`",
        why="so long is its `jti` kept",
    ),
    Bound(
        name="jwks-uri.size",
        what="a client's JWK set",
        most=LARGEST_JWK_SET,
        unit="bytes",
        beyond="not taken, 401 `invalid_client`",
        why="of sixty certificates; anybody can have it fetched",
    ),
    Bound(
        name="jwks-uri.deadline",
        what="the wait for it",
        most=int(DEADLINE),
        unit="seconds",
        beyond="not taken, 401 `invalid_client`",
        why="a token request waits",
    ),
    Bound(
        name="jwks-uri.pause",
        what=f"fetches of it within {PAUSE_SECONDS:g} seconds",
        most=1,
        unit="",
        beyond="not fetched again, 401 `invalid_client`",
        why="a request with an unknown certificate costs nothing, and has it fetched",
    ),
    Bound(
        name="subject.value",
        what="each value in the subject of a client's certificate",
        most=LONGEST_VALUE,
        unit="characters",
        beyond="401 `invalid_client`",
        why="it is prepared character by character; those of RFC 5280 have 64",
    ),
)
