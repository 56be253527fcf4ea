"""
Each bound on what a client may send or have kept, one step beyond it: the answer, and
the line in the log that says what was expected and what came.

The whole authorization server, over TLS.
"""

import io
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from jwcrypto.jwt import JWT
from twisted.internet.defer import Deferred

from as_node.authorization.authentication_parameters import LONGEST_ACR_VALUES
from as_node.authorization.claims_parameter import LONGEST_CLAIMS
from as_node.authorization.judgement import LONGEST_NONCE, LONGEST_STATE
from as_node.clients.authentication import LONGEST_SCHEME
from as_node.clients.client_assertion import LONGEST_ASSERTION
from as_node.clients.private_key_jwt import LONGEST_JTI, LONGEST_LIFETIME
from as_node.consent.backchannel import DEADLINE
from as_node.protocol.parameters import (
    LARGEST_FORM,
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_PARAMETERS,
)
from as_node.tokens.access_tokens import LONGEST_JWT
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    load_signing_key,
)
from pki.chain.limits import MOST_INTERMEDIATES, MOST_SENT_AFTER
from pki.http.answers import Answer
from pki.http.messages import Request, Response
from pki.issuing.authority import Authority, self_signed
from pki.issuing.layout import Layout
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.names.preparation import LONGEST_VALUE as LONGEST_SUBJECT_VALUE
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import Credential, certificates_to_pem
from tests.as_node.pushing import PAR, push, pushed
from tests.customers.step_by_step import PASSWORD, Browser
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    FORM,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.client_authentication import Bank
from tests.in_memory.consents import TY
from tests.pki.chain.test_judge import UNLIMITED

StartAs = Callable[..., Deployment]

SIGNING = "tpp-private-key-jwt"


def last_line(server: Deployment) -> str:
    """What the operator reads of the last request."""
    return server.log.getvalue().splitlines()[-1]


def assert_told(
    server: Deployment, answer: Answer, error: tuple[int, str], *words: str
) -> None:
    """The peer hears a constant text, the operator what it was."""
    status, name = error
    assert_refused(answer, status, name)
    line = last_line(server)
    assert " warning " in line
    assert f" {status} " in line
    assert [each for each in words if each not in line] == []


MALFORMED = (400, "invalid_request")
FORMS = pytest.mark.parametrize(
    ("body", "expected", "presented"),
    [
        pytest.param(
            b"a=" + b"&" * (LARGEST_FORM - 1),
            f"at most {LARGEST_FORM} bytes",
            f"{LARGEST_FORM + 1} bytes",
            marks=pytest.mark.bound("form.size"),
            id="size",
        ),
        pytest.param(
            urlencode({f"p{n}": "x" for n in range(MOST_PARAMETERS + 1)}).encode(),
            f"at most {MOST_PARAMETERS}",
            f"{MOST_PARAMETERS + 1}",
            marks=pytest.mark.bound("form.parameters"),
            id="parameters",
        ),
        pytest.param(
            b"n" * (LONGEST_NAME + 1) + b"=x",
            f"at most {LONGEST_NAME} characters as name",
            f"{LONGEST_NAME + 1} and 1 characters",
            marks=pytest.mark.bound("form.name"),
            id="name",
        ),
        pytest.param(
            b"n=" + b"x" * (LONGEST_VALUE + 1),
            f"{LONGEST_VALUE} as value",
            f"1 and {LONGEST_VALUE + 1} characters",
            marks=pytest.mark.bound("form.value"),
            id="value",
        ),
    ],
)


@FORMS
@pytest.mark.parametrize("path", ["/token", "/par", "/introspect", "/revoke"])
def test_a_clients_form(
    server: Deployment, path: str, body: bytes, expected: str, presented: str
) -> None:
    """RFC 6749 section 3.2: at every endpoint, whoever sends it."""
    headers = (("Content-Type", FORM),)
    answer = server.request("POST", MUTUAL_TLS + path, headers=headers, body=body)
    assert_told(server, answer, MALFORMED, expected, presented, "check=request.sizes")


@FORMS
@pytest.mark.parametrize("path", ["/sign-in", "/second-factor", "/consent", "/cancel"])
def test_a_browsers_form(
    server: Deployment, path: str, body: bytes, expected: str, presented: str
) -> None:
    """A page that says so, for a person."""
    headers = (("Content-Type", FORM),)
    answer = server.request("POST", CONVENTIONAL + path, headers=headers, body=body)
    assert answer.status == 400
    assert str(answer.header("content-type")).startswith("text/html")
    line = last_line(server)
    assert " warning " in line
    assert expected in line
    assert presented in line


