"""Marks that say what a test shows of a check; docs/preflight.md lists them for every code.

    @raises("mic.hum")           the check warns or fails
    @clears("mic.hum")           it passes where there is none, or once it is gone
    @just_misses("mic.hum")      just beside the threshold it does not warn

From sound, pictures, files and sockets of the check's own where it measures in this process; of the
trial call (media.*) mostly from figures as its process sends them, whose measurement has tests of
its own (tests/unit/preflight/probe, tests/integration/preflight, tests/accuracy). Where the system
says yes or no, the nearest healthy state stands for "just beside".

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
