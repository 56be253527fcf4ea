"""Whatever is sent to an endpoint, the answer is one that the RFCs have."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pki.http.answers import Answer
from tests.as_node.pushing import push
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    MUTUAL_TLS,
    Deployment,
)

PATHS = pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke"])
OFTEN = settings(
    max_examples=60,
    deadline=None,
    # One server for all examples is what a hostile peer meets, too.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = TEXT | st.sampled_from(
    [
        "grant_type",
        "client_id",
        "scope",
        "token",
        "token_type_hint",
        "client_secret",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
    ]
)
VALUES = TEXT | st.sampled_from(
    [
        "client_credentials",
        "authorization_code",
        "refresh_token",
        "accounts",
        "accounts-rs",
        "tpp-self-signed",
        "A" * 43,
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.\x00.=",
        "{}",
        "-1",
    ]
)


@pytest.fixture
def sound_server(server: Deployment) -> Iterator[Deployment]:
    """An authorization server that must have had no fault when the test is over."""
    yield server
    assert " error " not in server.log.getvalue()


def assert_an_answer_of_the_rfcs(answer: Answer) -> None:
    """200, 400 or 401, and JSON in it unless it is empty."""
    assert answer.status in (200, 400, 401)
    if answer.body:
        assert answer.header("content-type") == "application/json"
        found = json.loads(answer.body)
        assert answer.status == 200 or found["error"] in ERRORS
    else:
        assert answer.status == 200
    assert answer.header("cache-control") == "no-store"


@PATHS
@OFTEN
@given(body=st.binary(max_size=200))
def test_any_bytes(sound_server: Deployment, path: str, body: bytes) -> None:
    """RFC 6749 section 5.2: a body that is no form is a refusal, and never a 500."""
    answer = sound_server.request(
        "POST",
        MUTUAL_TLS + path,
        certificate="accounts-rs",
        headers=(("Content-Type", FORM),),
        body=body,
    )
    assert answer.status in (400, 401)
    assert_an_answer_of_the_rfcs(answer)


@PATHS
@OFTEN
@given(
    parameters=st.dictionaries(NAMES, VALUES, max_size=6),
    client_id=st.sampled_from(["the certificate's", "any"]),
    base=st.sampled_from([CONVENTIONAL, MUTUAL_TLS]),
    certificate=st.sampled_from(
        ["accounts-rs", "tpp-self-signed", "banking-client", "rogue-expired", None]
    ),
)
def test_any_parameters(
    sound_server: Deployment,
    path: str,
    parameters: dict[str, str],
    client_id: str,
    base: str,
    certificate: str | None,
) -> None:
    """RFC 6749 section 5.2: any names and values, with or without authentication."""
    if client_id == "the certificate's" and certificate is not None:
        parameters = {**parameters, "client_id": certificate}
    answer = sound_server.post(base + path, parameters, certificate=certificate)
    assert_an_answer_of_the_rfcs(answer)


@OFTEN
@given(
    grant_type=st.sampled_from(["authorization_code", "refresh_token"]),
    parameters=st.dictionaries(
        st.sampled_from(
            ["code", "redirect_uri", "code_verifier", "refresh_token", "scope"]
        ),
        VALUES | st.just("https://127.0.0.1:9446/callback"),
    ),
)
def test_any_grant(
    sound_server: Deployment, grant_type: str, parameters: dict[str, str]
) -> None:
    """RFC 6749 section 5.2: a customer's grant that nobody gave is a refusal."""
    answer = sound_server.token_request(
        "banking-client", grant_type=grant_type, **parameters
    )
    assert answer.status == 400
    assert json.loads(answer.body)["error"] in ("invalid_request", "invalid_grant")


@OFTEN
@given(
    path=st.text(st.sampled_from("abc/.%2eé{}~;:@jwkstoken"), max_size=30),
    query=st.text(st.sampled_from("abc=&%+?/"), max_size=10),
)
def test_any_path(sound_server: Deployment, path: str, query: str) -> None:
    """RFC 9110 section 15.5.5: what is not served is 404, in JSON."""
    target = f"/{path}?{query}".encode("ascii", "ignore").decode()
    answer = sound_server.request("GET", MUTUAL_TLS + target)
    assert answer.status in (200, 404, 405)
    assert isinstance(json.loads(answer.body), dict)


HALF = ("%ED%A0%80", "%ED%BF%BF", "a%ED%A0%80%ED%B0%80")


@pytest.mark.check("request.parameters")
@pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke", "/par"])
@pytest.mark.parametrize("half", HALF)
def test_half_a_character_in_a_form(server: Deployment, path: str, half: str) -> None:
    """RFC 3629 section 3: no surrogate is UTF-8, in a name as little as in a value."""
    for form in (f"client_id={half}", f"{half}=1", f"client_id=a&state={half}"):
        answer = server.request(
            "POST",
            MUTUAL_TLS + path,
            headers=(("Content-Type", FORM),),
            body=form.encode(),
        )
        assert answer.status == 400
        assert json.loads(answer.body)["error"] == "invalid_request"


@pytest.mark.parametrize("half", HALF)
def test_half_a_character_from_a_browser(server: Deployment, half: str) -> None:
    """A page for a person, and no fault of ours: in the query, in a form."""
    query = f"client_id={half}&request_uri=urn:{half}"
    url = f"{CONVENTIONAL}/authorize"
    assert server.request("GET", f"{url}?{query}").status == 400
    for path in ("/authorize", "/sign-in", "/second-factor", "/consent", "/cancel"):
        answer = server.request(
            "POST",
            f"{CONVENTIONAL}{path}",
            headers=(("Content-Type", FORM), ("Cookie", f"__Host-bank-session={half}")),
            body=query.encode(),
        )
        assert answer.status == 400
    assert "Traceback" not in server.log.getvalue()


@pytest.mark.check("authorization.claims")
@pytest.mark.parametrize(
    "claims",
    [
        r'{"id_token": {"x\ud800": null}}',
        r'{"id_token": {"acr": {"values": ["\udfff"]}}}',
        '\ufeff{"id_token": {}}',
    ],
)
def test_half_a_character_in_the_claims(server: Deployment, claims: str) -> None:
    """RFC 8259 section 8.2, in a parameter that is JSON."""
    answer = push(server, claims=claims)
    assert answer.status == 400
    assert json.loads(answer.body)["error"] == "invalid_request"
