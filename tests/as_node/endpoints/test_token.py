"""The token endpoint: from a form and a certificate to a bound access token."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import pytest
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

from as_node.protocol.errors import InvalidRequest
from as_node.protocol.sender_constraint import constraint_to_issue
from pki.http.messages import Connection, Request
from pki.issuing.hierarchy import load_authorities
from pki.issuing.parties import BANKING_CLIENT
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    MUTUAL_TLS,
    RESOURCE,
    Deployment,
    assert_not_stored,
    assert_refused,
    members,
)

StartAs = Callable[..., Deployment]

TOKEN = f"{MUTUAL_TLS}/token"
GRANT_TYPES = 'grant_types = ["client_credentials"]'
SCOPE = 'scope = "accounts"'
# These two lines of `tpp-san-dns` in the configuration, and of nobody else.
CLIENT_LINES = f'"tpp-san-dns.example.com"\n{GRANT_TYPES}\n{SCOPE}'


def client_with(old: str, new: str) -> tuple[str, str]:
    """What to replace in the configuration to register `tpp-san-dns` otherwise."""
    return CLIENT_LINES, CLIENT_LINES.replace(old, new)


def payload(token: str) -> dict[str, Any]:
    """What a JWT says; its signature is not looked at."""
    part = token.split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=="))
    assert isinstance(claims, dict)
    return claims


def test_a_token(server: Deployment) -> None:
    """RFC 6749 section 5.1: token, type, lifetime and scope, and nothing else."""
    answer = server.token_request("banking-client")
    found = members(answer, 200)
    assert found.pop("access_token").count(".") == 2
    assert found == {"token_type": "Bearer", "expires_in": 300, "scope": "accounts"}
    assert_not_stored(answer)


def test_the_token_is_bound_to_the_certificate(server: Deployment) -> None:
    """RFC 8705 section 3: a JWT names the certificate of its connection."""
    claims = payload(server.token("banking-client"))
    assert claims.pop("jti")
    now = int(server.network.clock())
    assert claims == {
        "iss": CONVENTIONAL,
        "sub": "banking-client",
        "aud": RESOURCE,
        "client_id": "banking-client",
        "scope": "accounts",
        "iat": now,
        "nbf": now,
        "exp": now + 300,
        "cnf": {"x5t#S256": server.x5t_s256("banking-client")},
        "status": {"status_list": {"idx": 0, "uri": f"{CONVENTIONAL}/status/0"}},
    }


def test_a_renewed_certificate_gets_its_own_token(server: Deployment) -> None:
    """RFC 8705 section 3: bound to this connection's certificate, not to the client."""
    before = payload(server.token("banking-client"))
    renewed = load_authorities(server.issued).client_intermediate.issue_client(
        BANKING_CLIENT.subject, now=server.network.clock()
    )
    server.hold("renewed", renewed)
    answer = server.token_request("banking-client", certificate="renewed")
    after = payload(members(answer, 200)["access_token"])
    assert before["cnf"] == {"x5t#S256": server.x5t_s256("banking-client")}
    assert after["cnf"] != before["cnf"]
    again = payload(server.token("banking-client"))
    assert again["cnf"] == before["cnf"]


@pytest.mark.parametrize(
    "client_id",
    [
        "banking-client",
        "other-tpp",
        "tpp-san-dns",
        "tpp-san-uri",
        "tpp-san-ip",
        "tpp-san-email",
        "tpp-self-signed",
        "accounts-rs",
        "tpp-opaque",
    ],
)
def test_every_shipped_client(server: Deployment, client_id: str) -> None:
    """RFC 8705 section 2: each client of the shipped configuration gets its token."""
    token = server.token(client_id)
    found = members(server.introspect(token), 200)
    assert found["client_id"] == client_id
    assert found["cnf"] == {"x5t#S256": server.x5t_s256(client_id)}


def test_the_token_is_signed_with_a_published_key(server: Deployment) -> None:
    """RFC 9068 section 2.1: `at+jwt`, and a `kid` that is at the `jwks_uri`."""
    keys = server.request("GET", f"{CONVENTIONAL}/jwks").body
    jwt = JWT(
        jwt=server.token("banking-client"),
        key=JWKSet.from_json(keys.decode()),
        algs=["ES256"],
        expected_type="JWS",
    )
    header = json.loads(jwt.header)
    assert header["typ"] == "at+jwt"
    assert header["alg"] == "ES256"


