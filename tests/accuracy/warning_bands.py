"""Which checks can warn as well as fail, and how many made cases must be warned of and not failed.

``python -m tests.accuracy.warning_bands`` lists them, with cases of the first and the blind sets. A
case that is "warned or failed" says nothing of a warning that should be a failure, nor of the
other way about.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from preflight.model import CheckState
from preflight.verdicts.catalogue import CATALOGUE
from preflight.verdicts.rules import AllOf, AtLeast, AtMost, FirstKnown, MustBe, NotIn, Rule
from tests.accuracy.kinds import WARNED
from tests.accuracy.report import BLIND, MODULES, cases_of

NOT_MADE = {
    "camera.blurred": "how far a blur takes the ratio down depends on the scene (decision 0039)",
    "media.mic_roundtrip": "no voice is half another: its band is what chance leaves (0035)",
}
"""Checks without such cases, and why none can be made with a truth that is known beforehand."""


def _verdicts(rule: Rule) -> Iterator[CheckState]:
    match rule:
        case AtMost(_, warn, fail) | AtLeast(_, warn, fail):
            if warn is not None:
                yield CheckState.WARNED
            if fail is not None:
                yield CheckState.FAILED
        case MustBe(_, _, otherwise) | NotIn(_, _, otherwise):
            yield otherwise
        case AllOf(rules) | FirstKnown(rules):
            for each in rules:
                yield from _verdicts(each)


def banded() -> list[str]:
    """Return the codes of the checks that can warn and can fail."""
    both = {CheckState.WARNED, CheckState.FAILED}
    return [
        row.code for row in CATALOGUE if both <= {v for rule in row.rules for v in _verdicts(rule)}
    ]


def to_be_warned(modules: Sequence[str]) -> Counter[str]:
    """Count the cases that must be warned of and not failed, by code."""
    every = (case for module in modules for case in cases_of(module))
    return Counter(case.code for case in every if case.truth == WARNED)


if __name__ == "__main__":
    first, blind = to_be_warned(MODULES), to_be_warned(BLIND)
    for code in banded():
        sys.stdout.write(f"{code:28} {first[code]:5} {blind[code]:5}  {NOT_MADE.get(code, '')}\n")
