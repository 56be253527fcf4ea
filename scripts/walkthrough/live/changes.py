"""
What is new in a story that grows, as JSON: the shape that `story_json` documents.

With `run` and `revision`, after which the next part is asked for; `full`, the nodes
whose recordings hold no more, and `gone`, those whose recordings are no longer there:
nothing of what they do is shown from then on. A part is made in one go, and holds no
more than a page takes in at once.
"""

import json
from datetime import UTC, datetime

from scripts.walkthrough.live.limits import LIMITS, Limits
from scripts.walkthrough.live.story import LiveAct, LiveStep, LiveStory
from scripts.walkthrough.page.mermaid import mermaid_of_act
from scripts.walkthrough.page.story_json import Json, looked_up, step_as_json
from scripts.walkthrough.story.story import Act


def changes_as_json(
    story: LiveStory, run: str, known: int, limits: Limits = LIMITS
) -> Json:
    """The steps of *story* that are new or changed since its revision *known*."""
    most = limits.most_steps_at_once
    changed = story.changed_since(known, most)
    told = _as_much_as_fits(changed, limits.largest_part)
    complete = len(changed) < most and len(told) == len(changed)
    return {
        "version": 2,
        "run": run,
        "revision": story.revision if complete else changed[len(told) - 1].revision,
        "made_at": f"{datetime.now(UTC):%d %B %Y, %H:%M UTC}",
        "parties": [],
        "full": list(story.full),
        "gone": list(story.gone),
        **looked_up(each.step for each in told),
        "acts": _acts(story, told, most),
    }


def _as_much_as_fits(changed: list[LiveStep], left: int) -> dict[LiveStep, Json]:
    """The first of the steps that *left* characters hold, at least one, as JSON."""
    fitting: dict[LiveStep, Json] = {}
    for each in changed:
        members = step_as_json(f"{each.act.number}.{each.number}", each.step)
        left -= len(json.dumps(members))
        if fitting and left < 0:
            break
        fitting[each] = members
    return fitting


def _acts(story: LiveStory, told: dict[LiveStep, Json], most: int) -> list[Json]:
    """The acts that the steps are of, each with those of its steps."""
    acts: dict[LiveAct, list[LiveStep]] = {}
    for step in told:
        acts.setdefault(step.act, []).append(step)
    return [
        {
            "number": act.number,
            "name": "",
            "title": act.title,
            "says": "",
            "sentence": "",
            "question": "",
            "answer": "",
            "steps": [
                told[each] for each in sorted(of_act, key=lambda step: step.number)
            ],
            "mermaid": _mermaid(story, act, most),
        }
        for act, of_act in sorted(acts.items(), key=lambda pair: pair[0].number)
    ]


def _mermaid(story: LiveStory, act: LiveAct, most: int) -> str:
    """The act as a diagram, unless it has more than *most* steps."""
    steps = story.steps_of(act)
    if len(steps) > most:
        return ""
    return mermaid_of_act(Act(act.title, "", steps))
