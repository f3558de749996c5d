"""The network's checks on all made lines."""

import pytest

from tests.accuracy.network_cases import cases
from tests.accuracy.tally import Row, tally


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return tally(cases())


def test_enough_was_looked_at(rows: dict[str, Row]) -> None:
    assert set(rows) == {"net.rtt_high", "net.jitter_high"}
    assert all(row.cases >= 200 and row.faulty and row.healthy for row in rows.values())


def test_nearly_all_are_right(rows: dict[str, Row]) -> None:
    assert rows["net.rtt_high"].wrong == []
    assert rows["net.jitter_high"].right_share >= 0.99


def test_no_healthy_line_is_failed(rows: dict[str, Row]) -> None:
    wrong = [name for row in rows.values() for name in row.wrong]

    assert [name for name in wrong if name.endswith(": failed")] == []
