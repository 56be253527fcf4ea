"""Forms as people send them, and forms that are none of ours."""

from dataclasses import replace

import pytest

from as_node.browser.error_pages import (
    UnreadableForm,
)
from as_node.browser.posted_form import read_person_form
from tests.customers.requests import Browser


def test_an_unreadable_form() -> None:
    """A form that is none of ours is refused with a page, for the same reasons."""
    browser = Browser()
    assert read_person_form(browser.post("/", {"a": "1", "b": ""})) == {"a": "1"}
    request = replace(browser.post("/", {}), body=b"a=1&a=2")
    with pytest.raises(UnreadableForm) as refused:
        read_person_form(request)
    assert refused.value.detail == "parameter a is repeated"
    assert refused.value.rule == "RFC 6749 section 3.2"
