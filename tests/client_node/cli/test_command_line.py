"""What a person types, and what he reads."""

import io
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from client_node.cli.command_line import Options, command_parser, parse
from client_node.cli.explanations import explanation
from client_node.cli.run import Console, run
from client_node.config import SHIPPED
from client_node.oauth.requests.errors import ErrorResponse
from pki import pem
from pki.http.messages import Response
from pki.issuing.layout import Layout
from pki.keys import new_p256_key
from pki.thumbprint import x5t_s256
from tests.client_node.in_memory.bank import (
    ISSUER,
    MTLS,
    RESOURCE,
    WELL_KNOWN,
    Answering,
    Bank,
    always,
    always_challenge,
    metadata_document,
    token_members,
)


class Terminal(io.StringIO):
    """Text that says it goes to a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


class Shell:
    """Runs command lines against a bank in memory, and keeps what they wrote."""

    def __init__(self, bank: Bank, folder: Path) -> None:
        self.bank = bank
        self.folder = folder
        self.config = folder / "client.toml"
        self.stdin = ""
        self.environment: Mapping[str, str] = {}
        self.stream: type[io.StringIO] = io.StringIO
        self.out = self.err = ""
        layout = Layout(folder)
        layout.write("banking-client", bank.pki.client)
        layout.write("other-tpp", bank.pki.other)
        layout.server_roots.write_bytes(pem.certificates_to_pem(bank.pki.server_roots))
        shipped = SHIPPED.read_text()
        self.config.write_text(shipped.replace("../pki/issued/", f"{folder}/"))

    def run(self, *arguments: str) -> int:
        """The exit status of one command line."""
        console = Console(
            io.StringIO(self.stdin), self.stream(), self.stream(), self.environment
        )
        options = parse(["--config", str(self.config), *arguments])
        network = self.bank.network
        running = run(
            options,
            console,
            network.reactor,
            network.clock,
            endpoint=network.endpoint,
        )
        status = network.run(running)
        assert isinstance(console.stdout, io.StringIO)
        assert isinstance(console.stderr, io.StringIO)
        self.out, self.err = console.stdout.getvalue(), console.stderr.getvalue()
        return status


@pytest.fixture
def shell(bank: Bank, tmp_path: Path) -> Shell:
    """A shell with the shipped configuration and the certificates of this test."""
    return Shell(bank, tmp_path)


def nested(levels: int) -> object:
    """Objects in objects."""
    return {"a": nested(levels - 1)} if levels else {}


def jwt(claims: object, header: object = None) -> str:
    """A token that looks like a JWT, with a signature nobody made."""
    parts = [header or {"alg": "ES256", "typ": "at+jwt"}, claims, "signature"]
    encoded = [urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
    return ".".join(part.decode().rstrip("=") for part in encoded)


def issue(bank: Bank, access_token: str) -> None:
    """From now on the authorization server issues *access_token*."""
    members = token_members(access_token=access_token, scope="accounts")
    bank.mutual_tls.answers["/token"] = always(200, members)


def test_unknown_records_are_a_table_as_well(shell: Shell) -> None:
    """Another bank's: its records are rows and their members columns."""
    account = {"AccountId": "1", "Amount": {"Amount": "9.50", "Currency": "GBP"}}
    other = {"AccountId": "22", "Amount": {"Amount": "100.00"}, "Nickname": "Bills"}
    accounts = always(200, {"Data": {"Account": [account, other]}})
    shell.bank.resource.answers["/accounts"] = accounts
    assert shell.run("accounts") == 0
    assert shell.out.splitlines() == [
        "AccountId  Amount.Amount  Amount.Currency  Nickname",
        "        1           9.50  GBP",
        "       22         100.00                   Bills",
    ]
    assert shell.err == ""


def test_accounts_as_json(shell: Shell) -> None:
    """For programs: the answer, in ASCII."""
    answer = {"Data": {"Account": [{"Name": "é\x9b"}]}}
    shell.bank.resource.answers["/accounts"] = always(200, answer)
    assert shell.run("accounts", "--json") == 0
    assert json.loads(shell.out) == answer
    assert shell.out.isascii()


