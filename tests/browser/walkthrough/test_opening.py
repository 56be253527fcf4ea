"""The page of a demo, opened from disk without a network."""

import pytest
from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import Told, Walkthrough, steps_of

_OF_MANY_KINDS = [
    "bearer.token-says",
    "bearer.bound-token",
    "authentication.self-signed-jwks-uri",
    "jwt.thumbprint",
    "introspection.client-reads",
    "customer.approves",
    "customer.redeems",
    "thief.sent-along",
    "renewal.refresh-token",
    "thumbprints.none",
]


def test_everything_that_was_shown_is_drawn(reader: Walkthrough, told: Told) -> None:
    """All acts and all steps in their order; only the first act is unfolded."""
    acts, steps = told.story["acts"], steps_of(told.story)
    rows = reader.page.locator(".step-link")
    expect(rows).to_have_count(len(steps))
    assert [" ".join(text.split()) for text in rows.all_text_contents()] == [
        f"{step['number']} {step['title']}" for step in steps
    ]
    folds = [reader.act(act["number"]) for act in acts]
    assert [fold.text_content() for fold in folds] == [
        f"Act {act['number']}{act['title']}" for act in acts
    ]
    unfolded = [fold.get_attribute("aria-expanded") for fold in folds]
    assert unfolded == ["true", *["false"] * (len(acts) - 1)]
    summary = f"{len(steps)} steps, all as the RFCs say"
    expect(reader.page.get_by_text(summary)).to_be_visible()


def test_every_request_and_answer_is_drawn(reading: Walkthrough, told: Told) -> None:
    """What was sent and what came is on the arrows, and why it was refused."""
    grant = "POST /token client_credentials"
    another = "the token is bound to another certificate"
    not_that = "tls_client_auth_subject_dn is not the one expected"
    for step, asked, answered, why in (
        ("bearer.thief-reads", "GET /accounts", "200 OK", []),
        ("authentication.subject-dn", grant, "200 OK", []),
        ("thief.wrong-certificate", "GET /accounts", "401 invalid_token", [another]),
        ("thief.anothers-certificate", grant, "401 invalid_client", [not_that]),
        ("thief.code-tokens-end", "POST /introspect", "200 active: false", []),
    ):
        reading.read(step)
        row = reading.row(step)
        expect(row.locator(".request").first).to_contain_text(asked)
        expect(row.locator(".answer").last).to_contain_text(answered)
        decisions = told.exchange(step)["decisions"]
        refused = [each["check"] for each in decisions if not each["accepted"]]
        expect(row.locator(".refused-check")).to_have_text(why)
        assert bool(refused) == bool(why)
        expect(row.locator(".check")).to_have_count(len(decisions))
        expect(row.locator(".check.rejected")).to_have_count(len(refused))


def test_all_of_a_step_can_be_opened(reading: Walkthrough) -> None:
    """Whatever folds, to its depth; nothing is asked for, and nothing is complained."""
    for step in _OF_MANY_KINDS:
        reading.read(step)
        reading.unfold_everything()
        assert reading.view.inner_text().count("\n") > 20


@pytest.mark.parametrize("scripts", [True, False])
def test_without_scripts(new_reader: NewReader, *, scripts: bool) -> None:
    """A browser that runs none says why there is nothing to see; no other does."""
    reader = new_reader(java_script_enabled=scripts)
    reader.open()
    said = reader.page.locator("noscript")
    expect(said).to_be_visible(visible=not scripts)
    assert "with a script of its own" in (said.text_content() or "")
