"""Cases of a check by kinds: half of them healthy, half of them ill, and some that are neither."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from preflight.check import CannotTell, Check, NotMeasured
from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import BY_CODE
from tests.accuracy.tally import FAULTY, HEALTHY, Case

EACH_HALF = 100
OF_A_KIND = 25
"""Cases of each kind that is neither healthy nor ill."""
BLIND_HALF, BLIND_OF_A_KIND = EACH_HALF, OF_A_KIND
"""The same of the blind sets. Who wrote them counted 24 and 8 first; later the others."""

WARNED = frozenset({CheckState.WARNED})
FAILED = frozenset({CheckState.FAILED})
UNKNOWN = frozenset({CheckState.UNKNOWN})
SKIPPED = frozenset({CheckState.SKIPPED})
UNTOLD = UNKNOWN | SKIPPED
"""Nothing to tell: either word will do."""

Found: TypeAlias = Measured | CheckState
Make: TypeAlias = Callable[[random.Random], Found]
Kind: TypeAlias = tuple[str, Make]
Ill: TypeAlias = tuple[str, frozenset[CheckState], Make]

__all__ = [
    "FAILED",
    "FAULTY",
    "HEALTHY",
    "SKIPPED",
    "UNKNOWN",
    "UNTOLD",
    "WARNED",
    "blind_cases_of",
    "cases_of",
]


def cases_of(
    code: str,
    seed: int,
    healthy: Sequence[Kind],
    ill: Sequence[Ill],
    other: Sequence[Ill] = (),
    *,
    each_half: int = EACH_HALF,
    of_a_kind: int = OF_A_KIND,
) -> Iterator[Case]:
    """Yield 100 healthy cases and 100 ill ones in equal parts of their kinds, 25 of each other.

    Args:
        ill: name, verdicts that are right, and what makes one of it.
        other: those in which the right word is that nothing can be told.
        each_half, of_a_kind: other numbers than these.
    """
    every: list[tuple[str, frozenset[CheckState], Make, int]] = [
        *((name, HEALTHY, make, -(-each_half // max(1, len(healthy)))) for name, make in healthy),
        *((name, truth, make, -(-each_half // max(1, len(ill)))) for name, truth, make in ill),
        *((name, truth, make, of_a_kind) for name, truth, make in other),
    ]
    for number, (name, truth, make, count) in enumerate(every):
        for index in range(count):
            yield _case(code, name, truth, make, seed + 1000 * number + index)


def blind_cases_of(
    code: str, seed: int, healthy: Sequence[Kind], ill: Sequence[Ill], other: Sequence[Ill] = ()
) -> Iterator[Case]:
    """Yield the cases of a blind set."""
    return cases_of(
        code,
        seed,
        healthy,
        ill,
        other,
        each_half=BLIND_HALF,
        of_a_kind=BLIND_OF_A_KIND,
    )


def _case(code: str, name: str, truth: frozenset[CheckState], make: Make, seed: int) -> Case:
    return Case(code, f"{name}, seed {seed}", truth, lambda: make(random.Random(seed)))


async def asked(check: Check) -> Found:
    """Measure a check as the runner does: what comes before, then the measurement itself.

    What has no figures at its deadline is failed where Join waits for it, else unknown.
    """
    row = BY_CODE[check.code]
    if check.before is not None:
        await check.before()
    try:
        async with asyncio.timeout(row.deadline_ms / 1000):
            return await check.measure()
    except CannotTell:
        return CheckState.UNKNOWN
    except NotMeasured:
        return CheckState.SKIPPED
    except TimeoutError:
        return CheckState.FAILED if row.gating else CheckState.UNKNOWN
