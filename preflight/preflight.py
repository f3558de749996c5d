"""The running preflight: the facade for the page, the command line and the call.

Owns the devices from `start` until `handover` or `close`. Every method belongs to the loop's
thread; whatever blocks goes to threads of its own.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.tasks import Tasks, spawn
from client_api.wire import PreflightTrigger, PreflightVerdict, SessionId
from preflight.analysis.round_trips import SAMPLES
from preflight.analysis.sound_window import MeterLevel
from preflight.checks.camera_bench import CameraBench
from preflight.checks.groups import (
    RTT_EVERY_S,
    camera_group,
    media_group,
    microphone_group,
    network_group,
)
from preflight.checks.media_bench import MediaBench
from preflight.checks.microphone_bench import MicrophoneBench
from preflight.checks.network_bench import NetworkBench
from preflight.checks.scope import InScope
from preflight.devices.frames import CameraMode, DeviceId, DeviceInfo
from preflight.devices.ports import Detach, DeviceCatalogue, FrameTap, ProvenDevices
from preflight.fingerprint import plain_parts
from preflight.hand_in import HandIn, PreflightNotPassed
from preflight.machine_file import Machine
from preflight.model import Group, RunProgress
from preflight.network_identity import network_identity
from preflight.offload import TASKS_END_WITHIN_S, Offload, on_daemon_thread
from preflight.probe.media_probe import MediaProbe, ProcessMediaProbe
from preflight.probe.network_probe import NetworkProbe, ProcessProbe
from preflight.recommendation import recommend
from preflight.report import EndedBy, ReportBody
from preflight.report_keeper import ReportKeeper
from preflight.run_ticket import RunTicket
from preflight.runner import PreflightRunner
from preflight.samples import DeviceSamples
from preflight.speaker_test import SpeakerTest
from preflight.surroundings import Surroundings, read_surroundings
from preflight.system.network_here import local_network
from preflight.system.network_ports import LocalNetwork, NetworkHints
from preflight.system.ports import HotplugHint, SystemProbe, Unsubscribe

__all__ = ["DeviceLists", "Preflight", "PreflightNotPassed", "PreflightParts"]


@dataclass(frozen=True, slots=True)
class DeviceLists:
    """What there is to choose from, and what is in use."""

    cameras: tuple[DeviceInfo, ...] = ()
    microphones: tuple[DeviceInfo, ...] = ()
    speakers: tuple[DeviceInfo, ...] = ()
    camera: DeviceInfo | None = None
    microphone: DeviceInfo | None = None
    speaker: DeviceInfo | None = None
    camera_mode: CameraMode | None = None


@dataclass(frozen=True, slots=True)
class PreflightParts:
    """What a preflight is built from; tests put fakes here.

    Attributes:
        service_url: address of the service, e.g. ``https://api.example.org``.
        folder: for the local report and what the machine remembers; None keeps nothing.
        hotplug: says that devices may have changed; None: they are looked for again anyway.
        network_hints: a desktop's network service; None where there is no desktop.
    """

    catalogue: DeviceCatalogue
    system: SystemProbe
    clock: Clock
    service_url: str
    folder: Path | None = None
    hotplug: HotplugHint | None = None
    make_probe: Callable[[], NetworkProbe] = ProcessProbe
    make_media_probe: Callable[[], MediaProbe] = ProcessMediaProbe
    identity: Callable[[], str] = network_identity
    surroundings: Callable[[], Surroundings] = read_surroundings
    local_network: LocalNetwork = field(default_factory=local_network)
    network_hints: NetworkHints | None = None
    offload: Offload = on_daemon_thread


class Preflight:
    """One run over the machine's devices and network, kept alive until join or close.

    Args:
        api: the signed-in service; None skips what needs an account.
        session: the session to join; None for a diagnosis.
        only: codes to run (their prerequisites come along); None runs all.
        camera, microphone, speaker: devices to begin with; None takes the catalogue's first.
        refresh_every_s: how often the round trips are measured while all is well; None: 15 s.
    """

    def __init__(
        self,
        parts: PreflightParts,
        *,
        api: ServiceApi | None = None,
        session: SessionId | None = None,
        trigger: PreflightTrigger = PreflightTrigger.JOIN,
        role: str | None = None,
        only: Collection[str] | None = None,
        camera: DeviceId | None = None,
        microphone: DeviceId | None = None,
        speaker: DeviceId | None = None,
        refresh_every_s: float | None = None,
    ) -> None:
        self._parts = parts
        self._api = api
        self._clock = parts.clock
        self._tasks = Tasks()
        self._machine = Machine(parts.folder, parts.offload)
        ticket = None if api is None else RunTicket(api, parts.clock, session, trigger)
        self._on_change: Callable[[RunProgress], None] = _nobody
        self._speakers: tuple[DeviceInfo, ...] = ()
        self._unsubscribe: Unsubscribe | None = None
        self._handed_over = False
        self._leaving: asyncio.Task[None] | None = None
        self._camera = CameraBench(
            parts.catalogue,
            parts.clock,
            parts.system,
            parts.offload,
            wanted=camera,
        )
        self._microphone = MicrophoneBench(
            parts.catalogue,
            parts.clock,
            parts.system,
            parts.offload,
            wanted=microphone,
        )
        self._network = NetworkBench(
            parts.service_url,
            parts.make_probe(),
            parts.clock,
            parts.identity,
            None if ticket is None else ticket.room,
            parts.offload,
            samples=SAMPLES,
            local=parts.local_network,
            hints=parts.network_hints,
        )
        self._media = MediaBench(
            parts.make_media_probe(),
            parts.clock,
            None if ticket is None else ticket.room,
            lambda: self._network.identity,
            self._network.advice.line_left,
        )
        self._speaker = SpeakerTest(parts.catalogue, parts.clock, parts.offload, speaker)
        groups = [
            InScope(port, only)
            for port in (
                camera_group(self._camera),
                microphone_group(self._microphone),
                network_group(
                    self._network, refresh_every_s or RTT_EVERY_S, lambda: self._media.busy
                ),
                media_group(self._media),
            )
        ]
        self._runner = PreflightRunner(
            [port for port in groups if port.checks], parts.clock, self._changed
        )
        self._keeper = ReportKeeper(
            parts.folder,
            self._report_body,
            parts.offload,
            parts.clock.now(),
            trigger=trigger,
            role=role,
            session_ref=session,
        )
        self._hand_in = (
            None
            if api is None or ticket is None
            else HandIn(api, ticket, parts.clock, self._runner, self._keeper.for_upload)
        )
        self._samples = DeviceSamples(self._camera, self._microphone, parts.clock)
        self._started_ns = parts.clock.monotonic_ns()
        self._beginning: asyncio.Task[None] | None = None
        self._sampling: asyncio.Task[None] | None = None
        self._telling: asyncio.Handle | None = None

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin by itself; ``on_change`` is called on this thread after every change.

        Changes of one turn of the loop come as one: a start alone makes two dozen of them.
        """
        self._on_change = on_change
        self._started_ns = self._clock.monotonic_ns()
        self._tasks.spawn(self._list_speakers(), name="list speakers")
        if self._parts.hotplug is not None:
            self._unsubscribe = self._parts.hotplug.subscribe(self._devices_changed)
        self._beginning = self._tasks.spawn(self._begin(), name="begin the preflight")
        self._sampling = self._tasks.spawn(self._samples.keep_taking(), name="sample the devices")

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        return self._runner.progress

    @property
    def devices(self) -> DeviceLists:
        """What was found at the last look, and what is in use."""
        source = self._camera.source
        return DeviceLists(
            cameras=self._camera.found or (),
            microphones=self._microphone.found or (),
            speakers=self._speakers,
            camera=self._camera.info,
            microphone=self._microphone.info,
            speaker=self._speaker.info or next(iter(self._speakers), None),
            camera_mode=None if source is None else source.mode,
        )

    @property
    def level(self) -> MeterLevel:
        """What the level meter shows now; read it 20 times a second."""
        return self._microphone.window.meter()

    @property
    def rtts_ms(self) -> tuple[float, ...]:
        """The round trips of the newest look at the service, in ms."""
        return self._network.rtts_ms

    def preview(self, tap: FrameTap) -> Detach:
        """Call ``tap`` (on the camera's thread) with every picture of whichever camera is open."""
        return self._camera.preview(tap)

    def choose_camera(self, camera: DeviceId) -> None:
        """Use another camera; its group is checked again."""
        self._camera.wanted = camera
        self.retry(Group.CAMERA)

    def choose_microphone(self, microphone: DeviceId) -> None:
        """Use another microphone; its group is checked again."""
        self._microphone.wanted = microphone
        self.retry(Group.MICROPHONE)

    async def choose_speaker(self, speaker: DeviceId) -> None:
        """Use another loudspeaker."""
        await self._speaker.choose(speaker)

    def retry(self, group: Group) -> None:
        """Check one group again now."""
        if self._hand_in is not None:
            self._hand_in.forget_verdict()
        self._runner.restart(group)

    def settings_link(self, group: Group) -> str | None:
        """Return the address of the system's page where access to a group's device is given."""
        return self._parts.system.settings_link(group.value)

    async def play_beeps(self, count: int) -> None:
        """Play ``count`` beeps on the chosen loudspeaker and return when they are over.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        await self._speaker.play(count)

    async def decided(self) -> RunProgress:
        """Wait until every gating check has a verdict once."""
        return await self._runner.decided()

    async def finished(self) -> RunProgress:
        """Wait until the advisory checks have ended once as well."""
        return await self._runner.finished()

    async def passed_report(self) -> PreflightVerdict:
        """Hand in the report of the passing run and return the service's own verdict.

        A fresh one is returned as it is; a used or old one is renewed, for which the network is
        checked again.

        Raises:
            PreflightNotPassed: something is in the way.
            ClientError: the service refused the report or cannot be reached.
        """
        if self._hand_in is None:
            raise PreflightNotPassed(("net.signal", "net.room"))
        known = self._hand_in.verdict
        verdict = await self._hand_in.passed_report()
        if verdict is not known:
            self._remember()
        return verdict

    def report(self, ended_by: EndedBy | None = None) -> dict[str, Any]:
        """Return the local, redacted report as it stands."""
        return self._keeper.local(ended_by)

    async def bundle(
        self, ended_by: EndedBy, log_lines: Sequence[str]
    ) -> tuple[dict[str, Any], list[str]]:
        """Return the report and these lines of the log, redacted as for an upload."""
        return await self._keeper.for_bundle(ended_by, log_lines)

    async def handover(self) -> ProvenDevices:
        """Give the open devices to the call. Nothing is closed; only the analysis comes off.

        Raises:
            PreflightNotPassed: there is nothing proven to hand over.
            DeviceNotFound: there is no loudspeaker, not even a silent one.
        """
        camera, microphone = self._camera.source, self._microphone.source
        gate = self.progress.gate
        if camera is None or microphone is None or not gate.passed:
            raise PreflightNotPassed(gate.blocking)
        limits = recommend(self.progress.checks)
        speaker = await self._speaker.for_call()
        self._stop_listening()
        await self._runner.stop()
        self._remember()
        await self._keeper.finish(EndedBy.JOINED)
        self._camera.release()
        self._microphone.release()
        self._speaker.hand_over()
        self._handed_over = True
        self._leaving = spawn(self._leave_the_network(), name="leave the probe room")
        return ProvenDevices(camera, microphone, speaker, limits)

    async def close(self) -> None:
        """End the run; devices that were not handed over are closed. Safe to call twice."""
        self._stop_listening()
        await self._runner.stop()
        if self._leaving is not None:
            # It must run out: cut off half-way it would leave the probe process in its room.
            await asyncio.wait([self._leaving])
        else:
            await self._network.close()
            await self._media.close()
        if not self._handed_over:
            ended_by = EndedBy.FINISHED if self.progress.finished else EndedBy.CANCELLED
            await self._keeper.finish(ended_by)
            await self._camera.close()
            await self._microphone.close()
            await self._speaker.close()
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _leave_the_network(self) -> None:
        # The call is waiting for the line, and for the processor.
        await self._media.close(at_once=True)
        await self._network.close()

    def _changed(self, _progress: RunProgress) -> None:
        self._keeper.note_change()
        self._tell_soon()

    def _tell_soon(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._telling = None
        self._on_change(self.progress)

    def _devices_changed(self) -> None:
        self._runner.hint(Group.CAMERA)
        self._runner.hint(Group.MICROPHONE)
        self._tasks.spawn(self._look_again(), name="look for devices")

    async def _look_again(self) -> None:
        await self._camera.look_again()
        await self._microphone.look_again()
        await self._list_speakers()

    async def _list_speakers(self) -> None:
        self._speakers = await self._parts.offload(self._parts.catalogue.speakers)
        self._tell_soon()

    async def _begin(self) -> None:
        memory = await self._machine.read()
        self._camera.known, self._microphone.known = memory.camera, memory.microphone
        self._keeper.remember(memory)
        self._runner.start()
        self._keeper.know(await self._parts.offload(self._parts.surroundings))
        self._keeper.note_change()

    def _report_body(self, ended_by: EndedBy | None) -> ReportBody:
        devices = self.devices
        verdict = None if self._hand_in is None else self._hand_in.verdict
        return ReportBody(
            progress=self.progress,
            duration_ms=(self._clock.monotonic_ns() - self._started_ns) / 1e6,
            ended_by=ended_by,
            devices={
                "camera": devices.camera,
                "microphone": devices.microphone,
                "speaker": devices.speaker,
            },
            rtts_ms=self._network.rtts_ms,
            samples=self._samples.columns(),
            media=self._media.look.series if self._media.look is not None else {},
            decided_at_ms=self._runner.decided_ms,
            fingerprint=self._fingerprint(devices),
            short_code=None if verdict is None else verdict.short_code,
        )

    def _fingerprint(self, devices: DeviceLists) -> str | None:
        room = None if self._hand_in is None else self._hand_in.room
        hosts = (self._parts.service_url, "" if room is None else room.url)
        return self._machine.fingerprint(
            plain_parts(
                camera=devices.camera,
                microphone=devices.microphone,
                speaker=devices.speaker,
                network=f"{self._network.identity or ''} {self._network.advice.flags}",
                hosts=hosts,
            )
        )

    def _remember(self) -> None:
        devices = self._machine.keep(self._camera.info, self._microphone.info)
        self._tasks.spawn(devices, name="remember devices")

    def _stop_listening(self) -> None:
        self._on_change = _nobody
        for task in (self._beginning, self._sampling):
            if task is not None:
                task.cancel()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None


def _nobody(_progress: RunProgress) -> None:
    """Stands for a page that is not there."""
