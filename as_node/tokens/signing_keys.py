"""
The keys that sign JWTs: which one signs now, which ones verify.

For each algorithm one key is `next`, one `current`, and any number are `retired`.
All are published at the `jwks_uri`; only the current one signs. A rotation moves
each one step on and makes a new next key. A resource server that fetched the set
before a rotation therefore has the key that signs after it, and one that fetches it
later still finds the key of the tokens issued before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from as_node.store.store import SigningKeyRecord, SigningKeyStore
from as_node.tokens.jwt_signing import (
    SIGNING_ALGS,
    JWTSigner,
    SigningAlg,
    header_segment,
)
from as_node.tokens.key_records import new_record, private_key_of, public_jwk_of
from pki.node.believed_clock import FORGET_AFTER

CHECK_SECONDS = 5.0
"""How long a rotation made by another process can go unnoticed, at most."""

LEEWAY_SECONDS = 60.0
"""How much later than here a resource server may find its tokens expired, at most."""

# RFC 9068 section 2.1.
_ACCESS_TOKEN_TYP = "at+jwt"  # noqa: S105 - a media type
# RFC 7519 section 5.1. A type for each, so that none is ever taken for another (RFC
# 8725 section 3.11): an ID token is no access token, though one key signs both.
_ID_TOKEN_TYP = "JWT"  # noqa: S105 - a media type
# Token Status List section 5.1: a third.
_STATUS_LIST_TYP = "statuslist+jwt"


@dataclass(frozen=True, slots=True, eq=False)
class _PublishedKey:
    alg: str
    jwk: JWK
    """Of a record's `public_key`, so there is nothing private in it."""

    def members(self) -> dict[str, object]:
        """As in the JWK set, RFC 7517 section 4; `kid` is the RFC 7638 thumbprint."""
        public = self.jwk.export_public(as_dict=True)
        return {**public, "use": "sig", "alg": self.alg}


