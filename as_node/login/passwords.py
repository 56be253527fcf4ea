"""
Who knows which password.

Hashing is slow on purpose, so it is done outside the reactor's thread, where nobody's
token request waits for it.
"""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from as_node.login.password_hash import hash_of_no_password, is_password_of
from as_node.login.turns import AT_ONCE, Asker, Turns
from as_node.login.users import User, Users
from pki.node.single_flight import SingleFlight

InThread = Callable[[Callable[[], bool]], Deferred[bool]]


def in_thread_of(reactor: Any) -> InThread:
    """
    Runs a function in one of `AT_ONCE` threads that are there for nothing else.

    Where a thread has hashed, memory stays: glibc gives each a heap of its own and
    keeps what was freed in it (measured: 19 to 38 MiB). The reactor's ten threads came
    to 190 MiB and more of it, in their turn, with two that hash at a time.
    """
    pool = ThreadPool(0, AT_ONCE, name="passwords")
    reactor.callWhenRunning(pool.start)
    reactor.addSystemEventTrigger("during", "shutdown", pool.stop)

    def in_thread(function: Callable[[], bool]) -> Deferred[bool]:
        return deferToThreadPool(reactor, pool, function)

    return in_thread


class Passwords:
    """The passwords of *users*; *in_thread* runs what takes long somewhere else."""

    def __init__(self, users: Users, in_thread: InThread) -> None:
        self._users = users
        self._in_thread = in_thread
        self._turns = Turns()
        # A peer that hangs up ends its own waiting, never the work in the thread: its
        # turn is over when the thread is free, or a thousand threads' work would queue.
        self._under_way: SingleFlight[bool] = SingleFlight()
        self._numbers = count()
        # Somebody we do not know takes as long as somebody we do: no oracle.
        self._nobody = hash_of_no_password()

    async def find_user(
        self, username: str, password: str, asker: Asker
    ) -> User | None:
        """
        The customer of this name if this is her password, and None for any doubt.

        How often somebody may try is not looked at: see `as_node.login.rate_limit`.

        Raises:
            TooBusy: too many wait for their turn; the password was not looked at.
        """
        user = self._users.find(username)
        kept = self._nobody if user is None else user.password_hash
        await self._turns.wait(asker)
        is_hers = await self._under_way.join(
            f"{next(self._numbers)}", partial(self._compare, kept, password)
        )
        return user if is_hers else None

    async def _compare(self, kept: str, password: str) -> bool:
        with self._turns.ending():
            return await self._in_thread(partial(is_password_of, kept, password))
