"""What was decided about one request, for the operator's log and the recording."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pki.http.checks import Check


@dataclass(frozen=True, slots=True)
class Decision:
    """
    A check that was passed: what it expected, what came, who decided.

    *decided_by* is the function that decided. *says* is the title of the check, or
    what it comes to in this very case. No token, password or key belongs in *says*,
    *expected* or *presented*; a thumbprint does. A check that was not passed is a
    `Refusal`.
    """

    check: Check
    decided_by: Callable[..., object]
    says: str
    expected: str
    presented: str


@dataclass(slots=True)
class Journal:
    """
    A logger bound to one request: written by those who decide, read at the rim.

    It is not a way to pass values from one step to the next: a step that needs a
    value is given it. What it has from the beginning is *interaction_id*: the
    `x-fapi-interaction-id` of the request, for what has to be asked elsewhere in its
    course, or an empty string.
    """

    interaction_id: str = ""
    decisions: list[Decision] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    def accepted(
        self,
        check: Check,
        decided_by: Callable[..., object],
        *,
        says: str = "",
        expected: str = "",
        presented: str = "",
    ) -> None:
        """
        *check* was passed by this request.

        *says* is for a check whose title leaves open what exactly was found.
        """
        self.decisions.append(
            Decision(check, decided_by, says or check.title, expected, presented)
        )

    def about(self, **facts: str) -> None:
        """Facts for the log line: client_id, jti, thumbprint; never a secret."""
        self.facts.update(facts)
