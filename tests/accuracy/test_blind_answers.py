"""A few cases of each kind of the blind and the fresh sets, which keep what was counted once true.

``python -m tests.accuracy.report blind`` (or ``fresh``) runs all of them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from preflight.verdicts.catalogue import CATALOGUE
from tests.accuracy.report import BLIND, FRESH, PAGE, cases_of
from tests.accuracy.tally import HEALTHY, Case, tally

LEAST, LEAST_HEALTHY = 200, 90
DRAWN = ("blind_line", "fresh_line")
"""Their cases are of no kinds: each has the figure in its name that was drawn for it."""
FILMS = (
    "blind_film",
    "blind_infrared",
    "blind_lamp",
    "blind_light",
    "blind_pace",
    "blind_sharp",
    "fresh_lamp",
    "fresh_light",
    "fresh_picture",
)
"""A film takes up to half a second to make: one of each verdict that is right has to do here."""


def few(module: str) -> Iterator[Case]:
    """Yield the first case of each kind; of those without kinds every tenth."""
    seen: set[tuple[str, str]] = set()
    for number, case in enumerate(cases_of(module)):
        name = case.name.rpartition(", seed")
        kind = (
            case.code,
            str(sorted(each.value for each in case.truth)) if module in FILMS else name[0],
        )
        if number % 10 == 0 if module in DRAWN else kind not in seen:
            seen.add(kind)
            yield case


@pytest.mark.parametrize("module", [*BLIND, *FRESH])
def test_a_few_of_each_kind_are_right(module: str) -> None:
    rows = tally(few(module))

    assert rows
    wrong = {f"- `{row.code}`: {name}" for row in rows.values() for name in row.wrong}
    assert wrong - set(PAGE.read_text("utf-8").splitlines()) == set(), "a miss that is not listed"


def test_there_are_enough_cases_of_every_check() -> None:
    every, healthy = Counter[str](), Counter[str]()
    for module in BLIND:
        for case in cases_of(module):
            every[case.code] += 1
            healthy[case.code] += case.truth == HEALTHY

    assert set(every) <= {row.code for row in CATALOGUE}
    assert all(count >= LEAST for count in every.values())
    assert all(healthy[code] >= LEAST_HEALTHY for code in every)


@pytest.mark.parametrize(("place", "modules"), [("blind", BLIND), ("fresh", FRESH)])
def test_the_page_has_a_row_for_every_check_and_none_else(
    place: str, modules: Sequence[str]
) -> None:
    """A row that no module makes any more would stay in the page."""
    page = PAGE.read_text("utf-8")
    rows = page.split(f"<!-- {place} -->")[1].split(f"<!-- end of {place} -->")[0]
    made = {(case.code, module) for module in modules for case in cases_of(module)}

    assert set(re.findall(r"^\| `([a-z0-9_.]+)` .*`([a-z_]+)` \|$", rows, re.MULTILINE)) == made
