"""A cache that cannot grow, and does not hold what it must not."""

from rs_node.access.token_cache import TokenCache


def test_found_kept_and_forgotten() -> None:
    """What is kept for a token is found by it and by no other."""
    cache: TokenCache[int] = TokenCache()
    assert cache.find("a") is None
    cache.keep("a", 1)
    assert (cache.find("a"), cache.find("A")) == (1, None)
    cache.keep("a", 2)
    assert cache.find("a") == 2
    cache.forget("a")
    cache.forget("a")
    assert cache.find("a") is None


def test_the_least_recently_used_goes_first() -> None:
    """Whoever sends many tokens pushes out old ones, and fills no memory."""
    cache: TokenCache[int] = TokenCache(most=2)
    cache.keep("a", 1)
    cache.keep("b", 2)
    cache.find("a")
    cache.keep("c", 3)
    assert [cache.find(token) for token in "abc"] == [1, None, 3]


def test_tokens_are_not_kept() -> None:
    """A bearer secret is not found in the cache, in clear or otherwise."""
    cache: TokenCache[int] = TokenCache()
    cache.keep("the-secret-token", 1)
    assert "the-secret-token" not in repr(vars(cache))
