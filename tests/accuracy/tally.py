"""Counts hits, misses and false alarms of the checks over made cases."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge

HEALTHY = frozenset({CheckState.PASSED})
FAULTY = frozenset({CheckState.WARNED, CheckState.FAILED})


@dataclass(frozen=True, slots=True)
class Case:
    """One made case.

    Attributes:
        name: what was made, with its parameters, e.g. ``covered lens, gain 16, seed 4001``.
        truth: verdicts that are right. `HEALTHY`, `FAULTY`, or a set of one's own; a case that
            cannot be judged has ``{UNKNOWN}``.
        measure: makes the case and takes its figures, as the check itself takes them; a state
            where the check itself said that it cannot tell, or that there is nothing to measure.
    """

    code: str
    name: str
    truth: frozenset[CheckState]
    measure: Callable[[], Measured | CheckState]

    def verdict(self) -> CheckState:
        """Make it, and judge it unless the check had a word of its own."""
        found = self.measure()
        return found if isinstance(found, CheckState) else judge(self.code, found)


@dataclass(slots=True)
class Row:
    """The count of one check.

    Attributes:
        faulty, hits: cases with a fault, and those of them that were told.
        healthy, alarms: cases without one, and those of them that were called faulty.
        wrong: names of all cases whose verdict is not among the right ones, with that verdict.
        failed_healthy: names of those that should have passed and nothing else, and were failed.
    """

    code: str
    cases: int = 0
    faulty: int = 0
    hits: int = 0
    healthy: int = 0
    alarms: int = 0
    wrong: list[str] = field(default_factory=list)
    failed_healthy: list[str] = field(default_factory=list)

    @property
    def right_share(self) -> float:
        return 1.0 - len(self.wrong) / self.cases if self.cases else 0.0


def tally(cases: Iterable[Case]) -> dict[str, Row]:
    """Judge every case and count by check."""
    rows: dict[str, Row] = {}
    for case in cases:
        row = rows.setdefault(case.code, Row(case.code))
        verdict = case.verdict()
        row.cases += 1
        if CheckState.PASSED in case.truth:
            row.healthy += 1
            row.alarms += verdict in FAULTY and verdict not in case.truth
        elif case.truth <= FAULTY:
            row.faulty += 1
            row.hits += verdict in FAULTY
        if verdict not in case.truth:
            row.wrong.append(f"{case.name}: {verdict.value}")
            if case.truth == HEALTHY and verdict is CheckState.FAILED:
                row.failed_healthy.append(case.name)
    return rows
