"""Runs the checks: at once where they can, in order where they must, again where they fail.

Pure: knows checks as coroutines and devices not at all. One task looks after each group:

    begin -> all checks (prerequisites, deadlines) -> watch
    watch: live verdicts, steadied; what fails is measured again every few seconds, quietly;
           a hint (hot-plug) does it at once; `restart` begins the group anew, for all to see

Advisory checks run beside: nothing waits for them, and none is repeated because it fails. One
whose prerequisite came right later is measured then.

A check that throws or tells nonsense is failed with ``check.internal``; one that does not end is
failed, or unknown when it is advisory, with ``deadline``; the others go on. Advice that has no
verdict after a minute gets none in this run. Results are published as they change.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Never

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.catalogue import judge
from preflight.check import Check, GroupPort
from preflight.live_verdicts import LiveVerdicts
from preflight.measuring import (
    REASON_DEADLINE,
    REASON_INTERNAL,
    Taken,
    plain_figures,
    stand_in,
    take,
    wait_before,
)
from preflight.model import (
    CheckedAgain,
    CheckResult,
    CheckState,
    Group,
    Measured,
    RunProgress,
)
from preflight.offload import TASKS_END_WITHIN_S
from preflight.run_results import Publish, RunResults
from preflight.watched_group import Watched, with_company

LIVE_TICK_S = 0.25

_log = logging.getLogger(__name__)


class PreflightRunner:
    """Runs the groups until `stop`, and publishes every change."""

    def __init__(self, groups: Sequence[GroupPort], clock: Clock, publish: Publish) -> None:
        self._watched = {port.group: Watched(port) for port in groups}
        self._clock = clock
        self._tasks = Tasks()
        self._results = RunResults(
            {check.code for port in groups for check in port.checks},
            clock,
            publish,
            lambda: next((each.again for each in self._watched.values() if each.again), None),
        )
        self._stopped = False

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        return self._results.progress

    @property
    def decided_ms(self) -> float | None:
        """When all gating checks had a verdict for the first time, from the start of the run."""
        return self._results.decided_ms

    @property
    def elapsed_ms(self) -> float:
        """How long the run has gone on, as the results' times count."""
        return self._results.now_ms()

    def start(self) -> None:
        """Start all groups."""
        self._results.start()
        for group in self._watched:
            self.restart(group)

    def restart(self, group: Group, why: CheckedAgain | None = None) -> None:
        """Begin a group anew, e.g. with another device; the other groups go on.

        A group that is not run is left alone, and so is everything after `stop`: the devices are
        the call's by then.

        Args:
            why: shown until the group has its verdicts; None where the person asked for it.
        """
        watched = self._watched.get(group)
        if watched is None or self._stopped:
            return
        if watched.task is not None:
            watched.task.cancel()
        self._end_beside(watched)
        watched.hinted = False
        watched.asked.clear()
        watched.loud = False
        watched.again = why
        self._results.reset(check.code for check in watched.port.checks)
        watched.task = self._tasks.spawn(self._keep_going(watched), name=f"preflight {group.value}")

    def hint(self, group: Group) -> None:
        """Say that something may have changed: what fails is measured again at once."""
        watched = self._watched.get(group)
        if watched is not None:
            watched.hinted = True

    def again(self, code: str) -> None:
        """Measure one check again now, for all to see, with those that are measured beside it.

        A gating one waits until its group is being watched; one that is measured beside mere advice
        keeps its verdict meanwhile. A code that is not run is ignored.
        """
        if self._stopped:
            return
        for watched in self._watched.values():
            checks = {check.code: check for check in watched.port.checks}
            if code not in checks:
                continue
            wanted = with_company(watched.port, [code])
            advice = [each for each in wanted if not self._results[each].gating]
            self._results.reset(advice)
            if len(advice) < len(wanted):
                watched.asked.update(wanted)
                watched.loud |= self._results[code].gating
                continue
            for each in advice:
                self._start_beside(watched, checks[each], loud=True)

    def answer(self, code: str, measured: Measured) -> None:
        """Judge what a person said; until their group begins anew it stands.

        A code that is not run is ignored: nobody is asked about it.
        """
        if self._stopped:
            return
        for watched in self._watched.values():
            for check in watched.port.checks:
                if check.code == code:
                    # What is still being measured must not put its own word over the person's.
                    self._end_one_beside(watched, code)
                    told = plain_figures(measured)
                    self._settle(watched, check.code, judge(code, told), None, told)

    async def decided(self) -> RunProgress:
        """Wait until every gating check has a verdict once, and return the run as it stands."""
        return await self._results.decided()

    async def finished(self) -> RunProgress:
        """Wait until the advisory checks have ended once as well."""
        return await self._results.finished()

    async def stop(self) -> None:
        """End all groups' tasks for good. Devices stay as they are: they belong to the groups."""
        self._stopped = True
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _keep_going(self, watched: Watched) -> None:
        """Look after a group; begin it anew when a fault of ours has thrown it off its way."""
        port = watched.port
        while True:
            try:
                await self._look_after(watched)
            except Exception as error:
                # Ended here, its checks would stay as they are for ever: unfinished, or passed
                # while the device is gone.
                _log.error(
                    "looking after group %s failed: %s", port.group.value, type(error).__name__
                )
                self._end_beside(watched)
                for check in port.checks:
                    self._settle(watched, check.code, CheckState.FAILED, REASON_INTERNAL, {})
                await self._clock.sleep(port.retry_every_s)
                self._results.reset(check.code for check in port.checks)

    async def _look_after(self, watched: Watched) -> Never:
        port = watched.port
        every = [check.code for check in port.checks]
        await self._begin(port)
        await self._run(watched, every, loud=True)
        while True:
            self._no_more_again(watched)
            codes, begin = await self._watch(watched)
            asked = watched.loud and not watched.asked.isdisjoint(codes)
            watched.asked.clear()
            watched.loud = False
            if begin:
                self._end_beside(watched)
                await self._begin(port)
            await self._run(watched, codes or every, loud=asked or not codes)

    def _no_more_again(self, watched: Watched) -> None:
        if watched.again is not None:
            watched.again = None
            self._results.tell()

    async def _begin(self, port: GroupPort) -> None:
        try:
            await port.begin()
        except Exception as error:
            # The checks find out and say it in words; the group goes on.
            _log.warning("group %s did not begin: %s", port.group.value, type(error).__name__)

    async def _watch(self, watched: Watched) -> tuple[list[str], bool]:
        """Keep verdicts alive; return what to measure again (nothing: all, for all to see)."""
        port = watched.port
        every = [check.code for check in port.checks]
        since_ns = self._clock.monotonic_ns()
        fault_ns: int | None = None
        watched.live = LiveVerdicts()
        while True:
            await self._clock.sleep(LIVE_TICK_S)
            if port.must_restart():
                watched.again = CheckedAgain.NETWORK_CHANGED
                return [], True
            self._measure_what_can_be(watched)
            self._follow(port.checks, watched)
            now_ns = self._clock.monotonic_ns()
            if watched.asked:
                if not port.usable():
                    return every, True
                return [code for code in every if code in watched.asked], False
            failing = self._to_repeat(watched)
            # Counted from the fault on, so that it can be read before it is tried again.
            fault_ns = (fault_ns or now_ns) if failing else None
            fault_s = 0.0 if fault_ns is None else (now_ns - fault_ns) / 1e9
            if failing and (watched.hinted or fault_s >= port.retry_every_s):
                watched.hinted = False
                if not port.usable():
                    return every, True
                return failing, False
            waited_s = (now_ns - since_ns) / 1e9
            if not failing and port.refresh is not None and waited_s >= port.refresh[1]:
                return with_company(port, port.refresh[0]), False

    def _measure_what_can_be(self, watched: Watched) -> None:
        """Measure advisory checks whose prerequisite was missing and is there now."""
        for check in watched.port.checks:
            result = self._results[check.code]
            if result.gating or result.state is not CheckState.SKIPPED:
                continue
            needed = [self._results.get(code) for code in check.needs]
            there = all(need is None or need.state.lets_pass for need in needed)
            if there and (result.reason or "").startswith("needs:"):
                self._start_beside(watched, check, loud=True)

    def _start_beside(self, watched: Watched, check: Check, *, loud: bool) -> None:
        """Measure one advisory check; what it says by then may already be of another device.

        Who waits for one that is measured again in mid-way waits for the new verdict.
        """
        self._end_one_beside(watched, check.code)
        watched.live.forget(check.code)

        async def measure() -> None:
            await self._one(watched, check, loud=loud)
            watched.beside.pop(check.code, None)

        watched.beside[check.code] = self._tasks.spawn(measure(), name=f"advise {check.code}")

    def _end_one_beside(self, watched: Watched, code: str) -> None:
        before = watched.beside.pop(code, None)
        if before is not None:
            before.cancel()

    def _end_beside(self, watched: Watched) -> None:
        for task in watched.beside.values():
            task.cancel()
        watched.beside.clear()

    async def _end_what_is_late(self, watched: Watched) -> None:
        began_ns = self._clock.monotonic_ns()
        while (left_s := self._late_in_s(watched, began_ns)) > 0:
            await self._clock.sleep(left_s)
        for check in watched.port.checks:
            result = self._results[check.code]
            if result.gating or result.state.final:
                continue
            self._end_one_beside(watched, check.code)
            late = self._results.make(
                check.code, CheckState.UNKNOWN, REASON_DEADLINE, {}, result.started_ms
            )
            self._put(watched, late)

    def _late_in_s(self, watched: Watched, began_ns: int) -> float:
        passed_s = (self._clock.monotonic_ns() - began_ns) / 1e9
        return watched.port.late_after_s() - passed_s

    async def _follow_meanwhile(self, watched: Watched) -> None:
        """Follow what must be known at once, such as a pulled device, while others are measured."""
        while True:
            await self._clock.sleep(LIVE_TICK_S)
            self._follow([check for check in watched.port.checks if watched.stands(check)], watched)

    def _follow(self, checks: Sequence[Check], watched: Watched) -> None:
        now_ns = self._clock.monotonic_ns()
        for check in checks:
            if check.code in watched.beside or check.code in watched.broken:
                continue
            before = self._results[check.code]
            try:
                after = watched.live.now(check, before, now_ns)
            except Exception as error:
                # The type alone: an error's own words may hold what nobody should read in a log.
                _log.warning("following %s threw %s", check.code, type(error).__name__)
                watched.broken.add(check.code)
                watched.live.forget(check.code)
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

    def _to_repeat(self, watched: Watched) -> list[str]:
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
        return with_company(watched.port, failing) if failing else []

    async def _run(self, watched: Watched, codes: Sequence[str], *, loud: bool) -> None:
        """Measure ``codes`` once. Quietly: a shown verdict stays until the new one is there.

        Returns when the gating ones are done.
        """
        loop = asyncio.get_running_loop()
        watched.verdicts.update({code: loop.create_future() for code in codes})
        if loud:
            self._results.reset(codes)
            if watched.late is not None:
                watched.late.cancel()
            watched.late = self._tasks.spawn(
                self._end_what_is_late(watched), name=f"late {watched.port.group.value}"
            )
        tasks = []
        for check in watched.port.checks:
            if check.code not in codes:
                continue
            if self._results[check.code].gating:
                work = self._one(watched, check, loud=loud)
                tasks.append(self._tasks.spawn(work, name=f"check {check.code}"))
            else:
                self._start_beside(watched, check, loud=loud)
        # What was followed before may not be what is measured now.
        watched.live = LiveVerdicts()
        following = self._tasks.spawn(self._follow_meanwhile(watched), name="follow meanwhile")
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in (*tasks, following):
                task.cancel()

    async def _one(self, watched: Watched, check: Check, *, loud: bool) -> None:
        started_ms = self._results.now_ms()
        watched.broken.discard(check.code)
        missing = await self._missing(check, watched.verdicts)
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
        self._put(watched, result)

    def _settle(
        self,
        watched: Watched,
        code: str,
        state: CheckState,
        reason: str | None,
        measured: Measured,
    ) -> None:
        """Give a check a verdict of this moment that is not its measurement's."""
        now_ms = self._results.now_ms()
        self._put(watched, self._results.make(code, state, reason, measured, now_ms))

    def _put(self, watched: Watched, result: CheckResult) -> None:
        """Keep a verdict, and tell those of its group that wait for it."""
        self._results.put(result)
        told = watched.verdicts.get(result.code)
        if told is not None and not told.done():
            told.set_result(result)

    async def _missing(
        self, check: Check, verdicts: Mapping[str, asyncio.Future[CheckResult]]
    ) -> str | None:
        """Return the code that holds this check back: the root, not its nearest victim."""
        for code in check.needs:
            # Shielded: who is measured again in mid-wait must not take the verdict from the others.
            coming = verdicts.get(code)
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
