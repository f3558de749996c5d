"""Marks that say what a test shows of a check; docs/preflight.md lists them for every code.

    @raises("mic.hum")           the check's own measurement tells the fault
    @clears("mic.hum")           it passes where there is none, or once it is gone
    @just_misses("mic.hum")      just beside the threshold it does not

They stand on tests, and on parameters (``pytest.param(..., marks=raises("mic.hum"))``). The marks
themselves assert nothing: the test does.
"""

from typing import Final

import pytest

MARK: Final = "check_case"
RAISES, CLEARS, JUST_MISSES = KINDS = ("raises", "clears", "just misses")


def raises(code: str) -> pytest.MarkDecorator:
    """Mark a test in which the check warns or fails."""
    return pytest.mark.check_case(code, RAISES)


def clears(code: str) -> pytest.MarkDecorator:
    """Mark a test in which the check passes."""
    return pytest.mark.check_case(code, CLEARS)


def just_misses(code: str) -> pytest.MarkDecorator:
    """Mark a test of the healthy side of a check's threshold."""
    return pytest.mark.check_case(code, JUST_MISSES)