class SigningKeys:
    """
    The signing keys of one authorization server.

    They are in the store, and outlive the process. What another process does to
    them there (`python -m as_node.rotate_keys`) is noticed within `CHECK_SECONDS`,
    at the next use after that.
    """

    def __init__(
        self,
        store: SigningKeyStore,
        *,
        lifetime_seconds: float,
        clock: Callable[[], float],
        algs: Iterable[SigningAlg] = SIGNING_ALGS,
    ) -> None:
        """
        Makes the first keys of those *algs* that have none.

        *lifetime_seconds* is the longest lifetime of anything signed: a retired key
        stays published for so long after the last signature it can have made.

        Raises:
            StoreFailed: the keys cannot be read or made.
        """
        self._store = store
        # Until it noticed, a server went on signing with the retired key.
        last_signature_to_end = CHECK_SECONDS + lifetime_seconds
        self._published_seconds = last_signature_to_end + LEEWAY_SECONDS
        self._clock = clock
        self._checked_at = float("-inf")
        self._records: tuple[SigningKeyRecord, ...] = ()
        self._signers: dict[tuple[str, str], JWTSigner] = {}
        self._published: dict[str, _PublishedKey] = {}
        self._published_for_id_tokens: dict[str, _PublishedKey] = {}
        kept = store.all()
        for alg in set(algs) - {record.alg for record in kept}:
            store.add_first(new_record(alg, "current"), new_record(alg, "next"))
        for record in kept:
            if self._is_over(record):
                store.forget(record.kid)
        self._check()

    def current(self, alg: str) -> JWTSigner:
        """
        What signs access tokens with *alg* now.

        Raises:
            KeyError: there are no keys for *alg*.
            StoreFailed: whether it is still the current one cannot be read.
        """
        return self._current(alg, _ACCESS_TOKEN_TYP)

    def current_for_id_tokens(self, alg: str) -> JWTSigner:
        """
        What signs ID tokens with *alg* now: the key of `current`, another `typ`.

        Raises:
            KeyError: there are no keys for *alg*.
            StoreFailed: whether it is still the current one cannot be read.
        """
        return self._current(alg, _ID_TOKEN_TYP)

    def current_for_status_lists(self, alg: str) -> JWTSigner:
        """
        What signs status lists with *alg* now: the same key, a third `typ`.

        Raises:
            KeyError: there are no keys for *alg*.
            StoreFailed: whether it is still the current one cannot be read.
        """
        return self._current(alg, _STATUS_LIST_TYP)

    def _current(self, alg: str, typ: str) -> JWTSigner:
        self._check()
        return self._signers[alg, typ]

    def jwks(self) -> dict[str, object]:
        """
        The JWK set that is published, RFC 7517 section 5: public keys only.

        Raises:
            StoreFailed: whether it is still the one cannot be read.
        """
        self._check()
        return {"keys": [key.members() for key in self._published.values()]}

    def find_payload(self, jwt: str) -> bytes | None:
        """
        The payload of an access token that was signed here; None of anything else.

        These servers write one header for each key, so a header that is not one of
        those, octet by octet, is not read at all: no other `typ` or `alg`, no
        `none`, no `jwk` of the sender's own. The signature is jwcrypto's to verify.
        Nothing in the payload is looked at.

        Raises:
            StoreFailed: whether the key is still published cannot be read.
        """
        self._check()
        return _payload(jwt, self._published)

    def find_id_token_payload(self, jwt: str) -> bytes | None:
        """As `find_payload`, of an ID token. Neither is ever taken for the other."""
        self._check()
        return _payload(jwt, self._published_for_id_tokens)

    def _check(self) -> None:
        """Read the keys again, if it is time to."""
        now = self._clock()
        # The lower bound is for a clock that was set back.
        if self._checked_at <= now < self._checked_at + CHECK_SECONDS:
            return
        records = tuple(filter(self._is_published, self._store.all()))
        if records != self._records:
            # Once for all three: OpenSSL tests the primes of an RSA key at each
            # reading, which takes it 40 milliseconds.
            keys = [(r, private_key_of(r)) for r in records if r.state == "current"]
            self._signers = _signers(keys)
            published = {r.kid: _PublishedKey(r.alg, public_jwk_of(r)) for r in records}
            self._published = _by_header(published, _ACCESS_TOKEN_TYP)
            self._published_for_id_tokens = _by_header(published, _ID_TOKEN_TYP)
            self._records = records
        self._checked_at = now

    def _is_over(self, record: SigningKeyRecord) -> bool:
        """Not published for a day: a clock that is ahead for once deletes no key."""
        if record.retired_at is None:
            return False
        over = record.retired_at + self._published_seconds + FORGET_AFTER
        return self._clock() >= over

    def _is_published(self, record: SigningKeyRecord) -> bool:
        if record.retired_at is None:
            return True
        return self._clock() < record.retired_at + self._published_seconds


def rotate(store: SigningKeyStore, alg: SigningAlg, *, now: float) -> None:
    """
    Make the next key of *alg* the current one; durable when this returns.

    Running servers notice within `CHECK_SECONDS`.

    Raises:
        StoreFailed: nothing has changed, for example as there are no such keys.
    """
    store.rotate(new_record(alg, "next"), now)


def _signers(
    keys: Iterable[tuple[SigningKeyRecord, PrivateKeyTypes]],
) -> dict[tuple[str, str], JWTSigner]:
    return {
        (record.alg, typ): JWTSigner(key, alg=record.alg, kid=record.kid, typ=typ)
        for record, key in keys
        for typ in (_ACCESS_TOKEN_TYP, _ID_TOKEN_TYP, _STATUS_LIST_TYP)
    }


def _by_header(
    published: Mapping[str, _PublishedKey], typ: str
) -> dict[str, _PublishedKey]:
    """The keys by the only header that is written for each, in JWTs of this *typ*."""
    return {
        header_segment(alg=key.alg, kid=kid, typ=typ): key
        for kid, key in published.items()
    }


def _payload(jwt: str, published: Mapping[str, _PublishedKey]) -> bytes | None:
    key = published.get(jwt.partition(".")[0])
    if key is None:
        return None
    try:
        jws = JWS.from_jose_token(jwt)
        jws.verify(key.jwk)
    except JWException:
        return None
    payload = jws.payload
    assert isinstance(payload, bytes)  # noqa: S101 - jwcrypto has no types
    return payload
