"""The judged authorization request, and the form it is kept in."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from as_node.authorization.request import (
    AuthorizationRequest,
    RequestedAuthentication,
    kept_text,
    read_request,
)
from tests.customers.requests import ASKED

KEPT = json.loads(kept_text(ASKED))
AUTHENTICATION = KEPT["authentication"]

texts = st.text(st.characters(codec="utf-8"))
times = st.integers(0, 2**53)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)

requests = st.builds(
    AuthorizationRequest,
    client_id=texts,
    redirect_uri=texts,
    scope=st.frozensets(st.text(st.sampled_from("abc:/!#~[]"), min_size=1)),
    code_challenge=texts,
    state=st.none() | texts,
    nonce=st.none() | texts,
    claims=st.dictionaries(texts, json_values),
    openbanking_intent_id=st.none() | texts,
    subs=st.none() | st.frozensets(texts),
    authentication=st.builds(
        RequestedAuthentication,
        may_ask=st.booleans(),
        anew=st.booleans(),
        max_age=st.none() | times,
        second_factor=st.booleans(),
        acr_is_essential=st.booleans(),
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests)
def test_it_is_read_back_as_it_was_judged(request: AuthorizationRequest) -> None:
    """RFC 9126 section 4: what she is asked is what the client asked."""
    assert read_request(kept_text(request)) == request


@pytest.mark.parametrize("member", KEPT)
def test_nothing_of_it_may_be_missing(member: str) -> None:
    """A request without its nonce, say, would be another request."""
    rest = {name: value for name, value in KEPT.items() if name != member}
    assert read_request(json.dumps(rest)) is None


@pytest.mark.parametrize("member", AUTHENTICATION)
def test_nothing_of_the_authentication_may_be_missing(member: str) -> None:
    """A request without its `prompt=none`, say, would be another request."""
    rest = {name: value for name, value in AUTHENTICATION.items() if name != member}
    assert read_request(json.dumps({**KEPT, "authentication": rest})) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 0},
        {"format": 1},
        {"format": 3},
        {"format": "1"},
        {"also": "what a later version has to say"},
        {"scope": ["accounts"]},
        {"claims": None},
        {"subs": "ty.webb@example.com"},
        {"subs": [1]},
        {"subs": ["ty.webb@example.com", "ty.webb@example.com"]},
        {"authentication": None},
        {"authentication": {**AUTHENTICATION, "may_ask": 1}},
        {"authentication": {**AUTHENTICATION, "max_age": "60"}},
        {"authentication": {**AUTHENTICATION, "also": True}},
        {"authentication": {"may_ask": True}},
    ],
)
def test_another_format_is_not_guessed_at(changed: dict[str, object]) -> None:
    """Of an earlier or a later version, or somebody else's: it is none."""
    assert read_request(json.dumps({**KEPT, **changed})) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "no JSON",
        '{"response_type": "code", "scope": "openid accounts"}',
        "[" * 100_000,
    ],
)
def test_what_was_never_judged_is_no_request(text: str) -> None:
    """The parameters that an earlier release kept, and anything else."""
    assert read_request(text) is None
