"""Laying down the certificates of the whole deployment."""

import json
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto.jwk import JWK

from pki import pem
from pki.issuing.config import Config, Server
from pki.issuing.deployment import Outcome, ensure, renew
from pki.issuing.layout import Layout, Refused
from pki.issuing.own_clients import issue_to_outsider, outsider
from pki.issuing.parties import CLIENTS, SERVERS
from pki.issuing.revocation import revoke
from pki.issuing.rogues import ROGUES
from tests.pki.certificate_assertions import (
    CLIENT_AUTH,
    assert_is_ca,
    assert_is_client_certificate,
    assert_is_issued_by,
    assert_is_server_certificate,
)

DAY = 86400.0
BY_THE_AUTHORITY = [client.name for client in CLIENTS if not client.self_signed]
SELF_SIGNED = [client.name for client in CLIENTS if client.self_signed]
SIGNING = ["tpp-private-key-jwt"]

# As the contract lists them; `parties` and `rogues` must not drift from it.
CONTRACT = [
    "as",
    "rs",
    "client-web",
    "walkthrough",
    "banking-client",
    "other-tpp",
    "tpp-san-dns",
    "tpp-san-uri",
    "tpp-san-ip",
    "tpp-san-email",
    "tpp-self-signed",
    "tpp-self-signed-jwks-uri",
    "accounts-rs",
    "tpp-opaque",
    "tpp-private-key-jwt",
    "as-backchannel",
    "rogue-unknown-ca",
    "rogue-self-signed",
    "rogue-expired",
    "rogue-not-yet-valid",
    "rogue-server-only",
    "rogue-not-a-ca",
    "rogue-revoked",
]


def _contents(directory: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in directory.iterdir() if p.is_file()}


def test_files(deployment: Layout) -> None:
    """Each party of the contract has its two files, and there is nothing else."""
    expected = {
        "server-roots.pem",
        "client-roots.pem",
        "client-crls.pem",
        "authorities",
        *(f"{name}.pem" for name in CONTRACT),
        *(f"{name}-key.pem" for name in CONTRACT),
        *(f"{name}.jwks.json" for name in (*SELF_SIGNED, *SIGNING)),
        *(f"{name}-jwt-key.pem" for name in SIGNING),
    }
    assert {path.name for path in deployment.directory.iterdir()} == expected


def test_modes(deployment: Layout) -> None:
    """Directories are 0700 and keys 0600, the authorities' included."""
    paths = [deployment.directory, *deployment.directory.rglob("*")]
    modes = {path: path.stat().st_mode & 0o777 for path in paths}
    assert {modes[path] for path in paths if path.is_dir()} == {0o700}
    assert {mode for p, mode in modes.items() if p.name.endswith("-key.pem")} == {0o600}


@pytest.mark.parametrize("name", CONTRACT)
def test_key_fits(deployment: Layout, name: str) -> None:
    """Everybody's key is the one his certificate, first in its file, speaks of."""
    credential = deployment.load(name)
    assert credential.private_key.public_key() == credential.leaf.public_key()


@pytest.mark.parametrize("name", SERVERS)
def test_servers(deployment: Layout, name: str) -> None:
    """A server's certificate is issued by the server root."""
    (root,) = pem.load_certificates(deployment.server_roots)
    (leaf,) = deployment.load(name).chain
    assert_is_server_certificate(leaf)
    assert_is_issued_by(leaf, root)


@pytest.mark.parametrize("name", BY_THE_AUTHORITY)
def test_clients(deployment: Layout, name: str) -> None:
    """A client's certificate is issued by an intermediate, and that by the root."""
    (root,) = pem.load_certificates(deployment.client_roots)
    leaf, intermediate = deployment.load(name).chain
    assert_is_client_certificate(leaf)
    assert_is_issued_by(leaf, intermediate)
    assert_is_issued_by(intermediate, root)
    assert_is_ca(intermediate, 0, CLIENT_AUTH)


@pytest.mark.parametrize("name", SELF_SIGNED)
def test_self_signed(deployment: Layout, name: str) -> None:
    """RFC 8705 section 2.2.2: the JWK set to register has that very certificate."""
    (leaf,) = deployment.load(name).chain
    assert_is_client_certificate(leaf)
    leaf.verify_directly_issued_by(leaf)
    (jwk,) = json.loads(deployment.jwk_set(name).read_text())["keys"]
    assert jwk["x5c"] == [b64encode(deployment.load(name).leaf_der).decode()]


