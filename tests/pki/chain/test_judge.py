"""The verdict about a chain, and how long it is good."""

import gc
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID
from hypothesis import given
from hypothesis import strategies as st

from pki.chain.crl_file import CrlFile
from pki.chain.judge import REFUSAL_SECONDS, ChainJudge, ChainRefused
from pki.chain.limits import LARGEST_CERTIFICATE, MOST_SENT_AFTER
from pki.issuing import profiles
from pki.issuing.authority import Authority, client_root, self_signed, server_root
from pki.issuing.profiles import Profile, subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key
from pki.peer import PeerCertificate
from pki.pem import Credential, revocation_lists_to_pem
from tests.in_memory.hostile_certificates import chain_of, costly_key, self_signed_with

NOW = 1_800_000_000.0
DAY = 86400.0
TODAY = datetime.fromtimestamp(NOW, UTC)
NAME = subject("banking-client", "Fintech", "PSDGB-FCA-900001")
ROOT = client_root(subject("Root", "Bank"), now=NOW)
INTERMEDIATE = ROOT.issue_intermediate(subject("Intermediate", "Bank"), now=NOW)
CLIENT = INTERMEDIATE.issue_client(NAME, now=NOW)


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def crl_path(tmp_path: Path) -> Path:
    return tmp_path / "client-crl.pem"


def judge_with(
    *roots: Authority, crl_file: CrlFile | None = None, clock: Clock | None = None
) -> ChainJudge:
    certificates = [each.certificate for each in roots or (ROOT,)]
    return ChainJudge(certificates, crl_file=crl_file, clock=clock or Clock())


def peer_of(
    credential: Credential, *more: x509.Certificate, without_chain: bool = False
) -> PeerCertificate:
    """The other end of a connection: it sends its chain, then *more*."""
    chain = () if without_chain else credential.chain[1:]
    sent_after = tuple(c.public_bytes(Encoding.DER) for c in (*chain, *more))
    return PeerCertificate(credential.leaf_der, sent_after)


def refusal(peer: PeerCertificate, judge: ChainJudge | None = None) -> str:
    """The reason why *peer* is refused."""
    with pytest.raises(ChainRefused) as refused:
        (judge or judge_with()).verify(peer)
    return str(refused.value)


# What is one of ours.


def test_a_client_of_an_intermediate_has_a_path() -> None:
    """RFC 8705 section 2.1: leaf, the intermediate the peer sent, and our root."""
    path = judge_with().verify(peer_of(CLIENT))
    assert path == (CLIENT.leaf, INTERMEDIATE.certificate, ROOT.certificate)


def test_a_client_of_the_root_has_a_path() -> None:
    """RFC 8705 section 2.1: a leaf that a root issued needs nothing beside it."""
    client = ROOT.issue_client(NAME, now=NOW)
    assert judge_with().verify(peer_of(client)) == (client.leaf, ROOT.certificate)


def test_sending_the_root_as_well_does_no_harm() -> None:
    """RFC 8446 section 4.4.2: the root may be omitted, and so it may be sent."""
    assert len(judge_with().verify(peer_of(CLIENT, ROOT.certificate))) == 3


def test_each_of_several_roots_vouches() -> None:
    """RFC 8705 section 7.4: the same subject from a second listed CA is accepted."""
    second = client_root(subject("Second Root", "Regulator"), now=NOW)
    client = second.issue_client(NAME, now=NOW)
    judge = judge_with(ROOT, second)
    assert judge.verify(peer_of(client))[-1] == second.certificate
    assert judge.verify(peer_of(CLIENT))[-1] == ROOT.certificate


# What the peer sends after its leaf.


def test_a_certificate_sent_beside_the_chain_identifies_nobody() -> None:
    """
    CVE-2023-2422: the victim's certificate after the attacker's leaf is ignored, and
    the leaf of the path is always the one that signed the handshake.
    """
    attacker = INTERMEDIATE.issue_client(subject("other-tpp", "Thief"), now=NOW)
    path = judge_with().verify(peer_of(attacker, CLIENT.leaf))
    assert path[0] == attacker.leaf
    assert CLIENT.leaf not in path


