"""What a diagnosis says to people: one line for a verdict, the lists, and one check explained."""

from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from preflight.catalogue import BY_CODE, CATALOGUE
from preflight.devices.frames import DeviceInfo
from preflight.devices.ports import DeviceCatalogue
from preflight.measuring import REASON_INTERNAL
from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.remedies import FILE_REMEDY, FILE_WORDS, INTERNAL, WORDS, told
from preflight.rules import steps
from preflight.support.told_figures import figures


def check_list() -> str:
    """Return the checks that can be asked for as a table: number, code, title."""
    told = [row for row in CATALOGUE if row.code in WORDS]
    width = max(len(row.code) for row in told)
    return "\n".join(f"{row.no}  {row.code:<{width}}  {WORDS[row.code].title}" for row in told)


def explain(code: str) -> str:
    """Return what one check looks for, where it warns and fails, and what to do then.

    Raises:
        KeyError: there is no such check.
    """
    row = BY_CODE[code]
    words = WORDS[code]
    warn, fail = steps(row.rules)
    kind = "gating: Join waits for it" if row.gating else "advisory: never holds Join back"
    lines = [f"{row.no}  {row.code}  ({row.group.value}, {kind})", words.title]
    if warn is not None:
        lines.append(f"warns at: {warn}")
    if fail is not None:
        lines.append(f"fails at: {fail}")
    lines += [
        f"source: {row.source}; given up after {row.deadline_ms / 1000:g} s",
        f"when it fails: {words.failed} {words.remedy}",
    ]
    return "\n".join(lines)


def device_list(catalogue: DeviceCatalogue) -> str:
    """Return the devices this machine has, one per line. May block for some seconds."""
    kinds: tuple[tuple[str, tuple[DeviceInfo, ...]], ...] = (
        ("camera", catalogue.cameras()),
        ("microphone", catalogue.microphones()),
        ("speaker", catalogue.speakers()),
    )
    lines: list[str] = []
    for kind, devices in kinds:
        lines.extend(f"{kind:<10}  {info.name}  [{info.id}]" for info in devices)
        if not devices:
            lines.append(f"{kind:<10}  none")
    return "\n".join(lines)


class Lines:
    """Says each verdict once, when it is there.

    Args:
        file_of: names the file that stands for a group's device, if one does.
        now: the time that each line begins with; None: none.
    """

    def __init__(
        self,
        words: TextIO,
        file_of: Callable[[Group], str | None],
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._words = words
        self._file_of = file_of
        self._now = now
        self._said: dict[str, CheckState] = {}

    def tell(self, progress: RunProgress) -> None:
        for result in progress.checks:
            if result.state.final and self._said.get(result.code) is not result.state:
                self._said[result.code] = result.state
                at = "" if self._now is None else f"{self._now().astimezone():%H:%M:%S}  "
                self._words.write(f"{at}{sentence(result, self._file_of(result.group))}\n")
        self._words.flush()

    def close(self) -> None:
        """Nothing is left to say."""


def sentence(result: CheckResult, file: str | None = None) -> str:
    """Return one line for one verdict: its figures with their limits, the remedy when it failed.

    Args:
        file: the name of the file that stands for the device, if one does.
    """
    words = WORDS[result.code]
    advised = not result.gating and result.state in (CheckState.WARNED, CheckState.FAILED)
    told_state = "advice" if advised else result.state.value
    bare = f"{result.no}  {told_state:<7}  {words.title}"
    measured = figures(result)
    start = f"{bare} ({measured})" if measured else bare
    if result.reason == REASON_INTERNAL:
        return f"{bare}: {INTERNAL} [{result.reason}]"
    match result.state:
        case CheckState.WARNED if not result.gating:
            return f"{start}: {' '.join(told(result))}"
        case CheckState.FAILED:
            why = "" if result.reason is None else f" [{result.reason}]"
            wrong = None if file is None else _wrong_with_file(result)
            if file is not None and wrong is not None:
                return f"{start}: {wrong.replace('{file}', file)} {FILE_REMEDY}{why}"
            return f"{start}: {' '.join(told(result))}{why}"
        case CheckState.WARNED:
            return f"{start}: good enough"
        case CheckState.SKIPPED | CheckState.UNKNOWN:
            return f"{bare}: not measured ({result.reason})"
        case _:
            return start


def _wrong_with_file(result: CheckResult) -> str | None:
    by_fault = FILE_WORDS.get(result.code, {})
    return by_fault.get(str(result.measured.get("fault") or ""))