def test_no_accounts_is_said(shell: Shell) -> None:
    """An empty table says nothing."""
    shell.bank.resource.answers["/accounts"] = always(200, {"Data": {"Account": []}})
    assert shell.run("accounts") == 0
    assert shell.out == "none\n"


def test_an_answer_without_records_is_shown_as_it_is(shell: Shell) -> None:
    """Better than nothing."""
    shell.bank.resource.answers["/accounts"] = always(200, {"Data": {"a": [1]}})
    assert shell.run("accounts") == 0
    assert json.loads(shell.out) == {"Data": {"a": [1]}}


@pytest.mark.parametrize("command", ["balances", "transactions"])
def test_one_account(shell: Shell, command: str) -> None:
    """What is typed is one segment of the path, and leads nowhere else."""
    path = f"/accounts/a%2F..%3Fb/{command}"
    shell.bank.resource.answers[path] = always(200, {"Data": [{"a": 1}]})
    assert shell.run(command, "a/..?b") == 0
    assert shell.out == "a\n1\n"


def test_a_client_is_who_the_options_say(shell: Shell) -> None:
    """`--as` names the client_id and its files."""
    assert shell.run("--as", "other-tpp", "accounts") == 0
    other = x5t_s256(shell.bank.pki.other.leaf_der)
    (form,) = shell.bank.mutual_tls.forms()
    assert form["client_id"] == ["other-tpp"]
    for request in (*shell.bank.mutual_tls.asked, *shell.bank.resource.asked):
        assert request.peer is not None
        assert request.peer.x5t_s256 == other


def test_a_stranger_presents_his_own_certificate(shell: Shell) -> None:
    """The client_id of one, the certificate of another."""
    layout = Layout(shell.folder)
    certificate = ("--certificate", str(layout.certificate("other-tpp")))
    assert (
        shell.run("accounts", *certificate, "--key", str(layout.key("other-tpp"))) == 0
    )
    (request,) = shell.bank.mutual_tls.asked
    assert request.peer is not None
    assert request.peer.x5t_s256 == x5t_s256(shell.bank.pki.other.leaf_der)
    assert shell.bank.mutual_tls.forms()[0]["client_id"] == ["banking-client"]


def test_a_token_that_is_given_is_used_as_it_is(shell: Shell) -> None:
    """The thief asks nobody for a token."""
    shell.stdin = "stolen\n"
    assert shell.run("accounts", "--no-certificate", "--token", "-") == 0
    (request,) = shell.bank.resource.asked
    assert request.header("authorization") == "Bearer stolen"
    assert request.peer is None
    assert not shell.bank.conventional.asked


def test_a_token_that_is_given_is_tried_once(shell: Shell) -> None:
    """Nobody has another one."""
    challenge = always_challenge(401, 'Bearer error="invalid_token"')
    shell.bank.resource.answers["/accounts"] = challenge
    assert shell.run("accounts", "--token", "stolen") == 1
    assert len(shell.bank.resource.asked) == 1


def test_a_token_is_shown_with_its_binding(shell: Shell) -> None:
    """RFC 8705 section 3.1: the confirmation beside our own thumbprint."""
    ours = x5t_s256(shell.bank.pki.client.leaf_der)
    token = jwt({"aud": RESOURCE, "cnf": {"x5t#S256": ours}})
    issue(shell.bank, token)
    assert shell.run("token") == 0
    assert f"access_token  {token}" in shell.out
    assert '"typ": "at+jwt"' in shell.out
    assert f'"aud": "{RESOURCE}"' in shell.out
    assert shell.out.count(ours) == 3
    assert "the same (RFC 8705 section 3.1)" in shell.out


