"""Short looks at devices that were plugged in, beside the ones in use, which are never disturbed.

A look is the checks of the gate on a bench of its own: the device is opened as the one in use
was, looked at for a second or two, and closed. It waits until the gate has its verdicts, ends when
the device in use pauses, and gives a device up that hangs. See decision 0048.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from client_api.tasks import Tasks
from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.black import camera_black
from preflight.checks.camera.busy import camera_busy
from preflight.checks.camera.covered import camera_covered
from preflight.checks.camera.fps_low import camera_fps_low
from preflight.checks.camera.no_frames import camera_no_frames
from preflight.checks.camera.open_failed import camera_open_failed
from preflight.checks.camera.permission import camera_permission
from preflight.checks.device_bench import Bench
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.busy import mic_busy
from preflight.checks.microphone.no_data import mic_no_data
from preflight.checks.microphone.open_failed import mic_open_failed
from preflight.checks.microphone.permission import mic_permission
from preflight.devices.bluetooth import on_bluetooth
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.microphone_elsewhere import microphone_elsewhere
from preflight.devices.ports import (
    CameraSource,
    DeviceCatalogue,
    DeviceNotFound,
    MicrophoneSource,
    SourceState,
)
from preflight.devices.source_thread import OpenGuard
from preflight.devices.stable_names import find_again
from preflight.measuring import REASON_DEADLINE, take
from preflight.model import CheckResult, CheckState, Group, Measured
from preflight.offload import TASKS_END_WITHIN_S
from preflight.parts import PreflightParts
from preflight.running.trial import DeviceTrial, LeftAlone
from preflight.verdicts.catalogue import BY_CODE

GIVE_UP_S: Final = {Group.CAMERA: 8.0, Group.MICROPHONE: 6.0}
"""A device that has not opened and sent something by then is told as one that does not."""
PAUSE_MS: Final = {Group.CAMERA: 700.0, Group.MICROPHONE: 400.0}
"""A device in use that sends nothing for this long while we look at another one is disturbed. Below
the 1 and 2 s from which on it counts as unplugged, so that we are off the bus before that."""
SOUND_S: Final = 2.0
"""How long anything but zeros is waited for, after the first second."""
_TICK_S = 0.05

_log = logging.getLogger(__name__)
_Key = tuple[Group, DeviceId]
_Looks = dict[asyncio.Task[None], DeviceId]
"""What is being looked at, or waits for its turn."""


class DeviceTrials:
    """The looks of one run, at most one at a time for each group.

    Always true: a device that is looked at is closed when `end` returns, or hangs in its driver on
    a thread that nobody waits for.

    Args:
        in_use: the benches of the devices in use, by group.
        decided: says whether the gate has its verdicts; no look begins before.
        on_change: told after every change of `found`.
    """

    def __init__(
        self,
        parts: PreflightParts,
        in_use: Mapping[Group, Bench[Any]],
        decided: Callable[[], bool],
        on_change: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._in_use = in_use
        for group, bench in in_use.items():
            bench.make_way = partial(self.end, group)
        self._decided = decided
        self._on_change = on_change
        self._tasks = Tasks()
        self._found: dict[_Key, DeviceTrial] = {}
        self._looking: dict[Group, _Looks] = {group: {} for group in in_use}
        self._over = False

    @property
    def found(self) -> Mapping[_Key, DeviceTrial]:
        """What the looks brought so far, by group and device."""
        return MappingProxyType(self._found)

    def try_out(self, group: Group, device: DeviceInfo) -> None:
        """Look at a camera or a microphone; again where it was looked at before.

        Those of a group come one after the other. A made-up device is not looked at.
        """
        if self._over or group not in GIVE_UP_S or device.kind is not DeviceKind.REAL:
            return
        used = self._in_use[group].info
        if used is not None and find_again(used, [device]) is not None:
            # The one in use under another number: a second opening would take it away.
            return
        trial = DeviceTrial(group, device)
        if group is Group.MICROPHONE and on_bluetooth(device):
            self._put(replace(trial, state=CheckState.UNKNOWN, left_alone=LeftAlone.BLUETOOTH))
            return
        before = dict(self._looking[group])
        self._put(trial)
        looking = self._tasks.spawn(self._look(trial, before), name=f"try the new {group.value}")
        self._looking[group][looking] = device.id
        looking.add_done_callback(partial(self._looked, trial))

    async def end(self, group: Group) -> None:
        """End the look at a device of this group and wait until it is closed: it is wanted."""
        await _all_ended(self._looking[group])

    def call_off(self) -> None:
        """Begin no look any more, and close what is being looked at, without waiting for that."""
        self._over = True
        for looking in self._looking.values():
            for each in looking:
                if not each.cancelling():
                    each.cancel()

    async def close(self) -> None:
        """As `call_off`, and wait until everything is closed; a driver that hangs is left."""
        self._over = True
        await _all_ended([each for looks in self._looking.values() for each in looks])
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    def _put(self, trial: DeviceTrial) -> None:
        self._found[trial.group, trial.device.id] = trial
        self._on_change()

    def _looked(self, trial: DeviceTrial, looking: asyncio.Task[None]) -> None:
        self._looking[trial.group].pop(looking, None)
        key = (trial.group, trial.device.id)
        if self._found.get(key) is trial:
            # Ended before its first step, or by a fault: nobody waits for it any more.
            del self._found[key]
            self._on_change()

    async def _look(self, trial: DeviceTrial, before: _Looks) -> None:
        # Two on one bus beside the one in use would disturb each other, and the same one is not
        # free before its own last look has let it go.
        await _all_ended([look for look, device in before.items() if device == trial.device.id])
        if before:
            await asyncio.wait(before)
        bench, checks = self._bench_of(trial)
        try:
            while not self._decided():
                await self._clock.sleep(_TICK_S)
            work = self._tasks.spawn(
                self._judge(trial, bench, checks), name=f"judge the new {trial.group.value}"
            )
            try:
                ended = await self._watched(trial, bench, work)
            finally:
                work.cancel()
        finally:
            # Closed before anybody reads that it works: "use it" must find it free.
            await bench.close()
        self._put(ended)

    async def _watched(
        self, trial: DeviceTrial, bench: Bench[Any], work: asyncio.Task[DeviceTrial]
    ) -> DeviceTrial:
        used = self._in_use[trial.group]
        was_there = used.present
        end_ns = self._clock.monotonic_ns() + round(GIVE_UP_S[trial.group] * 1e9)
        while not work.done():
            if was_there and self._pauses(used, trial.group):
                _log.info("the look at a new %s disturbs the one in use", trial.group.value)
                return replace(trial, state=CheckState.UNKNOWN, left_alone=LeftAlone.DISTURBED)
            if not bench.flowing and self._clock.monotonic_ns() >= end_ns:
                # Of one that sends, the checks' own deadlines are the end.
                return _given_up(trial, bench)
            await self._clock.sleep(_TICK_S)
        return work.result()

    def _pauses(self, used: Bench[Any], group: Group) -> bool:
        silent_ms = used.silent_ms()
        return silent_ms is not None and silent_ms >= PAUSE_MS[group]

    async def _judge(
        self, trial: DeviceTrial, bench: Bench[Any], checks: Sequence[Check]
    ) -> DeviceTrial:
        """Take the checks in their order until one fails; the first that warns is told."""
        await bench.begin()
        await bench.open_settled()
        warned: CheckResult | None = None
        measured: dict[str, Any] = {}
        for check in checks:
            taken = await take(check, self._clock, self._tasks)
            result = _result(check.code, taken.state, taken.reason, taken.measured)
            measured |= taken.measured
            if taken.state is CheckState.FAILED and result.gating:
                return replace(trial, state=CheckState.FAILED, told=result, measured=measured)
            if taken.state in (CheckState.WARNED, CheckState.FAILED) and warned is None:
                warned = result
        if warned is None and isinstance(bench, MicrophoneBench) and not await self._heard(bench):
            # A headset that cuts noise out sends zeros until somebody speaks: no failure yet.
            warned = _result("mic.silent", CheckState.WARNED, None, {"sound": False})
        state = CheckState.PASSED if warned is None else CheckState.WARNED
        return replace(trial, state=state, told=warned, measured={**measured, **_size(bench)})

    async def _heard(self, bench: MicrophoneBench) -> bool:
        return await bench.until(bench.window.heard, within_s=SOUND_S)

    def _bench_of(self, trial: DeviceTrial) -> tuple[Bench[Any], Sequence[Check]]:
        parts = self._parts
        alone = _Alone(parts.catalogue, trial.device)
        bench: CameraBench | MicrophoneBench
        checks: Sequence[Check]
        wanted = trial.device.id
        if trial.group is Group.CAMERA:
            bench = CameraBench(alone, parts.clock, parts.system, parts.offload, wanted=wanted)
            checks = [
                make(bench)
                for make in (
                    camera_permission,
                    camera_busy,
                    camera_open_failed,
                    camera_no_frames,
                    camera_black,
                    camera_fps_low,
                    camera_covered,
                )
            ]
        else:
            bench = MicrophoneBench(alone, parts.clock, parts.system, parts.offload, wanted=wanted)
            checks = [
                make(bench) for make in (mic_permission, mic_busy, mic_open_failed, mic_no_data)
            ]
        # As one that passed last time: the short windows will do.
        bench.known = trial.device
        return bench, checks


class _Alone:
    """A `DeviceCatalogue` of one device: nothing can stand in for it, and nothing else opens."""

    camera_is_set = microphone_is_set = speaker_is_set = True

    def __init__(self, catalogue: DeviceCatalogue, device: DeviceInfo) -> None:
        self._catalogue = catalogue
        self._device = device

    def cameras(self) -> tuple[DeviceInfo, ...]:
        return (self._device,)

    microphones = cameras

    def speakers(self) -> tuple[DeviceInfo, ...]:
        return ()

    def camera(self, choice: DeviceId | None) -> CameraSource:
        return self._catalogue.camera(self._device.id)

    def microphone(self, choice: DeviceId | None) -> MicrophoneSource:
        if self._device.freezes_list:
            # The list of this process is as it was before the device came.
            return microphone_elsewhere(self._device, OpenGuard())
        return self._catalogue.microphone(self._device.id)

    def speaker(self, choice: DeviceId | None) -> Any:
        raise DeviceNotFound("speaker", choice)


async def _all_ended(looking: Collection[asyncio.Task[None]]) -> None:
    """Cancel looks, each once, and wait until what they had open is closed."""
    ending = set(looking)
    for each in ending:
        # A second one would break into the closing.
        if not each.cancelling():
            each.cancel()
    if ending:
        await asyncio.wait(ending)


def _given_up(trial: DeviceTrial, bench: Bench[Any]) -> DeviceTrial:
    opened = bench.status.open_ms is not None
    silent = "no_frames" if trial.group is Group.CAMERA else "no_data"
    kind = "camera" if trial.group is Group.CAMERA else "mic"
    code = f"{kind}.{silent if opened else 'open_failed'}"
    told = _result(code, CheckState.FAILED, REASON_DEADLINE, {})
    return replace(trial, state=CheckState.FAILED, told=told)


def _result(code: str, state: CheckState, reason: str | None, measured: Measured) -> CheckResult:
    row = BY_CODE[code]
    return CheckResult(code, row.no, row.group, state, reason, measured=measured, gating=row.gating)


def _size(bench: Bench[Any]) -> Measured:
    source = bench.source
    if not isinstance(bench, CameraBench) or source is None or source.mode is None:
        return {}
    if source.status.state is not SourceState.RUNNING:
        return {}
    return {"width": source.mode.width, "height": source.mode.height}