@pytest.mark.parametrize("name", SIGNING)
def test_signing_keys(deployment: Layout, name: str) -> None:
    """RFC 7523 section 3: what is registered is a key, and not the certificate's."""
    (jwk,) = json.loads(deployment.jwk_set(name).read_text())["keys"]
    assert jwk.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    key = pem.load_private_key(deployment.signing_key(name))
    assert jwk["kid"] == JWK.from_pyca(key).thumbprint()
    assert (jwk["use"], jwk["alg"]) == ("sig", "ES256")
    assert key.public_key() != deployment.load(name).leaf.public_key()


def test_roots_are_apart(deployment: Layout) -> None:
    """RFC 8705 section 7.4: no authority vouches for both servers and clients."""
    (servers,) = pem.load_certificates(deployment.server_roots)
    (clients,) = pem.load_certificates(deployment.client_roots)
    assert servers.subject != clients.subject
    assert servers.public_key() != clients.public_key()


def test_one_rsa_key(deployment: Layout) -> None:
    """Both kinds of key are in use: RSA once, P-256 everywhere else."""
    keys = {name: deployment.load(name).private_key for name in CONTRACT}
    names = [name for name, key in keys.items() if isinstance(key, rsa.RSAPrivateKey)]
    assert names == ["tpp-opaque"]


def test_subjects_differ(deployment: Layout) -> None:
    """No two clients have one subject: `other-tpp` is another organisation."""
    subjects = {deployment.load(client.name).leaf.subject for client in CLIENTS}
    assert len(subjects) == len(CLIENTS)


def test_lists_outlive_the_leaves(deployment: Layout) -> None:
    """No certificate is left without a current list before its own end."""
    lists = pem.load_revocation_lists(deployment.client_revocation_lists)
    ends = [each.next_update_utc for each in lists]
    for name in BY_THE_AUTHORITY:
        leaf = deployment.load(name).leaf
        assert all(end is not None and end > leaf.not_valid_after_utc for end in ends)


def test_list_for_each_authority(deployment: Layout) -> None:
    """RFC 5280 section 5: root and intermediate each say what they have revoked."""
    (root,) = pem.load_certificates(deployment.client_roots)
    intermediate = deployment.load("banking-client").chain[1]
    lists = pem.load_revocation_lists(deployment.client_revocation_lists)
    assert [each.issuer for each in lists] == [root.subject, intermediate.subject]
    assert [len(each) for each in lists] == [0, 1]


def test_nothing_is_touched_without_need(config: Config, now: float) -> None:
    """A second run changes nothing and says that all is in order."""
    assert ensure(config, lambda: now).reason == "there were none"
    before = _contents(config.directory)
    outcome = ensure(config, lambda: now)
    assert outcome.reason is None
    assert outcome.lines() == [f"certificates in {config.directory} are in order"]
    assert _contents(config.directory) == before


def test_reissued_under_the_same_roots(config: Config, now: float) -> None:
    """When leaves end they are reissued; a browser that has the root need not care."""
    ensure(config, lambda: now)
    before = _contents(config.directory)
    outcome = ensure(config, lambda: now + 29.5 * DAY)
    after = _contents(config.directory)
    assert outcome.reason is not None
    assert outcome.reason.startswith("as ends at ")
    assert outcome.replaced_roots == ()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == after.keys() - {"server-roots.pem", "client-roots.pem"}
    assert ensure(config, lambda: now + 29.5 * DAY).reason is None


def test_roots_near_their_end_are_replaced(config: Config, now: float) -> None:
    """Authorities that would end before their leaves are made anew, and it is said."""
    ensure(config, lambda: now)
    outcome = ensure(config, lambda: now + 340 * DAY)
    assert outcome.replaced_roots == ("server-roots.pem", "client-roots.pem")
    assert outcome.lines()[1] == (
        "server-roots.pem is new: whoever imported the old one must import it again"
    )
    assert ensure(config, lambda: now + 340 * DAY).reason is None
    leaf, intermediate = Layout(config.directory).load("banking-client").chain
    assert leaf.not_valid_after_utc <= intermediate.not_valid_after_utc


