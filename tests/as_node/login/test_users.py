"""Customers, their passwords and their second factor."""

import base64
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from queue import Queue
from threading import Event, get_ident

import pytest
from twisted.internet.defer import CancelledError, Deferred, succeed

from as_node.login.password_hash import (
    hash_of_no_password,
    hash_password,
    is_password_of,
    main,
    verify_password_hash,
)
from as_node.login.passwords import Passwords, in_thread_of
from as_node.login.totp import STEP, Totp, TotpSecret, UsedCode, WrongCode
from as_node.login.turns import AT_ONCE, Asker
from as_node.login.users import UserMetadata, Users
from tests.deployment.running import PATIENCE
from tests.in_memory.network import MemoryNetwork

PASSWORD = "be-the-ball"
ASKER = Asker("192.0.2.1", known=False)
HASH = hash_password(PASSWORD)
SECRET = "PZIG5XEW2FZYRUEV7OIL6THCGZVMDMUQ"
SUB = "ty.webb@example.com"


def metadata(**changed: str) -> UserMetadata:
    """A customer's table."""
    given = {"name": "Ty Webb", "password_hash": HASH, "totp_secret": SECRET}
    return UserMetadata(**{**given, **changed})


USERS = Users({SUB: metadata(shown_password=PASSWORD), "al@example.com": metadata()})


def at_once(function: Callable[[], bool]) -> Deferred[bool]:
    """Runs it here and now."""
    return succeed(function())


def test_a_password_and_its_hash() -> None:
    """RFC 9106: a password fits its hash, and no other does."""
    assert is_password_of(HASH, PASSWORD)
    assert not is_password_of(HASH, "be-the-bell")
    assert not is_password_of(HASH, "")


def test_memory_hard() -> None:
    """RFC 9106 section 3.1: Argon2id, with the memory that makes guessing dear."""
    assert HASH.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_salted() -> None:
    """One password has another hash each time."""
    assert hash_password(PASSWORD) != HASH


def test_keyboards_write_letters_in_two_ways() -> None:
    """RFC 8265 section 4.2: a letter and its accent may be one character or two."""
    assert is_password_of(hash_password("caf\u00e9"), "cafe\u0301")


def test_a_hash_of_no_password_is_like_any_other() -> None:
    """Whoever is nobody's is verified like everybody's, and never right."""
    nobodys = hash_of_no_password()
    verify_password_hash(nobodys)
    assert nobodys != hash_of_no_password()
    assert not is_password_of(nobodys, "")


@pytest.mark.parametrize(
    "other",
    [
        "",
        PASSWORD,
        HASH.replace("argon2id", "argon2i"),
        HASH.replace("m=19456", "m=1024"),
        HASH.replace("t=2", "t=1"),
        HASH + "\n",
    ],
    ids=["empty", "plain", "argon2i", "less memory", "once", "line end"],
)
def test_a_hash_that_is_not_ours(other: str) -> None:
    """A weaker hash, or one that takes another time, stops the start; unrepeated."""
    with pytest.raises(ValueError, match=r"^password_hash: expected") as refused:
        verify_password_hash(other)
    assert not other or other not in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"name": ""}, "name"),
        ({"password_hash": "secret"}, "password_hash"),
        ({"totp_secret": "not base32"}, "totp_secret"),
        ({"totp_secret": base64.b32encode(b"x" * 15).decode()}, "totp_secret"),
    ],
)
def test_a_table_that_cannot_be(changed: dict[str, str], key: str) -> None:
    """What a customer's table says wrongly is refused by its key."""
    with pytest.raises(ValueError, match=f"^{key}: expected"):
        metadata(**changed)


@pytest.mark.parametrize("name", ["", "Ty.Webb@example.com", " ty.webb@example.com"])
def test_a_name_that_cannot_be(name: str) -> None:
    """A name nobody could type is refused."""
    with pytest.raises(ValueError, match=r"^users: expected a name in lower case"):
        Users({name: metadata()})


def test_secrets_are_not_shown() -> None:
    """A customer who ends up in a log or a trace takes no secret with her."""
    user = USERS.find(SUB)
    for text in (repr(user), repr(metadata(shown_password=PASSWORD))):
        for secret in (PASSWORD, HASH, SECRET, str(base64.b32decode(SECRET))):
            assert secret not in text


def test_found_as_people_type() -> None:
    """Capital letters and spaces around a name do not matter."""
    user = USERS.find(" Ty.Webb@Example.com ")
    assert user is not None
    assert user.sub == SUB


