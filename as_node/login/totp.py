"""
The second factor: time-based one-time passwords, RFC 6238.

Six digits, 30 seconds, HMAC-SHA-1: what every authenticator application takes.
"""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30
"""Seconds."""

_DRIFT = (0, -1, 1)  # steps, RFC 6238 section 6: a clock may be a little off

Use = Callable[[str, int, int], Awaitable[bool]]
"""
Uses the code of a customer (her `sub`) and a step: True once, whoever asks how often.

The third argument is until when that has to be remembered, in seconds since the epoch.
"""


@dataclass(frozen=True, slots=True)
class TotpSecret:
    """What the customer's authenticator and we both know: at least 128 bits."""

    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "TotpSecret":
        """
        From base32 (RFC 4648 section 6), as authenticator applications are given it.

        Raises:
            ValueError: it is something else, or shorter than RFC 4226 section 4 asks.
        """
        try:
            key = base64.b32decode(text)
        except binascii.Error as error:
            raise ValueError(f"totp_secret: expected base32: {error}") from error
        if len(key) < 16:
            raise ValueError("totp_secret: expected at least 128 bits")
        return cls(key)

    def code(self, step: int) -> str:
        """The six digits of the step, counted from the epoch."""
        totp = TOTP(self.key, 6, SHA1(), STEP)  # noqa: S303 - RFC 6238 section 1.2
        return totp.generate(step * STEP).decode("ascii")


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code for the test page, and how many seconds it is good for at least."""

    code: str
    seconds: int


class WrongCode(Exception):
    """The code is none of this customer's, or not of this time."""


class UsedCode(WrongCode):
    """RFC 6238 section 5.2: the code was right, and has been accepted before."""


class Totp:
    """
    Verifies codes; *use* makes sure that each is accepted once.

    *clock* gives seconds since the epoch. How often somebody may try is not looked
    at: see `as_node.login.rate_limit`.
    """

    def __init__(self, clock: Callable[[], float], use: Use) -> None:
        self._clock = clock
        self._use = use
        # The steps of late, for `code_to_show` alone: what was used, the store knows.
        self._used: dict[str, frozenset[int]] = {}

    async def verify_code(self, sub: str, secret: TotpSecret, code: str) -> None:
        """
        *code* is one of this customer's, of now or a step beside, and used only now.

        Raises:
            WrongCode, UsedCode: see there.
        """
        step = self._find_step(secret, "".join(code.split()))
        if step is None:
            raise WrongCode("wrong code")
        of_late = (s for s in self._used.get(sub, ()) if abs(s - step) <= 2)
        self._used[sub] = frozenset({step, *of_late})
        if not await self._use(sub, step, (step + 2) * STEP):
            raise UsedCode("used code")

    def code_to_show(self, sub: str, secret: TotpSecret) -> ShownCode | None:
        """
        A code that would be accepted now, for the page of a test bank.

        The next one already where this one is used; None where that is used too.
        """
        now = int(self._clock())
        current = now // STEP
        for step in (current, current + 1):
            if step not in self._used.get(sub, ()):
                return ShownCode(secret.code(step), (step + 2) * STEP - now)
        return None

    def _find_step(self, secret: TotpSecret, code: str) -> int | None:
        current = int(self._clock()) // STEP
        presented = code.encode("utf-8")
        for drift in _DRIFT:
            expected = secret.code(current + drift).encode("ascii")
            if hmac.compare_digest(expected, presented):
                return current + drift
        return None