def test_a_victims_chain_does_not_carry_a_stranger() -> None:
    """CVE-2023-2422: a self-signed leaf gains nothing by the victim's whole chain."""
    stranger = self_signed(profiles.CLIENT, NAME, validity(NOW, 30))
    assert "self-signed" in refusal(peer_of(stranger, *CLIENT.chain))


def test_only_a_few_certificates_are_considered() -> None:
    """A peer cannot make us search among dozens; just enough is still enough."""
    enough = [ROOT.certificate] * (MOST_SENT_AFTER - 1)
    assert judge_with().verify(peer_of(CLIENT, *enough))
    assert refusal(peer_of(CLIENT, *enough, ROOT.certificate)) == (
        "5 certificates were sent after the leaf, expected at most 4"
    )


@pytest.mark.parametrize("many", [1, 4])
def test_no_path_is_tried_with_costly_keys(many: int) -> None:
    """An RSA exponent of thousands of bits is seen before a signature is checked."""
    peer = peer_of(chain_of(many, costly_key(), NOW))
    about = "certificate 2: the public exponent of an RSA key has 20"
    assert refusal(peer).startswith(about)
    assert "intermediates" not in vars(peer)


def test_no_path_is_tried_with_a_large_leaf() -> None:
    """A certificate of more than is looked at helps to build no path."""
    large = self_signed_with(new_p256_key(), NOW, padding=LARGEST_CERTIFICATE)
    peer = peer_of(CLIENT, large.leaf)
    assert "certificate 3: 8" in refusal(peer)
    assert "intermediates" not in vars(peer)


def below(intermediates: int) -> tuple[Authority, Credential]:
    """A root and a client so far below it; no CA limits the length of paths."""
    root = Authority(self_signed(UNLIMITED, subject("Long", "Bank"), validity(NOW, 9)))
    authority = root
    for number in range(intermediates):
        name = subject(f"Intermediate {number}", "Bank")
        authority = Authority(authority.issue(UNLIMITED, name, validity(NOW, 9)))
    return root, authority.issue_client(NAME, now=NOW)


UNLIMITED = Profile(
    tuple(
        (x509.BasicConstraints(ca=True, path_length=None), True)
        if isinstance(extension, x509.BasicConstraints)
        else (extension, critical)
        for extension, critical in profiles.CLIENT_ROOT.extensions
    )
)


def test_a_path_may_have_two_intermediates() -> None:
    """RFC 8705 section 7.5: a path as long as is allowed is a path."""
    root, client = below(2)
    assert len(judge_with(root).verify(peer_of(client))) == 4


def test_an_over_long_chain_is_refused() -> None:
    """RFC 8705 section 7.5: one intermediate more than is allowed is no path."""
    root, client = below(3)
    told = refusal(peer_of(client), judge_with(root))
    assert told.endswith(
        "3 intermediates between the leaf and its root, expected at most 2"
    )


# cryptography 50 warns of what it finds odd, a country of seven letters, and reads on.
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.filterwarnings("ignore:Attribute's length:UserWarning")
@given(
    part=st.integers(0, 1),
    mutations=st.lists(
        st.tuples(st.integers(0, 9999), st.integers(0, 255)), min_size=1
    ),
)
def test_a_changed_certificate_is_a_refusal_and_not_an_error(
    part: int, mutations: list[tuple[int, int]]
) -> None:
    """Whatever bytes are changed in leaf or intermediate, the answer is a verdict."""
    sent = [bytearray(each.public_bytes(Encoding.DER)) for each in CLIENT.chain]
    for place, value in mutations:
        sent[part][place % len(sent[part])] = value
    if bytes(sent[part]) != CLIENT.chain[part].public_bytes(Encoding.DER):
        assert refusal(PeerCertificate(bytes(sent[0]), (bytes(sent[1]),)))


@given(leaf=st.binary(max_size=99), after=st.lists(st.binary(max_size=99), max_size=2))
def test_random_bytes_are_a_refusal_and_not_an_error(
    leaf: bytes, after: list[bytes]
) -> None:
    """What is no certificate at all has no path."""
    assert refusal(PeerCertificate(leaf, tuple(after)))
    assert refusal(PeerCertificate(CLIENT.leaf_der, (b"\x30" + leaf,)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05"),
        (b"\x0c\x0ebanking-client", b"\x03\x0e\x00anking-client"),
    ],
    ids=["version", "bits for a name"],
)
def test_a_certificate_that_is_not_well_formed_is_refused(
    right: bytes, wrong: bytes
) -> None:
    """Each has its own exception in `cryptography`, and each is a refusal."""
    assert right in CLIENT.leaf_der
    leaf = CLIENT.leaf_der.replace(right, wrong)
    assert refusal(PeerCertificate(leaf, peer_of(CLIENT).sent_after))
    assert refusal(PeerCertificate(CLIENT.leaf_der, (leaf,)))


