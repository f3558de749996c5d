"""A mechanic in Chromium with livekit-client: our client against somebody else's.

The browser joins the consultation's own room with a token minted as the service mints it; what
it receives is measured by its page, what our customer receives by our client. Its camera plays
a magenta clip and its screen is the fake device's, green all over, so that a picture of our
window shows which of them stands where.
"""

import itertools
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from livekit import api

from benchmarks.browser_peer import BrowserPeer, PageConfig
from benchmarks.display import Display
from benchmarks.material import make_tone
from desktop.app.demo.media_server import MediaServer
from desktop.app.demo.running_server import RunningServer
from desktop.app.demo.stages import Side, Stage
from preflight.devices.opencv import cv2
from tests.e2e.consultation import Client, Consultation, until
from tests.e2e.service_person import ServicePerson

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

BROWSER_PITCH_HZ = 880.0
CUSTOMER_PITCH_HZ = 440.0
PITCH_APART_HZ = 15.0
COME_WITHIN_S = 90.0
MORE_FRAMES = 60
SCREEN_WITHIN_S = 40.0

PNG_END = b"IEND\xaeB`\x82"
BIG = 0.35
"""The least share of our window that the picture of the call has."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a colour stands in our window: share of its pixels, and the box around them."""

    share: float
    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the box."""
        return self.right - self.left, self.bottom - self.top

    def is_inside(self, other: "Place") -> bool:
        """True when the other one's box reaches around this one."""
        return (
            other.left < self.left < self.right < other.right
            and other.top < self.top < self.bottom < other.bottom
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What our window shows of the browser's two pictures."""

    camera: Place
    screen: Place


@dataclass(frozen=True, slots=True)
class Meeting:
    """Our customer and the browser in one room; ``pictures`` is where the client leaves its."""

    consultation: Consultation
    customer: Client
    browser: BrowserPeer
    pictures: Path


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meeting]:
    """The customer's client goes through the whole journey; the mechanic is a browser."""
    folder = tmp_path_factory.mktemp("browser")
    tone, clip, pictures = folder / "tone.wav", folder / "magenta.y4m", folder / "pictures"
    make_tone(tone, BROWSER_PITCH_HZ)
    _make_magenta_clip(clip)
    pictures.mkdir()
    display = Display()
    with (
        Consultation(folder) as consultation,
        ServicePerson(consultation.rig.service.url) as mechanic,
    ):
        mechanic.sign_in_as_mechanic(consultation.people[Side.MECHANIC])
        customer = consultation.start_client(Side.CUSTOMER, "stay", pictures=str(pictures))
        until("a request", lambda: bool(mechanic.requests()), COME_WITHIN_S)
        session = mechanic.accept(mechanic.requests()[0]["id"])["id"]
        customer.until_stage(Stage.JOINED)
        assert mechanic.mechanic_id is not None
        token = _token(consultation.rig.media, session, mechanic.mechanic_id)
        config = PageConfig(consultation.rig.media.url, token, clip=clip, tone=tone)
        browser = BrowserPeer(config, folder / "chromium", display)
        try:
            display.start()
            browser.start()
            browser.wait_for("connectMs", COME_WITHIN_S)
            yield Meeting(consultation, customer, browser, pictures)
        finally:
            browser.stop()
            display.stop()


def _token(media: MediaServer | RunningServer, session: str, mechanic: str) -> str:
    """Mint what the service mints for a mechanic, with the same claims."""
    grants = api.VideoGrants(
        room_join=True,
        room=f"session-{session}",
        can_publish=True,
        can_subscribe=True,
        can_publish_data=True,
    )
    token = (
        api.AccessToken(media.api_key, media.api_secret)
        .with_identity(f"mechanic-{mechanic}")
        .with_name("Dana Roy")
        .with_metadata(json.dumps({"role": "mechanic", "attempt": str(uuid.uuid4())}))
        .with_grants(grants)
    )
    return str(token.to_jwt())


def test_the_session_starts_with_a_browser_as_the_mechanic(meeting: Meeting) -> None:
    meeting.customer.until_stage(Stage.LIVE)

    assert meeting.consultation.record()["status"] == "live"


def test_our_client_sees_the_browser(meeting: Meeting) -> None:
    before = meeting.customer.call()["painted"]

    until(
        "more pictures of the browser",
        lambda: meeting.customer.call()["painted"] >= before + MORE_FRAMES,
    )

    assert meeting.customer.call()["remote"] == "live"


def test_the_browser_sees_our_client_in_full_size(meeting: Meeting) -> None:
    meeting.browser.wait_for("firstHdMs", COME_WITHIN_S)
    before = meeting.browser.latest["framesShown"]

    until(
        "more pictures in the browser",
        lambda: meeting.browser.latest["framesShown"] >= before + MORE_FRAMES,
    )

    assert (meeting.browser.latest["width"], meeting.browser.latest["height"]) == (1280, 720)
    assert meeting.browser.latest["remoteIdentity"].startswith("customer-")