def test_another_algorithm_by_registration(server: Deployment) -> None:
    """RFC 9068 section 2.1: a client registered for PS256 gets tokens signed so."""
    header = server.token("tpp-san-uri").split(".")[0]
    assert json.loads(urlsafe_b64decode(header + "=="))["alg"] == "PS256"


def test_an_opaque_token_says_nothing(server: Deployment) -> None:
    """A client registered for opaque tokens gets one, in the same kind of answer."""
    found = members(server.token_request("tpp-opaque"), 200)
    assert "." not in found["access_token"]
    assert found.keys() == {"access_token", "token_type", "expires_in", "scope"}


def test_less_scope_may_be_asked_for(start_as: StartAs) -> None:
    """RFC 6749 section 3.3: what is asked for is granted, and not more."""
    server = start_as(
        ('["openid", "accounts"]', '["openid", "accounts", "payments"]'),
        client_with(SCOPE, 'scope = "accounts payments"'),
    )
    assert members(server.token_request("tpp-san-dns"), 200)["scope"] == (
        "accounts payments"
    )
    answer = server.token_request("tpp-san-dns", scope="payments")
    found = members(answer, 200)
    assert found["scope"] == "payments"
    assert payload(found["access_token"])["scope"] == "payments"


def test_unknown_parameters_are_ignored(server: Deployment) -> None:
    """RFC 6749 section 3.2: what is not known here means nothing here."""
    answer = server.token_request("banking-client", login_hint="x", foo="bar")
    assert members(answer, 200)["scope"] == "accounts"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke"])
def test_post_only(server: Deployment, method: str, path: str) -> None:
    """RFC 6749 section 3.2: any other method is 405, and told which one is served."""
    answer = server.request(method, MUTUAL_TLS + path, certificate="banking-client")
    assert answer.status == 405
    assert answer.header("allow") == "POST"


@pytest.mark.check("request.parameters")
@pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke"])
@pytest.mark.parametrize(
    ("query", "content_type", "body"),
    [
        ("?grant_type=client_credentials", FORM, b"client_id=banking-client"),
        ("", "application/json", b'{"client_id":"banking-client"}'),
        ("", FORM, b"client_id=banking-client&client_id=banking-client"),
        ("", FORM, b"client_id=\xff"),
    ],
)
def test_not_one_form(
    server: Deployment, path: str, query: str, content_type: str, body: bytes
) -> None:
    """RFC 6749 section 3.2: parameters come in one form, in the body, each once."""
    answer = server.request(
        "POST",
        MUTUAL_TLS + path + query,
        certificate="banking-client",
        headers=(("Content-Type", content_type),),
        body=body,
    )
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.check("request.parameters")
def test_no_grant_type(server: Deployment) -> None:
    """RFC 6749 section 4.4.2: `grant_type` is required."""
    answer = server.post(
        TOKEN, {"client_id": "banking-client"}, certificate="banking-client"
    )
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.check("grant-type.served")
@pytest.mark.parametrize(
    "grant_type",
    [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "Client_Credentials",
        " client_credentials",
    ],
)
def test_other_grants(server: Deployment, grant_type: str) -> None:
    """RFC 6749 section 5.2: a grant that is not served is unsupported."""
    answer = server.token_request("banking-client", grant_type=grant_type)
    assert_refused(answer, 400, "unsupported_grant_type")


@pytest.mark.check("grant-type.registered")
def test_a_client_without_the_grant(start_as: StartAs) -> None:
    """RFC 6749 section 5.2: a client may use what it registered, and nothing else."""
    server = start_as(client_with(GRANT_TYPES, "grant_types = []"))
    for grant_type in ("client_credentials", "authorization_code", "refresh_token"):
        answer = server.token_request("tpp-san-dns", grant_type=grant_type)
        assert_refused(answer, 400, "unauthorized_client")
    assert members(server.token_request("banking-client"), 200)


@pytest.mark.check("request.scope")
@pytest.mark.parametrize(
    "scope",
    [
        "payments",
        "accounts payments",
        "Accounts",
        "accounts  accounts",
        " accounts",
        "accounts ",
        "accounts\taccounts",
        "accounts\naccounts",
        'acc"ounts',
        "acc\\ounts",
        "\N{LATIN SMALL LETTER A WITH DIAERESIS}",
    ],
)
def test_a_scope_that_is_not_the_clients(server: Deployment, scope: str) -> None:
    """RFC 6749 section 3.3: unknown, malformed, or more than was registered."""
    answer = server.token_request("banking-client", scope=scope)
    assert_refused(answer, 400, "invalid_scope")


