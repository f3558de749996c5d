"""The call starts with the very camera and microphone that passed, still open.

One consultation of two real clients: the customer's microphone is a source of a real PulseAudio
server, which tells of every stream that comes and goes; their camera is a clip longer than the
whole of it, whose opens and closes the kernel tells. Run once; each test asks of what was seen.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.app.demo.stages import Side, Stage
from preflight.devices.opencv import cv2
from tests.e2e.consultation import Client, Consultation, is_talking, until_pictures_flow
from tests.e2e.house import NEEDS_SOUND
from tests.e2e.voices import write_voice
from tests.fakes.file_opens import FileOpens
from tests.fakes.pulse_server import VirtualSound
from tests.fakes.sound_events import SoundEvents

pytestmark = [
    *NEEDS_SOUND,
    pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux' own"),
]

DEMO_CLIP = Path(__file__).resolve().parents[2] / "resources" / "clips" / "demo-customer.mp4"
CLIP_FPS = 25
"""What FFmpeg plays a row of JPEGs with."""
CLIP_S = 300
"""Longer than it all takes: at its end a clip is opened again, and that would be counted."""
CLIP_SIZE = (480, 270)
TALK_S = 3.0
OPENING_S = 1.0
"""An opening takes 10 ms; who closed and opened again would not be back within this."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A recording stream as the sound server lists it."""

    index: int
    pid: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen from outside; times by the monotonic clock.

    Attributes:
        streams: those of programs, at each moment that was looked at.
        came_s, went_s: of the server's recording streams, by its own events.
        opened_s, closed_s: of the clip.
    """

    customer_pid: int
    streams: dict[str, list[Stream]]
    came_s: list[float]
    went_s: list[float]
    opened_s: list[float]
    closed_s: list[float]
    decided_s: float
    ending_s: float
    over_s: float


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's pictures as one long row of JPEGs, which needs no encoder."""
    shown = cv2.VideoCapture(str(DEMO_CLIP))
    pictures: list[bytes] = []
    while (read := shown.read())[0]:
        small = cv2.resize(read[1], CLIP_SIZE, interpolation=cv2.INTER_AREA)
        pictures.append(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 50])[1].tobytes())
    shown.release()
    path = tmp_path_factory.mktemp("clip") / "long.mjpg"
    with path.open("wb") as file:
        for number in range(CLIP_S * CLIP_FPS):
            file.write(pictures[number % len(pictures)])
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def seen(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """From before the customer's sign-in to after the end of their call."""
    folder = tmp_path_factory.mktemp("handover")
    voice = write_voice(folder / "voice.wav", 440.0)
    sound = VirtualSound(("customer",))
    sound.start()
    try:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in sound.environment.items():
                environment.setenv(name, value)
            with (
                SoundEvents() as events,
                FileOpens(clip) as opens,
                sound.speaking("customer", voice),
                Consultation(folder) as consultation,
            ):
                yield _one_session(consultation, sound, clip, events, opens)
    finally:
        sound.stop()


def _one_session(
    consultation: Consultation,
    sound: VirtualSound,
    clip: Path,
    events: SoundEvents,
    opens: FileOpens,
) -> Seen:
    customer = consultation.start_client(
        Side.CUSTOMER,
        "stay",
        camera=f"file:{clip}",
        microphone=sound.people["customer"].microphone,
        environment=sound.environment,
    )
    pid = customer.process.pid
    assert pid is not None
    mechanic = consultation.start_client(Side.MECHANIC, "stay")
    streams: dict[str, list[Stream]] = {"before the preflight": program_streams()}
    customer.until_stage(Stage.JOIN_ENABLED)
    decided_s = time.monotonic()
    streams["when Join can be pressed"] = program_streams()
    customer.until_stage(Stage.LIVE)
    streams["as the call begins"] = program_streams()
    mechanic.until_stage(Stage.LIVE)
    _until_both_talk(customer, mechanic)
    streams["in the call"] = program_streams()
    ending_s = time.monotonic()
    customer.process.send('{"do": "end"}')
    customer.until_stage(Stage.ENDED)
    customer.until_ended(60)
    over_s = time.monotonic()
    events.at("'remove' on source-output", since_s=decided_s)
    mechanic.process.stop()
    return Seen(
        pid,
        streams,
        events.times("'new' on source-output"),
        events.times("'remove' on source-output"),
        opens.opened_s,
        opens.closed_s,
        decided_s,
        ending_s,
        over_s,
    )


def _until_both_talk(*clients: Client) -> None:
    for client in clients:
        client.until("no call", is_talking)
        # The mechanic is shown the customer's clip, the customer is the mechanic's pattern.
        until_pictures_flow(client)
    time.sleep(TALK_S)


def program_streams() -> list[Stream]:
    """Ask the server for the recording streams of programs; its own have no process."""
    told = subprocess.run(
        ["pactl", "--format=json", "list", "source-outputs"],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
        env=dict(os.environ),
    ).stdout
    found = []
    for row in json.loads(told):
        pid = row.get("properties", {}).get("application.process.id")
        if pid is not None:
            found.append(Stream(row["index"], int(pid)))
    return found


def test_the_sound_server_sees_one_stream_of_ours_and_the_same_to_the_end(seen: Seen) -> None:
    after = [found for when, found in seen.streams.items() if when != "before the preflight"]

    assert seen.streams["before the preflight"] == []
    assert len(after) == 3
    assert [stream.pid for stream in after[0]] == [seen.customer_pid]
    assert all(found == after[0] for found in after), seen.streams


def test_no_other_stream_came_or_went_in_between_however_short(seen: Seen) -> None:
    """The lists are looks; the events leave nothing out.

    One opening is two streams: ALSA's way to PulseAudio makes one as it is opened and another in
    its place as it is started (tried with PortAudio alone). From there on it is the same one.
    """
    opened_s, started_s = seen.came_s
    replaced_s, ended_s = seen.went_s

    assert opened_s <= replaced_s <= started_s < opened_s + OPENING_S
    assert started_s < seen.decided_s
    assert seen.ending_s < ended_s


def test_the_camera_was_opened_once_and_closed_once_the_call_was_over(seen: Seen) -> None:
    assert len(seen.opened_s) == 1
    assert seen.opened_s[0] < seen.decided_s
    assert len(seen.closed_s) == 1
    assert seen.ending_s < seen.closed_s[0] <= seen.over_s + 1
    assert seen.over_s - seen.opened_s[0] < CLIP_S, "the clip came to its end and began again"
