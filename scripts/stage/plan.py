"""What an act is going to show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is going to be shown: its title, what is said of it, its rule.

    *expected* is what has to come: a status, for a refusal its error code and the
    rule that was broken ("401 invalid_token, RFC 8705 section 3"), with the mistake
    where the server has recognised one (": the SHA-1 thumbprint (x5t)"), or a value.
    *thief* says that who asks has no right to: he is drawn in a lane of his own.
    """

    title: str
    says: str
    rule: str
    expected: str = "200"
    thief: bool = False
