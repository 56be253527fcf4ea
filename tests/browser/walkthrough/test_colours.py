"""A certificate in a walk-through: one look wherever it occurs, and its tokens'."""

import re
from collections import defaultdict
from typing import Literal

import pytest

from tests.browser.walkthrough.reader import Told, Walkthrough, exchanges_of

# Of all chips or tickets of the page: the x5t#S256 and the name they are titled with,
# and how they look.
_LOOKS = """selector => [...document.querySelectorAll(selector)]
  .filter(each => / [\\w-]{43}$/.test(each.title))
  .map(each => {
    const style = getComputedStyle(each);
    return {
      x5t: each.title.slice(-43),
      name: each.title.split(/: |, bound to |'s certificate/)[0],
      colour: style.color,
      edge: `${style.borderTopColor} ${style.borderTopStyle}`,
      letters: each.querySelector(".monogram").textContent,
    };
  })"""

Looks = dict[str, set[tuple[str, str, str]]]


def looks(found: list[dict[str, str]]) -> Looks:
    """For each x5t#S256 every look it has: colour, edge, letters."""
    each_look: Looks = defaultdict(set)
    for one in found:
        each_look[one["x5t"]].add((one["colour"], one["edge"], one["letters"]))
    return each_look


def is_a_thiefs(holder: str) -> bool:
    """Whether a certificate's holder is the demo's thief."""
    return re.match("rogue-|other-tpp", holder) is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_look_for_each_certificate(
    reading: Walkthrough, told: Told, scheme: Literal["light", "dark"]
) -> None:
    """In the picture and in the step, on chips and on tickets of bound tokens."""
    reading.page.emulate_media(color_scheme=scheme)
    reading.read("thief.wrong-certificate")
    chips = reading.page.evaluate(_LOOKS, ".chip")
    tickets = reading.page.evaluate(_LOOKS, ".ticket")
    certificates = told.story["certificates"]
    drawn = {
        x5t
        for exchange in exchanges_of(told.story)
        for x5t in (
            exchange["handshake"]["client_certificate"],
            exchange["handshake"]["server_certificate"],
        )
        if x5t
    }
    assert set(looks(chips)) >= drawn
    assert all(len(each) == 1 for each in looks(chips).values())
    named = {one["x5t"]: one["name"] for one in chips}
    assert all(certificates[x5t]["holder"] == name for x5t, name in named.items())
    bound = looks(tickets)
    assert len(bound) > 10
    for x5t in set(bound) & set(certificates):
        assert bound[x5t] == looks(chips)[x5t], certificates[x5t]["holder"]


def test_two_certificates_are_told_apart(reading: Walkthrough, told: Told) -> None:
    """Always by letters; a thief's edge is dashed, and his colour is nobody's else."""
    reading.read("thief.wrong-certificate")
    seen = looks(reading.page.evaluate(_LOOKS, ".chip"))
    certificates = told.story["certificates"]
    letters = [look[2] for each in seen.values() for look in each]
    assert len(letters) == len(set(letters)) > 20
    thieves: set[tuple[str, bool]] = set()
    honest: set[tuple[str, bool]] = set()
    for x5t, ((colour, edge, _),) in ((x5t, tuple(each)) for x5t, each in seen.items()):
        holder = certificates[x5t]["holder"]
        (thieves if is_a_thiefs(holder) else honest).add(
            (colour, edge.endswith("dashed"))
        )
    assert len(thieves) == 1
    assert all(dashed for _, dashed in thieves)
    assert {colour for colour, _ in thieves}.isdisjoint(colour for colour, _ in honest)
    assert not any(dashed for _, dashed in honest)


def test_no_two_of_an_act_share_a_colour(reading: Walkthrough, told: Told) -> None:
    """Of clients' certificates that are not a thief's, wherever the act shows them."""
    seen = looks(reading.page.evaluate(_LOOKS, ".chip"))
    servers = {
        exchange["handshake"]["server_certificate"]
        for exchange in exchanges_of(told.story)
    }
    certificates = told.story["certificates"]
    most = 0
    for act in told.story["acts"]:
        chips = reading.page.evaluate(_LOOKS, f"#act-{act['number']} .chip")
        shown = {chip["x5t"] for chip in chips} - servers
        honest = {x5t for x5t in shown if not is_a_thiefs(certificates[x5t]["holder"])}
        colours = {colour for x5t in honest for colour, _, _ in seen[x5t]}
        assert (act["number"], len(colours)) == (act["number"], len(honest))
        most = max(most, len(honest))
    assert most > 8


def test_the_stolen_token_and_the_thief(reading: Walkthrough, told: Told) -> None:
    """RFC 8705 section 3: its ticket is of the victim's colour, the chip is not."""
    reading.read("thief.wrong-certificate")
    row = reading.row("thief.wrong-certificate")
    (token,) = told.exchange("thief.wrong-certificate")["tokens"]
    (ticket, *_) = reading.page.evaluate(_LOOKS, "#step-6\\.3 .request .ticket")
    (chip, *_) = reading.page.evaluate(_LOOKS, "#step-6\\.3 .request .chip")
    assert ticket["x5t"] == token["bound_to"]
    assert (
        chip["x5t"]
        == told.exchange("thief.wrong-certificate")["handshake"]["client_certificate"]
    )
    assert ticket["colour"] != chip["colour"]
    assert row.locator(".binding.other").count() == 1
    reading.read("jwt.client-reads")
    (ticket, *_) = reading.page.evaluate(_LOOKS, "#step-3\\.4 .request .ticket")
    (chip, *_) = reading.page.evaluate(_LOOKS, "#step-3\\.4 .request .chip")
    assert ticket["colour"] == chip["colour"]
    assert reading.row("jwt.client-reads").locator(".binding.same").count() == 1
