"""Verdicts that follow what is measured live, steadied so that a moment's fault does not flicker.

Pure. One for each watch of a group; time is a number that only rises.
"""

from dataclasses import replace

from preflight.check import Check
from preflight.debounce import Debounce
from preflight.measuring import plain_figures
from preflight.model import CheckResult, CheckState
from preflight.verdicts.catalogue import judge


class LiveVerdicts:
    """Follows the checks of one group from their first verdict on."""

    def __init__(self) -> None:
        self._steady: dict[str, Debounce] = {}

    def follows(self, code: str) -> bool:
        """Say whether a check comes right by being watched."""
        return code in self._steady

    def forget(self, code: str) -> None:
        """Begin with a new verdict: the check is measured again."""
        self._steady.pop(code, None)

    def now(self, check: Check, result: CheckResult, at_ns: int) -> CheckResult:
        """Return the check as it stands at ``at_ns``, the very same where nothing is new."""
        if check.live is None or not _has_verdict(result):
            return result
        steady = self._steady.get(check.code)
        if steady is None:
            steady = self._steady[check.code] = Debounce(
                result.state,
                raise_after_ms=check.live.raise_after_ms,
                clear_after_ms=check.live.clear_after_ms,
            )
        told = check.live.now()
        if told is None:
            return result
        measured = plain_figures(told)
        found = judge(check.code, measured)
        if found is CheckState.UNKNOWN:
            # A moment that tells nothing takes no verdict back.
            return result
        shown = steady.update(found, at_ns)
        if shown is not result.state:
            return replace(result, state=shown, reason=None, measured=measured)
        return replace(result, measured=measured) if shown is found else result


def _has_verdict(result: CheckResult) -> bool:
    # Unknown is one too: who speaks only after the first look is heard then.
    return result.state.final and result.state is not CheckState.SKIPPED