@pytest.mark.parametrize(
    ("cnf", "verdict"),
    [
        ({"x5t#S256": "other"}, "another certificate"),
        ({"x5t#S256": 7}, "not bound"),
        ({"jkt": "x"}, "not bound"),
        ("x", "not bound"),
        (None, "not bound"),
    ],
)
def test_another_binding_is_seen(shell: Shell, cnf: object, verdict: str) -> None:
    """RFC 8705 section 3: a token we cannot use, or one that anybody can."""
    assert shell.run("token", "--token", jwt({"cnf": cnf})) == 0
    assert verdict in shell.out
    assert not shell.bank.mutual_tls.asked


@pytest.mark.parametrize(
    "token", ["opaque", "a.b.c", "é.é.é", jwt([]), jwt({}, [1]), jwt(nested(500))]
)
def test_an_opaque_token_is_said_to_be_one(shell: Shell, token: str) -> None:
    """RFC 8705 section 3.2: its binding is told by introspection."""
    assert shell.run("token", "--token", token, "--no-certificate") == 0
    assert "Not a JWT" in shell.out
    assert "(none)" in shell.out


def test_a_token_for_scripts(shell: Shell) -> None:
    """`--raw`: the token and a line end, nothing else."""
    assert shell.run("token", "--raw") == 0
    assert shell.out == "token-1\n"
    assert shell.run("token", "--json") == 0
    assert json.loads(shell.out) == token_members()


def test_a_token_is_revoked(shell: Shell) -> None:
    """RFC 7009 section 2.1: at the alias, with `client_id`."""
    shell.bank.mutual_tls.answers["/revoke"] = always(200, {})
    assert shell.run("revoke", "token-1") == 0
    (form,) = shell.bank.mutual_tls.forms()
    assert form == {"token": ["token-1"], "client_id": ["banking-client"]}
    assert "RFC 7009 section 2.2" in shell.out
    assert "token-1" not in shell.out


def test_a_token_is_introspected(shell: Shell) -> None:
    """RFC 7662 section 2: at the alias; the answer as it came."""
    shell.bank.mutual_tls.answers["/introspect"] = always(200, {"active": False})
    shell.stdin = "token-1\n"
    assert shell.run("introspect", "-") == 0
    assert json.loads(shell.out) == {"active": False}
    assert shell.bank.mutual_tls.forms()[0]["token"] == ["token-1"]


def test_an_assertion_is_signed(shell: Shell) -> None:
    """RFC 7523 section 2.2: for the issuer, by the client's key; nothing is sent."""
    key = new_p256_key()
    path = Layout(shell.folder).signing_key("other-tpp")
    pem.write_new(path, pem.private_key_to_pem(key))
    assert shell.run("--as", "other-tpp", "assertion") == 0
    jws = JWS.from_jose_token(shell.out.strip())
    jws.verify(JWK.from_pyca(key.public_key()))
    claims = json.loads(jws.payload)
    assert (claims["iss"], claims["aud"]) == ("other-tpp", ISSUER)
    assert shell.bank.mutual_tls.asked == shell.bank.conventional.asked == []


def test_who_has_no_key_signs_nothing(shell: Shell) -> None:
    """Most clients authenticate with their certificates."""
    assert shell.run("assertion") == 2
    (line,) = complaint(shell)
    assert "banking-client-jwt-key.pem" in line


def test_metadata_says_what_is_used(shell: Shell) -> None:
    """RFC 8705 section 5: the alias beside the conventional endpoint."""
    document = metadata_document(
        mtls_endpoint_aliases={"token_endpoint": f"{MTLS}/token"}
    )
    shell.bank.conventional.answers[WELL_KNOWN] = always(200, document)
    assert shell.run("metadata") == 0
    rows = [line.split() for line in shell.out.splitlines()]
    assert rows[0][:2] == ["issuer", ISSUER]
    assert ["token_endpoint", f"{MTLS}/token", f"{ISSUER}/token"] in rows
    assert ["revocation_endpoint", f"{ISSUER}/revoke", f"{ISSUER}/revoke"] in rows
    assert shell.run("metadata", "--json") == 0
    assert json.loads(shell.out) == document


