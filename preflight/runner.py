"""Runs the checks: at once where they can, in order where they must, again where they fail.

Pure: knows checks as coroutines and devices not at all. One task looks after each group:

    begin -> all checks (prerequisites, deadlines) -> watch
    watch: live verdicts, steadied; what fails is measured again every few seconds, quietly;
           a hint (hot-plug) does it at once; `restart` begins the group anew, for all to see

Advisory checks run beside: nothing waits for them, and none is repeated because it fails. One
whose prerequisite came right later is measured then.

A check that throws is failed with ``check.internal``; one that does not end is failed, or unknown
when it is advisory, with ``deadline``; the others go on. Results are published as they change.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Never, TypeAlias

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.catalogue import BY_CODE, CATALOGUE, judge
from preflight.check import CannotTell, Check, GroupPort, NotMeasured
from preflight.gate import decide
from preflight.live_verdicts import LiveVerdicts
from preflight.model import (
    CheckedAgain,
    CheckResult,
    CheckState,
    Group,
    Measured,
    RunProgress,
)
from preflight.offload import TASKS_END_WITHIN_S

LIVE_TICK_S = 0.25
REASON_DEADLINE = "deadline"
REASON_INTERNAL = "check.internal"

Publish: TypeAlias = Callable[[RunProgress], None]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watched:
    """What the runner keeps for one group.

    Attributes:
        again: why it begins anew by itself.
        beside: the advisory checks that are being measured.
    """

    port: GroupPort
    task: asyncio.Task[None] | None = None
    hinted: bool = False
    again: CheckedAgain | None = None
    live: LiveVerdicts = field(default_factory=LiveVerdicts)
    beside: dict[str, asyncio.Task[None]] = field(default_factory=dict)


class PreflightRunner:
    """Runs the groups until `stop`, and publishes every change."""

    def __init__(self, groups: Sequence[GroupPort], clock: Clock, publish: Publish) -> None:
        self._watched = {port.group: _Watched(port) for port in groups}
        self._clock = clock
        self._publish = publish
        self._tasks = Tasks()
        self._started_ns = clock.monotonic_ns()
        codes = {check.code for port in groups for check in port.checks}
        self._results: dict[str, CheckResult] = {
            row.code: CheckResult(
                row.code,
                row.no,
                row.group,
                CheckState.PENDING,
                deadline_ms=row.deadline_ms,
                gating=row.gating,
            )
            for row in CATALOGUE
            if row.code in codes
        }
        self._attempts = dict.fromkeys(self._results, 0)
        self._decided = asyncio.Event()
        self._finished = asyncio.Event()
        self._decided_ms: float | None = None

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        checks = tuple(self._results.values())
        gate = decide(checks)
        gating = [check.state.final for check in checks if check.gating]
        return RunProgress(
            checks=checks,
            gate=gate,
            fraction=sum(gating) / len(gating) if gating else 1.0,
            finished=all(check.state.final for check in checks),
            again=next((each.again for each in self._watched.values() if each.again), None),
        )

    @property
    def decided_ms(self) -> float | None:
        """When all gating checks had a verdict for the first time, from the start of the run."""
        return self._decided_ms

    def start(self) -> None:
        """Start all groups."""
        self._started_ns = self._clock.monotonic_ns()
        for group in self._watched:
            self.restart(group)

    def restart(self, group: Group, why: CheckedAgain | None = None) -> None:
        """Begin a group anew, e.g. with another device; the other groups go on.

        Args:
            why: shown until the group has its verdicts; None where the person asked for it.
        """
        watched = self._watched[group]
        if watched.task is not None:
            watched.task.cancel()
        self._end_beside(watched)
        watched.hinted = False
        watched.again = why
        self._reset(check.code for check in watched.port.checks)
        watched.task = self._tasks.spawn(self._keep_going(watched), name=f"preflight {group.value}")

    def hint(self, group: Group) -> None:
        """Say that something may have changed: what fails is measured again at once."""
        self._watched[group].hinted = True

    async def decided(self) -> RunProgress:
        """Wait until every gating check has a verdict once, and return the run as it stands."""
        await self._decided.wait()
        return self.progress

    async def finished(self) -> RunProgress:
        """Wait until the advisory checks have ended once as well."""
        await self._finished.wait()
        return self.progress

    async def stop(self) -> None:
        """End all groups' tasks. Devices stay as they are: they belong to the groups."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _keep_going(self, watched: _Watched) -> None:
        """Look after a group; begin it anew when a fault of ours has thrown it off its way."""
        port = watched.port
        while True:
            try:
                await self._look_after(watched)
            except Exception:
                # Ended here, its checks would stay as they are for ever: unfinished, or passed
                # while the device is gone.
                _log.exception("looking after group %s failed", port.group.value)
                self._end_beside(watched)
                for check in port.checks:
                    self._put(self._result(check, CheckState.FAILED, REASON_INTERNAL, {}, 0.0))
                await self._clock.sleep(port.retry_every_s)
                self._reset(check.code for check in port.checks)

    async def _look_after(self, watched: _Watched) -> Never:
        port = watched.port
        every = [check.code for check in port.checks]
        await self._begin(port)
        await self._run(watched, every, loud=True)
        while True:
            self._no_more_again(watched)
            codes, begin = await self._watch(watched)
            if begin:
                self._end_beside(watched)
                await self._begin(port)
            await self._run(watched, codes or every, loud=not codes)

    def _no_more_again(self, watched: _Watched) -> None:
        if watched.again is not None:
            watched.again = None
            self._tell()

    async def _begin(self, port: GroupPort) -> None:
        try:
            await port.begin()
        except Exception as error:
            # The checks find out and say it in words; the group goes on.
            _log.warning("group %s did not begin: %s", port.group.value, type(error).__name__)

    async def _watch(self, watched: _Watched) -> tuple[list[str], bool]:
        """Keep verdicts alive; return what to measure again (nothing: all, for all to see)."""
        port = watched.port
        since_ns = self._clock.monotonic_ns()
        fault_ns: int | None = None
        watched.live = LiveVerdicts()
        while True:
            await self._clock.sleep(LIVE_TICK_S)
            if port.must_restart():
                watched.again = CheckedAgain.NETWORK_CHANGED
                return [], True
            self._measure_what_can_be(watched)
            self._follow(watched)
            now_ns = self._clock.monotonic_ns()
            failing = self._to_repeat(watched)
            # Counted from the fault on, so that it can be read before it is tried again.
            fault_ns = (fault_ns or now_ns) if failing else None
            fault_s = 0.0 if fault_ns is None else (now_ns - fault_ns) / 1e9
            if failing and (watched.hinted or fault_s >= port.retry_every_s):
                watched.hinted = False
                if not port.usable():
                    return [check.code for check in port.checks], True
                return failing, False
            waited_s = (now_ns - since_ns) / 1e9
            if not failing and port.refresh is not None and waited_s >= port.refresh[1]:
                return self._with_company(port, port.refresh[0]), False

    def _measure_what_can_be(self, watched: _Watched) -> None:
        """Measure advisory checks whose prerequisite was missing and is there now."""
        for check in watched.port.checks:
            result = self._results[check.code]
            if result.gating or result.state is not CheckState.SKIPPED:
                continue
            needed = [self._results.get(code) for code in check.needs]
            there = all(need is None or need.state.lets_pass for need in needed)
            if there and (result.reason or "").startswith("needs:"):
                self._start_beside(watched, check, {}, loud=True)

    def _start_beside(
        self,
        watched: _Watched,
        check: Check,
        verdicts: dict[str, asyncio.Future[CheckResult]],
        *,
        loud: bool,
    ) -> None:
        """Measure one advisory check; what it says by then may already be of another device."""
        before = watched.beside.pop(check.code, None)
        if before is not None:
            before.cancel()
        watched.live.forget(check.code)

        async def measure() -> None:
            await self._one(check, verdicts, loud=loud)
            watched.beside.pop(check.code, None)

        watched.beside[check.code] = self._tasks.spawn(measure(), name=f"advise {check.code}")

    def _end_beside(self, watched: _Watched) -> None:
        for task in watched.beside.values():
            task.cancel()
        watched.beside.clear()

    def _follow(self, watched: _Watched) -> None:
        now_ns = self._clock.monotonic_ns()
        for check in watched.port.checks:
            if check.code in watched.beside:
                continue
            before = self._results[check.code]
            after = watched.live.now(check, before, now_ns)
            if after.state is not before.state:
                self._put(after)
            else:
                self._results[check.code] = after

    def _to_repeat(self, watched: _Watched) -> list[str]:
        """Return the codes that fail and do not come right by being watched."""
        usable = watched.port.usable()
        failing = [
            check.code
            for check in watched.port.checks
            if self._results[check.code].gating
            and not self._results[check.code].state.lets_pass
            and self._results[check.code].reason != "not_signed_in"
            and not (usable and watched.live.follows(check.code))
        ]
        return self._with_company(watched.port, failing) if failing else []

    def _with_company(self, port: GroupPort, codes: Collection[str]) -> list[str]:
        wanted = set(codes)
        for check in port.checks:
            if check.code in wanted:
                wanted.update(check.together)
        return [check.code for check in port.checks if check.code in wanted]

    async def _run(self, watched: _Watched, codes: Sequence[str], *, loud: bool) -> None:
        """Measure ``codes`` once. Quietly: a shown verdict stays until the new one is there.

        Returns when the gating ones are done.
        """
        loop = asyncio.get_running_loop()
        verdicts: dict[str, asyncio.Future[CheckResult]] = {
            code: loop.create_future() for code in codes
        }
        if loud:
            self._reset(codes)
        tasks = []
        for check in watched.port.checks:
            if check.code not in verdicts:
                continue
            if self._results[check.code].gating:
                work = self._one(check, verdicts, loud=loud)
                tasks.append(self._tasks.spawn(work, name=f"check {check.code}"))
            else:
                self._start_beside(watched, check, verdicts, loud=loud)
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _one(
        self, check: Check, verdicts: Mapping[str, asyncio.Future[CheckResult]], *, loud: bool
    ) -> None:
        started_ms = self._now_ms()
        missing = await self._missing(check, verdicts)
        if missing is not None:
            result = self._result(check, CheckState.SKIPPED, f"needs:{missing}", {}, started_ms)
        else:
            if loud:
                self._put(replace(self._results[check.code], state=CheckState.RUNNING))
            result = await self._not_ready(check) or await self._measured(check)
        self._put(result)
        if check.code in verdicts:
            verdicts[check.code].set_result(result)

    async def _missing(
        self, check: Check, verdicts: Mapping[str, asyncio.Future[CheckResult]]
    ) -> str | None:
        """Return the code that holds this check back: the root, not its nearest victim."""
        for code in check.needs:
            result = await verdicts[code] if code in verdicts else await self._final(check, code)
            if result is None or result.state.lets_pass:
                continue
            reason = result.reason or ""
            return reason.removeprefix("needs:") if reason.startswith("needs:") else code
        return None

    async def _final(self, check: Check, code: str) -> CheckResult | None:
        """Return another group's verdict when it is there; None for a check that is not run."""
        ours = self._results[check.code].group
        while True:
            known = self._results.get(code)
            if known is None or known.group is ours or known.state.final:
                return known
            await self._clock.sleep(LIVE_TICK_S)

    async def _not_ready(self, check: Check) -> CheckResult | None:
        """Wait for what must be there before the deadline counts; a fault of ours fails."""
        started_ms = self._now_ms()
        try:
            if check.before is not None:
                await check.before()
        except Exception as error:
            found = _thrown(check, error)
            return self._result(check, CheckState.FAILED, REASON_INTERNAL, found, started_ms)
        return None

    async def _measured(self, check: Check) -> CheckResult:
        started_ms = self._now_ms()
        deadline_s = BY_CODE[check.code].deadline_ms / 1000
        work = self._tasks.spawn(self._guarded(check), name=f"measure {check.code}")
        timer = self._tasks.spawn(self._clock.sleep(deadline_s), name=f"deadline {check.code}")
        try:
            await asyncio.wait({work, timer}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                gating = self._results[check.code].gating
                late = CheckState.FAILED if gating else CheckState.UNKNOWN
                return self._result(check, late, REASON_DEADLINE, {}, started_ms)
            state, reason, measured = work.result()
            return self._result(check, state, reason, measured, started_ms)
        finally:
            work.cancel()
            timer.cancel()

    async def _guarded(self, check: Check) -> tuple[CheckState, str | None, Measured]:
        try:
            measured = await check.measure()
        except NotMeasured as skipped:
            return CheckState.SKIPPED, skipped.reason, {}
        except CannotTell as told:
            return CheckState.UNKNOWN, told.reason, told.measured
        except Exception as error:
            return CheckState.FAILED, REASON_INTERNAL, _thrown(check, error)
        return judge(check.code, measured), None, measured

    def _result(
        self,
        check: Check,
        state: CheckState,
        reason: str | None,
        measured: Measured,
        started_ms: float,
    ) -> CheckResult:
        row = BY_CODE[check.code]
        if state is not CheckState.SKIPPED:
            self._attempts[check.code] += 1
        return CheckResult(
            code=row.code,
            no=row.no,
            group=row.group,
            state=state,
            reason=reason,
            started_ms=started_ms,
            duration_ms=self._now_ms() - started_ms,
            deadline_ms=row.deadline_ms,
            attempts=max(1, self._attempts[check.code]),
            measured=measured,
            gating=row.gating,
        )

    def _reset(self, codes: Iterable[str]) -> None:
        for code in codes:
            self._results[code] = replace(
                self._results[code], state=CheckState.PENDING, reason=None, measured={}
            )
        self._tell()

    def _put(self, result: CheckResult) -> None:
        self._results[result.code] = result
        self._tell()

    def _tell(self) -> None:
        progress = self.progress
        decided = progress.fraction >= 1.0
        if decided and self._decided_ms is None:
            self._decided_ms = self._now_ms()
        self._publish(progress)
        if decided:
            self._decided.set()
        if progress.finished:
            self._finished.set()

    def _now_ms(self) -> float:
        return (self._clock.monotonic_ns() - self._started_ns) / 1e6


def _thrown(check: Check, error: Exception) -> Measured:
    # The type alone: an error's words may hold what is nobody's business.
    _log.warning("check %s threw %s", check.code, type(error).__name__)
    return {"error": type(error).__name__}
