"""What the camera's and the microphone's bench share: finding, opening, waiting, closing.

A bench holds the one open device that the checks of a group look at.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
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
from preflight.devices.stable_names import find_again, is_same
from preflight.model import Measured
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.system.ports import Holder, Permission

POLL_S = 0.02
REFUSED = (Permission.DENIED, Permission.RESTRICTED)
NOT_OPENED = SourceStatus(SourceState.CLOSED)
PERMISSION_PATIENCE_S = 0.8
"""How long a refused permission waits for the device to prove otherwise."""
UNLISTED_SILENT_MS = 500.0
"""A device that the system does not list any more is gone once it is silent for this long."""
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
        request: has the system ask the person for permission, and returns with the answer.
        gone_after_ms: an open device that is silent for this long is gone.
        open_within_s: one that has been opening for this long does not open.
        remembers: whether the usual device comes first where nobody chose one.
        stands_in: whether the first device is used while the meant one is not there.
    """

    what: str
    find: Callable[[], tuple[DeviceInfo, ...]]
    make: Callable[[DeviceId | None], SourceT]
    permission: Callable[[str], Permission]
    request: Callable[[], None]
    holder: Callable[[str], Holder | None]
    gone_after_ms: float
    open_within_s: float
    remembers: Callable[[], bool] = lambda: False
    stands_in: bool = False