def complaint(shell: Shell) -> list[str]:
    """What stands on stderr; stdout is empty."""
    assert shell.out == ""
    return shell.err.splitlines()


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        ("invalid_client", "RFC 8705 section 2.1"),
        ("invalid_scope", "RFC 6749 section 3.3"),
        ("unauthorized_client", "RFC 6749 section 5.2"),
    ],
)
def test_a_refusal_by_the_authorization_server(
    shell: Shell, error: str, rule: str
) -> None:
    """RFC 6749 section 5.2: what, by whom, and which rule may explain it."""
    shell.bank.mutual_tls.answers["/token"] = always(400, {"error": error})
    assert shell.run("accounts") == 1
    first, second = complaint(shell)
    said = f"the authorization server {ISSUER} (at {MTLS}/token) refused: 400 {error}"
    assert first == f"client_node: {said}"
    assert rule in second


def test_an_error_nobody_knows_is_told_without_a_guess(shell: Shell) -> None:
    """RFC 6749 section 8.5: there may be further error codes."""
    shell.bank.mutual_tls.answers["/token"] = always(400, {"error": "new_\x1b[2J"})
    assert shell.run("accounts") == 1
    (line,) = complaint(shell)
    assert line.endswith(r"refused: 400 new_\x1b[2J")


def test_a_client_without_a_certificate_is_told_so(shell: Shell) -> None:
    """RFC 8705 section 2: that is what it authenticates by."""
    refusal = always(401, {"error": "invalid_client"})
    shell.bank.mutual_tls.answers["/token"] = refusal
    assert shell.run("accounts", "--no-certificate") == 1
    assert "no certificate was presented" in complaint(shell)[1]


@pytest.mark.parametrize(
    ("status", "challenge", "rule"),
    [
        (401, "Bearer", "RFC 6750 section 3.1"),
        (401, 'Bearer error="invalid_token"', "RFC 8705 section 3"),
        (403, 'Bearer error="insufficient_scope"', "RFC 6750 section 3.1"),
    ],
)
def test_a_refusal_by_the_resource_server(
    shell: Shell, status: int, challenge: str, rule: str
) -> None:
    """RFC 6750 section 3: what, by whom, and which rule may explain it."""
    shell.bank.resource.answers["/accounts"] = always_challenge(status, challenge)
    assert shell.run("accounts") == 1
    first, second = complaint(shell)
    assert f"the resource server {RESOURCE} refused: {status}" in first
    assert rule in second


@pytest.mark.parametrize("certificate", ["--no-certificate", "--as=other-tpp"])
def test_a_thief_is_shown_both_thumbprints(shell: Shell, certificate: str) -> None:
    """RFC 8705 section 3: what the token is bound to, and what was presented."""
    challenge = always_challenge(401, 'Bearer error="invalid_token"')
    shell.bank.resource.answers["/accounts"] = challenge
    token = jwt({"cnf": {"x5t#S256": "bound-to"}})
    assert shell.run("accounts", "--token", token, certificate) == 1
    _, second = complaint(shell)
    other = x5t_s256(shell.bank.pki.other.leaf_der)
    presented = "none" if certificate == "--no-certificate" else other
    assert f"bound to the certificate bound-to, presented was {presented}" in second


@pytest.mark.parametrize("token", ["opaque", "own"])
def test_a_token_of_our_own_that_is_refused_is_old(shell: Shell, token: str) -> None:
    """RFC 6750 section 3.1: bound to us as far as can be seen, so it is expired."""
    challenge = always_challenge(401, 'Bearer error="invalid_token"')
    shell.bank.resource.answers["/accounts"] = challenge
    ours = x5t_s256(shell.bank.pki.client.leaf_der)
    given = jwt({"cnf": {"x5t#S256": ours}}) if token == "own" else token
    assert shell.run("accounts", "--token", given) == 1
    assert "expired, revoked" in complaint(shell)[1]


def test_a_missing_resource_is_told(shell: Shell) -> None:
    """A bank does not tell which of the two it is."""
    assert shell.run("balances", "nobody") == 1
    first, second = complaint(shell)
    assert first.endswith("refused: 404")
    assert "not this client's" in second


