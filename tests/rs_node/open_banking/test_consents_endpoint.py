"""`account-access-consents`: one success, then every way to fail."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pki.http.answers import Answer
from pki.pem import Credential
from rs_node.consents.awaiting import MOST_OF_A_CLIENT
from tests.rs_node.bank import RESOURCE, TY, Bank
from tests.rs_node.consented import (
    ALL,
    CONSENTS,
    JSON,
    body,
    data,
    given_consent,
    refused,
    refused_token,
)

ASKED: dict[str, Any] = {"Data": {"Permissions": list(ALL)}, "Risk": {}}


def post(
    bank: Bank,
    holder: Credential,
    document: object = ASKED,
    *,
    token: str | None = None,
    headers: tuple[tuple[str, str], ...] = JSON,
) -> Answer:
    """A consent asked for, with the client's own token unless another is given."""
    sent = document if isinstance(document, bytes) else json.dumps(document).encode()
    return bank.get(
        holder,
        token or bank.jwt(holder),
        CONSENTS,
        method="POST",
        headers=headers,
        body=sent,
    )


def get(
    bank: Bank, holder: Credential, consent_id: str, method: str = "GET", **claims: str
) -> Answer:
    """A consent read or deleted, with a client's own token."""
    token = bank.jwt(holder, **claims)
    return bank.get(holder, token, f"{CONSENTS}/{consent_id}", method=method)


