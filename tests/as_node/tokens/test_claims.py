"""What an access token says, to and from its claims."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from as_node.protocol.sender_constraint import SenderConstraint
from as_node.tokens.claims import AccessToken, find_access_token
from pki.thumbprint import x5t_s256

ISSUER = "https://localhost:9443"
RESOURCE = "https://localhost:9445"
# RFC 8705 appendix A.
THUMBPRINT = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"

TOKEN = AccessToken(
    iss=ISSUER,
    exp=1_800_000_300,
    aud=RESOURCE,
    sub="banking-client",
    client_id="banking-client",
    iat=1_800_000_000,
    nbf=1_800_000_000,
    jti="j",
    scope=frozenset({"b", "accounts"}),
    bound_to=SenderConstraint(THUMBPRINT),
)


def test_the_claims_of_a_token() -> None:
    """RFC 9068 section 2.2, with `nbf`, and the `cnf` of RFC 8705 section 3.1."""
    assert list(TOKEN.claims().items()) == [
        ("iss", ISSUER),
        ("exp", 1_800_000_300),
        ("aud", RESOURCE),
        ("sub", "banking-client"),
        ("client_id", "banking-client"),
        ("iat", 1_800_000_000),
        ("nbf", 1_800_000_000),
        ("jti", "j"),
        ("scope", "accounts b"),
        ("cnf", {"x5t#S256": THUMBPRINT}),
    ]


def test_the_claims_of_a_customers_token() -> None:
    """RFC 9068 section 2.2.1, and the consent as UK Open Banking names it."""
    token = replace(
        TOKEN, openbanking_intent_id="aac-1", auth_time=1_799_999_990, acr="urn:a"
    )
    claims = token.claims()
    assert claims == {
        **TOKEN.claims(),
        "openbanking_intent_id": "aac-1",
        "auth_time": 1_799_999_990,
        "acr": "urn:a",
    }
    assert find_access_token(json.dumps(claims)) == token


@given(
    name=st.sampled_from(["openbanking_intent_id", "auth_time", "acr", "scope"]),
    value=st.lists(st.integers()) | st.floats() | st.dictionaries(st.text(), st.none()),
)
def test_a_customers_claim_of_another_type(name: str, value: object) -> None:
    """RFC 9068 section 2.2.1: a consent that cannot be read is not "no consent"."""
    assert find_access_token(json.dumps({**TOKEN.claims(), name: value})) is None


def test_no_scope_is_no_claim() -> None:
    """RFC 6749 section 3.3: a scope has at least one token, so none is left out."""
    assert "scope" not in replace(TOKEN, scope=frozenset()).claims()


def test_the_thumbprint_of_a_certificate_is_one() -> None:
    """RFC 8705 section 3.1: what `pki.thumbprint` makes is what is asked for here."""
    for number in range(100):
        SenderConstraint(x5t_s256(bytes([number])))


scopes = st.frozensets(st.text(st.sampled_from("abc:/!#~[]"), min_size=1))


@given(scope=scopes, number=st.integers(), text=st.text())
def test_a_token_is_read_back_from_its_claims(
    scope: frozenset[str], number: int, text: str
) -> None:
    """RFC 9068 section 2.2: nothing is lost on the way through JSON."""
    token = replace(TOKEN, scope=scope, exp=number, sub=text, jti=text)
    assert find_access_token(json.dumps(token.claims())) == token


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(claim=st.sampled_from(sorted(TOKEN.claims())), value=json_values)
def test_no_claim_is_a_traceback(claim: str, value: object) -> None:
    """Whatever stands in the place of a claim is a token that is bound, or none."""
    found = find_access_token(json.dumps({**TOKEN.claims(), claim: value}))
    assert found is None or len(found.bound_to.x5t_s256) == 43


@given(value=json_values)
def test_other_json_is_no_token(value: object) -> None:
    """A payload that is not even an object is not a token."""
    assert find_access_token(json.dumps(value)) is None
