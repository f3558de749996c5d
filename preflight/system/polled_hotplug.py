"""Hints of plugging without a window and without Qt: for `liftbay diagnose --watch`.

Looks every 0.7 s whether the device nodes of Linux, or the names that its Pulse server lists, are
others than before; that costs 10 ms of CPU each time. Elsewhere nothing tells so cheaply, and no
hint comes.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from client_api.clock import Clock
from client_api.tasks import spawn
from preflight.offload import Offload, on_daemon_thread
from preflight.system.ask_program import Ask, Told, ask
from preflight.system.ports import Unsubscribe

EVERY_S = 0.7
_PATIENCE_S = 2.0
_NODES: Final = ("video*", "snd/*")
_Seen: TypeAlias = tuple[frozenset[str] | None, ...]


def _patiently(command: tuple[str, ...]) -> Told | None:
    return ask(command, within_s=_PATIENCE_S)


class PolledHotplug:
    """``HotplugHint`` on the running event loop.

    Args:
        dev: the folder of device nodes.
        asks: brings what a program of the system says.
    """

    def __init__(
        self,
        clock: Clock,
        offload: Offload = on_daemon_thread,
        *,
        system: str = sys.platform,
        dev: Path = Path("/dev"),
        asks: Ask = _patiently,
    ) -> None:
        self._clock = clock
        self._offload = offload
        self._system = system
        self._dev = dev
        self._asks = asks

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        """Call ``changed`` until the returned function is called."""
        if not self._system.startswith("linux"):
            return _nothing_to_end
        polling = spawn(self._poll(changed), name="watch what is plugged in")

        def unsubscribe() -> None:
            polling.cancel()

        return unsubscribe

    async def _poll(self, changed: Callable[[], None]) -> None:
        before = await self._offload(self._look)
        while True:
            await self._clock.sleep(EVERY_S)
            looked = await self._offload(self._look)
            # What could not be asked this time is as it was before.
            now = tuple(
                old if new is None else new for new, old in zip(looked, before, strict=True)
            )
            if now != before:
                changed()
            before = now

    def _look(self) -> _Seen:
        nodes = frozenset(str(path) for form in _NODES for path in self._dev.glob(form))
        return (nodes, self._listed("sources"), self._listed("sinks"))

    def _listed(self, kind: str) -> frozenset[str] | None:
        """Return the numbers and names on the server; None where it does not answer."""
        told = self._asks(("pactl", "list", "short", kind))
        if told is None or told.status != 0:
            return None
        # Its other columns change while a stream runs.
        return frozenset(" ".join(line.split("\t")[:2]) for line in told.out.splitlines())


def _nothing_to_end() -> None:
    return None
