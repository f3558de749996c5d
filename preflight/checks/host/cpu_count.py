"""Counts for two seconds what the processor does for others, before a trial call takes it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.system.machine_ports import CpuTimes, LocalMachine

COUNTED_S = 2.0
LEFT_WITHIN_S = 5.0
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class CpuUse:
    """What others took of all cores together, 0..100, and the program that took most of it."""

    busy_percent: float
    top_program: str | None
    top_percent: float


class CpuCount:
    """Counts once for each `begin`, after the gate has measured its round trips.

    Args:
        line_free: waits until the gate's own measurements are over; must end by itself.
    """

    def __init__(
        self,
        machine: LocalMachine,
        clock: Clock,
        offload: Offload,
        line_free: Callable[[], Awaitable[None]],
    ) -> None:
        self.use: CpuUse | None = None
        self._machine = machine
        self._clock = clock
        self._offload = offload
        self._line_free = line_free
        self._tasks = Tasks()
        self._counting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Forget what was counted."""
        if self._counting is not None:
            self._counting.cancel()
        self._counting = None
        self.use = None

    async def counted(self) -> None:
        """Wait for the gate, then count, once for all who ask."""
        await self._line_free()
        if self._counting is None:
            self._counting = self._tasks.spawn(self._count(), name="count the processor's time")
        await asyncio.wait([self._counting])

    async def left(self) -> None:
        """Wait until nothing is counted any more, 5 s at most: a load of ours comes next."""
        waited_s = 0.0
        while waited_s < LEFT_WITHIN_S and self._counting and not self._counting.done():
            await self._clock.sleep(_LOOK_S)
            waited_s += _LOOK_S

    async def close(self) -> None:
        """Stop counting."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _count(self) -> None:
        before = await self._offload(self._machine.cpu)
        await self._clock.sleep(COUNTED_S)
        self.use = use_between(before, await self._offload(self._machine.cpu))


def use_between(before: CpuTimes, after: CpuTimes) -> CpuUse | None:
    """Return what others took between two readings; None where no time passed.

    Processes of one program are taken together; one that began meanwhile counts whole.
    """
    total_s = after.total_s - before.total_s
    if total_s <= 0:
        return None
    others_s = (after.busy_s - before.busy_s) - (after.own_s - before.own_s)
    by_program: dict[str, float] = {}
    for pid, now in after.programs.items():
        then = before.programs.get(pid)
        began_s = then.seconds if then is not None and then.program == now.program else 0.0
        by_program[now.program] = by_program.get(now.program, 0.0) + now.seconds - began_s
    top = max(by_program, key=by_program.__getitem__, default=None)
    top_s = 0.0 if top is None else by_program[top]
    return CpuUse(_percent(others_s, total_s), top, _percent(top_s, total_s))


def _percent(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100 * part / whole))
