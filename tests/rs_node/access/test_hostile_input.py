"""Whatever is sent, the answer is a refusal and never a fault of ours."""

import json
from base64 import urlsafe_b64encode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pki.pem import Credential
from tests.rs_node.bank import Bank
from tests.rs_node.fake_authorization_server import signed

THOROUGH = settings(
    max_examples=60,
    deadline=None,
    # The bank outlives the examples on purpose: so its caches are full of them.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
VISIBLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200)
PART = st.binary(max_size=60).map(lambda b: urlsafe_b64encode(b).rstrip(b"=").decode())
HEADER = st.fixed_dictionaries(
    {},
    optional={
        "typ": st.just("at+jwt") | JSON,
        "alg": st.sampled_from(["ES256", "none", "HS256"]) | JSON,
        "kid": st.just("first") | JSON,
        "crit": JSON,
        "b64": JSON,
    },
)
CLAIMS = (
    "iss",
    "sub",
    "aud",
    "client_id",
    "scope",
    "iat",
    "nbf",
    "exp",
    "jti",
    "cnf",
)


def encoded(value: object) -> str:
    """JSON as a part of a JWT."""
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def assert_refused(bank: Bank, holder: Credential, *values: str) -> None:
    """A 4xx in JSON or without a body, and nothing that the log calls an error."""
    fields = tuple(("Authorization", value) for value in values)
    answer = bank.get(holder, None, headers=fields)
    assert answer.status in (400, 401, 403), answer
    no_token = "error=" not in str(answer.header("www-authenticate"))
    assert answer.body == b"" if no_token else "error" in json.loads(answer.body)
    assert " error " not in bank.logged()


@THOROUGH
@given(values=st.lists(VISIBLE, min_size=1, max_size=2))
def test_any_header(bank: Bank, tpp: Credential, values: list[str]) -> None:
    """RFC 6750 section 3.1: any Authorization header is answered with a refusal."""
    assert_refused(bank, tpp, *values)


@THOROUGH
@given(parts=st.lists(PART, min_size=1, max_size=5))
def test_any_token(bank: Bank, tpp: Credential, parts: list[str]) -> None:
    """RFC 6750 section 3.1: so is any token."""
    assert_refused(bank, tpp, f"Bearer {'.'.join(parts)}")


@THOROUGH
@given(header=HEADER, payload=JSON, signature=PART)
def test_any_jwt(
    bank: Bank, tpp: Credential, header: object, payload: object, signature: str
) -> None:
    """RFC 9068 section 4: so is any JWT that nobody signed."""
    token = f"{encoded(header)}.{encoded(payload)}.{signature}"
    assert_refused(bank, tpp, f"Bearer {token}")


@THOROUGH
@given(name=st.sampled_from(CLAIMS), value=JSON)
def test_any_claim(bank: Bank, tpp: Credential, name: str, value: object) -> None:
    """RFC 9068 section 4: even of our own issuer no claim can make us fail."""
    claims = {**bank.claims(tpp), name: value}
    token = signed(claims, bank.authorization_server.keys[0])
    answer = bank.get(tpp, token)
    harmless = name in ("iat", "nbf", "exp", "jti", "client_id", "sub")
    assert answer.status in ((200, 401, 403) if harmless else (401, 403))
    assert " error " not in bank.logged()


@THOROUGH
@given(response=JSON | st.dictionaries(st.sampled_from(("active", *CLAIMS)), JSON))
def test_any_introspection_response(
    bank: Bank, tpp: Credential, response: object
) -> None:
    """RFC 7662 section 2.2: nor can any introspection response."""
    token = bank.opaque(tpp)
    said = bank.authorization_server.tokens[token]
    made = {**said, **response} if isinstance(response, dict) else response
    bank.authorization_server.tokens[token] = made  # type: ignore[assignment] # on purpose
    assert bank.get(tpp, token).status in (200, 401, 403, 503)
    assert " error " not in bank.logged()
