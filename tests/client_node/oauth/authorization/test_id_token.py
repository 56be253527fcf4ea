"""The ID token, check by check: OpenID Connect Core section 3.1.3.7."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jws import JWS

from client_node.oauth.authorization.id_token import (
    Expected,
    IdToken,
    KeyNotFound,
    verify_id_token,
)
from client_node.oauth.requests.errors import UnusableAnswer
from tests.client_node.in_memory.bank import ISSUER
from tests.client_node.in_memory.open_bank import (
    OTHER_KEY,
    SIGNING_KEY,
    SUB,
    signed,
    without,
)

NOW = time.time()
EXPECTED = Expected(
    issuer=ISSUER,
    client_id="banking-client",
    alg="ES256",
    nonce="nonce-1",
    acr_values=("sca",),
    openbanking_intent_id="consent-1",
    access_token="token-1",
)


def claims(**changes: object) -> dict[str, Any]:
    """The claims of a good ID token; `None` removes one."""
    good: dict[str, Any] = {
        "iss": ISSUER,
        "sub": SUB,
        "aud": "banking-client",
        "exp": NOW + 300,
        "iat": NOW,
        "auth_time": int(NOW),
        "nonce": "nonce-1",
        "acr": "sca",
        "openbanking_intent_id": "consent-1",
    }
    return without({**good, **changes})


def verified(
    token: str, *keys: JWK, expected: Expected = EXPECTED, now: float = NOW
) -> IdToken:
    """What the client makes of it."""
    key_set = JWKSet()
    for key in keys or (SIGNING_KEY,):
        key_set.add(key)
    return verify_id_token(token, key_set, expected, now)


def part(value: object) -> str:
    """One part of a JWT."""
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_good_one() -> None:
    """Who signed in, how, and when."""
    assert verified(signed(claims())) == IdToken(SUB, "sca", int(NOW))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["banking-client"]},
        {"azp": "banking-client"},
        {"iat": NOW + 9},
        {"exp": NOW - 9},
        {"nbf": NOW},
        {"auth_time": None},
        {"at_hash": None},
    ],
    ids=" ".join,
)
def test_what_is_good_as_well(changes: dict[str, object]) -> None:
    """An array of one, and clocks that differ by seconds."""
    assert verified(signed(claims(**changes))).sub == SUB


@pytest.mark.check("id-token.claims")
@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"iss": ISSUER + "/"}, "'iss'"),
        ({"iss": None}, "'iss'"),
        ({"aud": "other-tpp"}, "not for us alone"),
        ({"aud": []}, "not for us alone"),
        ({"aud": ["banking-client", "other-tpp"]}, "not for us alone"),
        ({"aud": None}, "not for us alone"),
        ({"azp": "other-tpp"}, "'azp'"),
        ({"azp": 1}, "'azp'"),
        ({"exp": None}, "'exp'"),
        ({"exp": "9999999999"}, "'exp'"),
        ({"exp": NOW - 10}, "expired"),
        ({"iat": None}, "'iat'"),
        ({"iat": NOW + 60}, "of the future"),
        ({"nbf": NOW + 60}, "of the future"),
        ({"iat": NOW - 601}, "not just now"),
        ({"nonce": "nonce-2"}, "'nonce'"),
        ({"nonce": None}, "'nonce'"),
        ({"openbanking_intent_id": "consent-2"}, "'openbanking_intent_id'"),
        ({"openbanking_intent_id": None}, "'openbanking_intent_id'"),
        ({"at_hash": "x"}, "'at_hash'"),
        ({"acr": "ca"}, "'acr'"),
        ({"acr": None}, "'acr'"),
        ({"sub": None}, "'sub'"),
        ({"sub": ""}, "'sub'"),
        ({"sub": "x" * 256}, "'sub'"),
        ({"auth_time": "now"}, "'auth_time'"),
    ],
)
def test_a_claim_that_is_wrong(changes: dict[str, object], complaint: str) -> None:
    """Each is refused, and the operator learns which."""
    with pytest.raises(UnusableAnswer, match=complaint):
        verified(signed(claims(**changes)))


def test_at_hash_is_that_of_the_access_token() -> None:
    """OpenID Connect Core section 3.1.3.8: the left half of its SHA-256."""
    half = sha256(b"token-1").digest()[:16]
    at_hash = urlsafe_b64encode(half).rstrip(b"=").decode()
    assert verified(signed(claims(at_hash=at_hash))).sub == SUB


def test_acr_that_was_not_asked_for() -> None:
    """Is not looked for."""
    relaxed = replace(EXPECTED, acr_values=())
    assert verified(signed(claims(acr=None)), expected=relaxed).acr is None


def test_no_signature() -> None:
    """RFC 8725 section 3.2: `none` is no algorithm."""
    token = f"{part({'alg': 'none'})}.{part(claims())}."
    with pytest.raises(UnusableAnswer):
        verified(token)


def test_another_algorithm() -> None:
    """RFC 8725 section 3.1: the registered one, whatever the header says."""
    rsa = JWK.generate(kty="RSA", size=2048, kid="one")
    token = signed(claims(), rsa, alg="PS256")
    with pytest.raises(UnusableAnswer, match="alg"):
        verified(token, rsa)


def test_a_public_key_as_a_secret() -> None:
    """RFC 8725 section 2.1: no HMAC with what everybody knows."""
    public = SIGNING_KEY.export_to_pem()
    secret = JWK(kty="oct", k=urlsafe_b64encode(public).decode(), kid="one")
    with pytest.raises(UnusableAnswer):
        verified(signed(claims(), secret, alg="HS256"))


def test_a_signature_of_another_key() -> None:
    """Under the name of one that is published."""
    with pytest.raises(UnusableAnswer, match="signature"):
        verified(signed(claims(), OTHER_KEY, kid="one"))


def test_claims_that_were_changed() -> None:
    """What is signed is what counts."""
    header, _, signature = signed(claims()).split(".")
    with pytest.raises(UnusableAnswer, match="signature"):
        verified(f"{header}.{part(claims(sub='danny'))}.{signature}")


def test_a_key_that_is_not_known() -> None:
    """There may be newer keys: it is another refusal, so that they are looked up."""
    with pytest.raises(KeyNotFound):
        verified(signed(claims(), OTHER_KEY))


def test_a_key_that_is_for_something_else() -> None:
    """RFC 7517 sections 4.2 and 4.4: `use` and `alg` are respected."""
    members = SIGNING_KEY.export_public(as_dict=True)
    for change in ({"use": "enc"}, {"alg": "ES384"}):
        with pytest.raises(KeyNotFound):
            verified(signed(claims()), JWK(**{**members, **change}))


def test_without_kid_where_there_is_no_choice() -> None:
    """OpenID Connect Core section 10.1."""
    token = signed(claims(), kid=None)
    with pytest.raises(UnusableAnswer, match="kid"):
        verified(token)
    with pytest.raises(KeyNotFound):
        verified(_without_kid(), SIGNING_KEY, OTHER_KEY)
    assert verified(_without_kid()).sub == SUB


def _without_kid() -> str:
    jws = JWS(json.dumps(claims()))
    jws.add_signature(SIGNING_KEY, protected=json.dumps({"alg": "ES256"}))
    return str(jws.serialize(compact=True))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "a.b.c.d.e",
        '{"payload":"","signatures":[]}',
        f"{part([])}.{part({})}.x",
    ],
)
def test_what_is_no_token(token: str) -> None:
    """Never another exception than the one the web application knows."""
    with pytest.raises(UnusableAnswer):
        verified(token)


def test_a_jws_in_json() -> None:
    """RFC 7519 section 3: a JWT is compact."""
    jws = JWS(json.dumps(claims()))
    header = json.dumps({"alg": "ES256", "kid": "one"})
    jws.add_signature(SIGNING_KEY, protected=header)
    with pytest.raises(UnusableAnswer):
        verified(str(jws.serialize()))


def test_critical_headers() -> None:
    """RFC 7515 section 4.1.11: what is critical is not understood here."""
    jws = JWS(json.dumps(claims()))
    header = {"alg": "ES256", "kid": "one", "crit": ["b64"], "b64": True}
    jws.add_signature(SIGNING_KEY, protected=json.dumps(header))
    with pytest.raises(UnusableAnswer):
        verified(str(jws.serialize(compact=True)))


def test_claims_that_are_no_object() -> None:
    """A signed array is no set of claims."""
    jws = JWS("[]")
    header = json.dumps({"alg": "ES256", "kid": "one"})
    jws.add_signature(SIGNING_KEY, protected=header)
    with pytest.raises(UnusableAnswer):
        verified(str(jws.serialize(compact=True)))
