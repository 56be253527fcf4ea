"""The careless cache: right about the first who comes, and open to all others."""

from collections.abc import Mapping

import pytest

from pki.http.messages import Response
from pki.peer import PeerCertificate
from pki.pem import Credential
from scripts.twin.careless_cache import KEPT, CarelessCache
from tests.scripts.twin.requests import answer, request
from tests.scripts.twin.test_bearer import certificate

OWNER, THIEF = certificate("tpp"), certificate("thief")
BOUND = {
    "active": True,
    "cnf": {"x5t#S256": PeerCertificate(OWNER.leaf_der).x5t_s256},
}


class Bank:
    """The server, and what it has asked the issuer."""

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = members
        self.asked: list[str] = []
        self._cache = CarelessCache(self._introspect)

    async def _introspect(self, token: str, interaction: str) -> Mapping[str, object]:
        self.asked.append(token)
        return self._members

    def accounts(
        self, credential: Credential | None, authorization: str | None = "Bearer t"
    ) -> Response:
        """The answer to somebody."""
        asked = request(credential, authorization=authorization)
        return answer(self._cache.accounts, asked)


def test_its_own_client_and_then_anybody() -> None:
    """RFC 8705 section 3.2, once: whoever comes later is compared with nothing."""
    bank = Bank(BOUND)
    assert bank.accounts(OWNER).status == 200
    assert bank.accounts(THIEF).status == 200
    assert bank.accounts(None).status == 200
    assert bank.asked == ["t"]


@pytest.mark.check("careless-cache.verdict-kept")
def test_what_it_says_of_the_second_request() -> None:
    """That it knows the token, and not that it compares anything."""
    cache = CarelessCache(Bank(BOUND)._introspect)
    answer(cache.accounts, request(OWNER, authorization="Bearer t"))
    asked = request(THIEF, authorization="Bearer t")
    answer(cache.accounts, asked)
    assert [each.check for each in asked.journal.decisions] == [KEPT]


@pytest.mark.check("careless-cache.same-certificate")
@pytest.mark.parametrize("who", [THIEF, None])
@pytest.mark.parametrize("members", [BOUND, {"active": True}, BOUND | {"cnf": {}}])
def test_the_first_who_comes_is_compared(
    members: Mapping[str, object], who: Credential | None
) -> None:
    """And not remembered, where he is refused."""
    bank = Bank(members)
    assert bank.accounts(who).status == 401
    assert bank.accounts(who).status == 401
    assert bank.asked == ["t", "t"]


@pytest.mark.check("careless-cache.active")
@pytest.mark.parametrize("active", [False, "true", None])
def test_a_token_that_is_not_active(active: object) -> None:
    """RFC 7662 section 2.2."""
    assert Bank(BOUND | {"active": active}).accounts(OWNER).status == 401


@pytest.mark.check("careless-cache.token-presented")
@pytest.mark.parametrize("authorization", [None, "Basic dA=="])
def test_no_token(authorization: str | None) -> None:
    """RFC 6750 section 2.1."""
    bank = Bank(BOUND)
    assert bank.accounts(OWNER, authorization).status == 401
    assert bank.asked == []