def test_only_some_are_shown() -> None:
    """The page shows those whose table says so."""
    assert [user.sub for user in USERS.shown()] == [SUB]


def test_the_right_password() -> None:
    """Name and password that belong together find the customer."""
    passwords = Passwords(USERS, at_once)
    user = MemoryNetwork().run(passwords.find_user(SUB, PASSWORD, ASKER))
    assert user == USERS.find(SUB)


@pytest.mark.parametrize(
    ("name", "password"),
    [(SUB, "be-the-bell"), (SUB, ""), ("nobody@example.com", PASSWORD), ("", "")],
)
def test_no_oracle(name: str, password: str) -> None:
    """A wrong password and an unknown name cost the same work: one hash of ours."""
    hashed: list[str] = []

    def in_thread(function: Callable[[], bool]) -> Deferred[bool]:
        hashed.append(function.args[0])  # type: ignore[attr-defined] # a partial
        return succeed(function())

    passwords = Passwords(USERS, in_thread)
    for _ in range(2):
        assert MemoryNetwork().run(passwords.find_user(name, password, ASKER)) is None
    (password_hash,) = set(hashed)  # one that was there, and not made for this
    verify_password_hash(password_hash)


def test_few_hash_at_the_same_time() -> None:
    """Memory is bounded: the third password waits until the first is hashed."""
    started: list[Deferred[bool]] = []

    def in_thread(function: Callable[[], bool]) -> Deferred[bool]:
        started.append(Deferred())
        return started[-1]

    passwords = Passwords(USERS, in_thread)
    waiting = [
        Deferred.fromCoroutine(passwords.find_user(SUB, PASSWORD, ASKER))
        for _ in range(5)
    ]
    assert len(started) == AT_ONCE
    started[0].callback(True)  # noqa: FBT003 - a result
    assert waiting[0].called
    assert len(started) == AT_ONCE + 1


def test_who_hangs_up_frees_no_thread() -> None:
    """The turn lasts as long as the hashing, or a thread pool's queue would grow."""
    started: list[Deferred[bool]] = []

    def in_thread(function: Callable[[], bool]) -> Deferred[bool]:
        started.append(Deferred())
        return started[-1]

    passwords = Passwords(USERS, in_thread)
    waiting = [
        Deferred.fromCoroutine(passwords.find_user(SUB, PASSWORD, ASKER))
        for _ in range(AT_ONCE + 1)
    ]
    for each in waiting:
        each.addErrback(lambda failure: failure.trap(CancelledError))
    waiting[0].cancel()
    assert len(started) == AT_ONCE
    started[0].callback(True)  # noqa: FBT003 - a result
    assert len(started) == AT_ONCE + 1


class Threads:
    """The part of a running reactor that has to do with threads."""

    def __init__(self) -> None:
        self.calls: Queue[Callable[[], object]] = Queue()
        self.at_the_end: list[Callable[[], object]] = []

    def callWhenRunning(self, function: Callable[[], object]) -> None:
        """It runs."""
        function()

    def addSystemEventTrigger(
        self, phase: str, event: str, function: Callable[[], object]
    ) -> None:
        """What is to be done when it stops."""
        assert (phase, event) == ("during", "shutdown")
        self.at_the_end.append(function)

    def callFromThread(self, function: Callable[..., object], *args: object) -> None:
        """What the reactor's own thread shall do."""
        self.calls.put(partial(function, *args))

    def stop(self) -> None:
        """It stops."""
        for each in self.at_the_end:
            each()


@pytest.fixture
def threads() -> Iterator[Threads]:
    reactor = Threads()
    yield reactor
    reactor.stop()


def test_hashed_in_another_thread(threads: Threads) -> None:
    """The reactor's thread goes on while a password is hashed, and has the answer."""
    hashed_in = []

    def hashes() -> bool:
        hashed_in.append(get_ident())
        return True

    waiting = in_thread_of(threads)(hashes)
    answer = threads.calls.get(timeout=PATIENCE)
    assert not waiting.called
    answer()
    outcomes: list[bool] = []
    waiting.addCallback(outcomes.append)
    assert outcomes == [True]
    assert get_ident() not in hashed_in


def test_few_threads_ever_hash(threads: Threads) -> None:
    """What a hash needs stays with its thread: so they are few, and not ten in turn."""
    hashed_in, all_asked = [], Event()

    def hashes() -> bool:
        hashed_in.append(get_ident())
        return all_asked.wait(PATIENCE)

    in_thread = in_thread_of(threads)
    for _ in range(AT_ONCE + 3):
        in_thread(hashes)
    all_asked.set()
    for _ in range(AT_ONCE + 3):
        threads.calls.get(timeout=PATIENCE)()
    assert len(set(hashed_in)) <= AT_ONCE


