"""What the camera's and the microphone's bench share: finding, opening, waiting, closing.

A bench holds the one open device that the checks of a group look at.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from client_api.clock import Clock
from client_api.tasks import Tasks
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import (
    Detach,
    DeviceNotFound,
    OpenFault,
    SourceState,
    SourceStatus,
)
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.system.ports import Holder, Permission

POLL_S = 0.02
REFUSED = (Permission.DENIED, Permission.RESTRICTED)
NOT_OPENED = SourceStatus(SourceState.CLOSED)
PERMISSION_PATIENCE_S = 0.8
"""How long a refused permission waits for the device to prove otherwise."""
OPEN_PATIENCE_S = 9.5
STREAM_PATIENCE_S = 1.5
"""Some systems open a busy device and refuse the stream: that long a first frame is awaited."""

log = logging.getLogger("preflight.checks")


class _Source(Protocol):
    """What a camera and a microphone have in common (`preflight.devices.ports`)."""

    @property
    def info(self) -> DeviceInfo: ...
    @property
    def status(self) -> SourceStatus: ...
    def open(self) -> None: ...
    def close(self) -> None: ...


SourceT = TypeVar("SourceT", bound=_Source)


@dataclass(frozen=True, slots=True)
class DeviceAccess(Generic[SourceT]):
    """Where devices of one kind come from, and whom to ask about them. Everything may block.

    Attributes:
        what: "camera" or "microphone", for names of tasks and for logs.
        gone_after_ms: an open device that is silent for this long is gone.
    """

    what: str
    find: Callable[[], tuple[DeviceInfo, ...]]
    make: Callable[[DeviceId | None], SourceT]
    permission: Callable[[str], Permission]
    holder: Callable[[str], Holder | None]
    gone_after_ms: float


class Bench(ABC, Generic[SourceT]):
    """Prepares a device beside the loop; a new wish replaces one that has not begun yet.

    Attributes:
        found: what there is to choose from; None before the first look.
        source: the device in use, open or on its way.
        wanted: the device to open; None takes the first.
        known: the device that passed last time.
    """

    def __init__(
        self,
        access: DeviceAccess[SourceT],
        clock: Clock,
        offload: Offload,
        *,
        wanted: DeviceId | None,
    ) -> None:
        self.clock = clock
        self.offload = offload
        self.found: tuple[DeviceInfo, ...] | None = None
        self.source: SourceT | None = None
        self.wanted = wanted
        self.known: DeviceInfo | None = None
        self._access = access
        self._told = Permission.UNKNOWN
        self._detach: Detach | None = None
        self._tasks = Tasks()
        self._one_at_a_time = asyncio.Lock()
        self._wish = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    @abstractmethod
    def flowing(self) -> bool:
        """Whether a first frame or block has come."""

    @abstractmethod
    def silent_ms(self) -> float | None:
        """Return for how long nothing has come; None when nothing ever has."""

    @abstractmethod
    def _new_window(self) -> None:
        """Forget the figures of an earlier device."""

    @abstractmethod
    def _attach(self, source: SourceT) -> Detach:
        """Let the window see what a source delivers."""

    @property
    def status(self) -> SourceStatus:
        """Where the device stands; CLOSED when there is none."""
        return NOT_OPENED if self.source is None else self.source.status

    @property
    def info(self) -> DeviceInfo | None:
        """The device in use."""
        return None if self.source is None else self.source.info

    @property
    def quick(self) -> bool:
        """Whether this very device passed last time, so that shorter looks will do."""
        return self.known is not None and self.info == self.known

    @property
    def present(self) -> bool:
        """Whether the device still delivers, silence included."""
        silent_ms = self.silent_ms()
        running = self.status.state is SourceState.RUNNING
        return running and silent_ms is not None and silent_ms < self._access.gone_after_ms

    async def _prepare(self) -> None:
        """Close what is open, look for devices, open the wanted one."""
        old = self.source
        stuck = old is not None and old.status.state is SourceState.OPENING
        if stuck and old is not None and self.wanted in (None, old.info.id):
            # A driver that hangs is not asked twice: we go on waiting for the first answer.
            self.found = _with(await self.offload(self._access.find), old.info)
            return
        self.release()
        self.source = None
        if old is not None:
            await self.offload(old.close)
        self._new_window()
        devices = await self.offload(self._access.find)
        try:
            source = await self.offload(lambda: self._access.make(self.wanted))
        except DeviceNotFound:
            self.found = devices if self.wanted is None else ()
            return
        self.found = _with(devices, source.info)
        self._detach = self._attach(source)
        self.source = source
        source.open()

    async def look_again(self) -> None:
        """Refresh what there is to choose from; the open device is left alone."""
        devices = await self.offload(self._access.find)
        if self.found is not None:
            self.found = _with(devices, self.info)

    def release(self) -> None:
        """Take the analysis off; the device stays open."""
        if self._detach is not None:
            self._detach()
            self._detach = None

    async def close(self) -> None:
        """Stop preparing, take the analysis off and close the device."""
        self._wish += 1
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        self.release()
        source, self.source = self.source, None
        if source is not None:
            await self.offload(source.close)

    async def begin(self) -> None:
        """Prepare anew, beside whoever asked."""
        self._wish += 1
        self.found = None
        self._idle.clear()
        self._tasks.spawn(self._prepare_last_wish(self._wish), name=f"open {self._access.what}")

    async def _prepare_last_wish(self, wish: int) -> None:
        async with self._one_at_a_time:
            if wish != self._wish:
                return
            try:
                await self._prepare()
            except Exception as error:
                # The checks see that no device is open and say it in words.
                log.warning("preparing the %s threw %s", self._access.what, type(error).__name__)
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
        told = await self.offload(lambda: self._access.permission(info.id))
        self._told = told
        refused = told in REFUSED
        await self.until(
            lambda: self.flowing or self._over() or not (refused or self._opening()),
            within_s=PERMISSION_PATIENCE_S,
        )
        if self.status.fault is OpenFault.DENIED and not refused and not self.busy:
            return Permission.DENIED
        return told

    @property
    def busy(self) -> bool:
        """Whether another program holds the device.

        Windows answers "access is denied" (0x80070005) for a switched-off permission and for a
        device that a program has to itself: where the switch is on, it is the second.
        """
        fault = self.status.fault
        allowed = self._told is Permission.GRANTED
        return fault is OpenFault.BUSY or (fault is OpenFault.DENIED and allowed)

    async def holder(self) -> str | None:
        """Name the program that holds a busy device; None where the system does not tell."""
        info = self.info
        known = self.status.holder
        if known is not None or info is None or info.kind.synthetic:
            return known
        found = await self.offload(lambda: self._access.holder(info.id))
        return None if found is None else found.program

    def _opening(self) -> bool:
        return not self._idle.is_set() or self.status.state is SourceState.OPENING

    def _open_known(self) -> bool:
        return self.status.open_ms is not None or self._over() or not self._opening()

    def _over(self) -> bool:
        return self.status.state in (SourceState.FAILED, SourceState.LOST)


def _with(devices: tuple[DeviceInfo, ...], open_one: DeviceInfo | None) -> tuple[DeviceInfo, ...]:
    """A made source (clip, pattern, tone) is not always listed, but it is there."""
    if open_one is None or any(found.id == open_one.id for found in devices):
        return devices
    return (*devices, open_one)
