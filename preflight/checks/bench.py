"""What the camera's and the microphone's bench share: waiting, and one preparation at a time.

A bench holds the one open device that the checks of a group look at.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import OpenFault, SourceState, SourceStatus
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.system.ports import Permission

POLL_S = 0.02
REFUSED = (Permission.DENIED, Permission.RESTRICTED)
NOT_OPENED = SourceStatus(SourceState.CLOSED)
PERMISSION_PATIENCE_S = 0.8
"""How long a refused permission waits for the device to prove otherwise."""
OPEN_PATIENCE_S = 9.5
STREAM_PATIENCE_S = 1.5
"""Some systems open a busy device and refuse the stream: that long a first frame is awaited."""

log = logging.getLogger("preflight.checks")


class Bench(ABC):
    """Prepares a device beside the loop; a new wish replaces one that has not begun yet."""

    def __init__(
        self,
        what: str,
        ask_permission: Callable[[str], Permission],
        clock: Clock,
        offload: Offload,
        *,
        known: DeviceInfo | None,
    ) -> None:
        self.clock = clock
        self.offload = offload
        self.found: tuple[DeviceInfo, ...] | None = None
        self.wanted: DeviceId | None = None
        self._what = what
        self._known = known
        self._ask_permission = ask_permission
        self._tasks = Tasks()
        self._one_at_a_time = asyncio.Lock()
        self._wish = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    @abstractmethod
    def status(self) -> SourceStatus:
        """Where the device stands; CLOSED when there is none."""

    @property
    @abstractmethod
    def flowing(self) -> bool:
        """Whether a first frame or block has come."""

    @property
    @abstractmethod
    def info(self) -> DeviceInfo | None:
        """The device in use."""

    @property
    def quick(self) -> bool:
        """Whether this very device passed last time, so that shorter looks will do."""
        return self._known is not None and self.info == self._known

    @property
    @abstractmethod
    def present(self) -> bool:
        """Whether the device still delivers."""

    @abstractmethod
    async def prepare(self) -> None:
        """Close what is open, look for devices, open the wanted one. Runs on its own task."""

    async def begin(self) -> None:
        """Prepare anew, beside whoever asked."""
        self._wish += 1
        self.found = None
        self._idle.clear()
        self._tasks.spawn(self._prepare_last_wish(self._wish), name=f"open {self._what}")

    async def _prepare_last_wish(self, wish: int) -> None:
        async with self._one_at_a_time:
            if wish != self._wish:
                return
            try:
                await self.prepare()
            except Exception as error:
                # The checks see that no device is open and say it in words.
                log.warning("preparing the %s threw %s", self._what, type(error).__name__)
            finally:
                if wish == self._wish:
                    self._idle.set()

    async def prepared(self) -> None:
        """Wait until the last `begin` has opened (or not found) its device."""
        await self._idle.wait()

    async def until(self, holds: Callable[[], bool], *, within_s: float) -> bool:
        """Wait until ``holds()`` is true; False when it never was within the time."""
        end_ns = self.clock.monotonic_ns() + round(within_s * 1e9)
        while not holds():
            if self.clock.monotonic_ns() >= end_ns:
                return False
            await self.clock.sleep(POLL_S)
        return True

    async def open_settled(self) -> None:
        """Wait until the open device delivers, or failed, or took too long for either."""
        await self.until(
            lambda: self._idle.is_set() and self._open_known(), within_s=OPEN_PATIENCE_S
        )
        if self.status.state is SourceState.RUNNING:
            await self.until(lambda: self.flowing or self._over(), within_s=STREAM_PATIENCE_S)

    async def permission(self) -> Permission:
        """Return what the system says about access, unless the open device says otherwise."""
        info = self.info
        if info is None or info.kind.synthetic:
            return Permission.GRANTED if info is not None else Permission.UNKNOWN
        told = await self.offload(lambda: self._ask_permission(info.id))
        refused = told in REFUSED
        await self.until(
            lambda: self.flowing or self._over() or not (refused or self._opening()),
            within_s=PERMISSION_PATIENCE_S,
        )
        if self.status.fault is OpenFault.DENIED and not refused:
            return Permission.DENIED
        return told

    async def finish(self) -> None:
        """End a preparation that is still under way."""
        self._wish += 1
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    def _opening(self) -> bool:
        return not self._idle.is_set() or self.status.state is SourceState.OPENING

    def _open_known(self) -> bool:
        return self.status.open_ms is not None or self._over() or not self._opening()

    def _over(self) -> bool:
        return self.status.state in (SourceState.FAILED, SourceState.LOST)