def test_clock_set_back(config: Config, now: float) -> None:
    """On a clock set back, what begins in the future is made anew, roots included."""
    ensure(config, lambda: now)
    outcome = ensure(config, lambda: now - DAY)
    assert outcome.replaced_roots == ("server-roots.pem", "client-roots.pem")
    assert ensure(config, lambda: now - DAY).reason is None


def test_renewed_as_asked(config: Config, now: float) -> None:
    """Asked to, it issues anew what is in order, and under the same roots."""
    ensure(config, lambda: now)
    layout = Layout(config.directory)
    before, root = layout.load("banking-client"), layout.client_roots.read_bytes()
    assert renew(config, lambda: now).reason == "as asked"
    after = layout.load("banking-client")
    assert after.leaf.subject == before.leaf.subject
    assert after.leaf.serial_number != before.leaf.serial_number
    assert after.chain[1] == before.chain[1]
    assert layout.client_roots.read_bytes() == root


@pytest.mark.parametrize("act", [ensure, renew])
def test_keys_that_others_can_read(
    act: Callable[[Config, Callable[[], float]], Outcome], config: Config, now: float
) -> None:
    """A key with another mode than it was given gets that again, and it is said."""
    ensure(config, lambda: now)
    layout = Layout(config.directory)
    root = Layout(layout.authorities).key("client-root")
    layout.key("as").chmod(0o644)
    root.chmod(0o640)
    link = layout.directory / "link-key.pem"
    elsewhere = config.directory.parent / "elsewhere"
    elsewhere.write_text("")
    elsewhere.chmod(0o644)
    link.symlink_to(elsewhere)
    outcome = act(config, lambda: now)
    assert outcome.exposed == ("as-key.pem", "client-root-key.pem")
    assert outcome.lines()[-2:] == [
        "as-key.pem could be read by others, and now by its owner only",
        "client-root-key.pem could be read by others, and now by its owner only",
    ]
    for key in (layout.key("as"), root):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    assert act(config, lambda: now).exposed == ()


def test_keys_of_somebody_else_are_left_alone(config: Config, now: float) -> None:
    """A directory that is not ours is left untouched, the modes in it included."""
    config.directory.mkdir()
    key = config.directory / "their-key.pem"
    key.write_text("")
    key.chmod(0o644)
    with pytest.raises(Refused, match="left untouched"):
        ensure(config, lambda: now)
    assert stat.S_IMODE(key.stat().st_mode) == 0o644


def test_new_host_name(config: Config, now: float) -> None:
    """The server certificates follow the configured names, and so does their root."""
    ensure(config, lambda: now)
    servers = {**config.servers, "rs": Server(names=("rs.example",))}
    moved = replace(config, servers=servers)
    outcome = ensure(moved, lambda: now)
    assert outcome.reason == "rs is to have other names"
    assert outcome.replaced_roots == ("server-roots.pem",)
    leaf = Layout(config.directory).load("rs").leaf
    sans = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert list(sans.value) == [x509.DNSName("rs.example")]


def test_intermediate_of_another_root(config: Config, now: float) -> None:
    """Without its root an intermediate is of no use, and both are made anew."""
    ensure(config, lambda: now)
    layout = Layout(config.directory)
    before = layout.load("banking-client").chain[1]
    (layout.authorities / "client-root-key.pem").unlink()
    outcome = ensure(config, lambda: now)
    assert outcome.reason == "client-root-key.pem is missing"
    assert outcome.replaced_roots == ("client-roots.pem",)
    leaf, intermediate = layout.load("banking-client").chain
    assert intermediate != before
    assert_is_issued_by(leaf, intermediate)
    assert_is_issued_by(intermediate, *pem.load_certificates(layout.client_roots))


