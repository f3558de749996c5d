"""The running preflight: the facade for the page, the command line and the call.

Owns the devices from `start` until `handover` or `close`. Every method belongs to the loop's
thread; whatever blocks goes to threads of its own.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from client_api.api import ServiceApi
from client_api.tasks import Tasks, spawn
from client_api.wire import PreflightTrigger, PreflightVerdict, SessionId
from preflight.analysis.sound_window import MeterLevel
from preflight.benches import Benches, Wished
from preflight.catalogue import BY_CODE
from preflight.checks.account.bench import AccountBench
from preflight.checks.account.group import account_group
from preflight.checks.camera.upright import UprightDesk
from preflight.checks.network.group import RTT_EVERY_S
from preflight.checks.scope import in_scope
from preflight.checks.speaker.not_heard import keep_answer
from preflight.device_choice import DeviceChoice
from preflight.device_trials import DeviceTrials
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import Detach, FrameTap, ProvenDevices, SourceState
from preflight.hand_in import HandIn, PreflightNotPassed
from preflight.machine_file import KnownOrientation, Machine
from preflight.model import Group, Measured, RunProgress
from preflight.offload import TASKS_END_WITHIN_S
from preflight.parts import DeviceLists, PreflightParts
from preflight.quick_return import QUICK_CODES, is_proved, proved_in_time
from preflight.recommendation import Recommendation
from preflight.report import EndedBy, ReportBody
from preflight.report_keeper import ForSupport, ReportKeeper
from preflight.reuse import Reuse
from preflight.run_ticket import RunTicket
from preflight.runner import PreflightRunner
from preflight.samples import DeviceSamples
from preflight.system.ports import Unsubscribe
from preflight.system.settings_pages import Opening, SettingsPage
from preflight.telling import Telling
from preflight.trial import DeviceTrial
from preflight.voice_replay import OnLeft, VoiceReplay, tell_nobody

__all__ = ["Preflight", "PreflightNotPassed"]


class Preflight:
    """One run over the machine's devices and network, kept alive until join or close.

    Args:
        api: the signed-in service; None skips what needs an account.
        session: the session to join; None for a diagnosis.
        only: codes to run (their prerequisites come along); None runs all.
        camera, microphone, speaker: devices to begin with; None takes the catalogue's first.
        refresh_every_s: how often the round trips are measured while all is well; None: 15 s.
        account: what was asked of the service beforehand; None asks now.
        booked_minutes: how long the call may take (H06); None where that is not known.
        quick: the short look of a return to a running session (`preflight.quick_return`).
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
        account: AccountBench | None = None,
        booked_minutes: int | None = None,
        quick: bool = False,
    ) -> None:
        self._parts, self._quick = parts, quick
        only = QUICK_CODES if quick else only
        self._api = api
        self._clock = parts.clock
        self._tasks = Tasks()
        self._machine = Machine(parts.folder, parts.offload)
        self._reuse = Reuse(
            self._machine,
            parts.folder,
            parts.clock,
            parts.offload,
            parts.network_place,
            parts.service_url,
        )
        ticket = None if api is None else RunTicket(api, parts.clock, session, trigger)
        self._telling = Telling(parts.clock, self._tasks, lambda: self.progress)
        self._unsubscribe: Unsubscribe | None = None
        self._handed_over = False
        self._leaving: asyncio.Task[None] | None = None
        benches = Benches(
            parts,
            Wished(camera, microphone, speaker, quick, booked_minutes),
            self._machine,
            self._reuse.trial,
            None if ticket is None else ticket.room,
            lambda: self.progress,
        )
        self._camera, self._microphone = benches.camera, benches.microphone
        self._network, self._media, self._host = benches.network, benches.media, benches.host
        self._speaker, self._loudspeaker = benches.speaker, benches.loudspeaker
        self._loudspeaker.on_moved = lambda: self._runner.restart(Group.SPEAKER)
        self._account = account or AccountBench(api, session, parts.clock)
        ports = (*benches.groups(refresh_every_s or RTT_EVERY_S), account_group(self._account))
        self._runner = PreflightRunner(in_scope(ports, only), parts.clock, self._changed)
        self._choice = DeviceChoice(benches, self._runner)
        self._trials = DeviceTrials(
            parts, benches.devices, lambda: self.progress.gate.decided, self._telling.changed
        )
        self._reuse.watch(lambda: self.progress.checks, lambda: self.devices, self._network)
        self._keeper = ReportKeeper(
            parts.folder,
            self._report_body,
            parts.offload,
            parts.clock,
            trigger=trigger,
            role=role,
            session_ref=session,
            surroundings=parts.surroundings,
        )
        self._hand_in = (
            None
            if api is None or ticket is None
            else HandIn(
                api, ticket, parts.clock, self._runner, self._keeper.for_upload, self._account
            )
        )
        self._upright = UprightDesk(self._camera, self.answer, self._keep_orientations)
        self._samples = DeviceSamples(self._camera, self._microphone, parts.clock)
        self._started_ns = parts.clock.monotonic_ns()
        self._beginning: asyncio.Task[None] | None = None
        self._sampling: asyncio.Task[None] | None = None

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin by itself; ``on_change`` is called on this thread after every change.

        Changes of one turn of the loop come as one: a start alone makes two dozen of them.
        """
        self._telling.begin(on_change)
        self._started_ns = self._clock.monotonic_ns()
        if self._parts.hotplug is not None:
            self._unsubscribe = self._parts.hotplug.subscribe(self._devices_changed)
        self._beginning = self._tasks.spawn(self._begin(), name="begin the preflight")
        self._sampling = self._tasks.spawn(self._samples.keep_taking(), name="sample the devices")

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        return self._runner.progress

    @property
    def elapsed_ms(self) -> float:
        """How long the run has gone on, as its results count time."""
        return self._runner.elapsed_ms

    @property
    def devices(self) -> DeviceLists:
        """What was found at the last look, and what is in use."""
        return self._choice.lists

    @property
    def trials(self) -> Mapping[tuple[Group, DeviceId], DeviceTrial]:
        """How short looks at devices that were plugged in stand."""
        return self._trials.found

    def try_out(self, group: Group, device: DeviceInfo) -> None:
        """Look for a moment at a camera or microphone that is not in use, beside the one that is.

        What comes of it is in `trials`.
        """
        self._trials.try_out(group, device)

    @property
    def level(self) -> MeterLevel:
        """What the level meter shows now; read it 20 times a second."""
        return self._microphone.window.meter()

    @property
    def rtts_ms(self) -> tuple[float, ...]:
        """The round trips of the newest look at the service, in ms."""
        return self._network.rtts_ms

    @property
    def limits(self) -> Recommendation:
        """What line and machine carry, as far as this run or an earlier one that counts knows."""
        return self._reuse.limits()

    @property
    def receives(self) -> int | None:
        """The rung this side can receive, for the other side; None: it is not held back."""
        return self._reuse.limits().receives

    def preview(self, tap: FrameTap) -> Detach:
        """Call ``tap`` (on the camera's thread) with every picture of whichever camera is open."""
        return self._camera.preview(tap)

    def turn_camera(self) -> None:
        """Turn the camera's picture a quarter clockwise further, for everybody, and remember it."""
        self._upright.turn()

    def mirror_camera(self) -> None:
        """Change left and right of the camera's picture over, for everybody, and remember it."""
        self._upright.mirror()

    def confirm_orientation(self) -> None:
        """Take the camera's picture as it is now for upright."""
        self._upright.confirm()

    def choose_camera(self, camera: DeviceId) -> None:
        """Use another camera; its group is checked again."""
        self._camera.choose(camera)
        self.retry(Group.CAMERA)

    def choose_microphone(self, microphone: DeviceId) -> None:
        """Use another microphone; its group is checked again. It comes first the next time too."""
        self._choice.by_hand.add("microphone")
        self._microphone.choose(microphone)
        self.retry(Group.MICROPHONE)
        self._runner.restart(Group.SPEAKER)

    async def choose_speaker(self, speaker: DeviceId) -> None:
        """Use another loudspeaker. It comes first the next time too."""
        self._choice.by_hand.add("speaker")
        await self._speaker.choose(speaker)
        self._loudspeaker.expect_chosen()
        self._runner.restart(Group.SPEAKER)

    def retry(self, group: Group) -> None:
        """Check one group again now."""
        if self._hand_in is not None:
            self._hand_in.forget_verdict()
        self._runner.restart(group)

    def again(self, code: str) -> None:
        """Measure one check again now; those of the media path together, by one trial call."""
        if self._hand_in is not None and BY_CODE[code].gating:
            self._hand_in.forget_verdict()
        if BY_CODE[code].group is Group.MEDIA:
            self._runner.restart(Group.MEDIA)
        else:
            self._runner.again(code)

    def answer(self, code: str, measured: Measured) -> None:
        """Take what a person answered to one of the checks that only they can judge."""
        self._runner.answer(code, measured)
        keep_answer(self._loudspeaker, code, measured)

    def settings_page(self, page: SettingsPage) -> Opening | None:
        """Return how a page of the system's settings is opened; None where it has none."""
        return self._parts.system.settings_page(page)

    async def play_beeps(self, count: int) -> None:
        """Play ``count`` beeps on the chosen loudspeaker and return when they are over.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        await self._speaker.play(count)

    async def replay_voice(self, on_left: OnLeft = tell_nobody) -> None:
        """Record 5 s of the microphone, play them, and return then. Nothing of them is kept.

        ``on_left`` is told the seconds still to be recorded, and None when they are played.

        Raises:
            MicrophoneNotOpen: nothing can be recorded.
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        await VoiceReplay(self._microphone, self._speaker, self._clock).run(on_left)

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

    async def stands(self) -> bool:
        """Wait for a quick run, and say whether it proved what the last run proved."""
        proved = await proved_in_time(self._runner, self._clock)
        return proved and self._reuse.nothing_changed()

    def report(self, ended_by: EndedBy | None = None) -> dict[str, Any]:
        """Return the local, redacted report as it stands."""
        return self._keeper.local(ended_by)

    async def report_to_give(self, ended_by: EndedBy) -> dict[str, Any]:
        """Return the report alone, redacted as for an upload."""
        return await self._keeper.as_it_may_leave(ended_by)

    async def bundle(self, ended_by: EndedBy, log_lines: Sequence[str]) -> ForSupport:
        """Return all that a bundle is made of, redacted as for an upload."""
        return await self._keeper.for_bundle(ended_by, log_lines)

    async def handover(self) -> ProvenDevices:
        """Give the open devices to the call. Nothing is closed; only the analysis comes off.

        Raises:
            PreflightNotPassed: there is nothing proven to hand over.
        """
        speaker = await self._speaker.for_call()
        meant, microphone = self._microphone.source, await self._microphone.for_call()
        # Nothing is awaited from here to the giving: a device that is opened anew meanwhile would
        # be closed behind the call's back.
        camera, gate = self._camera.source, self.progress.gate
        passed = is_proved(self.progress) if self._quick else gate.passed
        if camera is None or meant is None or microphone is None or not passed:
            raise PreflightNotPassed(gate.blocking)
        if camera.status.state is not SourceState.RUNNING:
            raise PreflightNotPassed(("camera.unplugged",))
        if self._microphone.source is not meant or meant.status.state is not SourceState.RUNNING:
            raise PreflightNotPassed(("mic.unplugged",))
        self._camera.give()
        self._microphone.give()
        limits = self._reuse.limits()
        self._stop_listening()
        self._trials.call_off()
        self._media.call_off()
        await self._runner.stop()
        await self._loudspeaker.close()
        self._remember()
        await self._keeper.finish(EndedBy.JOINED)
        self._speaker.hand_over()
        self._handed_over = True
        self._leaving = spawn(self._leave_the_network(), name="leave the probe room")
        orientations = {key: each.orientation for key, each in self._camera.orientations.items()}
        return ProvenDevices(camera, microphone, speaker, limits, orientations)

    async def close(self) -> None:
        """End the run; devices that were not handed over are closed. Safe to call twice."""
        self._stop_listening()
        await self._trials.close()
        await self._runner.stop()
        await self._loudspeaker.close()
        if self._leaving is not None:
            # It must run out: cut off half-way it would leave the probe process in its room.
            await asyncio.wait([self._leaving])
        else:
            await self._network.close()
            await self._media.close()
        await self._account.close()
        await self._host.close()
        if not self._handed_over:
            ended_by = EndedBy.FINISHED if self.progress.finished else EndedBy.CANCELLED
            await self._keeper.finish(ended_by)
            await self._speaker.close()
        await self._camera.close()
        await self._microphone.close()
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)

    async def _leave_the_network(self) -> None:
        # The call is waiting for the line, and for the processor.
        await self._media.close(at_once=True)
        await self._network.close()
        await self._trials.close()

    def _changed(self, _progress: RunProgress) -> None:
        self._keeper.note_change()
        self._telling.changed()

    def _devices_changed(self) -> None:
        self._runner.hint(Group.MICROPHONE)
        self._tasks.spawn(self._look_again(), name="look for devices")

    async def _look_again(self) -> None:
        await self._choice.look_again()
        await self._list_speakers()

    async def _list_speakers(self) -> None:
        await self._loudspeaker.look()
        self._telling.changed()

    async def _begin(self) -> None:
        memory = await self._machine.read()
        self._choice.begin(memory, quick=self._quick)
        self._tasks.spawn(self._list_speakers(), name="list speakers")
        self._keeper.remember(memory)
        self._tasks.spawn(self._reuse.read(), name="read what the last run left")
        await self._keeper.read_earlier()
        self._runner.start()
        surroundings = await self._parts.offload(self._parts.surroundings)
        self._keeper.know(surroundings)
        self._host.surroundings = surroundings
        self._reuse.know(surroundings)
        self._keeper.note_change()

    def _report_body(self, ended_by: EndedBy | None) -> ReportBody:
        devices = self.devices
        verdict = None if self._hand_in is None else self._hand_in.verdict
        fingerprint = self._reuse.fingerprint
        return ReportBody(
            progress=self.progress,
            duration_ms=(self._clock.monotonic_ns() - self._started_ns) / 1e6,
            ended_by=ended_by,
            devices=devices.in_use,
            available=devices.available,
            camera_mode=devices.camera_mode,
            rtts_ms=self._network.rtts_ms,
            samples=self._samples.columns(),
            media=self._media.look.series if self._media.look is not None else {},
            decided_at_ms=self._runner.decided_ms,
            fingerprint=None if fingerprint is None else fingerprint.whole,
            short_code=None if verdict is None else verdict.short_code,
            limits=self._reuse.limits(),
        )

    def _remember(self) -> None:
        self._tasks.spawn(self._choice.keep(self._machine), name="remember devices")
        self._tasks.spawn(self._reuse.keep(self._media), name="keep the run for the next")

    def _keep_orientations(self, known: Mapping[str, KnownOrientation]) -> None:
        self._tasks.spawn(self._machine.keep_orientations(known), name="remember orientations")

    def _stop_listening(self) -> None:
        self._telling.end()
        for task in (self._beginning, self._sampling):
            if task is not None:
                task.cancel()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