# What is not one of ours. (test_client_policy.py has what is wrong in one of them.)


@pytest.mark.parametrize("sends_its_root", [False, True])
def test_the_right_name_from_an_unknown_ca_is_refused(*, sends_its_root: bool) -> None:
    """RFC 8705 section 7.4: anybody can put anybody's name into a certificate."""
    stranger = client_root(subject("Unknown Root", "Somebody Else"), now=NOW)
    beside = [stranger.certificate] if sends_its_root else []
    assert "Unknown Root" in refusal(
        peer_of(stranger.issue_client(NAME, now=NOW), *beside)
    )


def test_a_ca_of_the_same_name_is_refused() -> None:
    """RFC 8705 section 7.4: a CA is its key; its name can be anybody's."""
    impostor = client_root(ROOT.certificate.subject, now=NOW)
    client = impostor.issue_client(NAME, now=NOW)
    assert "signature does not match" in refusal(peer_of(client, impostor.certificate))


def test_a_root_for_servers_does_not_vouch_for_clients() -> None:
    """RFC 8705 section 7.4: what we trust about servers says nothing about clients."""
    servers = server_root(subject("Server Root", "Bank"), ["localhost"], now=NOW)
    assert "Server Root" in refusal(peer_of(servers.issue_client(NAME, now=NOW)))


@pytest.mark.parametrize("names_its_own_key", [False, True])
def test_a_self_signed_certificate_with_the_right_name_is_refused(
    *, names_its_own_key: bool
) -> None:
    """
    RFC 8705 section 2.1: the classic hole of a listener that takes everything.

    The one without an authorityKeyIdentifier is refused for that alone already.
    """
    key = new_p256_key()
    own = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    more = ((own, False),) if names_its_own_key else ()
    profile = Profile((*profiles.CLIENT.extensions, *more))
    stranger = self_signed(profile, NAME, validity(NOW, 30), key=key)
    assert "self-signed" in refusal(peer_of(stranger))
    assert "self-signed" in refusal(peer_of(stranger, *CLIENT.chain))


def test_a_missing_intermediate_is_refused() -> None:
    """RFC 8705 section 2.1: we know roots, and do not fetch what the peer left out."""
    assert "CN=Intermediate" in refusal(peer_of(CLIENT, without_chain=True))


def test_a_leaf_used_as_a_ca_is_refused() -> None:
    """RFC 8705 section 7.5: a client's key signs nobody else's certificate."""
    rogue = Authority(CLIENT).issue_client(subject("rogue", "Thief"), now=NOW)
    assert refusal(peer_of(rogue)) == (
        "no path to the client roots; CN=rogue,O=Thief,C=GB: its issuer"
        " CN=banking-client,organizationIdentifier=PSDGB-FCA-900001,O=Fintech,C=GB"
        " is not a CA"
    )


def test_a_certificate_for_servers_is_refused_in_words() -> None:
    """RFC 8705 section 7.5: the operator reads what can be seen, and nothing else."""
    rogue = INTERMEDIATE.issue_server(NAME, ["localhost"], now=NOW)
    assert refusal(peer_of(rogue)) == (
        "no path to the client roots; CN=banking-client"
        ",organizationIdentifier=PSDGB-FCA-900001,O=Fintech,C=GB:"
        " extended key usage is serverAuth, expected clientAuth"
    )


def test_what_cannot_be_seen_is_said_in_the_librarys_words() -> None:
    """The reason of the library stands without what it puts around."""
    impostor = client_root(ROOT.certificate.subject, now=NOW)
    assert refusal(peer_of(impostor.issue_client(NAME, now=NOW))) == (
        "no path to the client roots; signature does not match"
    )


def test_a_path_longer_than_a_ca_allows_is_refused() -> None:
    """RFC 5280 section 4.2.1.9: our intermediate may have no CA below it."""
    below_it = INTERMEDIATE.issue_intermediate(subject("Sub", "TPP"), now=NOW)
    client = below_it.issue_client(NAME, now=NOW)
    assert "path length constraint violated" in refusal(peer_of(client))


