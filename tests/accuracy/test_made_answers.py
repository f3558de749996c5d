"""A few cases of each kind of the checks that are asked of made machines, networks and calls.

``python -m tests.accuracy.report`` runs all of them.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from preflight.model import CheckState
from preflight.verdicts.catalogue import CATALOGUE
from tests.accuracy.report import GROUPS, MODULES, PAGE, cases_of
from tests.accuracy.tally import HEALTHY, Case, tally

COUNTED_ELSEWHERE = ("camera", "microphone", "speaker", "network", "media")
"""Those have tests of their own: they play films, sounds and lines."""
OF_A_KIND = 2
LONG = ("person", "plugged", "plugged_sound", "upright", "usb")
"""A whole preflight of ten seconds and more, block by block: one of each kind."""


def few(module: str) -> Iterator[Case]:
    """Yield the first cases of each kind."""
    most = 1 if module in LONG else OF_A_KIND
    seen: Counter[tuple[str, str]] = Counter()
    for case in cases_of(module):
        kind = (case.code, case.name.rpartition(", seed")[0])
        seen[kind] += 1
        if seen[kind] <= most:
            yield case


@pytest.mark.parametrize("module", [each for each in MODULES if each not in COUNTED_ELSEWHERE])
def test_a_few_of_each_kind_are_right(module: str) -> None:
    rows = tally(few(module))

    assert rows
    assert {row.code: row.wrong for row in rows.values() if row.wrong} == {}


@pytest.mark.parametrize("module", [each for each in MODULES if each not in COUNTED_ELSEWHERE])
def test_there_are_enough_cases_of_every_check(module: str) -> None:
    """At least 200 of each, and of the two halves about as many."""
    every = Counter(case.code for case in cases_of(module))
    healthy = Counter(case.code for case in cases_of(module) if case.truth == HEALTHY)

    assert every
    assert all(count >= 200 for count in every.values())
    assert all(healthy[code] >= 100 for code in every)


def test_a_gap_that_outlasts_the_wait_for_a_picture_is_told() -> None:
    """The drill ended after 3 s without a picture, and called a gap of 5.6 s one of 4.5 s."""
    name = "a long gap, seed 562009"
    case = next(each for each in cases_of("media_drill") if each.name == name)

    assert case.verdict() is CheckState.WARNED


def test_every_check_is_counted_over_200_cases() -> None:
    page = PAGE.read_text("utf-8")
    rows = page.split("<!-- accuracy -->")[1].split("<!-- end of accuracy -->")[0]
    counted = set(re.findall(r"^\| `([a-z_]+\.[a-z0-9_]+)` \| (?:[2-9]\d\d)", rows, re.MULTILINE))

    assert counted == {row.code for row in CATALOGUE}


def test_every_module_has_a_row_and_every_row_a_module() -> None:
    """A row that no module makes any more would stay in the page."""
    rows = (
        PAGE.read_text("utf-8").split("<!-- accuracy -->")[1].split("<!-- end of accuracy -->")[0]
    )

    assert set(re.findall(r"\| `([a-z_]+)` \|$", rows, re.MULTILINE)) == set(MODULES)


def test_every_group_has_its_modules() -> None:
    assert len(set(MODULES)) == len(MODULES)
    assert {row.group.value for row in CATALOGUE} <= set(GROUPS)
