"""What a diagnosis says to people: one line for a verdict, the lists, and one check explained."""

from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from preflight.devices.frames import DeviceInfo
from preflight.devices.ports import DeviceCatalogue
from preflight.measuring import REASON_INTERNAL
from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.support.told_figures import figures
from preflight.verdicts.advice import cause_words
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from preflight.verdicts.causes import WARNED
from preflight.verdicts.remedies import FILE_REMEDY, FILE_WORDS, INTERNAL, WORDS, filled, told
from preflight.verdicts.rules import OR, conditions


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
    kind = "gating: Join waits for it" if row.gating else "advisory: never holds Join back"
    lines = [f"{row.no}  {row.code}  ({row.group.value}, {kind})", words.title]
    warns, fails = (
        OR.join(each.replace(" ", " and ") for each in conditions(row.rules, level))
        for level in (CheckState.WARNED, CheckState.FAILED)
    )
    if warns:
        lines.append(f"warns when: {warns}")
    if fails:
        lines.append(f"fails when: {fails}")
    if not warns and not fails:
        lines.append("never warns and never fails")
    if row.unless is not None:
        lines.append(f"passes whatever else was found when: {row.unless}=true")
    usual = "when it fails" if fails else "when it warns" if warns else "until then"
    lines += [
        f"source: {row.source}; given up after {row.deadline_ms / 1000:g} s",
        f"{usual}: {_in_general(words.failed, words.remedy)}",
    ]
    for cause, said in cause_words.WORDS.get(code, {}).items():
        when = "when it warns" if cause == WARNED else f"when it is told as {cause}"
        lines.append(f"{when}: {_in_general(*said)}")
    return "\n".join(lines)


def _in_general(*sentences: str) -> str:
    return " ".join(filled(each, {}) for each in sentences)


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
                self._write(sentence(result, self._file_of(result.group)))
        self._words.flush()

    def say_gone(self, device: str) -> None:
        """Say that a device was unplugged that was not in use."""
        self._write(f"{device} was unplugged. It was not in use.")
        self._words.flush()

    def _write(self, line: str) -> None:
        at = "" if self._now is None else f"{self._now().astimezone():%H:%M:%S}  "
        self._words.write(f"{at}{line}\n")

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
