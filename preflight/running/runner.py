"""Runs the checks: at once where they can, in order where they must, again where they fail.

Pure: knows checks as coroutines and devices not at all. One task looks after each group:

    begin -> all checks (prerequisites, deadlines) -> watch
    watch: live verdicts, steadied; what fails is measured again every few seconds, quietly;
           a hint (hot-plug) does it at once; `restart` begins the group anew, for all to see

Advisory checks run beside: nothing waits for them, and none is repeated because it fails. One
whose prerequisite came right later is measured then. How a single verdict comes about is in
`preflight.running.group_verdicts`.

A check that throws or tells nonsense is failed with ``check.internal``; one that does not end is
failed, or unknown when it is advisory, with ``deadline``; the others go on. Advice that has no
verdict after a minute gets none in this run. Results are published as they change.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Never

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.check import GroupPort, with_company
from preflight.model import CheckedAgain, Group, Measured, RunProgress
from preflight.offload import TASKS_END_WITHIN_S
from preflight.running.group_verdicts import LIVE_TICK_S, GroupVerdicts
from preflight.running.run_results import Publish, RunResults

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watched:
    """What the runner keeps for one group.

    Attributes:
        task: looks after the group.
        hinted: something may have changed: what fails is measured again at once.
        again: why it begins anew by itself.
        asked: checks that somebody wants measured again, once the group is being watched.
        loud: whether a gating one is among them, so that everybody sees it being measured.
    """

    port: GroupPort
    verdicts: GroupVerdicts
    task: asyncio.Task[None] | None = None
    hinted: bool = False
    again: CheckedAgain | None = None
    asked: set[str] = field(default_factory=set)
    loud: bool = False


class PreflightRunner:
    """Runs the groups until `stop`, and publishes every change."""

    def __init__(self, groups: Sequence[GroupPort], clock: Clock, publish: Publish) -> None:
        self._clock = clock
        self._tasks = Tasks()
        self._results = RunResults(
            {check.code for port in groups for check in port.checks},
            clock,
            publish,
            lambda: next((each.again for each in self._watched.values() if each.again), None),
        )
        self._watched = {
            port.group: _Watched(port, GroupVerdicts(port, self._results, clock, self._tasks))
            for port in groups
        }
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
        watched.verdicts.end_advice()
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
                watched.verdicts.advise(checks[each], loud=True)

    def answer(self, code: str, measured: Measured) -> None:
        """Judge what a person said; until their group begins anew it stands.

        A code that is not run is ignored: nobody is asked about it.
        """
        if self._stopped:
            return
        for watched in self._watched.values():
            if any(check.code == code for check in watched.port.checks):
                watched.verdicts.answer(code, measured)

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

    async def _keep_going(self, watched: _Watched) -> None:
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
                watched.verdicts.end_advice()
                watched.verdicts.fail_all()
                await self._clock.sleep(port.retry_every_s)
                self._results.reset(check.code for check in port.checks)

    async def _look_after(self, watched: _Watched) -> Never:
        port = watched.port
        every = [check.code for check in port.checks]
        await self._begin(port)
        await watched.verdicts.measure(every, loud=True)
        while True:
            self._no_more_again(watched)
            codes, begin = await self._watch(watched)
            asked = watched.loud and not watched.asked.isdisjoint(codes)
            watched.asked.clear()
            watched.loud = False
            if begin:
                watched.verdicts.end_advice()
                await self._begin(port)
            await watched.verdicts.measure(codes or every, loud=asked or not codes)

    def _no_more_again(self, watched: _Watched) -> None:
        if watched.again is not None:
            watched.again = None
            self._results.tell()

    async def _begin(self, port: GroupPort) -> None:
        try:
            await port.begin()
        except Exception as error:
            # The checks find out and say it in words; the group goes on.
            _log.warning("group %s did not begin: %s", port.group.value, type(error).__name__)

    async def _watch(self, watched: _Watched) -> tuple[list[str], bool]:
        """Keep verdicts alive; return what to measure again (nothing: all, for all to see)."""
        port = watched.port
        every = [check.code for check in port.checks]
        since_ns = self._clock.monotonic_ns()
        fault_ns: int | None = None
        watched.verdicts.follow_anew()
        while True:
            await self._clock.sleep(LIVE_TICK_S)
            if port.must_restart():
                watched.again = CheckedAgain.NETWORK_CHANGED
                return [], True
            watched.verdicts.advise_what_can_be()
            watched.verdicts.follow()
            now_ns = self._clock.monotonic_ns()
            if watched.asked:
                if not port.usable():
                    return every, True
                return [code for code in every if code in watched.asked], False
            failing = watched.verdicts.to_repeat()
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
