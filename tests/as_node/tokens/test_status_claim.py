"""The claim `status`: Token Status List section 6.2."""

import pytest

from as_node.tokens.status_claim import LIST_SIZE, StatusIndex, list_uri, read_status

ISSUER = "https://localhost:9443"


@pytest.mark.parametrize(
    ("number", "idx", "uri"),
    [
        (0, 0, "https://localhost:9443/status/0"),
        (LIST_SIZE - 1, LIST_SIZE - 1, "https://localhost:9443/status/0"),
        (LIST_SIZE, 0, "https://localhost:9443/status/1"),
        (7 * LIST_SIZE + 5, 5, "https://localhost:9443/status/7"),
    ],
)
def test_there_and_back(number: int, idx: int, uri: str) -> None:
    """An index is a list and a place in it, and is read back from both."""
    claim = StatusIndex(number).claim(ISSUER)
    assert claim == {"status_list": {"idx": idx, "uri": uri}}
    assert read_status(claim, ISSUER) == StatusIndex(number)


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {},
        "status_list",
        {"status_list": {}},
        {"status_list": {"idx": 0}},
        {"status_list": {"idx": "0", "uri": list_uri(ISSUER, 0)}},
        {"status_list": {"idx": -1, "uri": list_uri(ISSUER, 1)}},
        {"status_list": {"idx": LIST_SIZE, "uri": list_uri(ISSUER, 0)}},
        *(
            {"status_list": {"idx": 0, "uri": uri}}
            for uri in (
                "",
                "0",
                list_uri("https://another", 0),
                list_uri(ISSUER, 0) + "0" * 20,
                ISSUER + "/status/",
                ISSUER + "/status/01",
                ISSUER + "/status/-1",
                ISSUER + "/status/\u0661",
            )
        ),
    ],
)
def test_what_this_server_would_not_write(claim: object) -> None:
    """There is no index in it, so none that could be somebody else's is revoked."""
    assert read_status(claim, ISSUER) is None