def test_our_client_hears_the_browser(meeting: Meeting) -> None:
    meeting.customer.until_stage(Stage.REMOTE_SOUND, 30)

    def is_its_pitch() -> bool:
        # One look covers a second, and a concealed packet in it moves the peak.
        pitch = _heard(meeting.customer)["peak_hz"]
        return abs(pitch - BROWSER_PITCH_HZ) <= PITCH_APART_HZ

    until("the pitch of the browser's microphone", is_its_pitch)


def test_the_browser_hears_our_client(meeting: Meeting) -> None:
    def hears() -> bool:
        audio = meeting.browser.latest.get("audio")
        return audio is not None and audio["rmsDbfs"] > -45

    until("sound in the browser", hears)

    pitch = meeting.browser.latest["audio"]["peakHz"]
    assert pitch == pytest.approx(CUSTOMER_PITCH_HZ, abs=PITCH_APART_HZ)


def test_our_client_shows_the_browsers_camera_big(meeting: Meeting) -> None:
    seen = _look(meeting)

    assert seen.camera.share > BIG
    assert seen.screen.share < 0.01


def test_a_screen_that_the_browser_shares_is_big_and_its_camera_small_beside_it(
    meeting: Meeting,
) -> None:
    meeting.browser.share_screen(True)
    meeting.browser.wait_for("sharing", SCREEN_WITHIN_S)

    until("the screen", lambda: _look(meeting).screen.share > BIG, SCREEN_WITHIN_S)
    until("the small camera", lambda: _look(meeting).camera.share > 0.01, SCREEN_WITHIN_S)

    seen = _look(meeting)
    width, height = seen.camera.size
    assert 140 < width < 240
    assert width / height == pytest.approx(16 / 9, rel=0.1)
    assert seen.camera.is_inside(seen.screen)


def test_the_shared_screen_moves(meeting: Meeting) -> None:
    before = meeting.customer.call()["painted"]

    until(
        "more pictures of the screen",
        lambda: meeting.customer.call()["painted"] >= before + MORE_FRAMES,
    )

    assert _look(meeting).screen.share > BIG


def test_the_camera_is_big_again_when_the_browser_takes_its_screen_back(
    meeting: Meeting,
) -> None:
    meeting.browser.share_screen(False)
    until("the end of sharing", lambda: not meeting.browser.latest["sharing"], SCREEN_WITHIN_S)

    until("the camera", lambda: _look(meeting).camera.share > BIG, SCREEN_WITHIN_S)

    assert _look(meeting).screen.share < 0.01
    assert meeting.consultation.faults() == []


_numbers = itertools.count(1)


def _look(meeting: Meeting) -> Seen:
    """Let our client save a picture of its window and find the browser's colours in it."""
    name = f"look-{next(_numbers)}"
    file = meeting.pictures / f"{name}--{Side.CUSTOMER.value}.png"
    meeting.customer.process.send(json.dumps({"do": "picture", "name": name}))
    until("a picture of the window", lambda: _is_whole(file))
    window = cv2.imread(str(file))
    assert window is not None
    blue, green, red = (window[:, :, channel].astype(np.int16) for channel in range(3))
    return Seen(
        camera=_place((red > 120) & (blue > 120) & (green < 80)),
        screen=_place((green > 90) & (red < 120) & (blue < 80)),
    )


def _is_whole(file: Path) -> bool:
    return file.exists() and file.read_bytes().endswith(PNG_END)


def _place(mask: Mask) -> Place:
    share = float(mask.mean())
    # A row or column with a few such pixels is noise, or somebody's lettering.
    rows, columns = (np.flatnonzero(mask.sum(axis) > 40) for axis in (1, 0))
    if rows.size == 0 or columns.size == 0:
        return Place(share)
    return Place(share, int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _make_magenta_clip(target: Path) -> None:
    picture = np.empty((720, 1280, 3), np.uint8)
    picture[:] = (200, 20, 200)
    planes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420).tobytes()
    header = b"YUV4MPEG2 W1280 H720 F30:1 Ip A1:1 C420jpeg\n"
    target.write_bytes(header + 2 * (b"FRAME\n" + planes))


def _heard(client: Client) -> dict[str, float]:
    """Return the loudest sound of the other side so far, as the client measured it."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        client.process.send(json.dumps({"do": "figures"}))
        time.sleep(0.5)
        told = [fact for fact in list(client.process.facts) if fact.get("fact") == "figures"]
        if told and told[-1]["figures"]["remote_audio"]:
            heard: dict[str, float] = told[-1]["figures"]["remote_audio"]
            return heard
    raise AssertionError("the client heard nothing")
