"""What an act is going to show, and each of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is going to be shown: its name, its title, what is said of it, its rule.

    The *name* is the step's for good ("thief.wrong-certificate"), whatever number it
    has. *expected* is what has to come: a status, for a refusal its error code and the
    rule that was broken ("401 invalid_token, RFC 8705 section 3"), with the mistake
    where the server has recognised one (": the SHA-1 thumbprint (x5t)"), or a value.
    *thief* says that who asks has no right to: he is drawn in a lane of his own.
    """

    name: str
    title: str
    says: str
    rule: str
    expected: str = "200"
    thief: bool = False


@dataclass(frozen=True, slots=True)
class ActPlan:
    """
    What an act is about: its name, its title, what is said of it.

    *sentence* is the one it ends with; *question* is for the class, *answer* what they
    should come to. *steps* are the names of its steps in order, so their numbers are
    known before anything has happened; *central* are those the act is about; *words*
    are further ones by which a step is found, by its name.
    """

    name: str
    title: str
    says: str
    sentence: str
    question: str
    answer: str
    steps: tuple[str, ...]
    central: frozenset[str]
    words: Mapping[str, str] = field(default_factory=dict)
