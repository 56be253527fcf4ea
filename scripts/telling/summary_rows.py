"""What was expected of the steps of an act, counted: the rows of the summary."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scripts.walkthrough.story.story import Act, Step

_VALUE = "worked out"  # from what was recorded before
_FREE = "nothing: a person's choice"


@dataclass(frozen=True, slots=True)
class Row:
    """What was expected in some *steps* of an act, and in how many it *came*."""

    expected: str
    steps: int
    came: int

    @property
    def passed(self) -> bool:
        """Whether it came in all of them."""
        return self.came == self.steps


@dataclass(frozen=True, slots=True)
class Detail:
    """How fully steps are told: which share a row, and what each is called in it."""

    shares: Callable[[str], str]
    called: Callable[[list[str]], str]


def rows(steps: Iterable[Step], detail: Detail) -> list[Row]:
    """The steps in rows, in the order in which each kind first occurs."""
    together: dict[str, list[Step]] = {}
    for step in steps:
        together.setdefault(detail.shares(_outcome(step)), []).append(step)
    return [
        Row(
            detail.called([_outcome(step) for step in each]),
            len(each),
            sum(step.passed for step in each),
        )
        for each in together.values()
    ]


def fullest(
    acts: Sequence[Act], fits: Callable[[list[list[Row]]], bool]
) -> list[list[Row]]:
    """The rows of each act, as fully as still *fits*, or as short as can be."""
    found: list[list[Row]] = []
    for detail in _DETAILS:
        found = [rows(act.steps, detail) for act in acts]
        if fits(found):
            break
    return found


def _outcome(step: Step) -> str:
    """What was expected; a value that no table can hold is called one."""
    if not step.expected:
        return _FREE
    told = step.expected[:3].isdigit() or step.expected.startswith("alert ")
    return step.expected if told else _VALUE


def _counted(outcomes: Iterable[str]) -> str:
    """Each once, with how often it occurs."""
    counts = Counter(outcomes)
    return ", ".join(f"{count} \u00d7 {outcome}" for outcome, count in counts.items())


def _errors_counted(outcomes: Iterable[str]) -> str:
    return _counted(_error(outcome) for outcome in outcomes)


def _with_rules(outcomes: list[str]) -> str:
    """The errors, and the rules they were for, each once: sections beside a name."""
    rules = dict.fromkeys(rule for each in outcomes if (rule := _rule(each)))
    sections: dict[str, list[str]] = {}
    for rule in rules:
        document, said, section = rule.rpartition(" section ")
        sections.setdefault(f"{document}{said}", []).append(section)
    named = ", ".join(name + ", ".join(each) for name, each in sections.items())
    return ", ".join(filter(None, (_errors_counted(outcomes), named)))


def _is_refusal(outcome: str) -> bool:
    return outcome[:1] in {"4", "5"}


def _rule(outcome: str) -> str:
    """The rule that was broken, without a remark on how."""
    return outcome.partition(", ")[2].partition(":")[0]


def _itself(outcome: str) -> str:
    return outcome


def _error(outcome: str) -> str:
    """Status and error code, without the rule."""
    return outcome.partition(",")[0]


def _refusal(outcome: str) -> str:
    return outcome if _is_refusal(outcome) else ""


def _refused_with(outcome: str) -> str:
    return _error(_refusal(outcome))


def _nothing(outcome: str) -> str:
    return ""


_DETAILS = (
    Detail(_itself, _counted),
    Detail(_refusal, _counted),
    Detail(_refused_with, _with_rules),
    Detail(_refused_with, _errors_counted),
    Detail(_nothing, _errors_counted),
)
