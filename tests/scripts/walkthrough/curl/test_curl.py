"""
Requests as lines for the shell.

That a running deployment answers them as they say is shown by
`tests/deployment/test_curl_lines.py`.
"""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from client_node.config import SHIPPED
from pki import pem
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.observability.recording import der_to_record
from pki.pem import Credential
from scripts.walkthrough.curl.curl import curl_of
from scripts.walkthrough.curl.shell import Place, can_be_pasted
from scripts.walkthrough.story.story import Exchange
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.exchanging import (
    CLIENT_CREDENTIALS,
    FORM,
    Told,
    place_of,
)

NOW = 1_795_000_000.0
CODE = "grant_type=authorization_code&code=c1&client_id=banking-client"
REFRESH = "grant_type=refresh_token&refresh_token=r1&client_id=banking-client"
ISSUED = '{"access_token":"abc","refresh_token":"r1","token_type":"Bearer"}'
BEARER = {"authorization": "Bearer abc"}
INACTIVE = "RFC 7662 section 2.2"


@pytest.fixture
def told(pki: Pki, tmp_path: Path) -> Told:
    """Nothing has happened yet."""
    return Told(pki, place_of(pki, tmp_path))


def words(exchange: Exchange) -> list[str]:
    """The line as the shell reads it."""
    return shlex.split(exchange.curl.text.replace("\\\n", ""))


def after(option: str, exchange: Exchange) -> list[str]:
    """What follows each occurrence of an option."""
    read = words(exchange)
    return [read[n + 1] for n, word in enumerate(read) if word == option]


def own(name: str = "mobile-app") -> Credential:
    """What an application makes for itself."""
    return self_signed(CLIENT, subject(name, "Made here"), validity(NOW, 1))


def read_accounts(
    told: Told, client: Credential | None, *, status: int = 200, refused: str = ""
) -> Exchange:
    """A request for the accounts."""
    return told.exchange(
        "GET /accounts",
        client,
        node="rs",
        headers=BEARER,
        body="",
        status=status,
        refused=refused,
    )


# What is sent.


def test_a_token_request(told: Told) -> None:
    """The certificate's files, the parameters as they were, and nothing else."""
    exchange = told.exchange(client=told.pki.client)
    issued = told.place.issued
    assert words(exchange) == [
        "curl",
        "-sSi",
        "-w",
        "\\n",
        "https://localhost/token",
        "--cacert",
        str(issued.server_roots),
        "--cert",
        str(issued.certificate("banking-client")),
        "--key",
        str(issued.key("banking-client")),
        "--data",
        "grant_type=client_credentials",
        "--data",
        "client_id=banking-client",
    ]
    assert (exchange.curl.answer, exchange.curl.note) == ("200", "")


def test_paths_within_the_checkout_are_short() -> None:
    """It is pasted in the checkout's folder."""
    place = Place()
    assert place.word(place.server_roots) == "pki/issued/server-roots.pem"
    client = place.client("--as", "a b", "assertion")
    assert client == ".venv/bin/python -m client_node --as 'a b' assertion"
    elsewhere = replace(place, client_config=SHIPPED.parent / "other.toml")
    assert "--config client_node/other.toml" in elsewhere.client("token")


def test_headers_that_matter(told: Told) -> None:
    """Not those that curl writes by itself; an empty one needs a semicolon."""
    exchange = told.exchange(
        "GET /x",
        node="rs",
        headers={
            "accept": "application/json",
            "Accept-Language": "*/*",
            "user-agent": "x",
            "x-fapi-interaction-id": "1",
            "X-Empty": "",
            "x-it's": "a 'b' $(c)",
            "authorization": "Bearer it's",
        },
        body="",
    )
    said = after("-H", exchange)
    assert said == ["Authorization: Bearer it's", "X-Empty;", "x-it's: a 'b' $(c)"]