def test_create(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: 201, AWAU, a ConsentId, all that was asked, unchanged."""
    ends = (datetime.now(UTC) + timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%S+01:00")
    asked = {
        "Permissions": [*ALL, "ReadBalances"],
        "ExpirationDateTime": ends,
        "TransactionFromDateTime": "2026-01-01T00:00:00+00:00",
        "TransactionToDateTime": "2026-12-31T23:59:59.500000+00:00",
    }
    answer = post(bank, tpp, {"Data": asked, "Risk": {}})
    document = body(answer, 201)
    made = document["Data"]
    assert made.items() >= asked.items()
    assert made["Status"] == "AWAU"
    assert made["StatusReason"][0]["StatusReasonCode"] == "U036"
    assert made["CreationDateTime"] == made["StatusUpdateDateTime"]
    assert datetime.fromisoformat(made["CreationDateTime"]).tzinfo is not None
    assert document["Risk"] == {}
    assert document["Links"] == {"Self": f"{RESOURCE}{CONSENTS}/{made['ConsentId']}"}
    assert document["Meta"] == {"TotalPages": 1}
    assert body(get(bank, tpp, made["ConsentId"]), 200) == document


def test_open_ended(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: a date that was not sent is not in the answer either."""
    made = data(post(bank, tpp), 201)
    assert not {name for name in made if name.startswith(("Expiration", "Transaction"))}


def test_not_idempotent(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: two POSTs are two consents, whatever key comes with them."""
    headers = (*JSON, ("x-idempotency-key", "same"))
    names = {data(post(bank, tpp, headers=headers), 201)["ConsentId"] for _ in range(2)}
    assert len(names) == 2


def test_interaction_id(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: x-fapi-interaction-id is played back, with errors as well."""
    field = ("x-fapi-interaction-id", "93bac548-d2de-4546-b106-880a5018460d")
    for answer in (
        post(bank, tpp, headers=(*JSON, field)),
        post(bank, tpp, {}, headers=(*JSON, field)),
        bank.get(tpp, None, CONSENTS, method="POST", headers=(field,)),
    ):
        assert answer.headers["x-fapi-interaction-id"] == (field[1],)


def test_no_token(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: without a token 401, a challenge and no body."""
    answer = bank.get(tpp, None, CONSENTS, method="POST", headers=JSON)
    assert answer.status == 401
    assert answer.header(
        "www-authenticate",
    ) == (f'Bearer resource_metadata="{RESOURCE}/.well-known/oauth-protected-resource"')
    assert answer.body == b""


@pytest.mark.check("binding.same-certificate")
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_stolen_token(
    bank: Bank, tpp: Credential, thief: Credential, method: str
) -> None:
    """RFC 8705 section 3: a token on another certificate's connection is 401."""
    path = CONSENTS if method == "POST" else f"{CONSENTS}/{given_consent(bank)}"
    token = bank.jwt(tpp)
    refused_token(bank.get(thief, token, path, method=method, headers=JSON))


def test_token_in_the_query(bank: Bank, tpp: Credential) -> None:
    """RFC 6750 section 3.1: a misplaced token is 400 with a challenge."""
    answer = bank.get(tpp, None, f"{CONSENTS}/aac-1?access_token=x")
    refused(answer, 400, "U006")
    assert "invalid_request" in str(answer.header("www-authenticate"))


@pytest.mark.check("token.scope")
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_scope(bank: Bank, tpp: Credential, method: str) -> None:
    """Open Banking v4.0: without scope accounts 403, and told which is needed."""
    path = CONSENTS if method == "POST" else f"{CONSENTS}/{given_consent(bank)}"
    token = bank.jwt(tpp, scope="payments")
    answer = bank.get(tpp, token, path, method=method, headers=JSON)
    refused(answer, 403, "U042")
    assert 'scope="accounts"' in str(answer.header("www-authenticate"))


@pytest.mark.check("token.for-the-client")
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_a_customers_token(bank: Bank, tpp: Credential, method: str) -> None:
    """Open Banking v4.0: consents are for client-credentials tokens; others are 403."""
    consent = given_consent(bank)
    path = CONSENTS if method == "POST" else f"{CONSENTS}/{consent}"
    token = bank.customers_jwt(tpp, consent)
    answer = bank.get(tpp, token, path, method=method, headers=JSON)
    assert "insufficient_scope" in str(answer.header("www-authenticate"))
    assert TY not in refused(answer, 403, "U042")["Message"]


@pytest.mark.check("open-banking.accept")
def test_not_acceptable(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: who does not take JSON gets 406, and nothing is made."""
    answer = post(bank, tpp, headers=(*JSON, ("Accept", "application/xml")))
    assert refused(answer, 406, "U006")["Path"] == "Accept"


@pytest.mark.check("open-banking.content-type")
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json; charset=latin-1", "", "json"]
)
def test_media_type(bank: Bank, tpp: Credential, content_type: str) -> None:
    """Open Banking v4.0: a body of another media type is 415."""
    answer = post(bank, tpp, headers=(("Content-Type", content_type),))
    assert refused(answer, 415, "U006")["Path"] == "Content-Type"


def test_a_bad_request(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: a request that is none is 400 and names the field."""
    error = refused(post(bank, tpp, {"Data": {}, "Risk": {}}), 400, "U004")
    assert error["Path"] == "Data.Permissions"


@pytest.mark.parametrize(
    ("status", "reason"),
    [("AUTH", None), ("RJCT", "U033"), ("AWAU", "U036")],
)
def test_read(bank: Bank, tpp: Credential, status: str, reason: str | None) -> None:
    """Open Banking v4.0: a client reads how its consent stands, and why."""
    found = data(get(bank, tpp, given_consent(bank, status=status)))
    assert found["Status"] == status
    codes = [each["StatusReasonCode"] for each in found["StatusReason"]]
    assert codes == ([reason] if reason else [])


def test_read_expired(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: at its ExpirationDateTime it is EXPD, and unchanged else."""
    ends = datetime.fromtimestamp(int(bank.network.clock()) + 60, UTC)
    consent = given_consent(bank, expiration=ends)
    before = data(get(bank, tpp, consent))
    bank.network.reactor.advance(60)
    after = data(get(bank, tpp, consent))
    assert (before["Status"], after["Status"]) == ("AUTH", "EXPD")
    assert after["StatusReason"][0]["StatusReasonCode"] == "TKXP"
    assert after["StatusUpdateDateTime"] == ends.isoformat()
    assert after["ExpirationDateTime"] == before["ExpirationDateTime"]


@pytest.mark.check("account-access-consent.known")
@pytest.mark.parametrize("status", ["AWAU", "AUTH", "RJCT"])
def test_delete(bank: Bank, tpp: Credential, status: str) -> None:
    """Open Banking v4.0: 204 without a body; then it is unknown, to all methods."""
    consent = given_consent(bank, status=status)
    answer = get(bank, tpp, consent, "DELETE")
    assert (answer.status, answer.body) == (204, b"")
    refused(get(bank, tpp, consent), 400, "U011")
    refused(get(bank, tpp, consent, "DELETE"), 400, "U011")


@pytest.mark.check("account-access-consent.known")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_unknown(bank: Bank, tpp: Credential, method: str) -> None:
    """Open Banking v4.0: a ConsentId that nobody has is 400, and not 404."""
    refused(get(bank, tpp, "aac-0", method), 400, "U011")


@pytest.mark.check("account-access-consent.client")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_clients(
    bank: Bank, tpp: Credential, thief: Credential, method: str
) -> None:
    """Open Banking v4.0: another client's consent is 403, and stays what it was."""
    consent = given_consent(bank)
    claims = {"sub": "thief", "client_id": "thief"}
    refused(get(bank, thief, consent, method, **claims), 403, "U042")
    assert data(get(bank, tpp, consent))["Status"] == "AUTH"


def test_not_implemented(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: a path that is not served is 404, a method 405, both told."""
    token = bank.jwt(tpp)
    for path in ("v4.0/aisp/party", "v3.1/aisp/accounts", "nothing", ""):
        refused(bank.get(tpp, token, f"/open-banking/{path}"), 404, "U011")
    answer = bank.get(tpp, token, CONSENTS)
    refused(answer, 405, "U042")
    assert answer.headers["allow"] == ("POST",)
    refused(bank.get(tpp, token, f"{CONSENTS}/a", method="PUT"), 405, "U042")


@pytest.mark.parametrize("path", ["/open-bankings", "/nothing", "/backchannel/none"])
def test_other_paths_keep_their_form(bank: Bank, tpp: Credential, path: str) -> None:
    """OBErrorResponse1 is of this API alone."""
    answer = bank.get(tpp, bank.jwt(tpp), path)
    assert answer.status == 404
    assert json.loads(answer.body) == {"error": "not_found"}


def test_kept_over_a_restart(bank: Bank, tpp: Credential) -> None:
    """A consent that was acknowledged is there for the next process."""
    made = data(post(bank, tpp), 201)["ConsentId"]
    bank.close()
    again = bank.store()
    assert bank.network.run(again.find(made)) is not None


def test_the_store_fails(bank: Bank, tpp: Credential) -> None:
    """What cannot be kept is never acknowledged: 503, and nothing about why."""
    store = bank.store()
    store._connection.execute("ALTER TABLE consent RENAME TO elsewhere")
    for answer in (post(bank, tpp), get(bank, tpp, "aac-1")):
        error = refused(answer, 503, "U000")
        assert answer.header("retry-after") == "5"
        assert "elsewhere" not in error["Message"]
    assert "no such table" in bank.logged()


def test_the_authorization_server_is_away(bank: Bank, tpp: Credential) -> None:
    """A token that cannot be checked is neither good nor bad: 503."""
    token = bank.opaque(tpp)
    bank.authorization_server.stop()
    answer = post(bank, tpp, token=token)
    refused(answer, 503, "U000")
    assert answer.header("retry-after") == "5"


@pytest.mark.check("account-access-consent.room")
def test_too_many_await_authorisation(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: 429 to the client that has too many, with Retry-After."""
    store = bank.store()
    post(bank, tpp)
    store._connection.execute(
        "WITH RECURSIVE number (n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
        " INSERT INTO consent SELECT consent_id || n, client_id, permissions,"
        " expiration, transaction_from, transaction_to, created, status,"
        " status_updated, customer, account_ids, decision_id FROM consent, number",
        (MOST_OF_A_CLIENT - 2,),
    )
    assert post(bank, tpp).status == 201
    answer = post(bank, tpp)
    refused(answer, 429, "U000")
    assert answer.header("retry-after") == "60"
    assert "check=account-access-consent.room" in bank.logged()
    store._connection.execute("UPDATE consent SET client_id = consent_id")
    assert post(bank, tpp).status == 201
