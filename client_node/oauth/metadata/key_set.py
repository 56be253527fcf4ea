"""The authorization server's keys: RFC 8414 section 2 (`jwks_uri`), RFC 7517."""

from collections.abc import Callable, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK, JWKSet

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import required, strict_object
from client_node.oauth.requests.statuses import unexpected_status
from pki.http.answers import Answer
from pki.http.messages import Fields

MOST_KEYS = 64

_WHAT = "JWK set"
_ACCEPT: Fields = (("Accept", "application/jwk-set+json, application/json"),)


# What jwcrypto 1.6.1 raises, or lets through, for members of wrong types and values.
_NO_KEY = (
    JWException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
)


def _tell_nobody(_line: str) -> None:
    pass


async def request_key_set(identity: Identity, jwks_uri: str) -> Answer:
    """Ask for the keys at *jwks_uri*, which is for anybody to read."""
    return await identity.send("GET", jwks_uri, _ACCEPT)


def judge_key_set(answer: Answer, tell: Callable[[str], None] = _tell_nobody) -> JWKSet:
    """
    The keys in *answer*.

    A key that jwcrypto cannot read is passed over, and told by *tell* in a line: RFC
    7517 section 5. Which of them may sign what is for the verification to say.

    Raises:
        UnusableAnswer: the answer is not 200 with a JWK set of at most `MOST_KEYS`, or
            none of its keys can be read.
    """
    if answer.status != 200:
        raise unexpected_status(answer, _WHAT, 200)
    keys = required(strict_object(answer.body, _WHAT), "keys", list, _WHAT)
    if len(keys) > MOST_KEYS:
        raise UnusableAnswer(f"{_WHAT}: {len(keys)} keys, expected at most {MOST_KEYS}")
    found, passed_over = JWKSet(), []
    for index, members in enumerate(keys):
        try:
            found.add(_key(members))
        except _NO_KEY as error:
            why = " ".join(str(error).split())[:120] or type(error).__name__
            passed_over.append(f"{_WHAT}: keys[{index}] is passed over: {why}")
    if passed_over and len(passed_over) == len(keys):
        raise UnusableAnswer(passed_over[0])
    for line in passed_over:
        tell(line)
    return found


def _key(members: object) -> JWK:
    if not isinstance(members, Mapping):
        raise TypeError("expected an object, found something else")
    key = JWK()
    key.import_key(**members)  # and never `JWK(…)`, which makes one where it is told to
    return key
