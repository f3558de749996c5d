"""A trial call of settable figures on virtual time."""

from client_api.clock import Clock
from client_api.wire import ProbeRoom
from preflight.model import Measured
from preflight.probe.media_probe import TrialLook
from preflight.probe.network_probe import ProbeFailed

GOOD_TRIAL: Measured = {
    "joined": True,
    "seconds": 6.0,
    "uplink_kbps": 3050.0,
    "lower_bound": True,
    "downlink_kbps": 3040.0,
    "ramp_s": 2.0,
    "rtt_ms": 24.0,
    "loss_up_percent": 0.0,
    "loss_down_percent": 0.0,
    "stream_packets": 280,
    "stream_loss_percent": 0.0,
    "worst_burst_percent": 0.0,
    "second_burst_percent": 0.0,
    "reordered_percent": 0.0,
    "jitter_ms": 2.0,
    "mos": 4.4,
    "limited_percent": 0.0,
    "cpu_limited_percent": 0.0,
    "encode_ms": 9.0,
    "decoded": True,
    "first_frame_ms": 320.0,
    "frames_decoded": 170,
    "freezes": 0,
    "udp": True,
    "protocol": "udp",
    "candidate": "host",
}


class FakeMediaProbe:
    """A `MediaProbe` whose trial calls take six seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.figures: Measured = GOOD_TRIAL
        self.takes_s = 6.0
        self.dies = False
        self.trials = 0
        self.ended: list[bool] = []

    async def ready(self) -> None:
        await self._clock.sleep(0.5)

    async def trial(self, room: ProbeRoom, *, max_s: float) -> TrialLook:
        self.trials += 1
        await self._clock.sleep(self.takes_s)
        if self.dies:
            raise ProbeFailed("made up")
        return TrialLook(self.figures, {"at_s": [1.0], "uplink_kbps": [3050.0]})

    async def end(self, *, at_once: bool = False) -> None:
        self.ended.append(at_once)
