"""`python -m pki` as a person meets it."""

import re
import ssl
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from pki.__main__ import main
from pki.issuing import authority, profiles
from pki.issuing.config import SHIPPED
from pki.issuing.layout import Layout
from pki.issuing.own_clients import outsider
from pki.issuing.registration import as_folder, registration_table
from pki.issuing.validity import validity
from pki.keys import new_rsa_key
from pki.pem import Credential, certificates_to_pem
from pki.thumbprint import x5t_s256


@pytest.fixture
def toml(tmp_path: Path) -> str:
    """A configuration whose directory is the test's own."""
    path = tmp_path / "pki.toml"
    path.write_text(SHIPPED.read_text())
    return str(path)


@pytest.fixture
def laid_down(toml: str, capsys: pytest.CaptureFixture[str]) -> Layout:
    """The same, after the first run."""
    assert main(["--config", toml]) == 0
    capsys.readouterr()
    return Layout(Path(toml).parent / "issued")


def test_lay_down(toml: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The first run issues, the second finds all in order, asked it renews."""
    directory = Path(toml).parent / "issued"
    said = []
    for arguments in ([], [], ["--renew"]):
        assert main([*arguments, "--config", toml]) == 0
        said.append(capsys.readouterr().out)
    assert said == [
        f"certificates issued in {directory}: there were none\n",
        f"certificates in {directory} are in order\n",
        f"certificates issued in {directory}: as asked\n",
    ]


def test_client(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table to paste is complete, and says the subject as the certificate does."""
    assert main(["client", "mine", "--config", toml]) == 0
    assert tomllib.loads(capsys.readouterr().out) == {
        "clients": {
            "mine": {
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_subject_dn": "CN=mine,2.5.4.97=PSDGB-FCA-999999,"
                "O=Outsider mine,C=GB",
                "grant_types": ["client_credentials"],
                "scope": "accounts",
                "tls_client_certificate_bound_access_tokens": True,
                "access_token_format": "jwt",
            }
        }
    }
    assert laid_down.load("mine").leaf.subject == outsider("mine").subject


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        (["--san-dns", "a.example"], "tls_client_auth_san_dns"),
        (["--san-uri", "spiffe://a.example/b"], "tls_client_auth_san_uri"),
        (["--san-ip", "2001:db8::1"], "tls_client_auth_san_ip"),
        (["--san-email", "a@b.example"], "tls_client_auth_san_email"),
    ],
)
def test_client_with_san(
    toml: str,
    laid_down: Layout,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    parameter: str,
) -> None:
    """RFC 8705 section 2.1.2: exactly one of the five parameters is registered."""
    assert main(["--config", toml, "client", "mine", *options, "--rsa"]) == 0
    table = tomllib.loads(capsys.readouterr().out)["clients"]["mine"]
    found = {key: table[key] for key in table if key.startswith("tls_client_auth_")}
    assert found == {parameter: options[1]}


