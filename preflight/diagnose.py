"""``liftbay diagnose``: the gating checks without a window and without an account.

The command line is wired elsewhere; here is what it does, and its exit codes. `--json` owns
stdout unless the report goes to a file; words for people go to stderr then.
"""

import asyncio
import difflib
import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TextIO

import msgspec

from client_api.wire import PreflightTrigger
from preflight.catalogue import BY_CODE
from preflight.devices.frames import DeviceInfo, DeviceKind
from preflight.devices.ports import DeviceCatalogue
from preflight.gate import GATING
from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.preflight import Preflight, PreflightParts
from preflight.remedies import ANOTHER_PROGRAM, FILE_REMEDY, FILE_WORDS, WORDS
from preflight.report import EndedBy, write_report

DEFAULT_TIMEOUT_S = 60.0
NOT_SIGNED_IN = "not_signed_in"
_TELLING_LETTERS = 3

_GROUP_WORDS: Mapping[str, Group] = {
    "camera": Group.CAMERA,
    "microphone": Group.MICROPHONE,
    "mic": Group.MICROPHONE,
    "network": Group.NETWORK,
    "net": Group.NETWORK,
}
_BY_NUMBER = {row.no.lower(): row.code for row in GATING}


class ExitCode(IntEnum):
    """How a diagnosis ended, for whoever reads ``$?``."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    UNDECIDED = 3
    INTERNAL = 4
    INTERRUPTED = 130


class UnknownCheck(ValueError):
    """Neither a group nor a code; ``word`` is what was asked for."""

    def __init__(self, word: str) -> None:
        nearest = _nearest(word)
        hint = f"did you mean {nearest}?" if nearest else "--list shows the checks"
        super().__init__(
            f"{word!r} is neither a group (camera, microphone, network) nor a check: {hint}"
        )
        self.word = word


@dataclass(frozen=True, slots=True)
class DiagnoseOptions:
    """What was asked for.

    Attributes:
        only: codes to judge; None for all. See `read_scope`.
        output: where the report goes; None: stdout with ``as_json``, else nowhere.
    """

    as_json: bool = False
    output: Path | None = None
    only: frozenset[str] | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate over the checks in scope.

    Attributes:
        blocking: codes that failed.
        undecided: codes in scope without a verdict.
        out_of_scope: codes nobody asked for, or that need an account.
    """

    code: ExitCode
    blocking: tuple[str, ...]
    undecided: tuple[str, ...]
    out_of_scope: tuple[str, ...]


def read_scope(text: str | None) -> frozenset[str] | None:
    """Read ``camera,net.rtt_high,C07``; None and an empty text mean everything.

    Raises:
        UnknownCheck: a word is none of these, or there is none between the commas.
    """
    if text is None or not text.strip():
        return None
    found: set[str] = set()
    for word in (part.strip().lower() for part in text.split(",")):
        if not word:
            continue
        if word in _GROUP_WORDS:
            found.update(row.code for row in GATING if row.group is _GROUP_WORDS[word])
        elif word in BY_CODE:
            found.add(word)
        elif word in _BY_NUMBER:
            found.add(_BY_NUMBER[word])
        else:
            raise UnknownCheck(word)
    if not found:
        # A scope of nothing would pass on any machine.
        raise UnknownCheck(text.strip())
    return frozenset(found)


async def diagnose(
    parts: PreflightParts, options: DiagnoseOptions, *, out: TextIO, err: TextIO
) -> ExitCode:
    """Run the checks once, write the report, say the verdict.

    A partial report is written when it is interrupted or fails inside.

    Raises:
        OSError: the report could not be written to ``output``.
    """
    words = err if options.as_json and options.output is None else out
    preflight = Preflight(parts, trigger=PreflightTrigger.SUPPORT, only=options.only)
    speaker = _Speaker(words, lambda group: _file_for(group, preflight))
    ended_by = EndedBy.CRASH
    try:
        preflight.start(speaker.tell)
        ended_by = await _wait(preflight, options.timeout_s)
    except asyncio.CancelledError:
        ended_by = EndedBy.CANCELLED
        raise
    finally:
        progress = preflight.progress
        try:
            _write(preflight, options, ended_by, out)
        finally:
            await preflight.close()
    verdict = judge_scope(progress, options.only)
    words.write(describe(verdict) + "\n")
    return verdict.code


