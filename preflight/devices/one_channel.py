"""One channel of an open microphone, where the other is dead or cancels it."""

from preflight.devices.frames import AudioBlock, DeviceInfo
from preflight.devices.ports import BlockTap, Detach, MicrophoneSource, SourceStatus


class OneChannel:
    """``MicrophoneSource`` over another one: the same device, one of its channels.

    Opening and closing is the device's own.
    """

    def __init__(self, source: MicrophoneSource, channel: int) -> None:
        self._source = source
        self._channel = channel

    @property
    def info(self) -> DeviceInfo:
        return self._source.info

    @property
    def channels(self) -> int:
        return 1

    @property
    def own_rate_hz(self) -> int | None:
        return self._source.own_rate_hz

    @property
    def status(self) -> SourceStatus:
        return self._source.status

    @property
    def overflows(self) -> int:
        return self._source.overflows

    def open(self) -> None:
        self._source.open()

    def attach(self, tap: BlockTap) -> Detach:
        first, after = self._channel, self._channel + 1

        def one(block: AudioBlock) -> None:
            samples = block.samples[:, first:after].copy()
            samples.flags.writeable = False
            tap(AudioBlock(samples, block.captured_ns))

        return self._source.attach(one)

    def close(self) -> None:
        self._source.close()
