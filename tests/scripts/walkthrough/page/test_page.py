"""The walk-through page, before a browser has it."""

import json

from scripts.walkthrough.page.page import as_page
from scripts.walkthrough.page.story_json import as_json
from tests.scripts.walkthrough.stories import story


def test_what_came_from_the_wire_is_data() -> None:
    """No value of a request or a certificate can end the element it is in."""
    page = as_page(as_json(story()))
    assert page.count("<script") == 2
    data = page.partition('id="story">')[2].partition("</script>")[0]
    assert json.loads(data) == json.loads(json.dumps(as_json(story())))
