"""What is read of a server, and remembered of what it issued."""

from client_node.oauth.authorization.authorization_response import MOST_PARAMETERS
from client_node.oauth.authorization.id_token import LONGEST_SUB
from client_node.oauth.discovered_server import AT_MOST_EVERY
from client_node.oauth.metadata.key_set import MOST_KEYS
from client_node.oauth.token.token_cache import LARGEST, LONGEST
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="response.parameters",
        what="parameters of an authorization response",
        most=MOST_PARAMETERS,
        unit="",
        beyond="not used; 400, a page",
        why="five are known",
    ),
    Bound(
        name="id-token.sub",
        what="`sub` of an ID token",
        most=LONGEST_SUB,
        unit="characters",
        beyond="not used; 502, a page",
        why="OpenID Connect Core section 2; kept with the connection",
    ),
    Bound(
        name="keys.many",
        what="keys of a server's JWK set",
        most=MOST_KEYS,
        unit="",
        beyond="none is used; 502, a page",
        why="each is read; a server has a few",
    ),
    Bound(
        name="keys.look-ups",
        what=f"look-ups of them within {AT_MOST_EVERY:g} seconds",
        most=1,
        unit="",
        beyond="not looked up; 502, a page",
        why="an ID token may name any key",
    ),
    Bound(
        name="token-cache.size",
        what="access tokens of our own that are kept",
        most=LARGEST,
        unit="",
        beyond="the one used least recently is asked for again",
        why="one for each scope",
    ),
    Bound(
        name="token-cache.time",
        what="how long one is kept, whatever its server says",
        most=int(LONGEST),
        unit="seconds",
        beyond="asked for again",
        why="`expires_in` may be any number",
    ),
)
