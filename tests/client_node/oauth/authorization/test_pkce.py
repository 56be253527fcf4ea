"""A code verifier and its challenge: RFC 7636."""

import re

from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier


def test_the_challenge_is_that_of_the_rfc() -> None:
    """RFC 7636 appendix B: the example."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert code_challenge(verifier) == challenge


def test_each_verifier_is_new() -> None:
    """RFC 7636 section 4.1: 43 to 128 characters, with 256 bits of entropy."""
    first, second = new_code_verifier(), new_code_verifier()
    assert first != second
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first)
