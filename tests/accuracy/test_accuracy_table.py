"""The table of docs/preflight.md and its list of misses say the same, and keep the target."""

import re
from collections import Counter

import pytest

from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import CATALOGUE
from tests.accuracy import report
from tests.accuracy.report import MODULES, PAGE, main
from tests.accuracy.tally import FAULTY, HEALTHY, Case
from tests.accuracy.warning_bands import NOT_MADE, banded, to_be_warned

TARGET_PERCENT = 99.0
LEAST_IN_A_BAND = 10
ROW = re.compile(r"^\| `([a-z_.0-9]+)` \| (\d+) \| ([\d.]+) % \|", re.MULTILINE)
MISS = re.compile(r"^- `([a-z_.0-9]+)`: ", re.MULTILINE)


def _part(name: str) -> str:
    return PAGE.read_text("utf-8").split(f"<!-- {name} -->")[1].split(f"<!-- end of {name} -->")[0]


def test_every_check_is_counted_once_and_reaches_the_target() -> None:
    rows = ROW.findall(_part("accuracy"))

    assert sorted(code for code, _, _ in rows) == sorted(row.code for row in CATALOGUE)
    assert all(int(cases) >= 200 for _, cases, _ in rows)
    assert [code for code, _, right in rows if float(right) < TARGET_PERCENT] == []


def test_every_wrong_case_of_the_table_is_listed() -> None:
    """Two of five were: rows were written without the list."""
    listed = Counter(MISS.findall(_part("misses")))

    for code, cases, right in ROW.findall(_part("accuracy")):
        missed = listed.pop(code, 0)
        assert f"{100 * (1 - missed / int(cases)):.1f}" == right, code
    assert not listed, "a miss of no row"


def test_every_warning_band_has_cases_that_must_not_be_failed() -> None:
    """Of eight checks all ill cases might be warned *or* failed: either word was right."""
    made = to_be_warned(MODULES)

    assert [code for code in banded() if made[code] < LEAST_IN_A_BAND] == list(NOT_MADE)


def _case(truth: frozenset[CheckState], state: CheckState) -> Case:
    def measure() -> Measured | CheckState:
        return state

    return Case("camera.black", f"made {state.value}", truth, measure)


@pytest.mark.parametrize(
    ("wrong", "count", "ends", "told"),
    [
        ((), 200, 0, ""),
        ((_case(FAULTY, CheckState.PASSED),), 100, 0, ""),
        (
            (_case(FAULTY, CheckState.PASSED),) * 2,
            100,
            1,
            "below the target: camera.black: right in 98.0 % of 102\n",
        ),
        (
            (_case(HEALTHY, CheckState.FAILED),),
            200,
            1,
            "below the target: camera.black failed a healthy case: made failed\n",
        ),
    ],
)
def test_a_count_below_the_target_ends_with_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong: tuple[Case, ...],
    count: int,
    ends: int,
    told: str,
) -> None:
    made = [*wrong, *[_case(HEALTHY, CheckState.PASSED)] * count]
    monkeypatch.setattr(report, "cases_of", lambda _: made)

    assert main(["camera"]) == ends
    assert capsys.readouterr().err == f"camera: {len(made)} cases\n{told}"
