"""How long a client's JWK set is believed, and when it is asked for again."""

import pytest
from twisted.internet.defer import CancelledError, Deferred

from as_node.clients.jwks_cache import (
    FRESH_SECONDS,
    KEPT_SECONDS,
    PAUSE_SECONDS,
    JwksCache,
    JwksNotFetched,
    KnownCertificates,
)
from as_node.clients.jwks_uri import JwksUri, parse_jwks_uri

URI = parse_jwks_uri("https://tpp.example/jwks")
OTHER = parse_jwks_uri("https://other.example/jwks")


class Host:
    """Whoever answers: at once, not at all, or when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.document = frozenset({"old"})
        self.down = False
        self.slow: list[Deferred[None]] | None = None
        self.asked: list[JwksUri] = []
        self.interactions: list[str] = []
        self.warnings: list[str] = []
        self.cache = JwksCache(
            self.fetch, clock=lambda: self.now, warn=self.warnings.append
        )

    async def fetch(self, uri: JwksUri, interaction_id: str) -> frozenset[str]:
        """The document; what `JwksCache` is given to fetch with."""
        self.asked.append(uri)
        self.interactions.append(interaction_id)
        if self.slow is not None:
            answered: Deferred[None] = Deferred()
            self.slow.append(answered)
            await answered
        if self.down:
            raise JwksNotFetched("no connection")
        return self.document

    def find(self, wanted: str, uri: JwksUri = URI) -> Deferred[KnownCertificates]:
        """Begin to look for a certificate."""
        return Deferred.fromCoroutine(self.cache.find(uri, wanted, f"for {wanted}"))

    def found(self, wanted: str, uri: JwksUri = URI) -> frozenset[str]:
        """What is known, where nobody has to be waited for."""
        return result(self.find(wanted, uri)).thumbprints


def result(finding: Deferred[KnownCertificates]) -> KnownCertificates:
    """The outcome, which is there already."""
    outcomes: list[KnownCertificates] = []
    finding.addCallback(outcomes.append)
    assert outcomes, "it still waits"
    return outcomes[0]


@pytest.fixture
def host() -> Host:
    return Host()


def test_a_document_is_fetched_at_its_first_use(host: Host) -> None:
    """RFC 8705 section 2.2: the certificate is registered by reference."""
    assert host.asked == []
    assert host.found("old") == {"old"}
    assert host.asked == [URI]


def test_a_known_certificate_is_found_without_asking_again(host: Host) -> None:
    """As long as the document is fresh, it is asked for once."""
    host.found("old")
    host.now += FRESH_SECONDS - 1
    assert host.found("old") == {"old"}
    assert len(host.asked) == 1


def test_a_new_certificate_is_known_at_its_first_use(host: Host) -> None:
    """RFC 8705 section 2.2: a client rotates by changing its document only."""
    host.found("old")
    host.document = frozenset({"old", "new"})
    host.now += PAUSE_SECONDS
    assert host.found("new") == {"old", "new"}
    assert len(host.asked) == 2


def test_a_certificate_taken_out_is_forgotten_when_the_document_is_old(
    host: Host,
) -> None:
    """A certificate removed from the document stops authenticating within 300 s."""
    host.found("old")
    host.document = frozenset({"new"})
    host.now += FRESH_SECONDS - 1
    assert host.found("old") == {"old"}
    host.now += 1
    assert host.found("old") == {"new"}
    assert FRESH_SECONDS == 300


def test_unknown_certificates_make_one_fetch_in_a_while(host: Host) -> None:
    """Nobody makes us hammer a client's host by sending unknown certificates."""
    for _ in range(5):
        host.found("unknown")
    host.now += PAUSE_SECONDS - 1
    host.found("another")
    assert len(host.asked) == 1
    host.now += 1
    host.found("another")
    assert len(host.asked) == 2


def test_a_failed_fetch_is_not_repeated_at_once_either(host: Host) -> None:
    """A host that is down is asked no more often than one that answers."""
    host.down = True
    assert host.found("old") == frozenset()
    host.now += PAUSE_SECONDS - 1
    assert host.found("old") == frozenset()
    assert len(host.asked) == 1
    host.down = False
    host.now += 1
    assert host.found("old") == {"old"}