def test_only_the_columns_that_matter_are_shown(shell: Shell) -> None:
    """Under short headings, and without those the bank did not send."""
    amount = {"amount": "1.00", "currency": "GBP"}
    record = {"transaction_id": "7", "amount": amount, "reference": "Rent"}
    answer = always(200, {"account_id": "1", "transactions": [record]})
    shell.bank.resource.answers["/accounts/1/transactions"] = answer
    assert shell.run("transactions", "1") == 0
    assert shell.out.splitlines() == [
        "amount  currency  reference",
        "  1.00  GBP       Rent",
    ]


def test_an_answer_that_cannot_be_used_is_told(shell: Shell) -> None:
    """RFC 8414 section 3.3: the metadata of another issuer, for example."""
    document = metadata_document(issuer="https://attacker.example")
    shell.bank.conventional.answers[WELL_KNOWN] = always(200, document)
    assert shell.run("accounts") == 1
    (line,) = complaint(shell)
    assert "an answer that cannot be used" in line
    assert "attacker.example" in line


def test_a_server_that_is_not_there_is_told(shell: Shell) -> None:
    """Which one, and how to start it."""
    shell.bank.network.close("localhost", 9443)
    assert shell.run("accounts") == 3
    first, second = complaint(shell)
    assert f"{ISSUER}{WELL_KNOWN}: no connection" in first
    assert "make up" in second


