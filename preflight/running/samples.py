"""What the devices gave over the run, as columns for the report's plots: level, luma and rate.

Numbers alone: no sound and no picture can be made from them.
"""

from collections import deque
from dataclasses import dataclass

from client_api.clock import Clock
from preflight.checks.camera.bench import CameraBench
from preflight.checks.microphone.bench import MicrophoneBench

SAMPLE_EVERY_S = 0.25
KEPT = 240
"""The last minute of samples."""


@dataclass(frozen=True, slots=True)
class DeviceSample:
    """The devices at one moment; None where one gives nothing.

    Attributes:
        at_ms: since the run began.
        level_dbfs: RMS of the last 60 ms, -120..0.
        luma: mean of the newest analysed picture, 0..255.
        fps: distinct pictures per second over the last 2.5 s.
    """

    at_ms: float
    level_dbfs: float | None
    luma: float | None
    fps: float | None


class DeviceSamples:
    """Takes and keeps the newest samples of the devices on their benches."""

    def __init__(self, camera: CameraBench, microphone: MicrophoneBench, clock: Clock) -> None:
        self._camera = camera
        self._microphone = microphone
        self._clock = clock
        self._kept: deque[DeviceSample] = deque(maxlen=KEPT)

    async def keep_taking(self) -> None:
        """Take a sample every 250 ms; the oldest makes room."""
        began_ns = self._clock.monotonic_ns()
        while True:
            await self._clock.sleep(SAMPLE_EVERY_S)
            camera, microphone = self._camera, self._microphone
            self._kept.append(
                DeviceSample(
                    at_ms=(self._clock.monotonic_ns() - began_ns) / 1e6,
                    level_dbfs=microphone.window.meter().rms_dbfs if microphone.present else None,
                    luma=camera.window.luma() if camera.present else None,
                    fps=camera.window.fps() if camera.present else None,
                )
            )

    def columns(self) -> dict[str, list[float | None]]:
        """Return the samples by column, all of one length, for the report."""
        return {
            "at_ms": [round(each.at_ms) for each in self._kept],
            "level_dbfs": [_rounded(each.level_dbfs) for each in self._kept],
            "luma": [_rounded(each.luma) for each in self._kept],
            "fps": [_rounded(each.fps) for each in self._kept],
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
