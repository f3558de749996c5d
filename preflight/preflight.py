"""The running preflight: the facade for the page, the command line and the call.

Holds the devices from `start` until `handover` or `close`. Every method belongs to the loop's
thread; whatever blocks goes to threads of its own. What it is made of, and the order in which
that begins and ends, is `preflight.running.run`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from client_api.api import ServiceApi
from client_api.wire import PreflightTrigger, PreflightVerdict, SessionId
from preflight.analysis.sound_window import MeterLevel
from preflight.checks.account.bench import AccountBench
from preflight.checks.speaker.voice_replay import OnLeft, VoiceReplay, tell_nobody
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import Detach, FrameTap, ProvenDevices
from preflight.model import Group, Measured, RunProgress
from preflight.parts import DeviceLists, PreflightParts
from preflight.report.report import EndedBy
from preflight.report.report_keeper import ForSupport
from preflight.running.benches import Wished
from preflight.running.hand_in import PreflightNotPassed
from preflight.running.quick_return import proved_in_time
from preflight.running.run import Run
from preflight.running.trial import DeviceTrial
from preflight.system.settings_pages import Opening, SettingsPage
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.recommendation import Recommendation

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
        quick: the short look of a return to a running session (`preflight.running.quick_return`).
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
        self._parts = parts
        self._run = Run(
            parts,
            Wished(camera, microphone, speaker, quick, booked_minutes),
            api=api,
            session=session,
            trigger=trigger,
            role=role,
            only=only,
            refresh_every_s=refresh_every_s,
            account=account,
        )

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        """Begin by itself; ``on_change`` is called on this thread after every change.

        Changes of one turn of the loop come as one: a start alone makes two dozen of them.
        """
        self._run.start(on_change)

    @property
    def progress(self) -> RunProgress:
        """The run as it stands."""
        return self._run.progress

    @property
    def elapsed_ms(self) -> float:
        """How long the run has gone on, as its results count time."""
        return self._run.runner.elapsed_ms

    @property
    def devices(self) -> DeviceLists:
        """What was found at the last look, and what is in use."""
        return self._run.choice.lists

    @property
    def trials(self) -> Mapping[tuple[Group, DeviceId], DeviceTrial]:
        """How short looks at devices that were plugged in stand."""
        return self._run.trials.found

    def try_out(self, group: Group, device: DeviceInfo) -> None:
        """Look for a moment at a camera or microphone that is not in use, beside the one that is.

        What comes of it is in `trials`.
        """
        self._run.trials.try_out(group, device)

    @property
    def level(self) -> MeterLevel:
        """What the level meter shows now; read it 20 times a second."""
        return self._run.microphone.window.meter()

    @property
    def rtts_ms(self) -> tuple[float, ...]:
        """The round trips of the newest look at the service, in ms."""
        return self._run.network.rtts_ms

    @property
    def limits(self) -> Recommendation:
        """What line and machine carry, as far as this run or an earlier one that counts knows."""
        return self._run.reuse.limits()

    @property
    def receives(self) -> int | None:
        """The rung this side can receive, for the other side; None: it is not held back."""
        return self._run.reuse.limits().receives

    def preview(self, tap: FrameTap) -> Detach:
        """Call ``tap`` (on the camera's thread) with every picture of whichever camera is open."""
        return self._run.camera.preview(tap)

    def turn_camera(self) -> None:
        """Turn the camera's picture a quarter clockwise further, for everybody, and remember it."""
        self._run.upright.turn()

    def mirror_camera(self) -> None:
        """Change left and right of the camera's picture over, for everybody, and remember it."""
        self._run.upright.mirror()

    def confirm_orientation(self) -> None:
        """Take the camera's picture as it is now for upright."""
        self._run.upright.confirm()

    def choose_camera(self, camera: DeviceId) -> None:
        """Use another camera; its group is checked again."""
        self._run.camera.choose(camera)
        self.retry(Group.CAMERA)

    def choose_microphone(self, microphone: DeviceId) -> None:
        """Use another microphone; its group is checked again. It comes first the next time too."""
        self._run.choice.by_hand.add("microphone")
        self._run.microphone.choose(microphone)
        self.retry(Group.MICROPHONE)
        self._run.runner.restart(Group.SPEAKER)

    async def choose_speaker(self, speaker: DeviceId) -> None:
        """Use another loudspeaker. It comes first the next time too."""
        self._run.choice.by_hand.add("speaker")
        await self._run.speaker.choose(speaker)
        self._run.loudspeaker.expect_chosen()
        self._run.runner.restart(Group.SPEAKER)

    def retry(self, group: Group) -> None:
        """Check one group again now."""
        if self._run.hand_in is not None:
            self._run.hand_in.forget_verdict()
        self._run.runner.restart(group)

    def again(self, code: str) -> None:
        """Measure one check again now; those of the media path together, by one trial call."""
        if self._run.hand_in is not None and BY_CODE[code].gating:
            self._run.hand_in.forget_verdict()
        if BY_CODE[code].group is Group.MEDIA:
            self._run.runner.restart(Group.MEDIA)
        else:
            self._run.runner.again(code)

    def answer(self, code: str, measured: Measured) -> None:
        """Take what a person answered to one of the checks that only they can judge."""
        self._run.answer(code, measured)

    def settings_page(self, page: SettingsPage) -> Opening | None:
        """Return how a page of the system's settings is opened; None where it has none."""
        return self._parts.system.settings_page(page)

    async def play_beeps(self, count: int) -> None:
        """Play ``count`` beeps on the chosen loudspeaker and return when they are over.

        Raises:
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        await self._run.speaker.play(count)

    async def replay_voice(self, on_left: OnLeft = tell_nobody) -> None:
        """Record 5 s of the microphone, play them, and return then. Nothing of them is kept.

        ``on_left`` is told the seconds still to be recorded, and None when they are played.

        Raises:
            MicrophoneNotOpen: nothing can be recorded.
            DeviceNotFound: there is no loudspeaker.
            SpeakerNotOpen: it does not play.
        """
        await VoiceReplay(self._run.microphone, self._run.speaker, self._parts.clock).run(on_left)

    async def decided(self) -> RunProgress:
        """Wait until every gating check has a verdict once."""
        return await self._run.runner.decided()

    async def finished(self) -> RunProgress:
        """Wait until the advisory checks have ended once as well."""
        return await self._run.runner.finished()

    async def passed_report(self) -> PreflightVerdict:
        """Hand in the report of the passing run and return the service's own verdict.

        A fresh one is returned as it is; a used or old one is renewed, for which the network is
        checked again.

        Raises:
            PreflightNotPassed: something is in the way.
            ClientError: the service refused the report or cannot be reached.
        """
        if self._run.hand_in is None:
            raise PreflightNotPassed(("net.signal", "net.room"))
        known = self._run.hand_in.verdict
        verdict = await self._run.hand_in.passed_report()
        if verdict is not known:
            self._run.remember()
        return verdict

    async def stands(self) -> bool:
        """Wait for a quick run, and say whether it proved what the last run proved."""
        proved = await proved_in_time(self._run.runner, self._parts.clock)
        return proved and self._run.reuse.nothing_changed()

    def report(self, ended_by: EndedBy | None = None) -> dict[str, Any]:
        """Return the local, redacted report as it stands."""
        return self._run.keeper.local(ended_by)

    async def report_to_give(self, ended_by: EndedBy) -> dict[str, Any]:
        """Return the report alone, redacted as for an upload."""
        return await self._run.keeper.as_it_may_leave(ended_by)

    async def bundle(self, ended_by: EndedBy, log_lines: Sequence[str]) -> ForSupport:
        """Return all that a bundle is made of, redacted as for an upload."""
        return await self._run.keeper.for_bundle(ended_by, log_lines)

    async def handover(self) -> ProvenDevices:
        """Give the open devices to the call. Nothing is closed; only the analysis comes off.

        Raises:
            PreflightNotPassed: there is nothing proven to hand over.
        """
        return await self._run.handover()

    async def close(self) -> None:
        """End the run; devices that were not handed over are closed. Safe to call twice."""
        await self._run.close()
