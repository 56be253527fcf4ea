"""The authorization server's keys: RFC 8414 section 2 (`jwks_uri`), RFC 7517."""

from jwcrypto.jwk import JWKSet

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import required, strict_object
from pki.http.answers import Answer
from pki.http.messages import Fields

MOST_KEYS = 64

_WHAT = "JWK set"
_ACCEPT: Fields = (("Accept", "application/jwk-set+json, application/json"),)


async def request_key_set(identity: Identity, jwks_uri: str) -> Answer:
    """Ask for the keys at *jwks_uri*, which is for anybody to read."""
    return await identity.send("GET", jwks_uri, _ACCEPT)


def judge_key_set(answer: Answer) -> JWKSet:
    """
    The keys in *answer*.

    A key that jwcrypto cannot read makes the set unusable. Which of them may sign
    what is for the verification to say.

    Raises:
        UnusableAnswer: the answer is not 200 with a JWK set of at most `MOST_KEYS`.
    """
    if answer.status != 200:
        raise UnusableAnswer(f"{_WHAT}: {answer.status} instead of 200")
    keys = required(strict_object(answer.body, _WHAT), "keys", list, _WHAT)
    if len(keys) > MOST_KEYS:
        raise UnusableAnswer(f"{_WHAT}: {len(keys)} keys")
    try:
        return JWKSet.from_json(answer.body.decode())
    except Exception as error:  # jwcrypto's, and whatever its key import lets through
        raise UnusableAnswer(f"{_WHAT}: not readable: {error}") from error
