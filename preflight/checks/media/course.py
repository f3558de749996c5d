"""Takes the steps of a trial call in their order, each within its time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from client_api.clock import Clock
from client_api.tasks import Tasks, within
from client_api.wire import ProbeRoom
from preflight.check import CannotTell
from preflight.checks.media.steps import Step, Steps
from preflight.devices.ports import CameraSource, MicrophoneSource, SourceState
from preflight.model import Measured
from preflight.offload import TASKS_END_WITHIN_S
from preflight.probe.media_probe import MediaProbe, TrialLook
from preflight.probe.network_probe import ProbeFailed

MICROPHONE_S = 6.5
CAMERA_S = 4.0
QUALITY_S = 5.0
"""The server reports every 5 s, for the first time 4.9 s after the join."""
TCP_S = 7.0
LOSSY_PERCENT = 2.0
"""From this loss on TCP may do better (P21)."""
_LIMITS_S = {
    Step.MICROPHONE: 7.9,
    Step.CAMERA: 5.0,
    Step.QUALITY: 6.0,
    Step.RECONNECT: 24.0,
    Step.TCP: 8.0,
    Step.TCP_RATE: 8.0,
    Step.OFFER: 10.0,
    Step.RELAY: 10.0,
    Step.TURN_TLS: 10.0,
}
"""A little more than the probe's own limits: whoever runs into these hangs."""

_log = logging.getLogger(__name__)
_Work = Callable[[], Awaitable[Measured]]


def _none() -> None:
    return None


@dataclass(frozen=True, slots=True)
class OwnDevices:
    """The person's own devices as they stand open; None for one that is not there."""

    camera: Callable[[], CameraSource | None] = _none
    microphone: Callable[[], MicrophoneSource | None] = _none


class Course:
    """One trial call after its ramp; `run` once. Cancelling it lets the devices go at once."""

    def __init__(self, probe: MediaProbe, clock: Clock, devices: OwnDevices, steps: Steps) -> None:
        self._probe = probe
        self._clock = clock
        self._devices = devices
        self._steps = steps
        self._tasks = Tasks()
        self._ends_ns = 0
        self._offer: Measured = {}

    async def run(self, room: ProbeRoom, look: TrialLook | None, *, ends_ns: int) -> None:
        """Take every step that was asked for; what is left at ``ends_ns`` has no verdict."""
        self._ends_ns = ends_ns
        try:
            await asyncio.gather(
                self._take(Step.MICROPHONE, self._microphone),
                self._take(Step.CAMERA, self._camera),
            )
            await self._take(Step.QUALITY, lambda: self._probe.drill("quality", max_s=QUALITY_S))
            relays = self._tasks.spawn(self._relays(room), name="relays")
            await self._take(Step.RECONNECT, lambda: self._probe.drill("reconnect", max_s=23.0))
            # A relay counts what A sends, and A may be away for long where TCP is blocked.
            await relays
            await self._take(Step.TCP, self._tcp, also=Step.TCP_RATE if _lossy(look) else None)
            if _lossy(look):
                await self._take(Step.TCP_RATE, self._tcp_rate)
            else:
                self._steps.end(Step.TCP_RATE, _kept_udp(look))
        finally:
            await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _take(self, step: Step, work: _Work, also: Step | None = None) -> None:
        if not self._steps.wanted(step, *(() if also is None else (also,))):
            return
        left_s = (self._ends_ns - self._clock.monotonic_ns()) / 1e9
        if left_s <= 0:
            self._steps.end(step, CannotTell("deadline"))
            return
        self._steps.begin(step)
        task = self._tasks.spawn(_told(work), name=f"step {step.value}")
        limit_s = min(_LIMITS_S[step], left_s)
        if await within(task, limit_s, self._clock):
            self._steps.end(step, task.result())
        else:
            self._steps.end(step, CannotTell("deadline"))

    async def _microphone(self) -> Measured:
        source = self._devices.microphone()
        if source is None or source.status.state is not SourceState.RUNNING:
            raise CannotTell("no_microphone")
        return await self._probe.microphone(source, max_s=MICROPHONE_S)

    async def _camera(self) -> Measured:
        source = self._devices.camera()
        if source is None or source.status.state is not SourceState.RUNNING:
            raise CannotTell("no_camera")
        return await self._probe.camera(source, max_s=CAMERA_S)

    async def _relays(self, room: ProbeRoom) -> None:
        relays, tcp = (Step.RELAY, Step.TURN_TLS), (Step.TCP, Step.TCP_RATE)
        if not self._steps.wanted(Step.OFFER, *relays, *tcp):
            return
        self._steps.want(Step.OFFER)
        await self._take(Step.OFFER, lambda: self._ask_offer(room))
        await self._take(Step.RELAY, lambda: self._relay(room, tls=False))
        await self._take(Step.TURN_TLS, lambda: self._relay(room, tls=True))

    async def _ask_offer(self, room: ProbeRoom) -> Measured:
        self._offer = await self._probe.offer(room)
        return self._offer

    async def _relay(self, room: ProbeRoom, *, tls: bool) -> Measured:
        """Join by a relay, unless the call server offers none."""
        name = "turn_tls_offered" if tls else "turn_offered"
        if self._offer.get("told") is True and self._offer.get(name) is False:
            return {"offered": False}
        return await self._probe.relay(room, tls=tls)

    async def _tcp(self) -> Measured:
        if self._offer.get("told") is True and self._offer.get("tcp_offered") is False:
            return {"offered": False}
        return {"offered": True, **await self._probe.drill("tcp", max_s=TCP_S)}

    async def _tcp_rate(self) -> Measured:
        over_tcp = await self._steps.outcome(Step.TCP)
        if over_tcp.get("tcp") is not True:
            raise CannotTell("no_tcp")
        return await self._probe.drill("tcp_rate", max_s=7.0)


async def _told(work: _Work) -> Measured | Exception:
    """Return what the step brought or threw: its check tells, and the others go on."""
    try:
        return await work()
    except ProbeFailed as failed:
        _log.info("a step of the trial call failed: %s", failed)
        return CannotTell("no_trial")
    except Exception as error:
        return error


def _lossy(look: TrialLook | None) -> bool:
    """Say whether so much is lost over UDP that TCP may do better."""
    return (_loss(look) or 0.0) >= LOSSY_PERCENT


def _loss(look: TrialLook | None) -> float | None:
    told = {} if look is None else look.measured
    if told.get("udp") is not True:
        return None
    known = [told.get("loss_up_percent"), told.get("loss_down_percent")]
    numbers = [float(each) for each in known if isinstance(each, int | float)]
    return max(numbers) if numbers else None


def _kept_udp(look: TrialLook | None) -> Measured:
    """Nothing to choose: over UDP hardly anything is lost, or it is TCP already."""
    return {"udp_loss_percent": _loss(look), "tcp_better": False}
