"""Where status lists are read, and that every way to revoke shows in them."""

import json
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest

from tests.in_memory.authorization_server import CONVENTIONAL, MUTUAL_TLS, Deployment

LIST = f"{CONVENTIONAL}/status/0"
StartAs = Callable[..., Deployment]


def part(jwt: str, at: int) -> dict[str, Any]:
    """One part of a JWT."""
    text = jwt.split(".")[at]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def status(server: Deployment, token: str) -> int:
    """The status of a JWT, read as its claim says."""
    reference = part(token, 1)["status"]["status_list"]
    answer = server.request("GET", reference["uri"])
    assert answer.status == 200
    lst = part(answer.body.decode(), 1)["status_list"]["lst"]
    bits = zlib.decompress(urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
    idx: int = reference["idx"]
    return bits[idx // 8] >> idx % 8 & 1


def test_a_list_for_everybody(server: Deployment) -> None:
    """Token Status List section 8.2: the media type, and for how long it is good."""
    server.token("banking-client")
    for url in (LIST, f"{MUTUAL_TLS}/status/0"):
        answer = server.request("GET", url)
        assert answer.status == 200
        assert answer.header("content-type") == "application/statuslist+jwt"
        assert answer.header("cache-control") == "max-age=5"
        assert part(answer.body.decode(), 0)["typ"] == "statuslist+jwt"
        assert part(answer.body.decode(), 1)["sub"] == LIST


def test_a_list_that_is_known_already(server: Deployment) -> None:
    """RFC 9110 section 13.1.2: 304 without the list, until something was revoked."""
    token = server.token("banking-client")
    tag = server.request("GET", LIST).header("etag") or ""
    for known in (tag, f'"another", W/{tag}'):
        asked = (("If-None-Match", known),)
        answer = server.request("GET", LIST, headers=asked)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.header("etag") == tag
    server.revoke(token, client_id="banking-client")
    asked = (("If-None-Match", tag),)
    assert server.request("GET", LIST, headers=asked).status == 200


@pytest.mark.check("status-list.known")
@pytest.mark.parametrize("number", ["1", "-1", "00", "x", "9" * 30, "%30", "0+"])
def test_there_is_no_such_list(server: Deployment, number: str) -> None:
    """404, and nothing is looked up by what is not a number."""
    server.token("banking-client")
    assert server.request("GET", f"{CONVENTIONAL}/status/{number}").status == 404


def test_before_the_first_token(server: Deployment) -> None:
    """No token refers to it yet."""
    assert server.request("GET", LIST).status == 404


def test_each_token_has_a_place_of_its_own(start_as: StartAs) -> None:
    """RFC 7009 section 2.1: its own is revoked, and no other; after a restart too."""
    server = start_as()
    first, second = (server.token("banking-client") for _ in range(2))
    server.revoke(first, client_id="banking-client")
    assert [status(server, token) for token in (first, second)] == [1, 0]
    server = start_as()
    third = server.token("banking-client")
    assert [status(server, token) for token in (first, second, third)] == [1, 0, 0]


def test_opaque_tokens_have_none(server: Deployment) -> None:
    """They are asked about, so nothing about them needs to be published."""
    server.token("tpp-opaque")
    assert server.request("GET", LIST).status == 404
