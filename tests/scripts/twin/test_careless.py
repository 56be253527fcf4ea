"""The careless authorization server: each mistake is the one it is said to be."""

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pki.peer import PeerCertificate
from pki.pem import Credential
from rs_node.access.wrong_thumbprints import recognised
from scripts.acts.wrong_thumbprints import MISTAKES as SHOWN
from scripts.twin.careless_authorization_server import (
    UNBOUND,
    CarelessAuthorizationServer,
)
from scripts.twin.careless_thumbprints import MISTAKES
from scripts.twin.token_signing import TokenSigning
from scripts.walkthrough.story.unverified_jwt import decoded
from tests.pki.test_thumbprint import (
    APPENDIX_A,
    RFC_9440,
    RFC_9440_THUMBPRINT,
)
from tests.scripts.twin.requests import answer, clock, members, request
from tests.scripts.twin.test_bearer import certificate

ISSUER, RESOURCE = "https://localhost:3", "https://localhost:4"
CARELESS = CarelessAuthorizationServer(TokenSigning(ISSUER, clock), RESOURCE)


def claims(mistake: str | None, credential: Credential) -> dict[str, Any]:
    """What a token says that was made with a mistake."""
    form = {"client_id": "tpp"} | ({} if mistake is None else {"mistake": mistake})
    issued = members(answer(CARELESS.token, request(credential, form=form)))
    return decoded(issued["access_token"].split(".")[1])


def test_without_a_mistake_it_binds_as_it_should() -> None:
    """RFC 8705 section 3.1: cnf is the certificate of this connection."""
    credential = certificate("tpp")
    thumbprint = PeerCertificate(credential.leaf_der).x5t_s256
    assert claims(None, credential)["cnf"] == {"x5t#S256": thumbprint}


def test_a_mistake_is_made_where_it_is_asked_for() -> None:
    """The token has the value of `careless_thumbprints`."""
    credential = certificate("tpp")
    wrong = MISTAKES["jkt"](credential.leaf)
    assert claims("jkt", credential)["cnf"] == {"x5t#S256": wrong}


def test_unbound_is_without_cnf() -> None:
    """RFC 8705 section 3: such a token is bound to nothing."""
    assert "cnf" not in claims(UNBOUND, certificate("tpp"))


@pytest.mark.check("careless-twin.certificate-presented", "careless-twin.mistake")
@pytest.mark.parametrize(
    ("credential", "mistake"), [(None, "hex"), (certificate("tpp"), "another")]
)
def test_no_token(credential: Credential | None, mistake: str) -> None:
    """No certificate, or a mistake that is not made here."""
    response = answer(CARELESS.token, request(credential, form={"mistake": mistake}))
    assert (response.status, members(response)["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.asked)
def test_the_bank_recognises_each(shown: Any) -> None:
    """The name that the act predicts is the one that `rs_node` has for the value."""
    leaf = x509.load_pem_x509_certificate(RFC_9440)
    peer = PeerCertificate(leaf.public_bytes(Encoding.DER))
    assert recognised(MISTAKES[shown.asked](leaf), peer) == shown.recognised


def test_nine_are_shown_and_no_two_are_the_same() -> None:
    """Nine mistakes, nine names, and none is the right thumbprint."""
    leaf = x509.load_pem_x509_certificate(RFC_9440)
    assert {shown.asked for shown in SHOWN} == MISTAKES.keys()
    assert len({shown.recognised for shown in SHOWN}) == 9
    assert RFC_9440_THUMBPRINT not in {wrong(leaf) for wrong in MISTAKES.values()}


@pytest.mark.parametrize(
    ("mistake", "value"),
    [
        ("hex", "0380ed2f626650c840b2f263e6d2b29fae12ab39ae5db32b25ad27efad72e6fd"),
        ("public-key", "Wfn777VsDXE-cW3Wvzm7CuMw6D6h15KRhVqq3o80H48"),
        ("jkt", "Fvi_j8Immo6AlgIwpZKqaXnNP_9b09pLKkQHObRebQY"),
        ("padding", "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0="),
        ("lower-case", "a4dtl2jmumhasvjj5tkyn64sqzmuxbmrja0n761y5v0"),
    ],
)
def test_known_values(mistake: str, value: str) -> None:
    """RFC 8705 appendix A: what the mistakes make of the certificate there."""
    assert MISTAKES[mistake](x509.load_pem_x509_certificate(APPENDIX_A)) == value


def test_a_resource_server_can_believe_it() -> None:
    """RFC 8414 section 3.3: it is the issuer it says, and publishes its key."""
    metadata = members(answer(CARELESS.metadata, request()))
    assert metadata["issuer"] == ISSUER
    (key,) = members(answer(CARELESS.jwks, request()))["keys"]
    assert "d" not in key