def test_a_root_that_is_a_leaf_does_not_vouch_for_itself() -> None:
    """A client's certificate among the roots is a mistake, and no way in."""
    assert refusal(peer_of(CLIENT), judge_with(Authority(CLIENT))) == (
        "no path: a client root cannot be a client"
    )


# Dates, and a connection that stays open.


def test_a_certificate_that_expires_on_an_open_connection_is_refused(
    clock: Clock,
) -> None:
    """RFC 8705 section 2.1: the same connection is refused from the end of its leaf."""
    judge, peer = judge_with(clock=clock), peer_of(CLIENT)
    clock.now = NOW + 30 * DAY
    assert judge.verify(peer)
    clock.now += 1
    assert "expired at 2027-02-14T08:00:00Z" in refusal(peer, judge)


def test_a_path_ends_with_its_shortest_lived_certificate(clock: Clock) -> None:
    """RFC 8705 section 2.1: a CA that expires takes its clients with it."""
    short = ROOT.issue_intermediate(subject("Short", "Bank"), now=NOW, days=1)
    client = short.issue(profiles.CLIENT, NAME, validity(NOW, 30))
    judge, peer = judge_with(clock=clock), peer_of(client)
    assert judge.verify(peer)
    clock.now += DAY + 1
    assert "CN=Short,O=Bank,C=GB: expired at" in refusal(peer, judge)


def test_a_certificate_becomes_valid_on_an_open_connection(clock: Clock) -> None:
    """RFC 8705 section 2.1: too early is refused, and not for ever."""
    peer = peer_of(INTERMEDIATE.issue(profiles.CLIENT, NAME, validity(NOW + 301, 30)))
    judge = judge_with(clock=clock)
    assert "not valid before 2027-01-15T08:00:01Z" in refusal(peer, judge)
    clock.now += REFUSAL_SECONDS
    assert judge.verify(peer)


def test_a_refusal_is_repeated_for_a_while(clock: Clock) -> None:
    """A peer cannot make us look for a path with each of its requests."""
    peer = peer_of(INTERMEDIATE.issue(profiles.CLIENT, NAME, validity(NOW + 301, 30)))
    judge = judge_with(clock=clock)
    assert refusal(peer, judge)
    clock.now += REFUSAL_SECONDS - 1
    assert "not valid before" in refusal(peer, judge)


def test_a_verdict_is_made_once_for_a_connection(clock: Clock) -> None:
    """The very same path for the same connection, and another for another one."""
    judge, peer = judge_with(clock=clock), peer_of(CLIENT)
    path = judge.verify(peer)
    clock.now += DAY
    assert judge.verify(peer) is path
    assert judge.verify(peer_of(CLIENT)) is not path


def test_a_clock_set_back_asks_for_a_new_verdict(clock: Clock) -> None:
    """What was valid by the wrong clock is judged again by the right one."""
    judge, peer = judge_with(clock=clock), peer_of(CLIENT)
    assert judge.verify(peer)
    clock.now -= DAY
    assert "not valid before" in refusal(peer, judge)


def test_a_verdict_goes_with_its_connection() -> None:
    """A closed connection leaves nothing behind in the judge."""
    judge, peer = judge_with(), peer_of(CLIENT)
    judge.verify(peer)
    assert len(judge._verdicts) == 1
    del peer
    gc.collect()
    assert len(judge._verdicts) == 0


# Revocation. (test_crl.py has the lists' own rules.)


def write_lists(path: Path, *revoked: x509.Certificate, days: float = 60) -> None:
    """The lists of both CAs, with *revoked* on each of them."""
    since = {each.serial_number: TODAY for each in revoked}
    lists = [
        each.revocation_list(since, now=NOW, days=days) for each in (INTERMEDIATE, ROOT)
    ]
    path.write_bytes(revocation_lists_to_pem(lists))


@pytest.fixture
def judge(crl_path: Path, clock: Clock) -> ChainJudge:
    """A judge with revocation switched on, and nothing revoked yet."""
    write_lists(crl_path)
    crl_file = CrlFile(crl_path, check_seconds=10, clock=clock)
    return judge_with(crl_file=crl_file, clock=clock)