@pytest.mark.bound("authorization.acr-values")
@pytest.mark.bound("authorization.state", "authorization.nonce")
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("acr_values", LONGEST_ACR_VALUES),
        ("state", LONGEST_STATE),
        ("nonce", LONGEST_NONCE),
    ],
)
def test_a_pushed_value(server: Deployment, name: str, most: int) -> None:
    """RFC 9126 section 2.3: what would be kept is bounded; as much as may be is."""
    assert push(server, **{name: "x" * most}).status == 201
    answer = push(server, **{name: "x" * (most + 1)})
    expected, presented = f"{most} characters", f"{most + 1} characters"
    assert_told(server, answer, MALFORMED, expected, presented)


@pytest.mark.bound("authorization.claims")
def test_pushed_claims(server: Deployment) -> None:
    """OpenID Connect Core section 5.5: in bytes, as they are kept."""
    around = len(json.dumps({"x": ""}))

    def pushed_with(size: int) -> Answer:
        return push(server, claims=json.dumps({"x": "y" * (size - around)}))

    assert pushed_with(LONGEST_CLAIMS).status == 201
    answer = pushed_with(LONGEST_CLAIMS + 1)
    words = (f"{LONGEST_CLAIMS + 1} bytes", f"at most {LONGEST_CLAIMS}")
    assert_told(server, answer, MALFORMED, *words)


UNKNOWN = (401, "invalid_client")


@pytest.mark.bound("client-auth.scheme")
def test_a_scheme(server: Deployment) -> None:
    """RFC 6749 section 5.2: what is too long for one is not said again, nor logged."""

    def tried(size: int) -> Answer:
        headers = (("Authorization", f"{'x' * size} secret"),)
        form = {"client_id": "banking-client"}
        return server.post(PAR, form, certificate="banking-client", headers=headers)

    challenge = tried(LONGEST_SCHEME).header("www-authenticate")
    assert str(challenge).startswith("x" * LONGEST_SCHEME + " realm=")
    answer = tried(50)
    assert str(answer.header("www-authenticate")).startswith("Basic realm=")
    words = (f"a scheme of {LONGEST_SCHEME} at most", 'presented="50 characters"')
    assert_told(server, answer, UNKNOWN, *words)
    assert "x" * (LONGEST_SCHEME + 1) not in server.log.getvalue()
    assert "secret" not in server.log.getvalue()


def signed(server: Deployment, **claims: Any) -> Mapping[str, str]:
    """What a client sends that signs; a good assertion but for these claims."""
    key = load_signing_key(server.issued.signing_key(SIGNING))
    now = int(server.network.clock())
    said = {"iss": SIGNING, "sub": SIGNING, "aud": CONVENTIONAL, "jti": "j"}
    made = JWT({"alg": "ES256"}, {**said, "iat": now, "exp": now + 60, **claims})
    made.make_signed_token(key)
    return assertion_parameters(made.serialize())


def token_by(server: Deployment, parameters: Mapping[str, str]) -> Answer:
    """What comes of it."""
    form = {"grant_type": "client_credentials", **parameters}
    return server.post(f"{MUTUAL_TLS}/token", form, certificate=SIGNING)


@pytest.mark.bound("assertion.size")
def test_an_assertion(server: Deployment) -> None:
    """RFC 7523 section 3: a longer one is not even taken apart."""
    long = assertion_parameters("e30.e30." + "A" * (LONGEST_ASSERTION - 7))
    answer = token_by(server, long)
    words = (f"at most {LONGEST_ASSERTION} c", f"{LONGEST_ASSERTION + 1} characters")
    assert_told(server, answer, UNKNOWN, *words)


@pytest.mark.bound("assertion.jti")
def test_a_jti(server: Deployment) -> None:
    """RFC 7523 section 3: it is kept, so it is bounded."""
    members(token_by(server, signed(server, jti="j" * LONGEST_JTI)), 200)
    answer = token_by(server, signed(server, jti="j" * (LONGEST_JTI + 1)))
    words = (f"at most {LONGEST_JTI} characters", f"{LONGEST_JTI + 1} characters")
    assert_told(server, answer, UNKNOWN, *words)