def run(parts: PreflightParts, options: DiagnoseOptions, *, out: TextIO, err: TextIO) -> ExitCode:
    """Run `diagnose` on a loop of its own, until SIGINT or SIGTERM; the command line's entry."""

    async def until_told() -> ExitCode:
        with _ended_by_sigterm():
            return await diagnose(parts, options, out=out, err=err)

    try:
        return asyncio.run(until_told())
    except (KeyboardInterrupt, asyncio.CancelledError):
        err.write("interrupted\n")
        return ExitCode.INTERRUPTED
    except OSError as error:
        err.write(f"the report could not be written: {error.strerror or error}\n")
        return ExitCode.INTERNAL
    except Exception as error:
        # The type alone: the words of an error may hold an address or a token.
        err.write(f"internal error: {type(error).__name__}\n")
        return ExitCode.INTERNAL


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM cancel the running task, as `asyncio.run` does for SIGINT: the report is kept."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()

    def end(_number: int, _frame: object) -> None:
        if task is not None and not task.cancelling():
            loop.call_soon_threadsafe(task.cancel)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def judge_scope(progress: RunProgress, only: Collection[str] | None) -> Verdict:
    """Judge the checks that were asked for, less those that need an account."""
    results = {result.code: result for result in progress.checks}
    blocking, undecided, outside = [], [], []
    for row in GATING:
        result = results.get(row.code)
        asked = only is None or row.code in only
        if not asked or (result is not None and result.reason == NOT_SIGNED_IN):
            outside.append(row.code)
        elif result is None or not result.state.final or result.state is CheckState.UNKNOWN:
            undecided.append(row.code)
        elif result.state is CheckState.SKIPPED:
            root = (result.reason or "").removeprefix("needs:")
            failed = root in results and results[root].state is CheckState.FAILED
            if failed and root not in blocking:
                blocking.append(root)
            elif not failed:
                undecided.append(row.code)
        elif result.state is CheckState.FAILED and row.code not in blocking:
            blocking.append(row.code)
    code = ExitCode.PASSED
    if blocking:
        code = ExitCode.FAILED
    elif undecided:
        code = ExitCode.UNDECIDED
    return Verdict(code, tuple(blocking), tuple(undecided), tuple(outside))


def describe(verdict: Verdict) -> str:
    """Return the last line: the verdict, its codes, and what was not judged."""
    match verdict.code:
        case ExitCode.PASSED:
            words = "gate passes"
        case ExitCode.FAILED:
            words = "gate fails: " + ", ".join(verdict.blocking)
        case _:
            words = "gate not decided: " + _in_short(verdict.undecided)
    if verdict.out_of_scope:
        words += f" (out of scope: {_in_short(verdict.out_of_scope)})"
    return words


def _in_short(codes: Collection[str]) -> str:
    """Name the groups that are there as a whole, then the checks of the others."""
    whole = [group for group in Group if _codes_of(group) <= set(codes)]
    single = [code for code in codes if BY_CODE[code].group not in whole]
    return ", ".join([*(group.value for group in whole), *single])


def _codes_of(group: Group) -> set[str]:
    return {row.code for row in GATING if row.group is group}


def _nearest(word: str) -> str | None:
    """Return the group, or else the check, that was probably meant."""
    # Only codes have a dot.
    for known in (BY_CODE,) if "." in word else (_GROUP_WORDS, BY_CODE):
        within = [name for name in known if len(word) >= _TELLING_LETTERS and word in name]
        likely = within or difflib.get_close_matches(word, known, n=1)
        if likely:
            return likely[0]
    return None


def check_list() -> str:
    """Return the gating checks as a table: number, code, title."""
    width = max(len(row.code) for row in GATING)
    return "\n".join(f"{row.no}  {row.code:<{width}}  {WORDS[row.code].title}" for row in GATING)


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


class _Speaker:
    """Says each verdict once, when it is there."""

    def __init__(self, words: TextIO, file_of: Callable[[Group], str | None]) -> None:
        self._words = words
        self._file_of = file_of
        self._said: dict[str, CheckState] = {}

    def tell(self, progress: RunProgress) -> None:
        for result in progress.checks:
            if result.state.final and self._said.get(result.code) is not result.state:
                self._said[result.code] = result.state
                self._words.write(sentence(result, self._file_of(result.group)) + "\n")
        self._words.flush()


def sentence(result: CheckResult, file: str | None = None) -> str:
    """Return one line for one verdict, with the remedy when it failed or is advice.

    Args:
        file: the name of the file that stands for the device, if one does.
    """
    words = WORDS[result.code]
    start = f"{result.no}  {result.state.value:<7}  {words.title}"
    match result.state:
        case CheckState.FAILED:
            holder = str(result.measured.get("holder") or ANOTHER_PROGRAM)
            why = "" if result.reason is None else f" [{result.reason}]"
            told = words.failed.replace("{program}", holder)
            wrong = None if file is None else _wrong_with_file(result)
            if file is not None and wrong is not None:
                return f"{start}: {wrong.replace('{file}', file)} {FILE_REMEDY}{why}"
            return f"{start}: {told} {_remedy(result)}{why}"
        case CheckState.WARNED if not result.gating:
            return f"{start}: {words.failed} {_remedy(result)}"
        case CheckState.SKIPPED | CheckState.UNKNOWN:
            return f"{start}: not measured ({result.reason})"
        case _:
            return start


def _remedy(result: CheckResult) -> str:
    return WORDS[result.code].remedy.replace("{hz}", str(result.measured.get("mains_hz")))


def _wrong_with_file(result: CheckResult) -> str | None:
    by_fault = FILE_WORDS.get(result.code, {})
    return by_fault.get(str(result.measured.get("fault") or ""))


def _file_for(group: Group, preflight: Preflight) -> str | None:
    devices = preflight.devices
    info = {Group.CAMERA: devices.camera, Group.MICROPHONE: devices.microphone}.get(group)
    return info.name if info is not None and info.kind is DeviceKind.FILE else None


async def _wait(preflight: Preflight, timeout_s: float) -> EndedBy:
    try:
        await asyncio.wait_for(preflight.decided(), timeout_s)
    except TimeoutError:
        return EndedBy.DEADLINE
    return EndedBy.FINISHED


def _write(preflight: Preflight, options: DiagnoseOptions, ended_by: EndedBy, out: TextIO) -> None:
    report = preflight.report(ended_by)
    if options.output is not None:
        write_report(options.output, report)
    elif options.as_json:
        text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
        out.write(text + "\n")
