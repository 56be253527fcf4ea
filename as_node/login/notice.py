"""Why a page of signing in is shown once more."""

from dataclasses import dataclass

from pki.http.messages import Fields


@dataclass(frozen=True, slots=True)
class Notice:
    """
    The *status* of the answer and the *message* on the page; none when it is shown for
    the first time. *wait* is how many seconds to wait before the next attempt.
    """

    status: int = 200
    message: str = ""
    wait: int = 0

    def headers(self) -> Fields:
        """RFC 9110 section 10.2.3: `Retry-After`, where she has to wait."""
        return (("Retry-After", str(self.wait)),) if self.wait else ()


FIRST = Notice()
"""Nothing was wrong yet."""


def wait_notice(seconds: int) -> Notice:
    """Too many attempts, RFC 6585 section 4."""
    message = f"Too many attempts. Please wait {seconds} seconds and try again."
    return Notice(429, message, seconds)