def test_what_is_on_no_list_has_a_path(judge: ChainJudge) -> None:
    """RFC 8705 section 7.5: with a current list of each CA a client is accepted."""
    assert len(judge.verify(peer_of(CLIENT))) == 3


@pytest.mark.parametrize("revoked", CLIENT.chain, ids=["leaf", "intermediate"])
def test_what_is_on_a_list_is_refused_when_lists_are_switched_on(
    judge: ChainJudge, crl_path: Path, revoked: x509.Certificate
) -> None:
    """RFC 8705 section 7.5: a revoked leaf, and a leaf below a revoked CA."""
    write_lists(crl_path, revoked)
    assert f"revoked, serial 0x{revoked.serial_number:x}" in refusal(
        peer_of(CLIENT), judge
    )
    assert judge_with().verify(peer_of(CLIENT)), "switched off, it is accepted"


def test_a_revocation_reaches_an_open_connection_in_the_stated_time(
    judge: ChainJudge, crl_path: Path, clock: Clock
) -> None:
    """A client revoked while connected is refused `crl_check_seconds` later."""
    peer = peer_of(CLIENT)
    path = judge.verify(peer)
    write_lists(crl_path, CLIENT.leaf)
    clock.now += 9.9
    assert judge.verify(peer) is path
    clock.now += 0.1
    assert "revoked" in refusal(peer, judge)


def test_a_new_list_ends_a_refusal_at_once(
    judge: ChainJudge, crl_path: Path, clock: Clock
) -> None:
    """A refusal is about the lists it was made by, and not repeated with others."""
    peer = peer_of(CLIENT)
    crl_path.unlink()
    clock.now += 9
    assert "client-crl.pem: No such file or directory" in refusal(peer, judge)
    write_lists(crl_path)
    clock.now += 10
    assert judge.verify(peer)


@pytest.mark.parametrize("content", [b"", b"garbage"])
def test_an_unusable_file_refuses_an_open_connection(
    judge: ChainJudge, crl_path: Path, clock: Clock, content: bytes
) -> None:
    """RFC 8705 section 7.5: whoever spoils the file gains nothing by it."""
    peer = peer_of(CLIENT)
    assert judge.verify(peer)
    crl_path.write_bytes(content)
    clock.now += 10
    assert "client-crl.pem: no " in refusal(peer, judge)


def test_a_list_that_goes_stale_refuses_an_open_connection(
    judge: ChainJudge, crl_path: Path, clock: Clock
) -> None:
    """RFC 5280 section 5.1.2.5: a verdict does not outlive the list it rests on."""
    write_lists(crl_path, days=1)
    peer = peer_of(CLIENT)
    assert judge.verify(peer)
    clock.now += DAY
    assert "stale since 2027-01-16T08:00:00Z" in refusal(peer, judge)


# What must not happen on the way.


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """A port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


def test_no_url_in_a_certificate_is_followed(
    judge: ChainJudge, canary: socket.socket
) -> None:
    """CVE-2023-28857: neither a trusted nor a strange certificate makes us connect."""
    url = x509.UniformResourceIdentifier(f"http://127.0.0.1:{canary.getsockname()[1]}/")
    point = x509.DistributionPoint([url], None, None, None)
    access = [
        x509.AccessDescription(method, url)
        for method in (
            AuthorityInformationAccessOID.OCSP,
            AuthorityInformationAccessOID.CA_ISSUERS,
        )
    ]
    inviting = Profile(
        (
            *profiles.CLIENT.extensions,
            (x509.CRLDistributionPoints([point]), False),
            (x509.FreshestCRL([point]), False),
            (x509.AuthorityInformationAccess(access), False),
        )
    )
    ours = INTERMEDIATE.issue(inviting, NAME, validity(NOW, 30))
    assert judge.verify(peer_of(ours))
    assert refusal(peer_of(ours, without_chain=True), judge)
    assert refusal(peer_of(self_signed(inviting, NAME, validity(NOW, 30))), judge)
    with pytest.raises(BlockingIOError):
        canary.accept()


def test_the_judge_needs_neither_twisted_nor_openssl() -> None:
    """The verdict is made of values alone, and can be asked for anywhere."""
    program = "import sys, pki.chain; print({'twisted', 'OpenSSL'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