def test_a_failed_fetch_keeps_what_was_known(host: Host) -> None:
    """Unknown certificates do not lock out the known one while the host is away."""
    host.found("old")
    host.down = True
    host.now += PAUSE_SECONDS
    assert host.found("unknown") == {"old"}
    assert len(host.asked) == 2
    assert host.found("old") == {"old"}


def test_what_was_known_is_not_kept_for_ever(host: Host) -> None:
    """A certificate stops authenticating within an hour even if the host is away."""
    host.found("old")
    host.down = True
    host.now += KEPT_SECONDS - 1
    assert host.found("old") == {"old"}
    host.now += 1
    assert host.found("old") == frozenset()
    assert KEPT_SECONDS == 3600


def test_a_clock_that_is_set_back_makes_the_document_old(host: Host) -> None:
    """A set from the future is not used, and is fetched without a pause."""
    host.found("old")
    host.document = frozenset({"new"})
    host.now -= 86400
    assert host.found("old") == {"new"}


def test_the_operator_reads_why_a_fetch_failed(host: Host) -> None:
    """One line names the URL and the reason; a later success clears it."""
    host.down = True
    known = result(host.find("old"))
    assert str(known) == f"{URI} (not fetched: no connection)"
    assert host.warnings == [f"jwks_uri {URI}: no connection"]
    host.down = False
    host.now += PAUSE_SECONDS
    assert str(result(host.find("old"))) == str(URI)


def test_each_document_is_kept_for_itself(host: Host) -> None:
    """One client's document and its pauses are none of another's business."""
    host.found("old")
    host.document = frozenset({"other"})
    assert host.found("other", OTHER) == {"other"}
    assert host.found("old") == {"old"}
    assert host.asked == [URI, OTHER]


# A fetch under way.


def test_a_fetch_is_part_of_the_interaction_that_began_it(host: Host) -> None:
    """Others may wait for it; it is not theirs."""
    host.slow = []
    host.find("old")
    host.find("new")
    assert host.interactions == ["for old"]


def test_concurrent_requests_share_one_fetch(host: Host) -> None:
    """However many requests wait for a document, it is fetched once."""
    host.slow = []
    waiting = [host.find("old"), host.find("new"), host.find("old")]
    assert not any(each.called for each in waiting)
    host.slow[0].callback(None)
    assert [result(each).thumbprints for each in waiting] == [{"old"}] * 3
    assert len(host.asked) == 1


def test_a_known_certificate_does_not_wait_for_a_fetch(host: Host) -> None:
    """A slow host delays the unknown certificate and nobody else."""
    host.found("old")
    host.now += PAUSE_SECONDS
    host.slow = []
    unknown = host.find("unknown")
    assert host.found("old") == {"old"}
    host.slow[0].callback(None)
    assert result(unknown).thumbprints == {"old"}


def test_who_gives_up_takes_the_fetch_from_nobody(host: Host) -> None:
    """The first request's connection breaks, and the second is still answered."""
    host.slow = []
    first, second = host.find("old"), host.find("old")
    given_up: list[object] = []
    first.addErrback(lambda failure: given_up.append(failure.trap(CancelledError)))
    first.cancel()
    host.slow[0].callback(None)
    assert given_up
    assert result(second).thumbprints == {"old"}


@pytest.mark.parametrize(("seconds", "fetches"), [(PAUSE_SECONDS, 2), (0.0, 1)])
def test_after_a_slow_fetch_the_next_may_begin(
    seconds: float, fetches: int, host: Host
) -> None:
    """The pause counts from the beginning of the fetch before."""
    host.slow = []
    first = host.find("old")
    host.now += seconds
    host.slow[0].callback(None)
    result(first)
    host.slow = None
    host.found("unknown")
    assert len(host.asked) == fetches


def test_a_fault_of_ours_leaves_nobody_waiting(host: Host) -> None:
    """Whatever a fetch raises, all are told, nobody is let in; the next may succeed."""
    host.slow = []
    waiting = [host.find("old"), host.find("old")]
    host.slow[0].errback(ZeroDivisionError())
    told: list[object] = []
    for each in waiting:
        each.addErrback(lambda failure: told.append(failure.type))
    assert told == [ZeroDivisionError] * 2
    host.slow = None
    host.now += PAUSE_SECONDS
    assert host.found("old") == {"old"}