@pytest.mark.parametrize(
    ("what", "body", "option"),
    [
        ("GET /x", "", ""),
        ("POST /x", "{}", ""),
        ("HEAD /x", "", "--head"),
        ("DELETE /x", "", "--request DELETE"),
        ("PUT /x", "{}", "--request PUT"),
        ("POST /x", "", "--request POST"),
        ("GET /x", "{}", "--request GET"),
        ("A;B /x", "", "--request 'A;B'"),
    ],
)
def test_methods(told: Told, what: str, body: str, option: str) -> None:
    """RFC 9110 section 9: curl takes GET, and POST where it sends something."""
    exchange = told.exchange(what, node="rs", headers={}, body=body)
    lines = exchange.curl.text.split(" \\\n  ")
    rest = [each for each in lines[2:] if not each.startswith("--data-raw")]
    assert rest == ([option] if option else [])


def test_other_bodies_are_sent_as_they_are(told: Told) -> None:
    """JSON; also a form that is none."""
    json = {"content-type": "application/json; charset=utf-8"}
    exchange = told.exchange("POST /x", node="rs", headers=json, body='{"a": "it\'s"}')
    assert after("--data-raw", exchange) == ['{"a": "it\'s"}']
    assert after("-H", exchange) == ["content-type: application/json; charset=utf-8"]
    odd = told.exchange("POST /x", body="@/etc/passwd")
    assert after("--data-raw", odd) == ["@/etc/passwd"]


def test_parameters_are_readable_and_quoted(told: Told) -> None:
    """As long as nothing in them means something, to curl or to the shell."""
    body = "scope=a+b&r%3D%40=https%3A%2F%2Fx%2F%27%24%28y%29&empty=&plain=a-b"
    exchange = told.exchange(body=body)
    assert after("--data-urlencode", exchange) == [
        "scope=a b",
        "r%3D%40=https://x/'$(y)",
        "empty=",
    ]
    assert after("--data", exchange) == ["plain=a-b"]


def test_a_url_is_one_word(told: Told) -> None:
    """Whatever a peer has asked for."""
    target = "/x?a='b'&c=$(d)"
    exchange = told.exchange(f"GET {target}", node="rs", headers={}, body="")
    assert words(exchange)[4] == f"https://localhost{target}"


def test_brackets_in_a_url_are_no_pattern(told: Told) -> None:
    """Curl would make several requests of them."""
    exchange = told.exchange("GET /x?a[1]={b,c}", node="rs", headers={}, body="")
    assert words(exchange)[4:6] == ["--globoff", "https://localhost/x?a[1]={b,c}"]


def test_an_older_handshake_is_made_again(told: Told, pki: Pki) -> None:
    """A foreign client may have spoken TLS 1.2."""
    exchange = told.exchange()
    older = replace(exchange.handshake, tls_version="TLSv1.2")
    curl = curl_of(replace(exchange, handshake=older), told.evidence.tokens, told.place)
    assert "--tls-max 1.2" in curl.text


# Certificates.


def test_what_was_sent_along_is_sent_along(told: Told, pki: Pki) -> None:
    """RFC 8705 section 2.1: the victim's certificate behind the thief's own."""
    along = (der_to_record(pki.client.leaf_der),)
    text = told.exchange(client=pki.other, sent_after=along).curl.text
    issued = told.place.issued
    other, victim = (issued.certificate(n) for n in ("other-tpp", "banking-client"))
    assert f"--cert <(cat {other}; openssl x509 -in {victim}) --key" in text


def test_what_was_sent_along_and_is_nowhere_is_left_out(told: Told, pki: Pki) -> None:
    """A certificate without a file cannot be sent."""
    along = (der_to_record(own().leaf_der),)
    text = told.exchange(client=pki.other, sent_after=along).curl.text
    assert "<(cat" not in text