@pytest.mark.check("request.scope")
def test_a_scope_of_another_client(start_as: StartAs) -> None:
    """RFC 6749 section 3.3: that a scope exists gives nobody a right to it."""
    server = start_as(
        ('["openid", "accounts"]', '["openid", "accounts", "payments"]'),
        client_with(SCOPE, 'scope = "payments"'),
    )
    answer = server.token_request("banking-client", scope="payments")
    assert_refused(answer, 400, "invalid_scope")


@pytest.mark.check("request.scope")
def test_a_client_without_scope(start_as: StartAs) -> None:
    """RFC 6749 section 3.3: no scope asked for, and no default to grant."""
    server = start_as(client_with(SCOPE, 'scope = ""'))
    assert_refused(server.token_request("tpp-san-dns"), 400, "invalid_scope")


@pytest.mark.check("token.certificate-to-bind-to")
def test_no_unbound_token(server: Deployment) -> None:
    """RFC 8705 section 3.4: without a certificate there is nothing to bind to."""
    connection = Connection(1, "127.0.0.1:50000", "TLSv1.3", True, None)  # noqa: FBT003
    request = Request("POST", "/token", "", MappingProxyType({}), b"", connection)
    with pytest.raises(InvalidRequest, match="bound to a certificate"):
        constraint_to_issue(request)


def test_the_log_names_the_token_and_does_not_hold_it(server: Deployment) -> None:
    """The operator finds client, `jti` and thumbprint, and no token to steal."""
    token = server.token("banking-client")
    log = server.log.getvalue()
    assert token not in log
    assert token.split(".")[2] not in log
    for fact in (
        "client_id=banking-client",
        "grant_type=client_credentials",
        f"jti={payload(token)['jti']}",
        f"bound_to={server.x5t_s256('banking-client')}",
        "scope=accounts",
    ):
        assert fact in log


def test_no_two_tokens_are_alike(server: Deployment) -> None:
    """RFC 9068 section 2.2: each token has a `jti` of its own."""
    jtis = [payload(server.token("banking-client"))["jti"] for _ in range(3)]
    assert len(set(jtis)) == 3


@pytest.mark.check("request.resource")
@pytest.mark.parametrize(
    ("named", "status"),
    [
        ([RESOURCE], 200),
        ([RESOURCE, RESOURCE], 200),
        (["https://other.example"], 400),
        ([RESOURCE, "https://other.example"], 400),
        ([f"{RESOURCE}/"], 400),
        (["accounts"], 400),
    ],
)
def test_the_resource(server: Deployment, named: list[str], status: int) -> None:
    """RFC 8707 section 2.2: the token is for the resource that is named, or is none."""
    form = [("grant_type", "client_credentials"), ("client_id", "banking-client")]
    answer = server.request(
        "POST",
        TOKEN,
        certificate="banking-client",
        headers=(("Content-Type", FORM),),
        body=urlencode(form + [("resource", each) for each in named]).encode(),
    )
    if status == 200:
        assert payload(members(answer, 200)["access_token"])["aud"] == RESOURCE
    else:
        assert_refused(answer, 400, "invalid_target")


@pytest.mark.check("request.resource", "request.authorization-details")
@pytest.mark.parametrize(
    "grant_type", ["client_credentials", "authorization_code", "refresh_token"]
)
@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"resource": "https://other.example"}, "invalid_target"),
        ({"audience": "https://other.example"}, "invalid_target"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"dpop_jkt": "a" * 43}, "invalid_request"),
    ],
)
def test_what_is_not_served(
    server: Deployment, grant_type: str, asked: dict[str, str], error: str
) -> None:
    """RFC 8707 section 2, RFC 9396 section 5: in every grant, and before it."""
    form = {"code": "a", "redirect_uri": "b", "refresh_token": "c", **asked}
    answer = server.token_request("banking-client", **form, grant_type=grant_type)
    assert_refused(answer, 400, error)


@pytest.mark.check("request.dpop")
def test_a_dpop_proof(server: Deployment) -> None:
    """RFC 9449 section 5: no token that its client believes to be bound otherwise."""
    form = {"grant_type": "client_credentials", "client_id": "banking-client"}
    answer = server.post(
        TOKEN, form, certificate="banking-client", headers=(("DPoP", "e30.e30.e30"),)
    )
    assert_refused(answer, 400, "invalid_request")
    assert "check=request.dpop" in server.log.getvalue()