def test_client_self_signed(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """RFC 8705 section 2.2: the JWK set is registered, and no subject."""
    assert main(["client", "mine", "--self-signed", "--config", toml]) == 0
    table = tomllib.loads(capsys.readouterr().out)["clients"]["mine"]
    assert table["token_endpoint_auth_method"] == "self_signed_tls_client_auth"
    as_node = SHIPPED.parent.parent / "as_node"
    assert (as_node / table["jwks_file"]).resolve() == laid_down.jwk_set("mine")
    assert not [key for key in table if key.startswith("tls_client_auth_")]


def test_jwks_file_of_the_shipped_configuration(now: float) -> None:
    """The path is relative to the authorization server's shipped configuration."""
    name = profiles.subject("mine", "TPP Ltd")
    leaf = authority.self_signed(profiles.CLIENT, name, validity(now, 1)).leaf
    layout, folder = Layout(SHIPPED.parent / "issued"), as_folder(SHIPPED)
    table = registration_table(layout, "mine", leaf, folder)
    assert 'jwks_file = "../pki/issued/mine.jwks.json"' in table.splitlines()


def test_jwks_file_of_a_deployment_elsewhere(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside an as.toml the path is relative to that one, wherever the folder goes."""
    (Path(toml).parent / "as.toml").touch()
    assert main(["client", "mine", "--self-signed", "--config", toml]) == 0
    table = tomllib.loads(capsys.readouterr().out)["clients"]["mine"]
    assert table["jwks_file"] == "issued/mine.jwks.json"


@pytest.mark.usefixtures("laid_down")
@pytest.mark.parametrize("kind", ["--subject-dn", "--self-signed"])
def test_table(toml: str, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    """The table of a client is to be had again, to the letter."""
    assert main(["client", "mine", kind, "--config", toml]) == 0
    *_comments, table = capsys.readouterr().out.partition("[clients.mine]")
    assert main(["table", "mine", "--config", toml]) == 0
    assert capsys.readouterr().out == f"[clients.mine]{table}"


def test_revoke(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """A revocation says which file has it now."""
    assert main(["revoke", "other-tpp", "--config", toml]) == 0
    lists = laid_down.client_revocation_lists
    assert capsys.readouterr().out == f"other-tpp is revoked, says {lists}\n"


def test_show_by_name(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """A certificate is shown by the name of its holder, its path by subject."""
    assert main(["show", "banking-client", "--config", toml]) == 0
    said = _said(capsys.readouterr().out)
    leaf = laid_down.load("banking-client")
    (name,) = said["subject"]
    assert name.startswith("CN=banking-client,organizationIdentifier=PSDGB-FCA-900001")
    assert (
        said["issuer"]
        == said["sent after it"]
        == ["CN=Client Issuing CA,O=Example Bank plc,C=GB"]
    )
    assert said["key"] == ["EC secp256r1"]
    assert said["authority"] == ["no"]
    assert said["purpose"] == ["clientAuth"]
    assert said["x5t#S256"] == [x5t_s256(leaf.leaf_der)]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", said["not after"][0])


def test_show_by_file(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """Any file with a certificate is shown, an authority's with its constraints."""
    root = str(laid_down.server_roots)
    assert main(["show", root, "--config", toml]) == 0
    said = _said(capsys.readouterr().out)
    assert said["authority"] == ["yes"]
    assert said["only for names"] == ["localhost, 127.0.0.1/32, ::1/128"]


def test_show_sans(
    toml: str, laid_down: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each entry of the subjectAltName has a line of its own."""
    assert main(["show", "as", "--config", toml]) == 0
    said = _said(capsys.readouterr().out)
    assert said["subjectAltName"] == [
        "DNSName localhost",
        "IPAddress 127.0.0.1",
        "IPAddress ::1",
    ]


def _said(output: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for line in output.splitlines():
        said.setdefault(line[:15].strip(), []).append(line[16:])
    return said


def test_show_hostile(
    toml: str, now: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a certificate says reaches the terminal as text, and not as a command."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "\x1b[2J\nkey  RSA")])
    until = validity(now, 1)
    leaf = authority.self_signed(profiles.CLIENT, name, until, key=new_rsa_key()).leaf
    path = tmp_path / "hostile.pem"
    path.write_bytes(certificates_to_pem([leaf]))
    assert main(["show", str(path), "--config", toml]) == 0
    said = _said(capsys.readouterr().out)
    assert said["subject"] == [r"CN=\1B[2J\0Akey  RSA"]
    assert said["key"] == ["RSA 2048 bits"]


def test_show_malformed(
    toml: str,
    client_credential: Credential,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A certificate that is not well-formed is one line, not a traceback."""
    constraints, usage = b"\x55\x1d\x13", b"\x55\x1d\x0f"
    twice_usage = client_credential.leaf_der.replace(constraints, usage)
    path = tmp_path / "malformed.pem"
    path.write_text(ssl.DER_cert_to_PEM_cert(twice_usage))
    assert main(["show", str(path), "--config", toml]) == 1
    assert _complaint(capsys).startswith(f"pki: {path}: ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["client", "banking-client"], "this name is the deployment's own"),
        (["client", "mine"], "issued: run python -m pki --config {toml}\n"),
        (["revoke", "mine"], "issued: run python -m pki --config {toml}\n"),
        (["show", "mine"], "pki: mine: no such certificate in {issued}\n"),
        (["show", "../issued/as"], "../issued/as: no such certificate in {issued}\n"),
        (["table", "mine"], "pki: mine: no such certificate in {issued}\n"),
        (["table", "as"], "this name is the deployment's own"),
    ],
)
def test_refused(
    toml: str,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    complaint: str,
) -> None:
    """A refusal is one line on stderr and exit status 1."""
    assert main([*arguments, "--config", toml]) == 1
    expected = complaint.format(toml=toml, issued=Path(toml).parent / "issued")
    assert expected in _complaint(capsys)


@pytest.mark.usefixtures("laid_down")
def test_show_takes_no_path_for_a_name(
    toml: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no file is a name, and a name leads into no other folder."""
    assert main(["show", "authorities/client-root", "--config", toml]) == 1
    assert "authorities/client-root: no such certificate in" in _complaint(capsys)


def test_directory_cannot_be_made(
    toml: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the operating system refuses is one line, too."""
    path = Path(toml)
    path.write_text(path.read_text().replace('"issued"', '"pki.toml/issued"'))
    assert main(["--config", toml]) == 1
    assert "pki.toml" in _complaint(capsys)


def test_configuration_refused(toml: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong configuration is one line that names file and key, exit status 2."""
    path = Path(toml)
    path.write_text(path.read_text().replace("leaf =", "leaves ="))
    assert main(["--config", toml]) == 2
    complaint = _complaint(capsys)
    assert toml in complaint
    assert "leaves" in complaint


def _complaint(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["client"],
        ["client", "mine", "--san-dns", "*.example"],
        ["client", "mine", "--san-ip", "localhost"],
        ["client", "mine", "--san-dns", "a.example", "--self-signed"],
        ["nonsense"],
    ],
)
def test_usage(
    toml: str, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """A command line that makes no sense is explained, exit status 2."""
    with pytest.raises(SystemExit) as exit_:
        main([*arguments, "--config", toml])
    assert exit_.value.code == 2
    assert "usage: python -m pki" in capsys.readouterr().err


def test_as_a_process(toml: str) -> None:
    """`python -m pki` does it, and its exit status is that of the work."""
    command = [sys.executable, "-m", "pki", "show", "nobody", "--config", toml]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    issued = Path(toml).parent / "issued"
    assert done.stderr.decode() == f"pki: nobody: no such certificate in {issued}\n"


@pytest.mark.usefixtures("laid_down")
def test_table_for_other_servers(toml: str, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 4514 section 2.4: beside the text, the hex that Keycloak and Spring want."""
    assert main(["client", "mine", "--config", toml]) == 0
    *_, comment, line = capsys.readouterr().out.splitlines()
    assert "Keycloak" in comment
    assert line == (
        '# tls_client_auth_subject_dn = "CN=mine,'
        '2.5.4.97=#0c1050534447422d4643412d393939393939,O=Outsider mine,C=GB"'
    )
    assert main(["client", "other", "--san-dns", "a.example", "--config", toml]) == 0
    assert "Keycloak" not in capsys.readouterr().out


@pytest.mark.usefixtures("laid_down")
@pytest.mark.parametrize(
    ("option", "given", "found"),
    [
        ("--san-email", "Me@Example.COM", "Me@example.com"),
        ("--san-dns", "Tpp.Example.COM", "tpp.example.com"),
    ],
)
def test_a_host_has_no_case(
    toml: str, capsys: pytest.CaptureFixture[str], option: str, given: str, found: str
) -> None:
    """RFC 5280 section 7.5, RFC 4343: what the server takes, the command takes."""
    assert main(["client", "mine", option, given, "--config", toml]) == 0
    assert f'= "{found}"' in capsys.readouterr().out
    kelvin = given.replace("C", "\N{KELVIN SIGN}")
    with pytest.raises(SystemExit):
        main(["client", "other", option, kelvin, "--config", toml])


P_256 = bytes.fromhex("06082a8648ce3d030107")
SM2 = bytes.fromhex("06082a811ccf5501822d")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            P_256,
            SM2,
            "key             (not supported: Curve 1.2.156.10197.1.301 is not",
        ),
        (
            b"\x0c\x03TPP",
            b"\x14\x03T\xd1P",
            "subject         (unreadable: subject: O is a TeletexString with letters",
        ),
        (
            b"\x0c\x03TPP",
            b"\x16\x03T\xd1P",
            "subject         (unreadable: subject: O cannot be read as the IA5String",
        ),
        (
            b"\x0c\x03TPP",
            b"\x02\x03\x01PP",
            "subject         (unreadable: subject: O is no string (ASN.1 tag 2)",
        ),
        (
            bytes.fromhex("0603551d0e0416"),  # subjectKeyIdentifier
            bytes.fromhex("0603551d200416"),  # certificatePolicies
            "extension       2.5.29.32 (cannot be read)",
        ),
        (
            bytes.fromhex("0603551d250415"),  # extendedKeyUsage … of another length
            bytes.fromhex("0603551d250415"),
            "purpose         clientAuth",
        ),
    ],
)
def test_show_odd(
    toml: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    before: bytes,
    after: bytes,
    shown: str,
) -> None:
    """One part that cannot be read is named, and all the others are shown."""
    root = authority.client_root(profiles.subject("Root", "Bank"), now=1_800_000_000.0)
    client = root.issue_client(
        profiles.subject("client", "TPP"),
        now=1_800_000_000.0,
        sans=[x509.DNSName("a.example")],
    )
    path = tmp_path / "odd.pem"
    path.write_text(ssl.DER_cert_to_PEM_cert(client.leaf_der.replace(before, after)))
    assert main(["show", str(path), "--config", toml]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(shown) for line in lines), lines
    assert "subjectAltName  DNSName a.example" in lines
    assert "issuer          CN=Root,O=Bank,C=GB" in lines
    assert "authority       no" in lines
    assert lines[-1].startswith("x5t#S256        ")


def test_show_says_it_in_our_words(toml: str, tmp_path: Path) -> None:
    """Libraries warn of a country of six letters in lines of Python: none is shown."""
    root = authority.client_root(profiles.subject("Root", "Bank"), now=1_800_000_000.0)
    client = root.issue_client(profiles.subject("client", "T"), now=1_800_000_000.0)
    common_name, country = b"\x55\x04\x03\x0c\x06client", b"\x55\x04\x06\x0c\x06client"
    assert common_name in client.leaf_der
    odd = client.leaf_der.replace(common_name, country)
    path = tmp_path / "odd.pem"
    path.write_text(ssl.DER_cert_to_PEM_cert(odd))
    command = [sys.executable, "-m", "pki", "show", str(path), "--config", toml]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""
