"""
FAPI 2.0 Security Profile section 5.3.4: the bank refuses a JWT that was revoked.

Both servers are real, and configured as shipped.
"""

import pytest

from tests.fapi.open_banking import ONE, OpenBanking, data_of
from tests.in_memory.authorization_server import assert_refused, members
from tests.rs_node.bank import INVALID_TOKEN, challenge

SECONDS = 5.1
"""What the shipped configuration allows, and as little more as may be."""


def assert_revoked(open_banking: OpenBanking, token: str) -> None:
    """RFC 6750 section 3.1: 401 `invalid_token`, once the stated seconds are over."""
    open_banking.bank.wait(SECONDS)
    answer = open_banking.ask(ONE, token)
    assert answer.status == 401
    assert challenge(answer) == INVALID_TOKEN


def test_one_token(open_banking: OpenBanking) -> None:
    """RFC 7009 section 2.1: it alone; another of the same grant goes on."""
    tokens = open_banking.tokens()
    other = members(open_banking.refresh(tokens["refresh_token"]), 200)
    for token in (tokens["access_token"], other["access_token"]):
        assert data_of(open_banking.ask(ONE, token))
    revoked = open_banking.server.revoke(tokens["access_token"], client_id=ONE)
    assert revoked.status == 200
    assert_revoked(open_banking, tokens["access_token"])
    assert data_of(open_banking.ask(ONE, other["access_token"]))


@pytest.mark.parametrize("restarted", [False, True])
def test_a_refresh_token(open_banking: OpenBanking, *, restarted: bool) -> None:
    """RFC 7009 section 2.1: all that came of the same grant, and no other grant's."""
    tokens, others = open_banking.tokens(), open_banking.tokens()
    second = members(open_banking.refresh(tokens["refresh_token"]), 200)
    revoked = open_banking.server.revoke(tokens["refresh_token"], client_id=ONE)
    assert revoked.status == 200
    if restarted:
        open_banking.bank.start_authorization_server()
    for token in (tokens["access_token"], second["access_token"]):
        assert_revoked(open_banking, token)
    assert data_of(open_banking.ask(ONE, others["access_token"]))


def test_a_code_that_is_used_twice(open_banking: OpenBanking) -> None:
    """RFC 6749 section 4.1.2: what was issued from it is revoked, at the bank too."""
    code = open_banking.code()
    tokens = members(open_banking.redeem(code), 200)
    assert data_of(open_banking.ask(ONE, tokens["access_token"]))
    assert_refused(open_banking.redeem(code), 400, "invalid_grant")
    assert_revoked(open_banking, tokens["access_token"])
