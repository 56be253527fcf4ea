"""From when until when something issued is good."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509

BACKDATED = timedelta(minutes=5)
"""For the clocks of other machines, which may be a little behind ours."""


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when, both inclusive."""

    not_before: datetime
    not_after: datetime

    def ending_with(self, certificate: x509.Certificate) -> "Validity":
        """The same, but not outliving *certificate*."""
        end = min(self.not_after, certificate.not_valid_after_utc)
        return Validity(self.not_before, end)


def validity(now: float, days: float) -> Validity:
    """From five minutes ago until *days* from *now* (seconds since the epoch)."""
    today = datetime.fromtimestamp(int(now), UTC)
    return Validity(today - BACKDATED, today + timedelta(days=days))
