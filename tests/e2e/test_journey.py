"""The whole consultation through real client processes, real sound devices and an encoded clip.

Run once; each test asks one question of what was left behind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop.app.demo.command import choose_cameras
from desktop.app.demo.journey import Journey, JourneyOptions, JourneyResult
from desktop.app.demo.pace import BUSY_LOAD_PER_CORE, HEADLESS_WITHIN_S
from desktop.app.demo.stages import REQUIRED, Side
from preflight.devices.opencv import cv2
from tests.e2e.house import NEEDS_SOUND
from tests.e2e.voices import Listener, write_voice
from tests.fakes.pulse_server import VirtualSound

pytestmark = NEEDS_SOUND

PITCHES_HZ = {Side.CUSTOMER: 440.0, Side.MECHANIC: 660.0}
PITCH_APART_HZ = 12.0
DEADLINE_S = 200.0
CLOCKS_APART_S = 0.25
"""The product's own bound."""
FIRST_FRAME_MS = 3000
GLASS_TO_GLASS_P50_MS = 250
FPS = 20
FPS_OF_A_BUSY_MACHINE = 5
"""Loose bounds; `make bench` and the demo's timeline.json tell the real figures."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one run left behind."""

    result: JourneyResult
    output: Path
    played: dict[Side, list[tuple[float, float]]]

    @property
    def was_busy(self) -> bool:
        """True when this machine had far more to do in the last minute than our own processes."""
        return not self.result.told["journey"]["judged"]

    def of(self, side: Side) -> dict[str, Any]:
        figures: dict[str, Any] = self.result.told[side.value]
        return figures


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One journey: each person speaks into a microphone and hears a loudspeaker of PulseAudio."""
    folder = tmp_path_factory.mktemp("journey")
    voices = {side: write_voice(folder / f"{side.value}.wav", PITCHES_HZ[side]) for side in Side}
    sound = VirtualSound()
    sound.start()
    try:
        people = {side: sound.people[side.value] for side in Side}
        listeners = {side: Listener(sound, people[side].heard) for side in Side}
        options = JourneyOptions(
            headless=True,
            output=folder / "out",
            cameras=choose_cameras((), real=0),
            microphones={side: people[side].microphone for side in Side},
            speakers={side: people[side].speaker for side in Side},
            client_environment=dict.fromkeys(Side, sound.environment),
            deadline_s=DEADLINE_S,
            within_s=HEADLESS_WITHIN_S,
        )
        with (
            sound.speaking("customer", voices[Side.CUSTOMER]),
            sound.speaking("mechanic", voices[Side.MECHANIC]),
            listeners[Side.CUSTOMER].listening(),
            listeners[Side.MECHANIC].listening(),
        ):
            result = Journey(options, print).run()
        played = {side: listeners[side].heard for side in Side}
        yield Told(result, folder / "out", played)
    finally:
        sound.stop()


def other(side: Side) -> Side:
    return Side.MECHANIC if side is Side.CUSTOMER else Side.CUSTOMER


def test_every_stage_really_happened(told: Told) -> None:
    assert told.result.complaints == []
    assert told.result.ok


def test_the_session_is_completed_with_one_payout_and_one_crm_record(told: Told) -> None:
    session = told.result.told["session"]

    assert session["status"] == "completed"
    assert len(session["payouts"]) == 1
    assert len(session["crm_records"]) == 1
    codes = [upsell["code"] for upsell in session["upsells"]]
    assert codes
    assert len(codes) == len(set(codes))


def test_the_journey_took_less_than_it_promises(told: Told) -> None:
    journey = told.result.told["journey"]

    assert journey["within_s"] == HEADLESS_WITHIN_S == 90
    assert journey["judged"] is (journey["load_per_core"] <= BUSY_LOAD_PER_CORE)
    assert journey["took_s"] < (DEADLINE_S if told.was_busy else HEADLESS_WITHIN_S)
    assert journey["took_s"] * 1000 >= max(one["at_ms"] for one in told.result.told["stages"])


def test_the_clock_ran_the_same_on_both_sides(told: Told) -> None:
    clocks = told.result.told["clocks"]

    assert clocks["apart_s"] <= CLOCKS_APART_S
    assert len(clocks["pairs"]) >= 3, "LIVE, sound, figures and chat: each side asks for one"
    for pair in clocks["pairs"]:
        apart_s = pair["customer_s"] - pair["mechanic_s"] - pair["looks_apart_s"]
        assert abs(apart_s) == pytest.approx(pair["apart_s"], abs=0.001)
    worst_s = max(pair["apart_s"] for pair in clocks["pairs"][-clocks["judged_pairs"] :])
    assert worst_s == clocks["apart_s"]
    assert clocks["judged_pairs"] == (1 if told.was_busy else len(clocks["pairs"]))


@pytest.mark.parametrize("side", Side)
def test_each_side_receives_the_pitch_of_the_others_microphone(told: Told, side: Side) -> None:
    audio = told.of(side)["remote_audio"]

    assert audio["peak_hz"] == pytest.approx(PITCHES_HZ[other(side)], abs=PITCH_APART_HZ)
    assert audio["rms_dbfs"] > -50


@pytest.mark.parametrize("side", Side)
def test_the_others_voice_came_out_of_the_loudspeaker(told: Told, side: Side) -> None:
    wanted = PITCHES_HZ[other(side)]
    right = [hz for hz, _level in told.played[side] if abs(hz - wanted) < PITCH_APART_HZ]

    assert len(right) >= 3, told.played[side]


@pytest.mark.parametrize("side", Side)
def test_pictures_arrive_soon_smooth_and_in_full_size(told: Told, side: Side) -> None:
    figures = told.of(side)

    assert figures["connect_to_first_frame_ms"] < FIRST_FRAME_MS
    assert figures["remote_size"] == [1280, 720]
    assert figures["remote_fps"] > (FPS_OF_A_BUSY_MACHINE if told.was_busy else FPS)
    assert figures["glass_to_glass_ms"]["p50"] < GLASS_TO_GLASS_P50_MS


def test_there_is_a_picture_of_every_stage_from_both_sides(told: Told) -> None:
    files = sorted(told.output.glob("*.png"))
    names = [file.name for file in files]

    missing = [
        f"{side.value} {stage.value} seen by {eye.value}"
        for stage, sides in REQUIRED.items()
        for side in sides
        for eye in Side
        if not any(
            name.endswith(f"-{side.value}-{stage.value.replace('_', '-')}--{eye.value}.png")
            for name in names
        )
    ]
    assert missing == []
    for file in files:
        picture = cv2.imread(str(file))
        assert picture is not None, f"{file.name} is no picture"
        assert picture.std() > 1, f"{file.name} is blank"


@pytest.mark.parametrize("side", Side)
def test_the_picture_of_the_join_button_shows_it_as_it_can_be_pressed(
    told: Told, side: Side
) -> None:
    (file,) = told.output.glob(f"*-{side.value}-join-enabled--{side.value}.png")

    picture = cv2.imread(str(file))

    assert picture is not None
    # The accent's amber, in blue, green, red, where the button is.
    amber = np.abs(picture[-120:, -200:].astype(int) - (11, 158, 245)).max(axis=2) < 8
    assert amber.mean() > 0.1


def test_no_secret_and_no_fault_stands_in_the_logs(told: Told) -> None:
    logs = "\n".join(file.read_text(errors="replace") for file in told.output.glob("*.log"))

    assert "Traceback" not in logs
    assert "eyJ" not in logs
    assert not list(told.output.glob("*-crash-*.txt"))