def test_a_renewed_certificate_is_issued_again(told: Told, pki: Pki) -> None:
    """RFC 8705 section 6.3: of the same name, by the same CA, with another key."""
    renewed = pki.client_authority.issue_client(
        subject("banking-client", "Test"), now=NOW
    )
    curl = told.exchange(client=renewed).curl
    issued = told.place.issued
    assert f"-x509toreq -in {issued.certificate('banking-client')}" in curl.text
    assert f"-CA {issued.authorities}/client-intermediate.pem" in curl.text
    assert (curl.answer, curl.note) == ("200", "")


def test_a_certificate_of_nobody_known_cannot_be_presented(
    told: Told, pki: Pki
) -> None:
    """Its key is its holder's alone."""
    stranger = pki.client_authority.issue_client(subject("x", "Test"), now=NOW)
    curl = told.exchange(client=stranger).curl
    assert (curl.text, curl.answer) == ("", "")
    assert "only its holder" in curl.note


def test_a_file_that_holds_another_certificate_by_now(told: Told, pki: Pki) -> None:
    """It has been renewed: that file would say something else."""
    issued = told.place.issued
    issued.certificate("alone").write_bytes(pem.certificates_to_pem([pki.other.leaf]))
    text = told.exchange(client=pki.self_signed).curl.text
    assert "openssl req -x509" in text


@pytest.mark.parametrize("name", ["a/b", "a'b", "a,b", "ä", "a\nb"])
def test_a_name_that_openssl_would_take_apart(told: Told, name: str) -> None:
    """Then there is no line rather than one that means something else."""
    assert told.exchange(client=own(name)).curl.text == ""


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        (CLIENT_CREDENTIALS, 200, "401 invalid_client"),
        (REFRESH, 200, "400 invalid_grant"),
        (CODE, 200, "400 invalid_grant"),
        (REFRESH, 400, "400"),
        ("response_type=code", 201, "201"),
    ],
)
def test_a_certificate_of_ones_own_making_is_made_again(
    told: Told, body: str, status: int, answer: str
) -> None:
    """RFC 8705 section 4: what was bound to the first is not good with another."""
    curl = told.exchange(client=own(), body=body, status=status).curl
    assert "-subj '/C=GB/O=Made here/CN=mobile-app'" in curl.text
    assert curl.answer == answer
    assert (curl.note == "") == answer.startswith(str(status))


def test_a_token_bound_to_a_lost_key_cannot_be_used(told: Told) -> None:
    """No fresh one can be had for the certificate that can be made."""
    application = own()
    told.exchange(client=application, body=CODE, answer=ISSUED)
    curl = read_accounts(told, application).curl
    assert (curl.text, curl.answer) == ("", "")
    assert "whose key only its client has" in curl.note


# Tokens.


def test_a_fresh_token_is_fetched_first(told: Told, pki: Pki) -> None:
    """As the stolen one was: with the victim's certificate, then used with another."""
    told.exchange(client=pki.client)
    stolen = read_accounts(told, pki.other, status=401, refused="RFC 8705 section 3")
    first, second = stolen.curl.text.split("\ncurl ")
    issued = told.place.issued
    assert first.startswith("TOKEN=$(curl -sS https://localhost/token")
    assert str(issued.certificate("banking-client")) in first
    assert '"access_token": *' in first
    assert str(issued.certificate("other-tpp")) in second
    assert second.endswith('-H "Authorization: Bearer $TOKEN"')
    assert stolen.curl.answer == "401"


def test_a_fresh_token_to_ask_about(told: Told, pki: Pki) -> None:
    """RFC 7662 section 2.1: the token is a parameter."""
    told.exchange(client=pki.client)
    answer = '{"active":true}'
    asked = told.exchange("POST /introspect", body="token=abc&x=abc", answer=answer)
    assert '--data-urlencode "token=$TOKEN"' in asked.curl.text
    assert "--data x=abc" in asked.curl.text


