"""The list in a Status List Token: Token Status List section 4."""

import zlib
from base64 import urlsafe_b64encode

import pytest

from rs_node.authorization_server.status_list import (
    LARGEST_LIST,
    NoStatusList,
    StatusList,
    read_list,
)


def encoded(octets: bytes) -> str:
    """As section 4.2 has it."""
    return urlsafe_b64encode(zlib.compress(octets)).rstrip(b"=").decode()


def the_list(width: int, lst: str) -> StatusList:
    """What is read of a claim `status_list`."""
    return StatusList(0, 0, *read_list({"bits": width, "lst": lst}))


def test_the_example_of_one_bit() -> None:
    """Section 4.1: sixteen tokens in two octets, as the draft shows them."""
    found = the_list(1, "eNrbuRgAAhcBXQ")
    statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    assert [found.status(idx) for idx in range(16)] == statuses
    assert found.status(16) is None


def test_the_example_of_two_bits() -> None:
    """Section 4.1: twelve tokens in three octets."""
    found = the_list(2, encoded(bytes([0xC9, 0x44, 0xF9])))
    statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    assert [found.status(idx) for idx in range(12)] == statuses
    assert found.status(12) is None


@pytest.mark.parametrize(("width", "statuses"), [(4, [0xA, 0xB]), (8, [0xBA])])
def test_wider_statuses(width: int, statuses: list[int]) -> None:
    """Section 4.1: four bits and eight are the widths there are beside."""
    found = the_list(width, encoded(b"\xba"))
    assert [found.status(idx) for idx in range(8 // width)] == statuses


@pytest.mark.check("status-list.form")
@pytest.mark.parametrize(
    "claim",
    [
        None,
        [],
        {},
        {"bits": 1},
        {"lst": encoded(b"\x00")},
        {"bits": 3, "lst": encoded(b"\x00")},
        {"bits": 0, "lst": encoded(b"\x00")},
        {"bits": "1", "lst": encoded(b"\x00")},
        {"bits": 1, "lst": 7},
        {"bits": 1, "lst": ""},
        {"bits": 1, "lst": "not base64url!"},
        {"bits": 1, "lst": encoded(b"\x00") + "="},
        {"bits": 1, "lst": "AAAA"},  # not ZLIB
        {"bits": 1, "lst": "A"},
        {"bits": 1, "lst": encoded(bytes(1000))[:-4]},
        {"bits": 1, "lst": encoded(b"\x00") + "AAAA"},
    ],
)
def test_no_list(claim: object) -> None:
    """Section 8.3: if it cannot be read, nothing can be said about the token."""
    with pytest.raises(NoStatusList):
        read_list(claim)


@pytest.mark.check("status-list.form")
def test_a_list_that_grows_when_it_is_read() -> None:
    """A few kilobytes that would fill the memory are not unpacked."""
    _, octets = read_list({"bits": 1, "lst": encoded(bytes(LARGEST_LIST))})
    assert len(octets) == LARGEST_LIST
    for size in (LARGEST_LIST + 1, 64 * LARGEST_LIST):
        with pytest.raises(NoStatusList, match="larger than is read"):
            read_list({"bits": 1, "lst": encoded(bytes(size))})
