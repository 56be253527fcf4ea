"""What a customer was answered a moment ago, and for how long that is known."""

import pytest

from as_node.browser import double_submit
from as_node.browser.double_submit import RecentAnswers
from as_node.browser.sessions import Visitor
from pki.http.messages import Response
from tests.as_node.authorizing import Time

TY = Visitor(session_id="t" * 43)
FORM = {"decision": "approved", "request_uri": "urn:1"}
ANSWER = Response(303)


def test_the_same_form() -> None:
    """RFC 6749 section 4.1.2: the same visitor, the same form, the same answer."""
    answers = RecentAnswers(Time())
    answers.keep(TY, FORM, ANSWER)
    assert answers.find(TY, dict(reversed(FORM.items()))) is ANSWER


def test_anything_else() -> None:
    """RFC 6749 section 10.12: nobody is given what somebody else was answered."""
    answers = RecentAnswers(Time())
    answers.keep(TY, FORM, ANSWER)
    assert answers.find(Visitor(session_id="l" * 43), FORM) is None
    assert answers.find(TY, {**FORM, "decision": "refused"}) is None
    assert answers.find(TY, {**FORM, "more": "yes"}) is None


@pytest.mark.bound("form.answered-again")
def test_a_moment_later() -> None:
    """RFC 6749 section 4.1.2: and only for a moment."""
    clock = Time()
    answers = RecentAnswers(clock)
    answers.keep(TY, FORM, ANSWER)
    clock.now += double_submit.SECONDS
    assert answers.find(TY, FORM) is None


@pytest.mark.bound("form.answers")
def test_the_oldest_is_forgotten() -> None:
    """RFC 6749 section 10.12: nobody fills the memory by pressing buttons."""
    answers = RecentAnswers(Time())
    for number in range(double_submit.LARGEST + 1):
        answers.keep(TY, {"number": str(number)}, ANSWER)
    assert answers.find(TY, {"number": "0"}) is None
    assert answers.find(TY, {"number": "1"}) is ANSWER