def test_revocations_outlive_a_reissue(config: Config, now: float) -> None:
    """What was revoked stays revoked; the new rogue joins the old one on the list."""
    ensure(config, lambda: now)
    layout = Layout(config.directory)
    stolen = layout.load("banking-client").leaf.serial_number
    rogue = layout.load("rogue-revoked").leaf.serial_number
    revoke(config, lambda: now, "banking-client")
    renew(config, lambda: now + 60)
    _, crl = pem.load_revocation_lists(layout.client_revocation_lists)
    new_rogue = layout.load("rogue-revoked").leaf.serial_number
    assert {entry.serial_number for entry in crl} == {stolen, rogue, new_rogue}
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 3


def test_outsiders_survive_a_reissue(config: Config, now: float) -> None:
    """What `python -m pki client` made is still there, and still works, afterwards."""
    ensure(config, lambda: now)
    mine = issue_to_outsider(config, lambda: now, outsider("mine"))
    outcome = renew(config, lambda: now)
    assert outcome.outsiders == ()
    kept = Layout(config.directory).load("mine")
    assert kept.chain == mine.chain
    assert_is_issued_by(kept.leaf, Layout(config.directory).load("other-tpp").chain[1])


def test_outsiders_are_told_of_their_end(config: Config, now: float) -> None:
    """Their owners are told when a certificate ends; it is not reissued."""
    ensure(config, lambda: now)
    issue_to_outsider(config, lambda: now, outsider("mine"))
    issue_to_outsider(config, lambda: now, outsider("own", self_signed=True))
    (mine, own) = ensure(config, lambda: now + 29.5 * DAY).lines()[1:]
    assert mine.startswith("mine ends at ")
    assert own.startswith("own ends at ")


def test_outsiders_are_told_of_a_new_authority(config: Config, now: float) -> None:
    """Their owners are told when the authority is gone, except where there is none."""
    ensure(config, lambda: now)
    layout = Layout(config.directory)
    issue_to_outsider(config, lambda: now, outsider("mine"))
    issue_to_outsider(config, lambda: now, outsider("own", self_signed=True))
    (layout.authorities / "client-root-key.pem").unlink()
    told = ("mine was issued by an authority that is gone: issue it again",)
    assert ensure(config, lambda: now).outsiders == told
    assert ensure(config, lambda: now).outsiders == told


def test_outsiders_file_unreadable(config: Config, now: float) -> None:
    """A file of an outsider that makes no sense is told, and does no harm."""
    ensure(config, lambda: now)
    (config.directory / "mine-key.pem").write_text("nonsense")
    (told,) = renew(config, lambda: now).outsiders
    assert told == f"{config.directory / 'mine.pem'}: No such file or directory"


def test_directory_of_somebody_else(config: Config, now: float) -> None:
    """A directory that holds something else is not replaced."""
    config.directory.mkdir()
    (config.directory / "thesis.tex").write_text("years of work")
    with pytest.raises(Refused, match="holds something else: left untouched"):
        ensure(config, lambda: now)
    assert (config.directory / "thesis.tex").read_text() == "years of work"


def test_file_in_the_way(config: Config, now: float) -> None:
    """Nor is a file."""
    config.directory.write_text("years of work")
    with pytest.raises(Refused, match="holds something else: left untouched"):
        ensure(config, lambda: now)
    assert config.directory.read_text() == "years of work"


def test_empty_directory(config: Config, now: float) -> None:
    """An empty directory is as good as none."""
    config.directory.mkdir(mode=0o755)
    assert ensure(config, lambda: now).reason == "server-roots.pem is missing"
    assert config.directory.stat().st_mode & 0o777 == 0o700


def test_rogues_are_not_reissued_for_being_rogues(config: Config, now: float) -> None:
    """The rogue that is expired and the one of the future are in order as they are."""
    ensure(config, lambda: now)
    assert ensure(config, lambda: now + 28 * DAY).reason is None


def test_at_once(config: Config) -> None:
    """Several processes at once lay down one set, and only one of them."""
    text = Path(__file__).parents[3].joinpath("pki", "pki.toml").read_text()
    path = config.directory.with_name("pki.toml")
    path.write_text(text)
    command = [sys.executable, "-m", "pki", "--config", str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate()[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted("there were none" in line for line in said) == [False, False, True]
    assert ensure(config, lambda: 0.0).reason is not None


def test_contract_names() -> None:
    """The lists in the code are the contract's."""
    names = [*SERVERS, *(client.name for client in CLIENTS), *ROGUES]
    assert names == CONTRACT
