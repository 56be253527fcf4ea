"""The pushed authorization request endpoint: what a client may ask for."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pki.http.answers import Answer
from tests.as_node.authorizing import CHALLENGE, REDIRECT_URI, VERIFIER
from tests.as_node.pushing import PAR, SCA, authorization_request, claims, push, pushed
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    RESOURCE,
    Deployment,
    assert_not_stored,
    assert_refused,
    members,
)


def intent(value: str) -> dict[str, dict[str, str]]:
    """The claims of one place that name a consent."""
    return {"openbanking_intent_id": {"value": value}}


def test_a_request_uri(server: Deployment) -> None:
    """RFC 9126 section 2.2: 201 with a name for the request, and nothing else."""
    answer = push(server)
    found = members(answer, 201)
    assert re.fullmatch(
        r"urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{43}", found["request_uri"]
    )
    assert found == {"request_uri": found["request_uri"], "expires_in": 300}
    assert_not_stored(answer)


def test_no_two_are_alike(server: Deployment) -> None:
    """RFC 9126 section 2.2: nobody can guess one from another."""
    assert len({pushed(server) for _ in range(5)}) == 5


@pytest.mark.parametrize(
    "changed",
    [
        {"state": None},
        {"nonce": None},
        {"claims": None},
        {"scope": "accounts openid"},
        {"scope": "openid"},
        {"nonce": "n" * 64},
        {"state": "s" * 2048},
        {"response_mode": "query"},
        {"prompt": "login consent"},
        {"max_age": "0"},
        {"acr_values": f"{SCA} urn:other"},
        {"claims": claims(essential=True, values=[SCA, "urn:other"])},
        {"claims": claims(values=["urn:other"])},
        {"claims": '{"userinfo": {"picture": null}, "unknown": 1}'},
        {"claims": '{"id_token": {"openbanking_intent_id": null}}'},
        {"claims": '{"userinfo": {"openbanking_intent_id": null}}'},
        {"claims": '{"id_token": {"sub": null}, "userinfo": {"sub": {}}}'},
        {"claims": '{"id_token": {"sub": {"value": "nobody@example.com"}}}'},
        {"claims": '{"userinfo": {"sub": {"values": ["a", "b"]}}}'},
        {"login_hint": "unknown parameters are ignored"},
        {"resource": RESOURCE},
        {"resource": ""},
        {"audience": RESOURCE},
    ],
)
def test_sound_requests(server: Deployment, changed: dict[str, Any]) -> None:
    """OpenID Connect Core section 3.1.2.1: what is optional, and at its bounds."""
    assert pushed(server, **changed)


def test_form_and_method(server: Deployment) -> None:
    """RFC 9126 section 2.3: POST only, and a body of a sane size."""
    answer = server.request("GET", PAR, certificate="banking-client")
    assert answer.status == 405
    assert answer.header("allow") == "POST"
    assert push(server, state="s" * 70_000).status == 413


def test_the_client_is_authenticated(server: Deployment) -> None:
    """RFC 9126 section 2.1: exactly as at the token endpoint."""
    assert_refused(push(server, certificate="other-tpp"), 401, "invalid_client")
    assert_refused(
        server.post(
            f"{CONVENTIONAL}/par",
            {"client_id": "banking-client", **authorization_request()},
            certificate=None,
        ),
        401,
        "invalid_client",
    )


@pytest.mark.check("par.request-uri")
def test_a_reference_instead_of_a_request(server: Deployment) -> None:
    """RFC 9126 section 2.1: what is pushed is no `request_uri`."""
    assert_refused(push(server, request_uri=pushed(server)), 400, "invalid_request")
    assert "request_uri is pushed" in server.log.getvalue()


@pytest.mark.check("par.request-object")
def test_a_request_object(server: Deployment) -> None:
    """OpenID Connect Core section 3.1.2.6: none is read, so none is accepted."""
    assert_refused(push(server, request="e30.e30."), 400, "request_not_supported")


@pytest.mark.check("authorization.grant-type")
def test_a_client_without_the_grant(server: Deployment) -> None:
    """RFC 6749 section 4.1.2.1: a client is what it registered."""
    assert_refused(push(server, "tpp-san-dns"), 400, "unauthorized_client")


@pytest.mark.check("authorization.redirect-uri")
@pytest.mark.parametrize(
    "redirect_uri",
    [
        None,
        REDIRECT_URI + "/",
        REDIRECT_URI + "?x=1",
        REDIRECT_URI + "#",
        REDIRECT_URI.upper(),
        REDIRECT_URI.replace("https", "http"),
        REDIRECT_URI.replace("9446", "9447"),
        REDIRECT_URI.replace("callback", "%63allback"),
        "https://127.0.0.1:9446@evil.example/callback",
        "https://evil.example/",
    ],
)
def test_another_redirect_uri(server: Deployment, redirect_uri: str | None) -> None:
    """RFC 9700 section 2.1: character by character; FAPI 2.0: and never left out."""
    answer = push(server, redirect_uri=redirect_uri)
    assert_refused(answer, 400, "invalid_request")
    assert answer.header("location") is None


@pytest.mark.parametrize("port", ["", ":1", ":49152", ":65535"])
def test_a_loopback_redirect(server: Deployment, port: str) -> None:
    """RFC 8252 section 7.3: a native application listens where it can."""
    assert pushed(
        server,
        "mobile-app",
        certificate="other-tpp",
        redirect_uri=f"http://127.0.0.1{port}/callback",
        scope="openid",
    )


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost:49152/callback",
        "http://127.0.0.2:49152/callback",
        "http://127.0.0.1:49152/other",
        "https://127.0.0.1:49152/callback",
        "http://127.0.0.1:49152@evil.example/callback",
    ],
)
def test_no_other_loopback_redirect(server: Deployment, redirect_uri: str) -> None:
    """RFC 8252 section 7.3: the port is the only thing that it chooses."""
    answer = push(
        server,
        "mobile-app",
        certificate="other-tpp",
        redirect_uri=redirect_uri,
        scope="openid",
    )
    assert_refused(answer, 400, "invalid_request")


def test_a_port_of_another_client(server: Deployment) -> None:
    """RFC 9700 section 2.1: the exception is for native public clients alone."""
    changed = REDIRECT_URI.replace("9446", "49152")
    assert_refused(push(server, redirect_uri=changed), 400, "invalid_request")


@pytest.mark.check("authorization.response-type")
@pytest.mark.parametrize(
    ("response_type", "error"),
    [
        (None, "invalid_request"),
        ("token", "unsupported_response_type"),
        ("code id_token", "unsupported_response_type"),
        ("code token", "unsupported_response_type"),
        ("id_token", "unsupported_response_type"),
        ("none", "unsupported_response_type"),
        ("Code", "unsupported_response_type"),
    ],
)
def test_another_response_type(
    server: Deployment, response_type: str | None, error: str
) -> None:
    """RFC 8705 section 6.4: no token comes through the browser, where none binds."""
    assert_refused(push(server, response_type=response_type), 400, error)


@pytest.mark.check("authorization.response-type")
@pytest.mark.parametrize("mode", ["fragment", "form_post", "query.jwt"])
def test_another_response_mode(server: Deployment, mode: str) -> None:
    """FAPI 2.0 section 5.3.2.2: a code comes in the query."""
    assert_refused(push(server, response_mode=mode), 400, "invalid_request")


@pytest.mark.check("pkce.challenge-method", "pkce.challenge-form")
@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"},
        {"code_challenge_method": "plain", "code_challenge": VERIFIER},
        {"code_challenge": CHALLENGE + "="},
        {"code_challenge": CHALLENGE[:-1]},
        {"code_challenge": CHALLENGE[:-1] + "."},
    ],
)
def test_no_proof_key(server: Deployment, changed: dict[str, Any]) -> None:
    """RFC 7636 section 4.4.1: a challenge, by S256, or no code."""
    assert_refused(push(server, **changed), 400, "invalid_request")


@pytest.mark.check("request.scope")
@pytest.mark.parametrize("scope", ["payments", "openid payments", "openid  accounts"])
def test_more_scope(server: Deployment, scope: str) -> None:
    """RFC 6749 section 4.1.2.1: no more than the client is registered for."""
    assert_refused(push(server, scope=scope), 400, "invalid_scope")


@pytest.mark.check("authorization.state")
@pytest.mark.check("authorization.nonce")
@pytest.mark.parametrize(
    "changed",
    [
        {"state": "s" * 2049},
        {"state": "\x00"},
        {"state": "naïve"},
        {"nonce": "n" * 65},
        {"nonce": "n" * 384},
        {"nonce": "a\nb"},
    ],
)
def test_too_long_to_be_given_back(server: Deployment, changed: dict[str, Any]) -> None:
    """FAPI 2.0 section 5.3.2.2: returned intact or refused, and never cut off."""
    assert_refused(push(server, **changed), 400, "invalid_request")


@pytest.mark.check("authorization.prompt")
@pytest.mark.parametrize("prompt", ["none login", "create", "login  consent", "NONE"])
def test_prompts_for_nothing_known(server: Deployment, prompt: str) -> None:
    """OpenID Connect Core section 3.1.2.1: `none` excludes the others."""
    assert_refused(push(server, prompt=prompt), 400, "invalid_request")


@pytest.mark.check("authorization.max-age")
@pytest.mark.parametrize("max_age", ["-1", "1.5", "soon", "1" * 10, "٣"])
def test_a_max_age_that_is_none(server: Deployment, max_age: str) -> None:
    """OpenID Connect Core section 3.1.2.1: a number of seconds."""
    assert_refused(push(server, max_age=max_age), 400, "invalid_request")


@pytest.mark.check("authorization.claims")
@pytest.mark.parametrize(
    "unreadable",
    [
        "claims",
        "[]",
        '{"id_token": []}',
        '{"id_token": {"openbanking_intent_id": {}}}',
        '{"id_token": {"openbanking_intent_id": "aac-1"}}',
        '{"id_token": {"openbanking_intent_id": {"value": 1}}}',
        '{"id_token": {"openbanking_intent_id": {"value": "a b"}}}',
        '{"id_token": {"openbanking_intent_id": {"value": "%s"}}}' % ("a" * 129),
        json.dumps({"id_token": intent("1"), "userinfo": intent("2")}),
        '{"id_token": {}, "id_token": {}}',
        '{"id_token": {"acr": {"value": 1}}}',
        '{"id_token": {"acr": {"values": "urn:x"}}}',
        '{"id_token": {"acr": {"values": ["urn:x"], "value": "urn:x"}}}',
        '{"id_token": {"sub": "ty.webb@example.com"}}',
        '{"id_token": {"sub": {"value": 1}}}',
        '{"id_token": {"sub": {"value": null}}}',
        '{"userinfo": {"sub": {"values": "ty.webb@example.com"}}}',
        '{"userinfo": {"sub": {"values": ["a"], "value": "a"}}}',
        '{"userinfo": {"sub": []}}',
        "[" * 4000,
        json.dumps({"userinfo": {"x" * 4096: None}}),
    ],
)
def test_claims_that_cannot_be_read(server: Deployment, unreadable: str) -> None:
    """OpenID Connect Core section 5.5: no claim is guessed at, no consent mistaken."""
    assert_refused(push(server, claims=unreadable), 400, "invalid_request")


@pytest.mark.check("authorization.essential-acr")
def test_an_authentication_that_is_not_done(server: Deployment) -> None:
    """OpenID Connect Core section 5.5.1.1: essential, and not to be had, so refused."""
    asked = claims(essential=True, value="urn:openbanking:psd2:ca")
    assert_refused(push(server, claims=asked), 400, "unmet_authentication_requirements")


@pytest.mark.check("authorization.one-customer")
@pytest.mark.parametrize(
    "asked",
    [
        {"id_token": {"sub": {"value": "a"}}, "userinfo": {"sub": {"value": "b"}}},
        {
            "id_token": {"sub": {"values": ["a", "b"]}},
            "userinfo": {"sub": {"values": ["c"]}},
        },
        {"id_token": {"sub": {"values": []}}},
    ],
)
def test_nobody_can_be_meant(server: Deployment, asked: dict[str, Any]) -> None:
    """OpenID Connect Core section 5.5.1: nobody is two customers."""
    assert_refused(push(server, claims=json.dumps(asked)), 400, "invalid_request")


def in_body(server: Deployment, *further: tuple[str, str]) -> Answer:
    """A pushed request in which parameters may stand several times."""
    form = [("client_id", "banking-client"), *authorization_request().items(), *further]
    return server.request(
        "POST",
        PAR,
        certificate="banking-client",
        headers=(("Content-Type", FORM),),
        body=urlencode(form).encode(),
    )


@pytest.mark.check("request.resource")
@pytest.mark.parametrize(
    ("further", "status"),
    [
        ([("resource", RESOURCE)], 201),
        ([("resource", RESOURCE)] * 3, 201),
        ([("resource", ""), ("resource", RESOURCE)], 201),
        ([("resource", RESOURCE), ("resource", "https://other.example")], 400),
        ([("resource", "https://other.example"), ("resource", RESOURCE)], 400),
        ([("resource", ""), ("resource", "https://other.example")], 400),
        ([("resource", f"{RESOURCE}/")], 400),
        ([("resource", f"{RESOURCE}#")], 400),
        ([("resource", f"{RESOURCE}/accounts")], 400),
        ([("resource", "accounts")], 400),
        ([("resource", "\N{SNOWMAN}\x00")], 400),
        ([("audience", "https://other.example")], 400),
        ([("audience", RESOURCE), ("resource", "https://other.example")], 400),
    ],
)
def test_resources(
    server: Deployment, further: list[tuple[str, str]], status: int
) -> None:
    """RFC 8707 section 2: the one that is served, however often; `invalid_target`."""
    answer = in_body(server, *further)
    if status == 201:
        assert members(answer, 201)["request_uri"]
    else:
        assert_refused(answer, 400, "invalid_target")
        assert "check=request.resource" in server.log.getvalue()


@pytest.mark.check("request.parameters")
@pytest.mark.parametrize("name", ["audience", "scope", "claims", "Resource"])
def test_nothing_else_is_repeated(server: Deployment, name: str) -> None:
    """RFC 6749 section 3.1: RFC 8707 makes one exception."""
    assert_refused(in_body(server, (name, "a"), (name, "a")), 400, "invalid_request")


@pytest.mark.check("request.authorization-details")
@pytest.mark.parametrize("details", ["[]", '[{"type": "account_information"}]', "x"])
def test_authorization_details(server: Deployment, details: str) -> None:
    """RFC 9396 section 5: what is not served is refused, and never passed over."""
    answer = push(server, authorization_details=details)
    assert_refused(answer, 400, "invalid_authorization_details")
    assert "check=request.authorization-details" in server.log.getvalue()


@pytest.mark.check("request.dpop")
def test_dpop(server: Deployment) -> None:
    """RFC 9449 section 10: who wants tokens bound to another key hears of it."""
    assert_refused(push(server, dpop_jkt="a" * 43), 400, "invalid_request")
    form = {"client_id": "banking-client", **authorization_request()}
    answer = server.post(
        PAR, form, certificate="banking-client", headers=(("DPoP", "e30.e30.e30"),)
    )
    assert_refused(answer, 400, "invalid_request")
    assert server.log.getvalue().count("check=request.dpop") == 2


def test_nothing_secret_is_logged(server: Deployment) -> None:
    """FAPI 2.0 section 5.3.2.2: who reads the log cannot take the request over."""
    request_uri = pushed(server)
    assert request_uri not in server.log.getvalue()


@settings(
    max_examples=60,
    deadline=None,
    # One server for all examples is what a hostile peer meets, too.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    changed=st.dictionaries(
        st.sampled_from([*authorization_request(), "max_age", "prompt", "acr_values"]),
        st.text(max_size=100) | st.sampled_from(["{}", "[]", "none", "code", "S256"]),
        max_size=4,
    )
)
def test_any_parameters(server: Deployment, changed: dict[str, Any]) -> None:
    """RFC 9126 section 2.3: whatever is pushed, the answer is one of the RFC's."""
    answer = push(server, **changed)
    assert answer.status in (201, 400), answer
    assert_not_stored(answer)
