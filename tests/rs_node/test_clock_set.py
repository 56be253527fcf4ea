"""A machine's clock is set, forward or back, while the resource server runs."""

import pytest

from pki.pem import Credential
from tests.rs_node.bank import Bank, Certificates, assert_invalid_token, open_bank
from tests.rs_node.fake_authorization_server import new_key

AHEAD = pytest.mark.parametrize("ahead", [-7200.0, -1529.0, -1.0, 60.0, 7200.0])


@AHEAD
def test_keys_are_asked_for_whatever_the_clock_says(
    bank: Bank, tpp: Credential, ahead: float
) -> None:
    """RFC 7517 section 5: after each rotation the next token is taken."""
    assert bank.get(tpp, bank.jwt(tpp)).status == 200
    for kid in ("second", "third"):
        bank.network.clock_is_ahead += ahead
        bank.network.reactor.advance(10)  # the least time between two questions
        bank.authorization_server.keys = [new_key(kid)]
        assert bank.get(tpp, bank.jwt(tpp)).status == 200


@pytest.mark.parametrize("ahead", [-7200.0, -20.0])
def test_an_answer_that_is_kept_grows_old(
    certificates: Certificates, tpp: Credential, ahead: float
) -> None:
    """RFC 7662 section 4: a clock set back lengthens no revoked token's life."""
    bank = open_bank(certificates, ("cache_seconds = 0", "cache_seconds = 30"))
    token = bank.opaque(tpp, nbf=None, iat=None)
    assert bank.get(tpp, token).status == 200
    bank.authorization_server.tokens.clear()
    bank.network.clock_is_ahead = ahead
    bank.network.reactor.advance(29)
    assert bank.get(tpp, token).status == 200
    bank.network.reactor.advance(1)
    assert_invalid_token(bank.get(tpp, token))


def test_an_answer_is_not_used_beyond_the_tokens_end(
    certificates: Certificates, tpp: Credential
) -> None:
    """RFC 7662 section 4: however young the answer is, by whatever clock."""
    bank = open_bank(certificates, ("cache_seconds = 0", "cache_seconds = 30"))
    token = bank.opaque(tpp)
    assert bank.get(tpp, token).status == 200
    bank.network.clock_is_ahead = 300
    assert_invalid_token(bank.get(tpp, token))
