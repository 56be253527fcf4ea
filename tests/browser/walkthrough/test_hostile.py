"""Whatever a peer sends, a walk-through shows it as text and does nothing of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.walkthrough.conftest import NewReader
from tests.browser.walkthrough.harmless import LONG, MARKUP, SCRIPT, assert_harmless
from tests.browser.walkthrough.reader import Story, Told, exchanges_of, steps_of

OUT_OF_JSON = "</script><script>window.hacked=1</script><!--"
TURNED = "\u202egnorw si siht\u202c \u2066 \x1b[31m \x00 \ud800"

_STEPS = (
    "bearer.bound-token",
    "jwt.thumbprint",
    "introspection.client-reads",
    "thumbprints.base64url-of-hex",
)

HOSTILE = {
    "a script": SCRIPT,
    "markup": MARKUP,
    "an end of the script": OUT_OF_JSON,
    "turned text": TURNED,
    "a long word": LONG,
    "an address": "javascript:window.hacked=1",
    "a name of every object's": "__proto__",
    "nothing": "",
}


def everywhere(value: Any, hostile: str) -> Any:
    """*value* with each of its texts replaced; names of members stay."""
    if isinstance(value, str):
        return hostile
    if isinstance(value, list):
        return [everywhere(each, hostile) for each in value]
    if isinstance(value, dict):
        return {name: everywhere(each, hostile) for name, each in value.items()}
    return value


def from_the_wire(story: Story, hostile: str) -> None:
    """Replace all that a peer can choose, and that the page cannot do without."""
    kept = {"client_lane", "server_lane", "handshake"}
    for exchange in list(exchanges_of(story)):
        handshake = exchange["handshake"]
        for name in ("server_name", "alpn", "group", "cipher_suite", "tls_version"):
            handshake[name] = hostile
        handshake["messages"] = [*handshake["messages"], hostile]
        handshake["in_the_clear"] = everywhere(handshake["in_the_clear"], hostile)
        nested = exchange["nested"]
        for name in set(exchange) - kept - {"nested", "tokens", "response"}:
            exchange[name] = everywhere(exchange[name], hostile)
        exchange["request"]["start"] = f"GET /{hostile}?{hostile}={hostile} HTTP/1.1"
        exchange["request"]["headers"] += [["Authorization", f"Bearer {hostile}"]]
        if exchange["response"]:
            exchange["response"] = everywhere(exchange["response"], hostile)
            exchange["response"]["start"] = f"HTTP/1.1 401 {hostile}"
        for token in exchange["tokens"]:
            token["value"] = token["known_by"] = hostile
        exchange["nested"] = nested
    for certificate in story["certificates"].values():
        for name in set(certificate) - {"x5t_s256", "der"}:
            certificate[name] = everywhere(certificate[name], hostile)


def in_our_words(story: Story, hostile: str) -> None:
    """Replace what our own files say: titles, rules, sources, meanings."""
    for step in steps_of(story):
        for name in ("title", "says", "words", "expected", "came", "derivation"):
            step[name] = everywhere(step[name], hostile)
    for name in ("rules", "sources", "glossary", "who"):
        story[name] = everywhere(story[name], hostile)
    for act in story["acts"]:
        for name in ("title", "says", "mermaid"):
            act[name] = hostile


def of_all_kinds(told: Told, what: Callable[[Story, str], None]) -> Story:
    """A story with an act for each kind, which has its own of all that has a name."""
    one = told.changed(*_STEPS)
    whole: Story = {**one, "acts": []}
    for number, hostile in enumerate(HOSTILE.values(), 1):
        story = with_names_of_its_own(one, number)
        what(story, hostile)
        steps = steps_of(story)
        for n, step in enumerate(steps, 1):
            step["number"] = f"{number}.{n}"
        whole["acts"] += [{**story["acts"][0], "number": number, "steps": steps}]
        for name in ("certificates", "rules", "sources", "glossary"):
            whole[name] = {**whole[name], **story[name]}
        whole["who"] = [*whole["who"], *story["who"]]
    return whole


def with_names_of_its_own(story: Story, number: int) -> Story:
    """A copy in which certificates, rules and sources go by other names."""
    text = json.dumps(story)
    for old in story["certificates"]:
        text = text.replace(old, f"{number}{old[1:]}")
    for old in story["rules"]:
        text = text.replace(f'"{old}"', f'"{old}{number}"')
    for old in story["sources"]:
        text = text.replace(f'"{old}"', f'"{number}/{old}"')
    copy = json.loads(text)
    assert isinstance(copy, dict)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("what", [from_the_wire, in_our_words])
def test_a_hostile_value_does_nothing(
    new_reader: NewReader, told: Told, what: Callable[[Story, str], None]
) -> None:
    """In every place at once; it is shown as the text that it is, on a telephone."""
    story = of_all_kinds(told, what)
    reader = new_reader(story, viewport={"width": 360, "height": 800})
    reader.open()
    for number, kind in enumerate(HOSTILE, 1):
        steps = [f"{number}.{n}" for n, _ in enumerate(_STEPS, 1)]
        assert_harmless(reader, *steps)
        if kind in {"a script", "markup", "an end of the script"}:
            expect(reader.view).to_contain_text(HOSTILE[kind])
