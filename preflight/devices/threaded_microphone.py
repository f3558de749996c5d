"""A microphone source on a pump thread of its own, over any reader of 10 ms blocks."""

from typing import Protocol

from preflight.devices.frames import AudioBlock, DeviceInfo
from preflight.devices.ports import BlockTap, Detach, SourceStatus
from preflight.devices.source_thread import OpenGuard, Reader, SourceLimits, SourceThread
from preflight.devices.taps import TapList

MICROPHONE_LIMITS = SourceLimits(first_s=4.0, silence_s=1.0)


class BlockReader(Reader[AudioBlock], Protocol):
    """A reader of blocks that counts what was lost before it could be read."""

    @property
    def channels(self) -> int: ...
    @property
    def own_rate_hz(self) -> int | None: ...
    @property
    def overflows(self) -> int: ...


class ThreadedMicrophone:
    """``MicrophoneSource`` over a ``BlockReader``."""

    def __init__(
        self,
        info: DeviceInfo,
        reader: BlockReader,
        guard: OpenGuard,
        limits: SourceLimits = MICROPHONE_LIMITS,
    ) -> None:
        self._info = info
        self._reader = reader
        self._taps: TapList[AudioBlock] = TapList(info.id)
        self._thread = SourceThread(info.id, reader, self._taps.deliver, guard, limits)

    @property
    def info(self) -> DeviceInfo:
        return self._info

    @property
    def channels(self) -> int:
        return self._reader.channels

    @property
    def own_rate_hz(self) -> int | None:
        return self._reader.own_rate_hz

    @property
    def status(self) -> SourceStatus:
        return self._thread.status

    @property
    def overflows(self) -> int:
        return self._reader.overflows

    def open(self) -> None:
        self._thread.open()

    def attach(self, tap: BlockTap) -> Detach:
        return self._taps.attach(tap)

    def close(self) -> None:
        self._thread.close()