def test_a_customers_token_is_refreshed(told: Told, pki: Pki) -> None:
    """The code that it came from is used; RFC 6749 section 6."""
    told.exchange(client=pki.client, body=CODE, answer=ISSUED)
    used = read_accounts(told, pki.client)
    assert "--data grant_type=refresh_token" in used.curl.text
    assert "--data refresh_token=r1" in used.curl.text
    assert "code=c1" not in used.curl.text
    assert used.curl.answer == "200"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (CODE, '{"access_token":"abc"}'),
        (CODE, '{"access_token":"abc","refresh_token":1}'),
        (CLIENT_CREDENTIALS, '{"refresh_token":"abc"}'),
    ],
)
def test_a_token_that_cannot_be_fetched_again(
    told: Told, pki: Pki, body: str, answer: str
) -> None:
    """Then it is the recorded one, and it ends soon."""
    told.exchange(client=pki.client, body=body, answer=answer)
    curl = read_accounts(told, pki.client).curl
    assert "'Authorization: Bearer abc'" in curl.text
    assert curl.answer == ""
    assert "ends soon" in curl.note


def test_a_token_of_a_stranger_cannot_be_fetched_again(told: Told, pki: Pki) -> None:
    """Nor one from a server that is there for the demo only; nor an unknown one."""
    stranger = pki.client_authority.issue_client(subject("x", "Test"), now=NOW)
    told.exchange(client=stranger)
    assert "ends soon" in read_accounts(told, pki.client).curl.note
    told.exchange(client=pki.client, node="twin-as")
    assert "ends soon" in read_accounts(told, pki.client).curl.note
    headers = {"authorization": "Bearer unknown"}
    exchange = told.exchange(
        "GET /accounts", pki.client, node="rs", headers=headers, body=""
    )
    assert "ends soon" in exchange.curl.note


def test_a_token_may_be_empty(told: Told) -> None:
    """Then it is sent as it is."""
    exchange = told.exchange("POST /introspect", body="token=&x=y")
    assert "--data-urlencode token=" in exchange.curl.text


def test_a_token_of_a_lost_key_cannot_be_fetched_again(told: Told, pki: Pki) -> None:
    """A certificate made anew would obtain nothing."""
    told.exchange(client=own())
    assert "ends soon" in read_accounts(told, pki.client).curl.note


def test_a_token_that_is_over_stays_over(told: Told, pki: Pki) -> None:
    """RFC 7662 section 2.2: a revoked one gives the same answer for ever."""
    told.exchange(client=pki.client)
    refused = read_accounts(told, pki.client, status=401, refused=INACTIVE)
    assert "'Authorization: Bearer abc'" in refused.curl.text
    assert (refused.curl.answer, refused.curl.note) == ("401", "")
    answer = '{"active":false}'
    asked = told.exchange("POST /introspect", body="token=abc", answer=answer)
    assert "--data token=abc" in asked.curl.text
    assert (asked.curl.answer, asked.curl.note) == ("200 inactive", "")


def test_a_code_has_been_used(told: Told, pki: Pki) -> None:
    """RFC 6749 section 4.1.2: the answer will be another, and it does damage."""
    curl = told.exchange(client=pki.client, body=CODE).curl
    assert curl.answer == "400 invalid_grant"
    assert "all that was issued from it ends" in curl.note
    again = told.exchange(
        client=pki.client, body=CODE, status=400, answer='{"error":"invalid_grant"}'
    )
    assert (again.curl.answer, again.curl.note) == ("400 invalid_grant", "")


# Assertions.


ASSERTING = f"{CLIENT_CREDENTIALS}&client_assertion=a.b.c"


def test_an_assertion_is_signed_anew(told: Told, pki: Pki) -> None:
    """RFC 7523 section 3: it is good once, and for a minute."""
    key = told.place.issued.signing_key("banking-client")
    pem.write_new(key, pem.private_key_to_pem(pki.client.private_key))
    text = told.exchange(client=pki.client, body=ASSERTING).curl.text
    config = told.place.client_config
    signing = f"python -m client_node --config {config} --as banking-client assertion"
    assert f'--data-urlencode "client_assertion=$({signing})"' in text
    refused = told.exchange(
        client=pki.client,
        body=ASSERTING,
        status=401,
        answer='{"error":"invalid_client"}',
    )
    assert "--data client_assertion=a.b.c" in refused.curl.text


