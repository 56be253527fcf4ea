"""The first screen: one theft before and after, and what each act comes to."""

from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.reader import Told, Walkthrough, steps_of

BEFORE, AFTER = "bearer.thief-in-his-own-name", "thief.wrong-certificate"


def test_one_theft_before_and_after(reading: Walkthrough, told: Told) -> None:
    """Side by side, as it was recorded: the bearer token opens, the bound one not."""
    named = {step["name"]: step for step in steps_of(told.story)}
    groups = (
        ("With a bearer token", BEFORE, "200 OK, to the thief"),
        ("With a token that is bound to a certificate", AFTER, "401 invalid_token"),
    )
    places = []
    for title, name, answer in groups:
        theft = reading.page.get_by_role("group", name=title, exact=True)
        expect(theft.locator(".answer")).to_contain_text(answer)
        link = theft.get_by_role("link")
        expect(link).to_have_attribute("href", f"#step-{named[name]['number']}")
        place = theft.bounding_box()
        assert place is not None
        places.append(place)
    assert places[0]["y"] == places[1]["y"]
    sent = [
        (one["handshake"]["client_certificate"], one["request"]["start"])
        for name in (BEFORE, AFTER)
        for one in named[name]["exchanges"]
    ]
    assert sent[0] == sent[1]
    said = reading.page.get_by_text("The same thief, the same certificate, the same")
    expect(said).to_be_visible()
    reading.page.get_by_role("link", name=f"Step {named[AFTER]['number']}").click()
    reading.shows(named[AFTER]["number"])


def test_thefts_that_differ_in_more(new_reader: NewReader, told: Told) -> None:
    """Nothing is called the same that is not; and without the steps there is none."""
    story = told.changed()
    (first,) = (each for each in steps_of(story) if each["name"] == BEFORE)
    first["exchanges"][0]["handshake"]["client_certificate"] = None
    reader = new_reader(story)
    reader.open()
    expect(reader.page.locator(".theft")).to_have_count(2)
    expect(reader.page.get_by_text("The same thief")).to_have_count(0)
    without = new_reader(told.changed("thief.no-certificate"))
    without.open()
    expect(without.page.locator(".theft")).to_have_count(0)
    expect(without.page.locator(".acts-in-short > li")).to_have_count(1)


def test_what_each_act_comes_to(reading: Walkthrough, told: Told) -> None:
    """In a sentence, in its place at the start, and with a link."""
    acts = told.story["acts"]
    shown = reading.page.locator(".acts-in-short > li")
    assert [" ".join(text.split()) for text in shown.all_text_contents()] == [
        f"{act['number']} {act['title']}{act['sentence']}" for act in acts
    ]
    assert all(act["sentence"] for act in acts)
    shown.nth(2).get_by_role("link").click()
    expect(reading.page.get_by_role("article")).to_have_accessible_name("Act 3")


def test_an_act_ends_with_its_question(reading: Walkthrough, told: Told) -> None:
    """And its sentence, below its steps; the answer is folded, in the pane as well."""
    for act in told.story["acts"][:2]:
        reading.open(f"#act-{act['number']}")
        for end in (
            reading.page.locator(f"#act-{act['number']} .act-body > .act-end"),
            reading.view.locator(".act-end"),
        ):
            expect(end).to_contain_text(act["sentence"])
            expect(end.get_by_role("heading")).to_have_text(act["question"])
            answer = end.get_by_text(act["answer"])
            expect(answer).to_be_hidden()
            end.get_by_text("The answer").click()
            expect(answer).to_be_visible()


def test_who_is_who(reading: Walkthrough, told: Told) -> None:
    """For whoever knows no OAuth: named at the start, and told by a click."""
    terms = told.story["who"]
    who = reading.page.locator(".who")
    summary = who.locator("summary")
    for term, text in terms:
        expect(summary).to_contain_text(term)
        expect(who.get_by_text(text)).to_be_hidden()
    summary.click()
    expect(who.get_by_role("term")).to_have_text([term for term, _ in terms])
    expect(who.get_by_role("definition")).to_have_text([text for _, text in terms])
    expect(who.get_by_role("definition").last).to_be_visible()
    summary.click()


def test_the_legend_folds(reading: Walkthrough) -> None:
    """It is there at first, and gone by a click."""
    sign = reading.view.get_by_text("A token that is bound to no certificate:")
    expect(sign).to_be_visible()
    reading.view.get_by_text("The signs").click()
    expect(sign).to_be_hidden()


def test_where_a_handshake_was_not_made_again(reading: Walkthrough, told: Told) -> None:
    """It is said whose connection it is; and every first one has its handshake."""
    reading.button("Unfold all").click()
    seen: dict[str, str] = {}
    drawn = dict[str, list[str]]()
    for step in steps_of(told.story):
        drawn[step["number"]] = expected = []
        waiting = list(step["exchanges"])
        while waiting:
            exchange = waiting.pop(0)
            waiting[:0] = exchange["nested"]
            # An attempt that no server received came by no connection.
            known = exchange["connection"] or f"none of {step['number']}"
            first = seen.setdefault(known, step["number"])
            expected.append(first)
    repeated = 0
    for number, firsts in drawn.items():
        row = reading.row(number)
        said = row.locator(".same-connection").all_text_contents()
        repeated += len(said)
        expect(row.locator(".handshake")).to_have_count(len(firsts) - len(said))
        named = [text.rpartition(" ")[2] for text in said]
        others = [each for each in firsts if each != number]
        assert [each for each in named if each != "above"] == others
    assert repeated > 10
