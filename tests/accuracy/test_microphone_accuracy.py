"""The microphone's checks on every twentieth made case; ``tests.accuracy.report`` runs all."""

import shutil

import pytest

from preflight.model import CheckState
from tests.accuracy.microphone_cases import cases
from tests.accuracy.tally import HEALTHY, Row, tally

EVERY = 20

pytestmark = [
    pytest.mark.skipif(
        shutil.which("espeak-ng") is None,
        reason="espeak-ng, whose voices these are, is not installed",
    ),
    # 20 s of work, which a crowded machine may take ten times as long for.
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return tally(case for number, case in enumerate(cases()) if number % EVERY == 0)


def test_enough_was_looked_at(rows: dict[str, Row]) -> None:
    assert set(rows) == {
        "mic.no_data",
        "mic.silent",
        "mic.level_low",
        "mic.no_voice",
        "mic.clipping",
        "mic.noise_high",
        "mic.hum",
        "mic.dc_offset",
        "mic.dropouts",
        "mic.rate_wrong",
        "mic.narrowband",
        "mic.channel_dead",
        "mic.antiphase",
    }
    assert all(row.cases >= 10 and row.healthy for row in rows.values())
    # Nobody is at fault for not speaking: those cases are neither healthy nor faulty.
    assert [row.code for row in rows.values() if not row.faulty] == ["mic.no_voice"]


def test_nearly_all_are_right(rows: dict[str, Row]) -> None:
    """One miss of 10: the whole table (docs/preflight.md) counts 200 of each."""
    assert [row.wrong for row in rows.values() if len(row.wrong) > 1] == []


def test_no_healthy_case_is_failed(rows: dict[str, Row]) -> None:
    failed = [
        name
        for row in rows.values()
        for name in row.wrong
        if name.endswith(CheckState.FAILED.value)
    ]
    healthy = {case.name for case in cases() if case.truth == HEALTHY}

    assert [name for name in failed if name.rpartition(":")[0] in healthy] == []
