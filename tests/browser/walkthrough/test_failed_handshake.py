"""A certificate without its key: what the page shows where there is no connection."""

from playwright.sync_api import expect

from tests.browser.walkthrough.reader import Told, Walkthrough

ATTEMPT = "thief.without-the-key"


def test_a_handshake_that_failed(reading: Walkthrough, told: Told) -> None:
    """The alert, no request, and nothing compared: nobody has proved anything."""
    reading.read(ATTEMPT)
    row = reading.row(ATTEMPT)
    expect(row.locator(".handshake-sign")).to_have_text("TLS 1.3, failed")
    expect(row.locator(".request")).to_have_count(0)
    expect(row.locator(".answer")).to_contain_text("alert decrypt error")
    expect(reading.view.get_by_role("region", name="The binding")).to_have_count(0)
    part = reading.unfolded("Handshake")
    handshake = told.exchange(ATTEMPT)["handshake"]
    expect(part.locator(".shake-note.failure")).to_contain_text(handshake["failure"])
    expect(part).to_contain_text("it was sent, and another key signed this handshake")


def test_whose_certificate_was_sent_is_no_thief(reading: Walkthrough) -> None:
    """It is drawn as it always is, also where somebody else has sent it."""
    reading.read(ATTEMPT)
    chip = reading.row(ATTEMPT).locator(".handshake .chip").first
    expect(chip).to_contain_text("banking-client")
    expect(chip).not_to_contain_text("thief")
