"""A mechanic in Chromium with livekit-client: our client against somebody else's.

The browser joins the consultation's own room with a token minted as the service mints it; what
it receives is measured by its page, what our customer receives by our client.
"""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from livekit import api

from benchmarks.browser_peer import BrowserPeer, Display, PageConfig
from benchmarks.material import make_tone
from desktop.app.demo.media_server import MediaServer
from desktop.app.demo.running_server import RunningServer
from desktop.app.demo.stages import Side, Stage
from tests.e2e.consultation import Client, Consultation, until
from tests.e2e.service_person import ServicePerson

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

BROWSER_PITCH_HZ = 880.0
CUSTOMER_PITCH_HZ = 440.0
PITCH_APART_HZ = 15.0
COME_WITHIN_S = 90.0
MORE_FRAMES = 60


@dataclass(frozen=True, slots=True)
class Meeting:
    """Our customer and the browser in one room."""

    consultation: Consultation
    customer: Client
    browser: BrowserPeer


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meeting]:
    """The customer's client goes through the whole journey; the mechanic is a browser."""
    folder = tmp_path_factory.mktemp("browser")
    tone = folder / "tone.wav"
    make_tone(tone, BROWSER_PITCH_HZ)
    display = Display()
    with (
        Consultation(folder) as consultation,
        ServicePerson(consultation.rig.service.url) as mechanic,
    ):
        mechanic.sign_in_as_mechanic(consultation.people[Side.MECHANIC])
        customer = consultation.start_client(Side.CUSTOMER, "stay")
        until("a request", lambda: bool(mechanic.requests()), COME_WITHIN_S)
        session = mechanic.accept(mechanic.requests()[0]["id"])["id"]
        customer.until_stage(Stage.JOINED)
        assert mechanic.mechanic_id is not None
        token = _token(consultation.rig.media, session, mechanic.mechanic_id)
        config = PageConfig(consultation.rig.media.url, token, tone=tone)
        browser = BrowserPeer(config, folder / "chromium", display)
        try:
            display.start()
            browser.start()
            browser.wait_for("connectMs", COME_WITHIN_S)
            yield Meeting(consultation, customer, browser)
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

    heard = _heard(meeting.customer)
    assert heard["peak_hz"] == pytest.approx(BROWSER_PITCH_HZ, abs=PITCH_APART_HZ)


def test_the_browser_hears_our_client(meeting: Meeting) -> None:
    def hears() -> bool:
        audio = meeting.browser.latest.get("audio")
        return audio is not None and audio["rmsDbfs"] > -45

    until("sound in the browser", hears)

    pitch = meeting.browser.latest["audio"]["peakHz"]
    assert pitch == pytest.approx(CUSTOMER_PITCH_HZ, abs=PITCH_APART_HZ)


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
