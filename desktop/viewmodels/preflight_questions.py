"""What only a person can tell: how many beeps, whether they hear themselves, what stands upright.

Their answers become the verdicts of S04, M21 and C18. Pure.
"""

import logging
import math
import random
from collections.abc import Callable

from desktop.viewmodels.page_tasks import PageTasks
from desktop.viewmodels.preflight_desk import PreflightDesk
from desktop.viewmodels.preflight_state import (
    Questions,
    ReplayTest,
    SpeakerTest,
    UprightQuestion,
)
from preflight.check import NOT_ASKED
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, CheckState, RunProgress

_log = logging.getLogger(__name__)

HEARD, REPLAYED, UPRIGHT = "speaker.not_heard", "mic.replay", "camera.orientation"
_WRONG_ANSWERS_TO_FAIL = 2


class PersonQuestions:
    """Asks, one thing at a time, and hands the answers to the running preflight.

    Always true: nothing plays while something else plays or is recorded.

    Args:
        publish: called after every change.
        pick_beeps: 1 to 3; random where not given, so that a blind "yes" cannot pass.
    """

    def __init__(
        self,
        desk: PreflightDesk,
        tasks: PageTasks,
        publish: Callable[[], None],
        pick_beeps: Callable[[], int] | None = None,
    ) -> None:
        self._desk = desk
        self._tasks = tasks
        self._publish = publish
        self._pick_beeps = pick_beeps or (lambda: random.randint(1, 3))
        self._speaker = SpeakerTest.IDLE
        self._beeps = 0
        self._wrong_answers = 0
        self._replay = ReplayTest.IDLE
        self._left_s = 0
        self._asked_of = self._chosen()
        self._moved_on = False

    def forget_speaker(self) -> None:
        """Another loudspeaker: nothing is known of it."""
        if self._speaker is SpeakerTest.PLAYING:
            # It sounds until it is over, and then there is nothing to ask.
            self._moved_on = True
        else:
            self._speaker = SpeakerTest.IDLE
        self._wrong_answers = 0
        self.forget_voice()

    def forget_voice(self) -> None:
        """Another microphone or loudspeaker: nobody has heard themselves with it."""
        if self._replay not in (ReplayTest.RECORDING, ReplayTest.PLAYING):
            self._replay = ReplayTest.IDLE

    def state(self, progress: RunProgress) -> Questions:
        """Return the questions as they stand; what was said of other devices is forgotten."""
        self._follow_devices()
        results = {check.code: check for check in progress.checks}
        has_speaker = bool(self._desk.devices.speaker.devices)
        microphone = self._desk.devices.microphone
        has_microphone = bool(microphone.devices)
        quiet = not self._sounding
        replayable = quiet and has_speaker and has_microphone
        return Questions(
            speaker=self._speaker_test(results.get(HEARD)),
            play_beeps=self._play_beeps if quiet and has_speaker else None,
            answer_beeps=self._answer_beeps if self._speaker is SpeakerTest.ASKING else None,
            replay=self._replay,
            replay_left_s=self._left_s,
            hear_yourself=self._hear_yourself if replayable else None,
            answer_replay=self._answer_replay if self._replay is ReplayTest.ASKING else None,
            upright=self._upright(results.get(UPRIGHT)),
        )

    def _follow_devices(self) -> None:
        """Devices change by themselves as well: one is unplugged, or the system's default moves."""
        was, now = self._asked_of, self._chosen()
        self._asked_of = now
        if was[0] != now[0]:
            self.forget_speaker()
        elif was[1] != now[1]:
            self.forget_voice()

    def _chosen(self) -> tuple[DeviceId | None, DeviceId | None]:
        devices = self._desk.devices
        return devices.speaker.chosen, devices.microphone.chosen

    @property
    def _sounding(self) -> bool:
        playing = self._speaker is SpeakerTest.PLAYING
        return playing or self._replay in (ReplayTest.RECORDING, ReplayTest.PLAYING)

    def _speaker_test(self, heard: CheckResult | None) -> SpeakerTest:
        known = heard is not None and heard.state is CheckState.PASSED
        if self._speaker is SpeakerTest.IDLE and known:
            return SpeakerTest.REMEMBERED
        return self._speaker

    # --- beeps --------------------------------------------------------------------------------

    def _play_beeps(self) -> None:
        self._beeps = self._pick_beeps()
        self._speaker, self._moved_on = SpeakerTest.PLAYING, False
        self._put_aside_replay()
        self._publish()
        self._tasks.start(self._play(), name="preflight beeps")

    async def _play(self) -> None:
        # Whatever keeps the sound from playing, the person must get an answer on the page.
        try:
            await self._desk.play_beeps(self._beeps)
        except Exception as error:
            _log.info("the beeps did not play: %s", type(error).__name__)
            self._speaker = SpeakerTest.FAILED
        else:
            self._speaker = SpeakerTest.IDLE if self._moved_on else SpeakerTest.ASKING
        self._publish()

    def _answer_beeps(self, heard: int) -> None:
        if heard == self._beeps:
            self._speaker, self._wrong_answers = SpeakerTest.HEARD, 0
        else:
            self._wrong_answers += 1
            fails = heard == 0 or self._wrong_answers >= _WRONG_ANSWERS_TO_FAIL
            self._speaker = SpeakerTest.NOT_HEARD if fails else SpeakerTest.WRONG
        self._desk.answer_check(
            HEARD, {"wrong_answers": self._wrong_answers, "heard_none": heard == 0}
        )
        self._publish()

    # --- the own voice ------------------------------------------------------------------------

    def _hear_yourself(self) -> None:
        self._replay, self._left_s = ReplayTest.RECORDING, 0
        if self._speaker in (SpeakerTest.ASKING, SpeakerTest.WRONG, SpeakerTest.FAILED):
            # One question at a time: whoever turns to the next one has left this one.
            self._speaker = SpeakerTest.IDLE
        self._publish()
        self._tasks.start(self._record_and_play(), name="preflight replay")

    async def _record_and_play(self) -> None:
        try:
            await self._desk.replay_voice(self._on_replay)
        except Exception as error:
            _log.info("the voice was not played back: %s", type(error).__name__)
            self._replay = ReplayTest.FAILED
        else:
            self._replay = ReplayTest.ASKING
        self._publish()

    def _on_replay(self, left_s: float | None) -> None:
        """Take how much is still to be recorded; None: it is being played."""
        replay = ReplayTest.RECORDING if left_s is not None else ReplayTest.PLAYING
        whole_s = math.ceil(left_s or 0.0)
        if (replay, whole_s) != (self._replay, self._left_s):
            self._replay, self._left_s = replay, whole_s
            self._publish()

    def _answer_replay(self, clear: bool) -> None:
        self._replay = ReplayTest.CONFIRMED if clear else ReplayTest.DENIED
        self._desk.answer_check(REPLAYED, {"confirmed": clear})
        self._publish()

    def _put_aside_replay(self) -> None:
        if self._replay in (ReplayTest.ASKING, ReplayTest.FAILED):
            self._replay = ReplayTest.IDLE

    # --- the picture --------------------------------------------------------------------------

    def _upright(self, told: CheckResult | None) -> UprightQuestion | None:
        """Return the question about the picture; None while there is none to ask about."""
        if told is None or not told.state.final or told.state is CheckState.SKIPPED:
            return None
        open_still = told.reason == NOT_ASKED or told.state is not CheckState.PASSED
        return UprightQuestion(
            turn=self._turn,
            mirror=self._mirror,
            confirm=self._confirm_upright if open_still else None,
        )

    def _turn(self) -> None:
        self._desk.turn_camera()

    def _mirror(self) -> None:
        self._desk.mirror_camera()

    def _confirm_upright(self) -> None:
        self._desk.confirm_orientation()