@pytest.mark.bound("assertion.lifetime")
def test_the_lifetime_of_an_assertion(server: Deployment) -> None:
    """RFC 7523 section 3: its `jti` is kept as long."""
    now = int(server.network.clock())
    longest = now + LONGEST_LIFETIME
    members(token_by(server, signed(server, exp=longest)), 200)
    answer = token_by(server, signed(server, exp=longest + 60))
    words = ('expected="exp between ', f"presented={longest + 60}")
    assert_told(server, answer, UNKNOWN, *words)


@pytest.mark.bound("token.size")
def test_a_token(server: Deployment) -> None:
    """RFC 7662 section 2.2: it is none of ours, and the log says how long it was."""
    answer = server.introspect("e30.e30." + "A" * LONGEST_JWT)
    assert members(answer, 200) == {"active": False}
    line = last_line(server)
    assert "active=false" in line
    assert f'token="{LONGEST_JWT + 8} characters"' in line


@pytest.mark.bound("chain.sent-after")
def test_certificates_after_a_clients_own(server: Deployment) -> None:
    """RFC 8705 section 2.1: one more than is looked at, of a client that is known."""
    known = server.issued.load("banking-client")
    (ca,) = known.chain[1:]

    def asked_with(number: int) -> Answer:
        chain = (known.leaf, *[ca] * number)
        server.hold("many", Credential(chain, known.private_key))
        return server.token_request("banking-client", certificate="many")

    assert asked_with(MOST_SENT_AFTER).status == 200
    answer = asked_with(MOST_SENT_AFTER + 1)
    words = (f"{MOST_SENT_AFTER + 1} certificates", f"at most {MOST_SENT_AFTER}")
    assert_told(server, answer, UNKNOWN, *words)


@pytest.mark.bound("chain.intermediates")
def test_intermediates(start_as: StartAs, issued: Layout, tmp_path: Path) -> None:
    """RFC 8705 section 7.5: a client of a CA so far below a root that is believed."""
    now = time.time()
    name = subject("Root", "Bank")
    root = above = Authority(self_signed(UNLIMITED, name, validity(now, 9)))
    for number in range(MOST_INTERMEDIATES + 1):
        name = subject(f"Intermediate {number}", "Bank")
        above = Authority(above.issue(UNLIMITED, name, validity(now, 9)))
    roots = tmp_path / "roots.pem"
    roots.write_bytes(certificates_to_pem([root.certificate]))
    server = start_as((f"{issued.directory}/client-roots.pem", f"{roots}"))
    server.hold("deep", above.issue_client(subject("deep", "TPP"), now=now))
    answer = server.token_request("banking-client", certificate="deep")
    assert_told(server, answer, UNKNOWN, f"at most {MOST_INTERMEDIATES}")


@pytest.mark.bound("consent.backchannel")
def test_the_wait_for_the_resource_server(server: Deployment) -> None:
    """RFC 9110 section 15.6.4: it took the question, and says nothing."""

    async def silence(_request: Request) -> Response:
        return await Deferred[Response]()

    log = Witness(OperatorLog("rs", io.StringIO(), server.network.clock))
    listener = Listener(server.network.reactor, log, silence, request_certificate=True)
    context = ServerContext(server.issued.load("rs"), request_certificate=True)
    server.network.listen("localhost", 9445, listener, context)
    browser = Browser(server)
    page = browser.authorize(pushed(server))
    signed_in = browser.submit(page, "/sign-in", username=TY, password=PASSWORD)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    asked = server.client(None).request(
        "GET",
        f"{CONVENTIONAL}{signed_in.header('location')}",
        headers=(("Cookie", cookies),),
    )
    answers: list[Answer] = []
    Deferred.fromCoroutine(asked).addCallback(answers.append)
    server.network.flush()
    server.network.reactor.advance(DEADLINE - 0.1)
    server.network.flush()
    assert answers == []
    server.network.reactor.advance(0.1)
    server.network.flush()
    assert [each.status for each in answers] == [503]
    assert f"no whole answer within {DEADLINE:g} seconds" in last_line(server)


@pytest.mark.bound("subject.value")
def test_a_value_of_a_subject() -> None:
    """RFC 4518: of a client that a CA vouches for; it is nobody, and not prepared."""
    bank = Bank()
    bank.open()
    name = subject("tpp", "x" * (LONGEST_SUBJECT_VALUE + 1))
    answer = bank.asked_by(bank.ca.issue_client(name, now=bank.now), "tpp")
    assert_refused(answer, *UNKNOWN)
    line = bank.log.getvalue().splitlines()[-1]
    assert ',O=Example TPP Ltd,C=GB" presented="CN=tpp,O=xxx' in line
    assert f"({len(name.rfc4514_string())} characters)" in line
