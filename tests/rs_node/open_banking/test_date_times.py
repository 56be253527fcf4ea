"""ISO 8601 as the Open Banking API reads and writes it."""

from datetime import UTC, datetime

import pytest

from rs_node.open_banking.date_times import parse_date_time, parse_filter, written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2017-04-05T10:43:07+00:00", "2017-04-05T10:43:07+00:00"),
        ("2018-07-03T14:43:41Z", "2018-07-03T14:43:41+00:00"),
        ("2018-07-03T14:43:41.123Z", "2018-07-03T14:43:41.123000+00:00"),
        ("2018-07-03T14:43:41,5+0100", "2018-07-03T14:43:41.500000+01:00"),
        ("2018-07-03T14:43-05", "2018-07-03T14:43:00-05:00"),
        ("2018-07-03T14:43:41", "2018-07-03T14:43:41+00:00"),
        ("2018-07-03", "2018-07-03T00:00:00+00:00"),
    ],
)
def test_read_and_written(text: str, said: str) -> None:
    """Open Banking v4.0: variations are read; what is written has its zone."""
    assert written(parse_date_time(text)) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2018-7-3",
        "20180703T144341Z",
        "2018-W27-2",
        "2018-07-03 14:43:41",
        "2018-07-03T14",
        "2018-07-03T25:00:00",
        "2018-13-01",
        "2018-07-03T14:43:41Zulu",
        "2018-07-03T14:43:41+99:00",
        "٢٠١٨-07-03",
        "9999-12-31T23:59:59-14:00",
        "2018-07-03\n",
    ],
)
def test_not_read(text: str) -> None:
    """What is no date is refused."""
    with pytest.raises(ValueError, match=r".+"):
        parse_date_time(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-04-05T10:43:07", (10, 43, 7, 0), (10, 43, 7, 0)),
        ("2017-04-05T10:43:07+05:00", (10, 43, 7, 0), (10, 43, 7, 0)),
        ("2017-04-05T10:43:07Z", (10, 43, 7, 0), (10, 43, 7, 0)),
        ("2017-04-05", (0, 0, 0, 0), (23, 59, 59, 999_999)),
    ],
)
def test_filters(
    text: str, first: tuple[int, int, int, int], last: tuple[int, int, int, int]
) -> None:
    """Open Banking v4.0: in a query a zone is ignored; a date is the whole day."""
    day = (2017, 4, 5)
    assert parse_filter(text, is_end=False) == datetime(*day, *first, tzinfo=UTC)
    assert parse_filter(text, is_end=True) == datetime(*day, *last, tzinfo=UTC)


def test_no_filter() -> None:
    """What is no date is no filter either."""
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_filter("2017", is_end=True)