def test_without_the_key_there_is_no_other_assertion(told: Told, pki: Pki) -> None:
    """And a name is no path."""
    text = told.exchange(client=pki.client, body=ASSERTING).curl.text
    assert "--data client_assertion=a.b.c" in text
    outside = told.place.issued.directory.parent / "x-jwt-key.pem"
    pem.write_new(outside, pem.private_key_to_pem(pki.client.private_key))
    hostile = ASSERTING.replace("banking-client", "..%2Fx")
    text = told.exchange(client=pki.client, body=hostile).curl.text
    assert "--data client_assertion=a.b.c" in text


# No line.


def test_a_browser_needs_no_curl(told: Told) -> None:
    """Its address can be opened; and a cookie is not recorded."""
    html = {"accept": "text/html"}
    curl = told.exchange("GET /sign-in", headers=html, body="").curl
    assert (curl.text, curl.note) == ("", "")


def test_a_server_of_the_demo_has_gone(told: Told) -> None:
    """The twins are there for their act."""
    curl = told.exchange(node="twin-as").curl
    assert (curl.text, curl.note) == ("", "This server runs during the demo only.")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/token",
        "https://localhost@evil.test/token",
        "https://localhost\\@evil.test/token",
        "https://evil.test#localhost/",
        "https://localhost:9443",
        "http://localhost/token",
        "https:///token",
        "https://[/token",
        "https://[::::]/token",
    ],
)
def test_nobody_is_sent_elsewhere(told: Told, url: str) -> None:
    """A peer writes the Host of his request; ours would carry a fresh token there."""
    exchange = replace(told.exchange(), url=url)
    curl = curl_of(exchange, told.evidence.tokens, told.place)
    assert (curl.text, curl.answer) == ("", "")
    assert "not sent to a name of this server's" in curl.note


@pytest.mark.parametrize("url", ["https://LOCALHOST:1/x", "https://[::1]:1/x"])
def test_every_name_of_the_server_is_its_own(told: Told, url: str) -> None:
    """RFC 3986 section 3.2.2: in any case; and an address of IPv6 is one."""
    exchange = told.exchange()
    handshake = exchange.handshake
    server = replace(
        handshake.server_certificate, alternative_names=("localhost", "::1")
    )
    there = replace(
        exchange, url=url, handshake=replace(handshake, server_certificate=server)
    )
    assert curl_of(there, told.evidence.tokens, told.place).text


@pytest.mark.parametrize(
    ("headers", "body"),
    [(FORM, "password=(not recorded)"), ({"cookie": "(not recorded)"}, "")],
)
def test_what_is_not_recorded_cannot_be_sent(
    told: Told, headers: dict[str, str], body: str
) -> None:
    """Passwords and cookies."""
    curl = told.exchange("POST /x", headers=headers, body=body).curl
    assert curl.text == ""
    assert "not recorded" in curl.note


@pytest.mark.parametrize("body", ["a\x1b[201~;rm", "\x00", "a\rb", "\u202e"])
def test_a_terminal_is_given_nothing_to_obey(told: Told, body: str) -> None:
    """A line is pasted into a shell."""
    curl = told.exchange("POST /x", node="rs", headers={}, body=body).curl
    assert curl.text == ""
    assert "terminal" in curl.note
    assert can_be_pasted("a\nb")


def test_a_request_that_was_not_answered(told: Told) -> None:
    """What will come is not known."""
    exchange = replace(told.exchange(), response=None, failure="reset")
    curl = curl_of(exchange, told.evidence.tokens, told.place)
    assert curl.text
    assert (curl.answer, curl.note) == ("", "No answer was recorded.")
