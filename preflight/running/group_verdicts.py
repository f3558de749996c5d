"""The verdicts of one group: measured in order and in time, advice beside, and followed from then.

Pure. When something is measured, and why again, is decided by `preflight.running.runner`; here is
how a verdict comes about: a check waits for what it needs, of whichever group, has until its
deadline, and is followed live where it can be. Nothing waits for advice.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.check import Check, GroupPort, with_company
from preflight.measuring import (
    REASON_DEADLINE,
    REASON_INTERNAL,
    Taken,
    plain_figures,
    stand_in,
    take,
    wait_before,
)
from preflight.model import CheckResult, CheckState, Measured
from preflight.running.live_verdicts import LiveVerdicts
from preflight.running.run_results import RunResults
from preflight.verdicts.catalogue import judge

LIVE_TICK_S = 0.25

_log = logging.getLogger(__name__)


class GroupVerdicts:
    """Measures the checks of one group into the results of the run, which all groups share.

    Args:
        tasks: the runner's, which end with it.
    """

    def __init__(self, port: GroupPort, results: RunResults, clock: Clock, tasks: Tasks) -> None:
        self._port = port
        self._results = results
        self._clock = clock
        self._tasks = tasks
        self._live = LiveVerdicts()
        self._beside: dict[str, asyncio.Task[None]] = {}
        self._coming: dict[str, asyncio.Future[CheckResult]] = {}
        """What each check that is measured will say, for those that need it."""
        self._late: asyncio.Task[None] | None = None
        self._broken: set[str] = set()
        """Checks whose live figures threw; followed again once they are measured anew."""

    async def measure(self, codes: Sequence[str], *, loud: bool) -> None:
        """Measure ``codes`` once; returns when the gating ones are done.

        Args:
            loud: for all to see; else a shown verdict stays until the new one is there.
        """
        loop = asyncio.get_running_loop()
        self._coming.update({code: loop.create_future() for code in codes})
        if loud:
            self._results.reset(codes)
            if self._late is not None:
                self._late.cancel()
            self._late = self._tasks.spawn(
                self._end_what_is_late(), name=f"late {self._port.group.value}"
            )
        tasks = []
        for check in self._port.checks:
            if check.code not in codes:
                continue
            if self._results[check.code].gating:
                work = self._one(check, loud=loud)
                tasks.append(self._tasks.spawn(work, name=f"check {check.code}"))
            else:
                self.advise(check, loud=loud)
        # What was followed before may not be what is measured now.
        self.follow_anew()
        following = self._tasks.spawn(self._follow_meanwhile(), name="follow meanwhile")
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in (*tasks, following):
                task.cancel()

    def advise(self, check: Check, *, loud: bool) -> None:
        """Measure one advisory check; what it says by then may already be of another device.

        Who waits for one that is measured again in mid-way waits for the new verdict.
        """
        self._end_one_beside(check.code)
        self._live.forget(check.code)

        async def measure() -> None:
            await self._one(check, loud=loud)
            self._beside.pop(check.code, None)

        self._beside[check.code] = self._tasks.spawn(measure(), name=f"advise {check.code}")

    def advise_what_can_be(self) -> None:
        """Measure advisory checks whose prerequisite was missing and is there now."""
        for check in self._port.checks:
            result = self._results[check.code]
            if result.gating or result.state is not CheckState.SKIPPED:
                continue
            needed = [self._results.get(code) for code in check.needs]
            there = all(need is None or need.state.lets_pass for need in needed)
            if there and (result.reason or "").startswith("needs:"):
                self.advise(check, loud=True)

    def end_advice(self) -> None:
        """Give up all advice that is being measured."""
        for task in self._beside.values():
            task.cancel()
        self._beside.clear()

    def answer(self, code: str, measured: Measured) -> None:
        """Judge what a person said of a check."""
        # What is still being measured must not put its own word over the person's.
        self._end_one_beside(code)
        told = plain_figures(measured)
        self._settle(code, judge(code, told), None, told)

    def fail_all(self) -> None:
        """Fail every check by a fault of ours."""
        for check in self._port.checks:
            self._settle(check.code, CheckState.FAILED, REASON_INTERNAL, {})

    def follow_anew(self) -> None:
        """Begin to steady the live verdicts from now on, as of devices that nobody followed yet."""
        self._live = LiveVerdicts()

    def follow(self) -> None:
        """Bring every check up to date that is followed live and is not being measured."""
        self._follow(self._port.checks)

    def to_repeat(self) -> list[str]:
        """Return the codes that fail and do not come right by being watched."""
        usable = self._port.usable()
        failing = [
            check.code
            for check in self._port.checks
            if self._results[check.code].gating
            and not self._results[check.code].state.lets_pass
            and self._results[check.code].reason != "not_signed_in"
            and not (usable and self._live.follows(check.code))
        ]
        return with_company(self._port, failing) if failing else []

    def _end_one_beside(self, code: str) -> None:
        before = self._beside.pop(code, None)
        if before is not None:
            before.cancel()

    async def _end_what_is_late(self) -> None:
        began_ns = self._clock.monotonic_ns()
        while (left_s := self._late_in_s(began_ns)) > 0:
            await self._clock.sleep(left_s)
        for check in self._port.checks:
            result = self._results[check.code]
            if result.gating or result.state.final:
                continue
            self._end_one_beside(check.code)
            late = self._results.make(
                check.code, CheckState.UNKNOWN, REASON_DEADLINE, {}, result.started_ms
            )
            self._put(late)

    def _late_in_s(self, began_ns: int) -> float:
        passed_s = (self._clock.monotonic_ns() - began_ns) / 1e9
        return self._port.late_after_s() - passed_s

    async def _follow_meanwhile(self) -> None:
        """Follow what must be known at once, such as a pulled device, while others are measured."""
        while True:
            await self._clock.sleep(LIVE_TICK_S)
            self._follow([check for check in self._port.checks if self._stands(check)])

    def _stands(self, check: Check) -> bool:
        """Say whether a check is followed while others are measured, and has its own verdict."""
        coming = self._coming.get(check.code)
        measured = coming is None or coming.done()
        return check.live is not None and check.live.meanwhile and measured

    def _follow(self, checks: Sequence[Check]) -> None:
        now_ns = self._clock.monotonic_ns()
        for check in checks:
            if check.code in self._beside or check.code in self._broken:
                continue
            before = self._results[check.code]
            try:
                after = self._live.now(check, before, now_ns)
            except Exception as error:
                # The type alone: an error's own words may hold what nobody should read in a log.
                _log.warning("following %s threw %s", check.code, type(error).__name__)
                self._broken.add(check.code)
                self._live.forget(check.code)
                after = replace(
                    before, state=CheckState.FAILED, reason=REASON_INTERNAL, measured={}
                )
            if after is before:
                continue
            same = check.live is not None and check.live.standing
            if not same or after.measured != before.measured:
                after = replace(after, as_of_ms=self._results.now_ms())
            if after.state is not before.state:
                self._results.put(after)
            else:
                self._results.keep(after)

    async def _one(self, check: Check, *, loud: bool) -> None:
        started_ms = self._results.now_ms()
        self._broken.discard(check.code)
        missing = await self._missing(check)
        kept = None if missing is None else stand_in(check)
        if kept is not None:
            result = self._dated(check, kept, started_ms)
        elif missing is not None:
            result = self._results.make(
                check.code, CheckState.SKIPPED, f"needs:{missing}", {}, started_ms
            )
        else:
            if loud:
                self._results.put(replace(self._results[check.code], state=CheckState.RUNNING))
            result = await self._taken(check)
        self._put(result)

    def _settle(self, code: str, state: CheckState, reason: str | None, measured: Measured) -> None:
        """Give a check a verdict of this moment that is not its measurement's."""
        self._put(self._results.make(code, state, reason, measured, self._results.now_ms()))

    def _put(self, result: CheckResult) -> None:
        """Keep a verdict, and tell those of its group that wait for it."""
        self._results.put(result)
        told = self._coming.get(result.code)
        if told is not None and not told.done():
            told.set_result(result)

    async def _missing(self, check: Check) -> str | None:
        """Return the code that holds this check back: the root, not its nearest victim."""
        for code in check.needs:
            # Shielded: who is measured again in mid-wait must not take the verdict from the others.
            coming = self._coming.get(code)
            if coming is not None and not coming.done():
                result: CheckResult | None = await asyncio.shield(coming)
            else:
                result = await self._final(check, code)
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

    async def _taken(self, check: Check) -> CheckResult:
        started_ms = self._results.now_ms()
        taken = await wait_before(check, self._clock, self._tasks)
        if taken is None:
            started_ms = self._results.now_ms()
            taken = await take(check, self._clock, self._tasks)
        return self._dated(check, taken, started_ms)

    def _dated(self, check: Check, taken: Taken, started_ms: float) -> CheckResult:
        result = self._results.make(
            check.code, taken.state, taken.reason, taken.measured, started_ms
        )
        return replace(result, as_of_ms=self._results.now_ms() - taken.age_s * 1000)
