"""Tokens kept, and whose they are."""

from dataclasses import replace

import pytest

from client_node.oauth.token.token_cache import LONGEST, CacheKey, TokenCache
from client_node.oauth.token.token_request import TokenResponse
from pki.issuing.authority import Authority
from pki.issuing.profiles import subject
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from tests.client_node.in_memory.bank import Pki

KEY = CacheKey("https://as", "banking-client", "accounts", "thumbprint")


class Clock:
    """A clock that stands."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        """Seconds since the epoch."""
        return self.now


def token(expires_in: float | None = 300, named: str = "t") -> TokenResponse:
    """A token response."""
    return TokenResponse(named, expires_in, None)


def test_a_token_is_found_until_shortly_before_its_end() -> None:
    """Ten seconds of margin: a token must live until it arrives."""
    clock = Clock()
    cache = TokenCache(clock)
    cache.keep(KEY, token(300), cache.now())
    clock.now += 289
    assert cache.find(KEY) == "t"
    clock.now += 1
    assert cache.find(KEY) is None
    clock.now -= 100
    assert cache.find(KEY) is None


def test_the_lifetime_counts_from_the_request() -> None:
    """An answer that took long has lived meanwhile."""
    clock = Clock()
    cache = TokenCache(clock)
    asked_at = cache.now()
    clock.now += 290
    cache.keep(KEY, token(300), asked_at)
    assert cache.find(KEY) is None


def test_each_part_of_the_key_counts() -> None:
    """RFC 8705 section 3: no token is shared across certificates, or anything else."""
    cache = TokenCache(Clock())
    cache.keep(KEY, token(), cache.now())
    for other in (
        replace(KEY, issuer="https://other"),
        replace(KEY, client_id="other-tpp"),
        replace(KEY, scope="accounts payments"),
        replace(KEY, x5t_s256="other"),
        replace(KEY, x5t_s256=None),
    ):
        assert cache.find(other) is None


def test_a_renewed_certificate_for_the_same_key_has_no_token(pki: Pki) -> None:
    """RFC 8705 section 6.3: bound is the certificate; its key says nothing."""
    renewed = _renewed(pki.client_authority, pki.client)
    cache = TokenCache(Clock())
    old = replace(KEY, x5t_s256=x5t_s256(pki.client.leaf_der))
    cache.keep(old, token(), cache.now())
    assert cache.find(replace(KEY, x5t_s256=x5t_s256(renewed.leaf_der))) is None


def _renewed(issuer: Authority, credential: Credential) -> Credential:
    return issuer.issue_client(
        subject("banking-client", "Test"),
        now=credential.leaf.not_valid_before_utc.timestamp() + 400,
        key=credential.private_key,
    )


def test_a_token_of_unknown_lifetime_is_not_kept() -> None:
    """RFC 6749 section 5.1: nothing is known about when it ends."""
    cache = TokenCache(Clock())
    cache.keep(KEY, token(None), cache.now())
    assert cache.find(KEY) is None


@pytest.mark.bound("token-cache.time")
def test_no_promise_is_believed_beyond_a_day() -> None:
    """`expires_in` may be any number, also one that no clock can add."""
    clock = Clock()
    cache = TokenCache(clock)
    for promised in (float("inf"), 10**400):
        cache.keep(KEY, token(promised), cache.now())
        assert cache.find(KEY) == "t"
    clock.now += LONGEST
    assert cache.find(KEY) is None


@pytest.mark.bound("token-cache.size")
def test_the_token_not_used_for_longest_makes_room() -> None:
    """However many keys there are, memory has an end."""
    cache = TokenCache(Clock(), largest=2)
    first, second, third = (replace(KEY, scope=scope) for scope in "abc")
    for key in (first, second):
        cache.keep(key, token(), cache.now())
    assert cache.find(first) == "t"
    cache.keep(third, token(), cache.now())
    found = [cache.find(key) for key in (first, second, third)]
    assert found == ["t", None, "t"]


def test_a_token_is_forgotten_and_not_its_successor() -> None:
    """A late refusal of an old token must not cost the new one."""
    cache = TokenCache(Clock())
    cache.forget(KEY, "never kept")
    cache.keep(KEY, token(named="new"), cache.now())
    cache.forget(KEY, "old")
    assert cache.find(KEY) == "new"
    cache.forget(KEY, "new")
    assert cache.find(KEY) is None


def test_a_kept_token_is_not_shown() -> None:
    """A cache that is printed must not hold tokens in its text."""
    cache = TokenCache(Clock())
    cache.keep(KEY, token(named="secret"), cache.now())
    assert "secret" not in repr(cache._tokens)
