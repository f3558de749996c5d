"""A trial call of settable figures on virtual time."""

from client_api.clock import Clock
from client_api.wire import ProbeRoom
from preflight.devices.ports import CameraSource, MicrophoneSource
from preflight.model import Measured
from preflight.probe.media_probe import TrialLook
from preflight.probe.network_probe import ProbeFailed
from preflight.probe.protocol import DrillName

GOOD_TRIAL: Measured = {
    "joined": True,
    "seconds": 6.0,
    "published_ms": 60.0,
    "uplink_kbps": 3050.0,
    "lower_bound": True,
    "downlink_kbps": 3040.0,
    "ramp_s": 2.0,
    "rtt_ms": 24.0,
    "delay_ms": 60.0,
    "delay_p95_ms": 90.0,
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
    "encoder": "libvpx",
    "power_efficient": False,
    "decoded": True,
    "first_frame_ms": 320.0,
    "frames_decoded": 170,
    "freezes": 0,
    "steady_freezes": 0,
    "udp": True,
    "protocol": "udp",
    "candidate": "host",
}
GOOD_MICROPHONE: Measured = {
    "voice_heard": True,
    "correlation": 0.91,
    "fine": 0.75,
    "lag_ms": 180.0,
    "sent_s": 3.5,
    "received_s": 3.5,
}
GOOD_CAMERA: Measured = {"camera_sent_fps": 30.0, "camera_back_fps": 29.0, "luma_off": 0.4}
GOOD_DRILLS: dict[DrillName, Measured] = {
    "quality": {"quality": "excellent", "quality_a": "excellent", "quality_b": "excellent"},
    "reconnect": {
        "back": True,
        "reconnect_ms": 3100.0,
        "signal_ms": 3100.0,
        "full_ms": 200.0,
        "gap_ms": 400.0,
        "mute_kept": True,
    },
    "tcp": {
        "tcp": True,
        "tcp_protocol": "tcp",
        "tcp_candidate": "prflx",
        "tcp_type": "passive",
        "tcp_packets": 60,
    },
    "tcp_rate": {
        "udp_kbps": 1000.0,
        "tcp_kbps": 1100.0,
        "udp_loss_percent": 2.5,
        "tcp_loss_percent": 1.6,
    },
}
GOOD_OFFER: Measured = {
    "told": True,
    "turn_offered": True,
    "turn_tls_offered": True,
    "tcp_offered": True,
    "udp_offered": True,
}
GOOD_RELAY: Measured = {
    "offered": True,
    "connected": True,
    "relay": True,
    "relay_candidate": "relay",
    "relay_protocol": "udp",
    "relay_connect_ms": 210.0,
    "packets": 60,
}


class FakeMediaProbe:
    """A `MediaProbe` whose trial calls take six seconds.

    Attributes:
        takes_s: how long the ramp takes.
        drills_take_s: how long a drill takes; a drill that is not named takes a second.
        done: what was asked for, in its order.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.figures: Measured = GOOD_TRIAL
        self.microphone_figures: Measured = GOOD_MICROPHONE
        self.camera_figures: Measured = GOOD_CAMERA
        self.drills: dict[DrillName, Measured] = dict(GOOD_DRILLS)
        self.offered: Measured = GOOD_OFFER
        self.relays: dict[bool, Measured] = {
            False: GOOD_RELAY,
            True: {**GOOD_RELAY, "relay_protocol": "tls"},
        }
        self.takes_s = 6.0
        self.drills_take_s: dict[str, float] = {"reconnect": 4.0}
        self.dies = False
        self.trials = 0
        self.caps: list[tuple[float, int]] = []
        self.done: list[str] = []
        self.ended: list[bool] = []

    async def ready(self) -> None:
        await self._clock.sleep(0.5)

    async def trial(self, room: ProbeRoom, *, max_s: float, cap_kbps: int) -> TrialLook:
        self.trials += 1
        self.caps.append((max_s, cap_kbps))
        await self._clock.sleep(self.takes_s)
        if self.dies:
            raise ProbeFailed("made up")
        return TrialLook(self.figures, {"at_s": [1.0], "uplink_kbps": [3050.0]})

    async def microphone(self, source: MicrophoneSource, *, max_s: float) -> Measured:
        detach = source.attach(lambda block: None)
        try:
            return await self._after("microphone", self.microphone_figures)
        finally:
            detach()

    async def camera(self, source: CameraSource, *, max_s: float) -> Measured:
        detach = source.attach(lambda frame: None)
        try:
            return await self._after("camera", self.camera_figures)
        finally:
            detach()

    async def drill(self, drill: DrillName, *, max_s: float) -> Measured:
        return await self._after(drill, self.drills[drill])

    async def offer(self, room: ProbeRoom) -> Measured:
        return await self._after("offer", self.offered)

    async def relay(self, room: ProbeRoom, *, tls: bool) -> Measured:
        return await self._after("turn_tls" if tls else "relay", self.relays[tls])

    async def end(self, *, at_once: bool = False) -> None:
        self.ended.append(at_once)

    async def _after(self, what: str, found: Measured) -> Measured:
        self.done.append(what)
        await self._clock.sleep(self.drills_take_s.get(what, 1.0))
        if not found:
            raise ProbeFailed("made up")
        return found