def test_the_command_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal the password is asked for, and not shown while it is typed."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("as_node.login.password_hash.getpass", lambda _: PASSWORD)
    main()
    assert is_password_of(capsys.readouterr().out.strip(), PASSWORD)


def test_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the command prints is a hash of the line it was given."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    main()
    assert is_password_of(capsys.readouterr().out.strip(), PASSWORD)


def test_the_command_without_a_password() -> None:
    """No password, no hash: one line, and an exit code."""
    ended = subprocess.run(
        [sys.executable, "-m", "as_node.login.password_hash"],
        input="\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1


class Codes:
    """A clock, and a memory of the codes that were used."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0
        self.used: set[tuple[str, int]] = set()
        self.until = 0
        self.secret = TotpSecret.parse(SECRET)
        self.totp = Totp(lambda: self.now, self.use)

    async def use(self, sub: str, step: int, until: int) -> bool:
        """Once."""
        self.until = until
        is_new = (sub, step) not in self.used
        self.used.add((sub, step))
        return is_new

    def verify(self, code: str) -> None:
        """As the customer types it."""
        MemoryNetwork().run(self.totp.verify_code(SUB, self.secret, code))

    def code(self, drift: int = 0) -> str:
        """What her authenticator shows, *drift* steps off."""
        return self.secret.code(int(self.now) // STEP + drift)


@pytest.fixture
def codes() -> Codes:
    """No code has been used."""
    return Codes()


def test_the_published_code() -> None:
    """RFC 6238 appendix B: the code of 1970-01-01 00:00:59, its last six digits."""
    key = TotpSecret(b"12345678901234567890")
    assert key.code(59 // STEP) == "287082"


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_a_little_off(codes: Codes, drift: int) -> None:
    """RFC 6238 section 6: the code of now, and of one step to either side."""
    codes.verify(codes.code(drift))


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_code_of_another_time(codes: Codes, drift: int) -> None:
    """RFC 6238 section 5.2: two steps off is too far."""
    with pytest.raises(WrongCode):
        codes.verify(codes.code(drift))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦"])
def test_what_is_no_code(codes: Codes, code: str) -> None:
    """Anything else is wrong, and no error of ours."""
    with pytest.raises(WrongCode):
        codes.verify(code)


def test_typed_with_a_space(codes: Codes) -> None:
    """A code may be typed as it is shown, in two groups."""
    code = codes.code()
    codes.verify(f" {code[:3]} {code[3:]} ")


def test_a_code_is_good_once(codes: Codes) -> None:
    """RFC 6238 section 5.2: the second attempt with the same code is refused."""
    codes.verify(codes.code())
    with pytest.raises(UsedCode):
        codes.verify(codes.code())


def test_a_code_is_good_once_whatever_the_process(codes: Codes) -> None:
    """RFC 6238 section 5.2: what was used is asked of the store, until it is over."""
    codes.verify(codes.code())
    codes.totp = Totp(lambda: codes.now, codes.use)
    with pytest.raises(UsedCode):
        codes.verify(codes.code())
    codes.now = codes.until
    with pytest.raises(WrongCode, match="wrong code"):
        codes.verify(codes.secret.code(next(iter(codes.used))[1]))


def test_another_customers_code(codes: Codes) -> None:
    """A code of another secret is wrong."""
    with pytest.raises(WrongCode):
        codes.verify(
            TotpSecret(b"x" * 20).code(int(codes.now) // STEP),
        )


def test_the_page_shows_a_code_that_works(codes: Codes) -> None:
    """What the test page shows is accepted, and after that it shows the next one."""
    for _ in range(2):
        shown = codes.totp.code_to_show(SUB, codes.secret)
        assert shown is not None
        codes.verify(shown.code)
    assert codes.totp.code_to_show(SUB, codes.secret) is None
    codes.now += STEP
    shown = codes.totp.code_to_show(SUB, codes.secret)
    assert shown is not None
    codes.verify(shown.code)


def test_the_page_says_how_long(codes: Codes) -> None:
    """For as many seconds as the page says the code is accepted, and then no more."""
    shown = codes.totp.code_to_show(SUB, codes.secret)
    assert shown is not None
    codes.now += shown.seconds
    with pytest.raises(WrongCode):
        codes.verify(shown.code)
    codes.now -= 1
    codes.verify(shown.code)
