"""What a Range header asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from liftbay_backend.files.ranges import Stretch, read_range
from liftbay_backend.problems import ErrorCode, Problem


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 99),
        (" bytes= 10-19 ", 10, 19),
        ("bytes=99-1000", 99, 99),
        ("bytes=-1", 99, 99),
        ("bytes=-1000", 0, 99),
    ],
)
def test_one_range_is_read(header: str, first: int, last: int) -> None:
    assert read_range(header, 100) == Stretch(first, last)


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-"],
)
def test_what_is_no_single_range_asks_for_the_whole(header: str | None) -> None:
    assert read_range(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_bytes_that_are_not_there_are_refused_with_the_length(header: str) -> None:
    with pytest.raises(Problem) as caught:
        read_range(header, 100)

    assert caught.value.error is ErrorCode.FILE_RANGE_UNSATISFIABLE
    assert caught.value.headers == {"Content-Range": "bytes */100"}


@given(some.text(max_size=40), some.integers(1, 2**40))
def test_no_header_leads_outside_the_file(text: str, length: int) -> None:
    try:
        found = read_range(f"bytes={text}", length)
    except Problem:
        return

    assert found is None or 0 <= found.first <= found.last < length