class Bench(ABC, Generic[SourceT]):
    """Prepares a device beside the loop; a new wish replaces one that has not begun yet.

    Attributes:
        found: what there is to choose from; None before the first look.
        source: the device in use, open or on its way.
        known: the device that passed last time.
        usual: the one that comes first where nobody chose one, and nothing is set.
        missing: the device that is meant, while it is not there.
        make_way: awaited before a device is opened: whoever looks at one beside closes it.
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
        self.known: DeviceInfo | None = None
        self.usual: DeviceInfo | None = None
        self.missing: DeviceInfo | None = None
        self.make_way: Callable[[], Awaitable[None]] = _nobody_in_the_way
        self._wanted = wanted
        self._chosen: DeviceInfo | None = None
        self._lost: DeviceInfo | None = None
        self._listed: tuple[DeviceInfo, ...] = ()
        self._access = access
        self._told = Permission.UNKNOWN
        self._detaches: Sequence[Detach] = ()
        self._search_ns = (0, 0)
        self._opening_ns = 0
        self._tasks = Tasks()
        self._one_at_a_time = asyncio.Lock()
        self._given = False
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
    def _attach(self, source: SourceT) -> Sequence[Detach]:
        """Let the windows see what a source delivers.

        Each by itself: a tap that raises is taken off, and advice must not end the gate's.
        """

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
        info = self.info
        return (
            info is not None and self.known is not None and find_again(self.known, [info]) == info
        )

    @property
    def present(self) -> bool:
        """Whether the device still delivers, silence included."""
        silent_ms, info = self.silent_ms(), self.info
        if silent_ms is None or info is None or self.status.state is not SourceState.RUNNING:
            return False
        unlisted = not info.kind.synthetic and not any(is_same(info, each) for each in self._listed)
        return silent_ms < (UNLISTED_SILENT_MS if unlisted else self._access.gone_after_ms)

    @property
    def wanted(self) -> DeviceId | None:
        """What a person chose by hand; None where nobody did."""
        return self._wanted

    @property
    def is_chosen(self) -> bool:
        """Whether the device in use was chosen, by hand or in the settings."""
        return self._wanted is not None or not self._access.remembers()

    def choose(self, device: DeviceId) -> None:
        """Mean this device from the next `begin` on, also where it gets another id."""
        self._wanted = device
        self._chosen = next((each for each in self.found or () if each.id == device), None)
        self._lost = None

    async def _prepare(self) -> None:
        """Close what is open, look for devices, open the wanted one."""
        old = self.source
        stuck = old is not None and old.status.state is SourceState.OPENING
        if stuck and old is not None and self._wanted in (None, old.info.id):
            # A driver that hangs is not asked twice: we go on waiting for the first answer.
            self.found = _with(await self._list(), old.info)
            return
        if old is not None and self.silent_ms() is not None and not self.present:
            # It worked and went: whatever comes first now only stands in for it.
            self._lost = old.info
        self.release()
        self.source = None
        # What the system said was of the device before.
        self._told = Permission.UNKNOWN
        if old is not None:
            await self.offload(old.close)
        await self.make_way()
        self._new_window()
        began_ns = self.clock.monotonic_ns()
        devices = await self._list()
        self._search_ns = (began_ns, self.clock.monotonic_ns())
        device = self._device_of(devices)
        try:
            source = await self.offload(lambda: self._access.make(device))
        except DeviceNotFound:
            self.found = devices if device is None else ()
            return
        self.found = _with(devices, source.info)
        self._detaches = self._attach(source)
        self.source = source
        self._opening_ns = self.clock.monotonic_ns()
        source.open()

    async def look_again(self) -> bool:
        """Refresh what there is to choose from; the open device is left alone.

        Returns:
            Whether a device is there that was not there at the look before.
        """
        before = self._listed
        devices = await self._list()
        if self.found is not None:
            self.found = _with(devices, self.info)
        return not {each.id for each in self._listed} <= {each.id for each in before}

    @property
    def back(self) -> bool:
        """Whether the device that was missing is there again."""
        return self.missing is not None and find_again(self.missing, self.found or ()) is not None

    async def _list(self) -> tuple[DeviceInfo, ...]:
        devices = await self.offload(self._access.find)
        self._listed = devices
        return devices

    def _device_of(self, devices: tuple[DeviceInfo, ...]) -> DeviceId | None:
        """Return the id to open: of the chosen device, of last time's, or None for the first."""
        meant = self._meant(devices)
        self.missing = None
        if meant is None:
            return self._wanted
        today = find_again(meant, devices)
        if today is not None:
            return today.id
        if self._wanted is not None and not self._access.stands_in:
            return self._wanted
        self.missing = meant
        return None

    def _meant(self, devices: tuple[DeviceInfo, ...]) -> DeviceInfo | None:
        if self._wanted is None:
            meant = self._lost or (self.usual if self._access.remembers() else None)
            return None if meant is None or meant.kind.synthetic else meant
        if self._chosen is None:
            self._chosen = next((each for each in devices if each.id == self._wanted), None)
        return self._chosen

    def release(self) -> None:
        """Take the analysis off; the device stays open."""
        detaches, self._detaches = self._detaches, ()
        for detach in detaches:
            detach()

    def give(self) -> None:
        """Leave the open device to the call: the analysis comes off, and it is ours no more.

        No `begin` and no `close` touches it afterwards.
        """
        self._given = True
        self._wish += 1
        self.release()

    async def close(self) -> None:
        """Stop preparing, take the analysis off and close the device, unless it was given away."""
        self._wish += 1
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        self.release()
        source, self.source = self.source, None
        if source is not None and not self._given:
            await self.offload(source.close)

    async def begin(self) -> None:
        """Prepare anew, beside whoever asked; not any more once the device was given away."""
        if self._given:
            return
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

    @property
    def search_figures(self) -> Measured:
        """How long the search before the newest open took, and how long ago it began."""
        began_ns, ended_ns = self._search_ns
        if not began_ns:
            return {}
        return {"search_ms": (ended_ns - began_ns) / 1e6, "began_ago_ms": self._ago_ms(began_ns)}

    @property
    def open_ago_ms(self) -> float:
        """How long ago the newest open began."""
        return self._ago_ms(self._opening_ns)

    def _ago_ms(self, began_ns: int) -> float:
        return (self.clock.monotonic_ns() - began_ns) / 1e6

    @property
    def opens_too_long(self) -> bool:
        """Whether the newest open has taken longer than one may, from its begin."""
        return self.open_ago_ms >= self._access.open_within_s * 1000

    @property
    def over(self) -> bool:
        """Whether the device did not open, or is lost."""
        return self.status.state in (SourceState.FAILED, SourceState.LOST)

    async def open_settled(self) -> None:
        """Wait until the open device delivers, or failed, or took too long for either."""
        await self.until(
            lambda: self._idle.is_set() and (self._open_known() or self.opens_too_long),
            within_s=self._access.open_within_s,
        )
        if self.status.state is SourceState.RUNNING:
            await self.until(lambda: self.flowing or self.over, within_s=STREAM_PATIENCE_S)

    async def permission_asked(self) -> None:
        """Have the system ask the person where it never has, and open the device they allow."""
        info = self.info
        if info is None or info.kind.synthetic:
            return
        if await self._told_by_system(info) is not Permission.UNDETERMINED:
            return
        await self.offload(self._access.request)
        answered = await self._told_by_system(info)
        if answered is Permission.GRANTED and self.status.state is SourceState.FAILED:
            # It was opened before the answer, and refused.
            await self.begin()
            await self.prepared()

    async def _told_by_system(self, info: DeviceInfo) -> Permission:
        return await self.offload(lambda: self._access.permission(info.id))

    async def permission(self) -> Permission:
        """Return what the system says about access, unless the open device says otherwise."""
        info = self.info
        if info is None or info.kind.synthetic:
            return Permission.GRANTED if info is not None else Permission.UNKNOWN
        told = await self._told_by_system(info)
        self._told = told
        refused = told in REFUSED
        await self.until(
            lambda: self.flowing or self.over or not (refused or self._opening()),
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
        return self.status.open_ms is not None or self.over or not self._opening()


async def _nobody_in_the_way() -> None:
    """Nothing is looked at beside."""


def _with(devices: tuple[DeviceInfo, ...], open_one: DeviceInfo | None) -> tuple[DeviceInfo, ...]:
    """A made source (clip, pattern, tone) is not always listed, but it is there.

    Where a system numbers devices anew the open one is listed under another id: it stands there
    once, as it was opened.
    """
    if open_one is None or any(found.id == open_one.id for found in devices):
        return devices
    if not any(is_same(open_one, found) for found in devices):
        return (*devices, open_one)
    return tuple(open_one if is_same(open_one, found) else found for found in devices)
