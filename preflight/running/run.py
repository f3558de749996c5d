"""What one preflight consists of: put together here, begun, and ended in the order that is safe.

Owns the devices from `Run.start` until they are handed over or closed, and everything that looks
at them. What others may see of it and do with it is `preflight.preflight`.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping

from client_api.api import ServiceApi
from client_api.tasks import Tasks, spawn
from client_api.wire import PreflightTrigger, SessionId
from preflight.checks.account.bench import AccountBench
from preflight.checks.account.group import account_group
from preflight.checks.camera.upright import UprightDesk
from preflight.checks.network.group import RTT_EVERY_S
from preflight.checks.scope import in_scope
from preflight.checks.speaker.not_heard import keep_answer
from preflight.devices.ports import ProvenDevices, SourceState
from preflight.memory.machine_file import KnownOrientation, Machine
from preflight.model import Group, Measured, RunProgress
from preflight.offload import TASKS_END_WITHIN_S
from preflight.parts import PreflightParts
from preflight.report.report import EndedBy, ReportBody
from preflight.report.report_keeper import ReportKeeper
from preflight.running.benches import Benches, Wished
from preflight.running.device_choice import DeviceChoice
from preflight.running.device_trials import DeviceTrials
from preflight.running.hand_in import HandIn, PreflightNotPassed
from preflight.running.quick_return import QUICK_CODES, is_proved
from preflight.running.reuse import Reuse
from preflight.running.run_ticket import RunTicket
from preflight.running.runner import PreflightRunner
from preflight.running.samples import DeviceSamples
from preflight.running.telling import Telling
from preflight.system.ports import Unsubscribe


class Run:
    """The parts of one run, which know each other and nobody else.

    Args:
        api: the signed-in service; None skips what needs an account.
        session: the session to join; None for a diagnosis.
        only: codes to run (their prerequisites come along); None runs all.
        refresh_every_s: how often the round trips are measured while all is well; None: 15 s.
        account: what was asked of the service beforehand; None asks now.

    Attributes:
        camera, microphone, network, speaker, loudspeaker: the benches that the checks look at.
        runner: measures.
        choice, trials, upright: what becomes of devices by hand, or by being plugged in.
        reuse: what earlier runs left, and what counts of it.
        keeper: the report; ``hand_in`` gives it to the service, where somebody is signed in.
    """

    def __init__(
        self,
        parts: PreflightParts,
        wished: Wished,
        *,
        api: ServiceApi | None,
        session: SessionId | None,
        trigger: PreflightTrigger,
        role: str | None,
        only: Collection[str] | None,
        refresh_every_s: float | None,
        account: AccountBench | None,
    ) -> None:
        self._parts, self._quick = parts, wished.quick
        only = QUICK_CODES if wished.quick else only
        self._clock = parts.clock
        self.tasks = Tasks()
        self._machine = Machine(parts.folder, parts.offload)
        self.reuse = Reuse(
            self._machine,
            parts.folder,
            parts.clock,
            parts.offload,
            parts.network_place,
            parts.service_url,
        )
        ticket = None if api is None else RunTicket(api, parts.clock, session, trigger)
        self._telling = Telling(parts.clock, self.tasks, lambda: self.progress)
        self._unsubscribe: Unsubscribe | None = None
        self._handed_over = False
        self._leaving: asyncio.Task[None] | None = None
        benches = Benches(
            parts,
            wished,
            self._machine,
            self.reuse.trial,
            None if ticket is None else ticket.room,
            lambda: self.progress,
        )
        self.camera, self.microphone = benches.camera, benches.microphone
        self.network, self._media, self._host = benches.network, benches.media, benches.host
        self.speaker, self.loudspeaker = benches.speaker, benches.loudspeaker
        self.loudspeaker.on_moved = lambda: self.runner.restart(Group.SPEAKER)
        self._account = account or AccountBench(api, session, parts.clock)
        ports = (*benches.groups(refresh_every_s or RTT_EVERY_S), account_group(self._account))
        self.runner = PreflightRunner(in_scope(ports, only), parts.clock, self._changed)
        self.choice = DeviceChoice(benches, self.runner)
        self.trials = DeviceTrials(
            parts, benches.devices, lambda: self.progress.gate.decided, self._telling.changed
        )
        self.reuse.watch(lambda: self.progress.checks, lambda: self.choice.lists, self.network)
        self.keeper = ReportKeeper(
            parts.folder,
            self._report_body,
            parts.offload,
            parts.clock,
            trigger=trigger,
            role=role,
            session_ref=session,
            surroundings=parts.surroundings,
        )
        self.hand_in = (
            None
            if api is None or ticket is None
            else HandIn(
                api, ticket, parts.clock, self.runner, self.keeper.for_upload, self._account
            )
        )
        self.upright = UprightDesk(self.camera, self.answer, self._keep_orientations)
        self._samples = DeviceSamples(self.camera, self.microphone, parts.clock)
        self._started_ns = parts.clock.monotonic_ns()
        self._beginning: asyncio.Task[None] | None = None
        self._sampling: asyncio.Task[None] | None = None

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        return self.runner.progress

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin; ``on_change`` is told of every change from now until the end."""
        self._telling.begin(on_change)
        self._started_ns = self._clock.monotonic_ns()
        if self._parts.hotplug is not None:
            self._unsubscribe = self._parts.hotplug.subscribe(self._devices_changed)
        self._beginning = self.tasks.spawn(self._begin(), name="begin the preflight")
        self._sampling = self.tasks.spawn(self._samples.keep_taking(), name="sample the devices")

    def answer(self, code: str, measured: Measured) -> None:
        """Judge what a person said, and remember what outlives the run."""
        self.runner.answer(code, measured)
        keep_answer(self.loudspeaker, code, measured)

    async def handover(self) -> ProvenDevices:
        """Give the open devices to the call. Nothing is closed; only the analysis comes off.

        Raises:
            PreflightNotPassed: there is nothing proven to hand over.
        """
        speaker = await self.speaker.for_call()
        meant, microphone = self.microphone.source, await self.microphone.for_call()
        # Nothing is awaited from here to the giving: a device that is opened anew meanwhile would
        # be closed behind the call's back.
        camera, gate = self.camera.source, self.progress.gate
        passed = is_proved(self.progress) if self._quick else gate.passed
        if camera is None or meant is None or microphone is None or not passed:
            raise PreflightNotPassed(gate.blocking)
        if camera.status.state is not SourceState.RUNNING:
            raise PreflightNotPassed(("camera.unplugged",))
        if self.microphone.source is not meant or meant.status.state is not SourceState.RUNNING:
            raise PreflightNotPassed(("mic.unplugged",))
        self.camera.give()
        self.microphone.give()
        limits = self.reuse.limits()
        self._stop_listening()
        self.trials.call_off()
        self._media.call_off()
        await self.runner.stop()
        await self.loudspeaker.close()
        self.remember()
        await self.keeper.finish(EndedBy.JOINED)
        self.speaker.hand_over()
        self._handed_over = True
        self._leaving = spawn(self._leave_the_network(), name="leave the probe room")
        orientations = {key: each.orientation for key, each in self.camera.orientations.items()}
        return ProvenDevices(camera, microphone, speaker, limits, orientations)

    async def close(self) -> None:
        """End the run; devices that were not handed over are closed. Safe to call twice."""
        self._stop_listening()
        await self.trials.close()
        await self.runner.stop()
        await self.loudspeaker.close()
        if self._leaving is not None:
            # It must run out: cut off half-way it would leave the probe process in its room.
            await asyncio.wait([self._leaving])
        else:
            await self.network.close()
            await self._media.close()
        await self._account.close()
        await self._host.close()
        if not self._handed_over:
            ended_by = EndedBy.FINISHED if self.progress.finished else EndedBy.CANCELLED
            await self.keeper.finish(ended_by)
            await self.speaker.close()
        await self.camera.close()
        await self.microphone.close()
        await self.tasks.close(patience_s=TASKS_END_WITHIN_S)

    def remember(self) -> None:
        """Let the machine remember what this run proved, beside."""
        self.tasks.spawn(self.choice.keep(self._machine), name="remember devices")
        self.tasks.spawn(self.reuse.keep(self._media), name="keep the run for the next")

    async def _leave_the_network(self) -> None:
        # The call is waiting for the line, and for the processor.
        await self._media.close(at_once=True)
        await self.network.close()
        await self.trials.close()

    def _changed(self, _progress: RunProgress) -> None:
        self.keeper.note_change()
        self._telling.changed()

    def _devices_changed(self) -> None:
        self.tasks.spawn(self._look_again(), name="look for devices")

    async def _look_again(self) -> None:
        await self.choice.look_again()
        await self._list_speakers()

    async def _list_speakers(self) -> None:
        await self.loudspeaker.look()
        self._telling.changed()

    async def _begin(self) -> None:
        memory = await self._machine.read()
        self.choice.begin(memory, quick=self._quick)
        self.tasks.spawn(self._list_speakers(), name="list speakers")
        self.keeper.remember(memory)
        self.tasks.spawn(self.reuse.read(), name="read what the last run left")
        await self.keeper.read_earlier()
        self.runner.start()
        surroundings = await self._parts.offload(self._parts.surroundings)
        self.keeper.know(surroundings)
        self._host.surroundings = surroundings
        self.reuse.know(surroundings)
        self.keeper.note_change()

    def _report_body(self, ended_by: EndedBy | None) -> ReportBody:
        devices = self.choice.lists
        verdict = None if self.hand_in is None else self.hand_in.verdict
        fingerprint = self.reuse.fingerprint
        return ReportBody(
            progress=self.progress,
            duration_ms=(self._clock.monotonic_ns() - self._started_ns) / 1e6,
            ended_by=ended_by,
            devices=devices.in_use,
            available=devices.available,
            camera_mode=devices.camera_mode,
            rtts_ms=self.network.rtts_ms,
            samples=self._samples.columns(),
            media=self._media.look.series if self._media.look is not None else {},
            decided_at_ms=self.runner.decided_ms,
            fingerprint=None if fingerprint is None else fingerprint.whole,
            short_code=None if verdict is None else verdict.short_code,
            limits=self.reuse.limits(),
        )

    def _keep_orientations(self, known: Mapping[str, KnownOrientation]) -> None:
        self.tasks.spawn(self._machine.keep_orientations(known), name="remember orientations")

    def _stop_listening(self) -> None:
        self._telling.end()
        for task in (self._beginning, self._sampling):
            if task is not None:
                task.cancel()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
