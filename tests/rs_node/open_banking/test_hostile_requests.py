"""Whatever is sent, the answer is a refusal and never a fault of ours."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pki.http.messages import Refusal
from rs_node.backchannel.decision_request import read_decision
from rs_node.open_banking.consent_request import read_consent_request
from rs_node.open_banking.transaction_query import (
    FROM,
    PAGE,
    TO,
    read_transaction_query,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
THOROUGH = settings(max_examples=150, deadline=None)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
DATES = st.datetimes().map(datetime.isoformat) | st.text(
    "0123456789-:TZ+.", max_size=30
)
_NAMES = ("ExpirationDateTime", "TransactionFromDateTime", "TransactionToDateTime")
DATA = st.fixed_dictionaries(
    {"Permissions": st.just(["ReadAccountsBasic"]) | JSON},
    optional=dict.fromkeys(_NAMES, DATES | JSON),
)
BODY = st.fixed_dictionaries({"Data": DATA | JSON, "Risk": st.just({}) | JSON}) | JSON
LATIN_1 = st.text(st.characters(max_codepoint=0xFF), max_size=40)
QUERY = st.lists(
    st.tuples(st.sampled_from([FROM, TO, PAGE]), DATES | LATIN_1).map("=".join)
    | LATIN_1
).map("&".join)


def assert_read_or_refused(read: Callable[[], object]) -> None:
    """It is understood, or refused with an answer that can be sent."""
    answered = 400
    try:
        read()
    except Refusal as refusal:
        answered = refusal.response().status
    assert answered == 400


@THOROUGH
@given(BODY)
def test_consent_requests(body: object) -> None:
    """A consent is asked for, or refused with an answer that can be sent."""
    assert_read_or_refused(lambda: read_consent_request(json.dumps(body).encode(), NOW))


@THOROUGH
@given(st.binary(max_size=60))
def test_bytes(body: bytes) -> None:
    """What is not JSON is neither a consent nor a decision."""
    assert_read_or_refused(lambda: read_consent_request(body, NOW))
    assert_read_or_refused(lambda: read_decision(body))


@THOROUGH
@given(QUERY)
def test_queries(query: str) -> None:
    """A query is understood, or refused with an answer that can be sent."""
    assert_read_or_refused(lambda: read_transaction_query(query))


@THOROUGH
@given(
    st.fixed_dictionaries(
        {
            "customer": st.just("ty") | JSON,
            "client_id": st.just("tpp") | JSON,
            "decision": st.sampled_from(["approved", "refused"]) | JSON,
            "account_ids": st.lists(st.text(max_size=5), max_size=3) | JSON,
            "decision_id": st.just("d") | JSON,
        }
    )
)
def test_decisions(body: object) -> None:
    """A decision is understood, or refused."""
    assert_read_or_refused(lambda: read_decision(json.dumps(body).encode()))