def test_a_server_that_is_not_believed_is_told(shell: Shell) -> None:
    """RFC 8446 section 4.4.2.4: who it was, and that it was TLS."""
    roots = pem.certificates_to_pem([shell.bank.pki.client_authority.certificate])
    Layout(shell.folder).server_roots.write_bytes(roots)
    assert shell.run("accounts") == 3
    first, second = complaint(shell)
    assert "the server's certificate is not believed" in first
    assert "RFC 8446" in second


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as", "nobody", "accounts"),
        ("accounts", "--recording", "/nonexistent/file"),
        ("accounts", "--config", "/nonexistent/file"),
    ],
)
def test_a_file_that_is_missing_is_one_line(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    """Exit 2, and the name of the file."""
    assert shell.run(*arguments) == 2
    (line,) = complaint(shell)
    assert "No such file" in line


def test_no_connection_is_left_open(shell: Shell) -> None:
    """A run says goodbye to the servers it has talked to."""
    assert shell.run("accounts") == 0
    shell.bank.network.flush()
    pumps = shell.bank.network._pumps
    assert len(pumps) == 3
    assert all(pump.clientIO.disconnected for pump in pumps)


def test_a_recording_holds_the_whole_exchange(shell: Shell) -> None:
    """The recording of our side, tokens included."""
    recording = shell.folder / "recording"
    assert shell.run("accounts", "--recording", str(recording)) == 0
    events = [json.loads(line) for line in recording.read_text().splitlines()]
    assert [e["event"] for e in events].count("handshake") == 3
    assert {e["node"] for e in events} == {"client"}
    assert "token-1" in recording.read_text()


def test_verbose_shows_the_exchange_without_its_tokens(shell: Shell) -> None:
    """Handshakes, requests and answers on stderr; a screen may be projected."""
    shell.bank.mutual_tls.answers["/revoke"] = always(200, {})
    assert shell.run("accounts", "-v") == 0
    for expected in (
        "* TLSv1.3 with 127.0.0.1:9443",
        "* the server requested no certificate",
        "* the server requested a certificate; sent CN=banking-client",
        f"> POST {MTLS}/token",
        "> grant_type=client_credentials&scope=accounts&client_id=banking-client",
        "< 200",
        '< {"access_token":"(a token of 7 characters)"',
        "> Authorization: Bearer (a token of 7 characters)",
    ):
        assert expected in shell.err
    assert shell.run("revoke", "token-1", "-v") == 0
    assert "> token=(a token of 7 characters)&client_id=" in shell.err
    assert "token-1" not in shell.err


def test_verbose_shows_what_broke_and_is_recorded_as_well(shell: Shell) -> None:
    """Both at once: seen without tokens, kept with them."""
    recording = shell.folder / "recording"
    shell.bank.network.close("localhost", 9445)
    arguments = ("accounts", "--no-certificate", "-v", "--recording", str(recording))
    assert shell.run(*arguments) == 3
    assert "! no connection" in shell.err
    assert "* the server requested a certificate; sent none" in shell.err
    assert "token-1" in recording.read_text()


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Terminal, {}, True),
        (Terminal, {"NO_COLOR": ""}, True),
        (Terminal, {"NO_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (io.StringIO, {}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    shell: Shell,
    stream: type[io.StringIO],
    environment: dict[str, str],
    coloured: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    """https://no-color.org: NO_COLOR, when not empty, means none."""
    shell.stream, shell.environment = stream, environment
    assert shell.run("accounts") == 0
    assert ("\x1b[" in shell.out) is coloured


def test_options_may_stand_before_and_after_the_command() -> None:
    """Both are what people type."""
    before = parse(["--as", "a", "--json", "accounts"])
    after = parse(["accounts", "--as", "a", "--json"])
    assert before == after == Options(command="accounts", client_id="a", json=True)


def test_without_a_command_there_is_help() -> None:
    """With examples and exit statuses."""
    assert parse([]).command == ""
    text = command_parser().format_help()
    assert "be the thief" in text
    assert "exit status" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("balances",),
        ("accounts", "--certificate", "a"),
        ("accounts", "--key", "a"),
        ("accounts", "--no-certificate", "--certificate", "a", "--key", "b"),
        ("serve", "--json", "--until-stdin-closes", "--raw"),
    ],
)
def test_a_command_line_that_is_wrong_is_refused(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, with the reason in the last line."""
    with pytest.raises(SystemExit) as left:
        parse(arguments)
    assert left.value.code == 2
    assert "error:" in capsys.readouterr().err


def signing_key(shell: Shell, name: str) -> JWK:
    """A key with which *name* signs, laid down; the public half."""
    key = new_p256_key()
    path = Layout(shell.folder).signing_key(name)
    path.write_bytes(pem.private_key_to_pem(key))
    return JWK.from_pyca(key.public_key())


@pytest.mark.parametrize(
    ("command", "endpoint"),
    [
        (("accounts",), "/token"),
        (("token",), "/token"),
        (("revoke", "t"), "/revoke"),
        (("introspect", "t"), "/introspect"),
    ],
)
def test_a_client_with_a_signing_key_signs(
    shell: Shell, command: tuple[str, ...], endpoint: str
) -> None:
    """RFC 7523 section 2.2: each request to the server has an assertion of its own."""
    key = signing_key(shell, "other-tpp")
    shell.bank.mutual_tls.answers["/revoke"] = always(200, {})
    shell.bank.mutual_tls.answers["/introspect"] = always(200, {"active": True})
    assert shell.run("--as", "other-tpp", *command) == 0
    assert shell.run("--as", "other-tpp", *command) == 0
    ids = set()
    for form in shell.bank.mutual_tls.forms():
        assert form["client_id"] == ["other-tpp"]
        jws = JWS()
        jws.deserialize(form["client_assertion"][0], key)
        claims = json.loads(jws.payload)
        assert (claims["sub"], claims["aud"]) == ("other-tpp", ISSUER)
        ids.add(claims["jti"])
    assert len(ids) == 2
    assert [r.path for r in shell.bank.mutual_tls.asked] == [endpoint, endpoint]


def test_a_client_that_signs_reads_nothing_of_certificates(shell: Shell) -> None:
    """RFC 7523 section 3: its certificate says nothing about who it is."""
    signing_key(shell, "other-tpp")
    refusal = always(401, {"error": "invalid_client"})
    shell.bank.mutual_tls.answers["/token"] = refusal
    for arguments in ((), ("--no-certificate",)):
        assert shell.run("--as", "other-tpp", "accounts", *arguments) == 1
        second = complaint(shell)[1]
        assert "the assertion must be signed" in second
        assert "certificate" not in second


def test_a_signing_key_that_is_none_is_one_line(shell: Shell) -> None:
    """Exit 2, and the name of the file."""
    path = Layout(shell.folder).signing_key("other-tpp")
    path.write_text("no key")
    assert shell.run("--as", "other-tpp", "accounts") == 2
    (line,) = complaint(shell)
    assert str(path) in line


@pytest.mark.parametrize(
    ("days", "hint"), [(400, "the certificate expired at"), (-400, "not valid before")]
)
def test_what_can_be_seen_of_the_certificate_comes_first(
    shell: Shell, days: int, hint: str
) -> None:
    """One that is not in force is refused for that, whoever is registered."""
    refusal = always(401, {"error": "invalid_client"})
    shell.bank.mutual_tls.answers["/token"] = refusal
    assert shell.run("accounts") == 1
    unseen = complaint(shell)[1]
    for reason in ("nobody is registered", "not the one registered", "was revoked"):
        assert reason in unseen
    leaf = shell.bank.pki.client.leaf
    moment = leaf.not_valid_after_utc.timestamp() + days * 86400
    refused = ErrorResponse(401, "invalid_client", "")
    who = shell.bank.identity(shell.bank.pki.client)
    assert hint in explanation(refused, who, None, moment)


def test_a_client_that_does_not_exist_is_told_who_does(shell: Shell) -> None:
    """A typing error in a name is no missing file."""
    (shell.folder / "rogue-x-key.pem").touch()
    (shell.folder / "rogue-x.pem").touch()
    assert shell.run("--as", "nobody", "accounts") == 2
    (line,) = complaint(shell)
    assert "nobody: there is no such client here" in line
    assert "there are banking-client, other-tpp (" in line


@pytest.mark.parametrize(
    ("answering", "hint", "none"),
    [
        (lambda _: Response(401), "no Bearer challenge", "had had no"),
        (lambda _: Response(401, (("WWW-Authenticate", "Basic"),)), "no Bearer", "had"),
        (
            always_challenge(403, 'Bearer error="insufficient_scope", scope="a b"'),
            "which needs a b",
            "customer",
        ),
        (
            always_challenge(403, 'Bearer error="insufficient_scope"'),
            "whom it is for",
            "which needs",
        ),
    ],
)
def test_a_refusal_is_explained_by_what_came(
    shell: Shell, answering: Answering, hint: str, none: str
) -> None:
    """RFC 6750 section 3: nothing is guessed that the answer does not say."""
    shell.bank.resource.answers["/accounts"] = answering
    assert shell.run("accounts") == 1
    second = complaint(shell)[1]
    assert hint in second
    assert none not in second


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("after", ["", "5", "Fri, 31 Dec 1999 23:59:59 GMT"])
def test_a_server_that_cannot_answer_now_is_told_as_such(
    shell: Shell, status: int, after: str
) -> None:
    """RFC 9110 section 15.6: nothing was wrong with the request, nor the answer."""
    fields = (("Retry-After", after),) if after else ()
    shell.bank.mutual_tls.answers["/token"] = lambda _: Response(status, fields)
    assert shell.run("accounts") == 1
    (line,) = complaint(shell)
    ending = "try again in 5 seconds" if after == "5" else "try again"
    assert line.endswith(f": the server cannot answer now, {ending}")
    assert "cannot be used" not in line


def test_an_empty_refusal_is_told_as_such(shell: Shell) -> None:
    """It is not that nothing is no JSON: nothing is nothing."""
    shell.bank.mutual_tls.answers["/token"] = lambda _: Response(401)
    assert shell.run("accounts") == 1
    (line,) = complaint(shell)
    assert "401, and its body is empty" in line
    assert "not JSON" not in line


def test_an_answer_that_came_does_not_ask_whether_the_nodes_run(shell: Shell) -> None:
    """What is wrong with it has been said; `make up` would change nothing."""
    large = Response(200, (), b"x" * 2 * 1024 * 1024)
    shell.bank.resource.answers["/accounts"] = lambda _: large
    assert shell.run("accounts") == 3
    (line,) = complaint(shell)
    assert "the answer is larger than is read" in line
