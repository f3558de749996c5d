"""Support's page: a code in, a report out, beside that machine's earlier runs. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from client_api.api import ServiceApi
from client_api.errors import ClientError, ErrorCode
from client_api.wire import EarlierRun, FoundReport
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of
from preflight.memory.history import BY_NAME, is_worth_telling
from preflight.support.reading import Compared, ReadReport, compare_with, read_report, text
from preflight.support.verdict import ExitCode, Verdict, judge_checks, spoken_numbers

_LONGEST_CODE = 40
_SESSION = "preflight"
_CODE_TROUBLES = (ErrorCode.DIAGNOSTIC_CODE_WRONG, ErrorCode.DIAGNOSTIC_NOT_FOUND)


class FindPhase(Enum):
    """How far the search is."""

    IDLE = auto()
    LOADING = auto()
    READY = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """One earlier run of the same machine.

    Attributes:
        figures: by name, None where it has none.
        open: show that report.
    """

    code: str
    arrived_at: datetime
    passed: bool
    blocking: tuple[str, ...]
    figures: tuple[tuple[str, float | None], ...]
    open: Command | None = None


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report and what stands beside it.

    Attributes:
        from_session: it was handed in before a session, so ``passed`` is the service's own verdict;
            else it is what the sender's client found.
        verdict: worked out here from the states in the report; not decided where the sender's own
            gate says otherwise.
        compared: figures beside the median of earlier runs; ``telling`` are those worth a word.
    """

    code: str
    from_session: bool
    arrived_at: datetime
    expires_at: datetime
    passed: bool
    blocking: tuple[str, ...]
    verdict: Verdict
    numbers: tuple[str, ...]
    report: ReadReport
    compared: tuple[Compared, ...]
    telling: tuple[Compared, ...]
    earlier: tuple[EarlierRow, ...]


@dataclass(frozen=True, slots=True)
class FindReportState:
    """The page at one moment.

    Attributes:
        is_empty: nothing was typed, and *Find* was pressed.
        code_trouble: a slip, or nothing under this code: stands beneath the field.
        trouble: everything else that went wrong.
    """

    phase: FindPhase = FindPhase.IDLE
    typed: str = ""
    is_empty: bool = False
    code_trouble: Trouble | None = None
    trouble: Trouble | None = None
    shown: ShownReport | None = None
    find: Callable[[str], object] | None = None
    retry: Command | None = None


class FindReportPage:
    """Looks a report up under the code that somebody read out."""

    def __init__(self, api: ServiceApi, shell: Shell, *, spawn: Spawn) -> None:
        self._api = api
        self._shell = shell
        self._tasks = PageTasks(spawn)
        self.state: Observable[FindReportState] = Observable(FindReportState(find=self.find))

    def open(self) -> None:
        """Nothing is fetched before somebody asks."""

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    def find(self, typed: str) -> None:
        """Look for what was typed; the service forgives what a phone does to a code."""
        typed = typed.strip()[:_LONGEST_CODE]
        if not typed:
            self._change(is_empty=True, code_trouble=None)
            return
        self._change(
            phase=FindPhase.LOADING,
            typed=typed,
            is_empty=False,
            code_trouble=None,
            trouble=None,
            shown=None,
            retry=None,
        )
        self._tasks.start(self._find(typed), name="find a report")

    def retry(self) -> None:
        """Look again after a failure."""
        self.find(self.state.value.typed)

    async def _find(self, typed: str) -> None:
        try:
            found = await self._api.find_report(typed)
        except ClientError as error:
            self._failed(trouble_of(error))
            return
        self._change(phase=FindPhase.READY, shown=self.show(found))

    def _failed(self, trouble: Trouble) -> None:
        if trouble.is_sign_in:
            self._shell.leave(SignedOutWhy.EXPIRED)
        elif trouble.kind in _CODE_TROUBLES:
            self._change(phase=FindPhase.IDLE, code_trouble=trouble)
        else:
            self._change(phase=FindPhase.FAILED, trouble=trouble, retry=self.retry)

    def show(self, found: FoundReport) -> ShownReport:
        """Read what was found into what is shown."""
        report = read_report(found.report)
        verdict = _judge(report, found)
        compared = compare_with(report.figures(), [run.measured for run in found.earlier])
        return ShownReport(
            code=text(found.code),
            from_session=found.kind == _SESSION,
            arrived_at=found.arrived_at,
            expires_at=found.expires_at,
            passed=found.passed,
            blocking=tuple(map(text, found.blocking)),
            verdict=verdict,
            numbers=spoken_numbers(verdict),
            report=report,
            compared=compared,
            telling=tuple(
                one
                for one in compared
                if is_worth_telling(BY_NAME[one.name], one.change, one.percent)
            ),
            earlier=tuple(map(self._row, found.earlier)),
        )

    def _row(self, run: EarlierRun) -> EarlierRow:
        code = text(run.code)
        return EarlierRow(
            code=code,
            arrived_at=run.arrived_at,
            passed=run.passed,
            blocking=tuple(map(text, run.blocking)),
            figures=tuple((name, run.measured.get(name)) for name in BY_NAME),
            open=On(self.find, code),
        )

    def _change(self, **changes: object) -> None:
        self.state.set(replace(self.state.value, **changes))  # type: ignore[arg-type]  # by name


def _judge(report: ReadReport, found: FoundReport) -> Verdict:
    verdict = judge_checks([check.result for check in report.checks])
    if found.kind == _SESSION or verdict.code is not ExitCode.PASSED:
        return verdict
    # Without an account the gate cannot pass, for what was not looked at; anything beyond that
    # says that the states are not what the sender's program saw.
    outside = set(verdict.out_of_scope)
    beyond = tuple(code for code in map(text, found.blocking) if code not in outside)
    if not beyond and (found.passed or outside):
        return verdict
    return replace(verdict, code=ExitCode.UNDECIDED, undecided=beyond)
