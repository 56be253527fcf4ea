"""Which keys of a JWK set verify access tokens, and with what."""

import json

import pytest
from jwcrypto.jwk import JWK

from rs_node.authorization_server.verification_keys import verification_keys
from tests.rs_node.fake_authorization_server import new_key


def unheard(_words: str) -> None:
    """For who does not ask why."""


def usable(*keys: object) -> set[tuple[str, str]]:
    """Name and algorithm of the usable ones among these."""
    return set(verification_keys(json.dumps({"keys": keys}).encode(), unheard))


def told(*keys: object) -> list[str]:
    """What is said of those that are passed over."""
    said: list[str] = []
    verification_keys(json.dumps({"keys": keys}).encode(), said.append)
    return said


def public(alg: str, /, **changed: object) -> dict[str, object]:
    """A public key as JSON; a member that is `None` is left out."""
    members = {**new_key("k", alg).export_public(as_dict=True), **changed}
    return {name: value for name, value in members.items() if value is not None}


@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA"])
@pytest.mark.parametrize("left_out", [{}, {"alg": None}, {"use": None}])
def test_usable_keys(alg: str, left_out: dict[str, object]) -> None:
    """RFC 7517 section 4: alg and use are optional; the kind of key tells the rest."""
    assert usable(public(alg, **left_out)) == {("k", alg)}


def test_one_name_for_two_kinds() -> None:
    """RFC 7517 section 4.5: keys of different kinds may share a kid."""
    assert usable(public("ES256"), public("EdDSA")) == {("k", "ES256"), ("k", "EdDSA")}


def test_a_key_says_its_name() -> None:
    """For the recording: a key is told by its kid and its algorithm."""
    document = json.dumps({"keys": [public("ES256")]}).encode()
    [key] = verification_keys(document, unheard).values()
    assert key.name == "kid k, ES256"


UNUSABLE = {
    "no kid": public("ES256", kid=None),
    "kid is no string": public("ES256", kid=1),
    "for encryption": public("ES256", use="enc"),
    "for something unknown": public("ES256", use="foo"),
    "to sign with": public("ES256", use=None, key_ops=["sign"]),
    "another algorithm": public("PS256", alg="RS256"),
    "another curve": JWK.generate(kty="EC", crv="P-384", kid="k").export_public(
        as_dict=True
    ),
    "another kind": {"kty": "XX", "kid": "k"},
    "kind of a strange type": {"kty": ["EC"], "crv": {}, "kid": "k"},
    "a secret": {"kty": "oct", "k": "AAAA", "kid": "k"},
    "not on the curve": public("ES256", x="AAAA"),
    "a part is missing": public("ES256", x=None),
    "a part is of a strange type": public("ES256", x=1),
    "a short RSA key": JWK.generate(kty="RSA", size=1024, kid="k").export_public(
        as_dict=True
    ),
    "an order to make one": {"kty": "EC", "crv": "P-256", "kid": "k", "generate": "EC"},
    "no object": "k",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_keys(name: str) -> None:
    """RFC 7517 section 5: what cannot be used is passed over, the rest is used."""
    assert usable(UNUSABLE[name]) == set()
    assert usable(UNUSABLE[name], public("EdDSA")) == {("k", "EdDSA")}
    assert len(told(UNUSABLE[name], public("EdDSA"))) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no kid", "keys[0]: no kid"),
        ("for encryption", "kid 'k': not a public key for signatures"),
        ("another algorithm", "kid 'k': for 'RS256', and PS256 is what its kind"),
        ("another curve", "kid 'k': kind EC, curve P-384"),
        ("another kind", "kid 'k': kind XX, curve None"),
        ("a part is missing", "kid 'k': no key of its kind can be read"),
        ("a short RSA key", "kid 'k': 1024 bits, fewer than 2048"),
        ("no object", "keys[0]: not an object"),
    ],
)
def test_what_is_told(name: str, words: str) -> None:
    """RFC 7517 section 5: which key it is, and why."""
    (said,) = told(UNUSABLE[name])
    assert said.startswith(words)


def test_what_is_told_is_printable() -> None:
    """The other server's text is one of a log line, and not a line of its own."""
    (said,) = told({"kty": "E\nC", "crv": "x" * 999, "kid": "a\nb" + "x" * 999})
    assert said.isprintable()
    assert len(said) < 200


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys":{}}', b'{"keys":1}'])
def test_no_jwk_set(document: bytes) -> None:
    """RFC 7517 section 5: a JWK set is an object with an array of keys."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text is for the operator
        verification_keys(document, unheard)
