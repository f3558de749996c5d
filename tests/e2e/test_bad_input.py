"""Bad input and missing things before a call: each ends in words and a way on.

Two clients are pressed through it: the first has neither camera nor voice and meets every closed
door; the second is well and loses one thing after the other. What the call itself survives is in
`test_faults.py`.
"""

import uuid
from collections.abc import Iterator

import pytest

from desktop.app.demo.processes import made_up_account
from tests.e2e.consultation import Client, Glance, until
from tests.e2e.house import (
    DECIDED_WITHIN_S,
    NEEDS_SOUND,
    SLOW_S,
    House,
    can_join,
    is_on_dashboard,
)
from tests.e2e.service_person import ServicePerson

pytestmark = NEEDS_SOUND

REFUSED_WITHIN_S = 60.0


# --- one client without camera and voice, and every closed door ---------------------------------


@pytest.fixture(scope="module")
def bare(house: House) -> Iterator[Client]:
    """A client whose camera does not exist and whose microphone is silent."""
    client = house.client(camera="no-such-camera")
    yield client
    client.process.stop()


def test_a_service_that_is_down_is_told_and_can_be_tried_again(house: House, bare: Client) -> None:
    house.line.cut()

    house.sign_in(bare)

    seen = bare.until_words("Liftbay cannot be reached.", "Check your internet connection")
    assert seen["page"] == "sign_in"
    bare.until("no second try", lambda now: "sign_in_submit" in now["usable"])
    house.line.restore()


def test_a_wrong_password_is_told_without_saying_which_part_is_wrong(
    house: House, bare: Client
) -> None:
    house.sign_in(bare, password="not-the-password-of-anybody")

    seen = bare.until_words("E-mail or password is wrong.")
    assert seen["page"] == "sign_in"

    house.sign_in(bare)
    bare.until("no dashboard", is_on_dashboard)


def test_a_session_that_does_not_exist_is_told(house: House, bare: Client) -> None:
    _open_closed_door(bare, str(uuid.uuid4()), "There is no such session.")


def test_a_chat_session_is_sent_to_the_website(house: House, bare: Client) -> None:
    session = house.waiting_session()
    house.write("UPDATE sessions SET type = 'chat' WHERE id = ?", session)

    _open_closed_door(bare, session, "This is a chat session.", "Liftbay website")


def test_somebody_elses_session_stays_closed(house: House, bare: Client) -> None:
    with ServicePerson(house.consultation.rig.service.url) as stranger:
        stranger.sign_up(made_up_account("Kim Other", "kim@e2e.example"))
        session = stranger.submit_intake()["id"]

    _open_closed_door(bare, session, "This session belongs to somebody else.")


def test_a_session_that_has_ended_leads_to_its_summary(house: House, bare: Client) -> None:
    session = house.waiting_session()
    house.customer.post(f"/api/sessions/{session}/cancel", {"reason": "changed_my_mind"})

    seen = _open_closed_door(bare, session, "This session has ended.")

    assert "entrance_summary" in seen["usable"]


def test_no_camera_a_silent_microphone_and_a_slow_service_hold_join_back_with_what_to_do(
    house: House, bare: Client
) -> None:
    session = house.waiting_session()
    house.line.delay_s = SLOW_S
    try:
        bare.open_session(session)
        bare.until_words("Fix issues to continue", within_s=DECIDED_WITHIN_S)
        seen = bare.until_words(
            "No camera was found: plug one in or switch on the camera key of your laptop.",
            "We receive only silence: check the mute switch on your headset.",
            "Your connection is slow right now: move closer to the router or use a cable.",
            within_s=DECIDED_WITHIN_S,
        )
    finally:
        house.line.delay_s = 0.0
    assert "join_session" not in seen["usable"]
    assert "leave_preflight" in seen["usable"]

    bare.click("leave_preflight")

    bare.until("no dashboard", is_on_dashboard)


def test_the_bare_client_met_no_fault_of_its_own(house: House, bare: Client) -> None:
    bare.process.stop()

    assert bare.process.status == 0
    assert house.consultation.faults() == []


# --- one client that is well, and loses one thing after the other -------------------------------


@pytest.fixture(scope="module")
def well(house: House, bare: Client) -> Iterator[Client]:
    """A signed-in client with a camera and a voice, before the preflight of a session."""
    bare.process.stop()
    with house.sound.speaking("customer", house.voice):
        client = house.client(camera="pattern")
        house.sign_in(client)
        client.until("no dashboard", is_on_dashboard)
        client.open_session(house.waiting_session())
        yield client
        client.process.stop()


def test_a_microphone_that_goes_in_mid_preflight_is_told_and_taken_back(
    house: House, well: Client
) -> None:
    well.until("no join", can_join, DECIDED_WITHIN_S)

    house.sound.unplug_microphone("customer")

    seen = well.until(
        "join is still possible", lambda now: "join_session" not in now["usable"], DECIDED_WITHIN_S
    )
    seen = well.until_words("Fix issues to continue", within_s=DECIDED_WITHIN_S)
    page = "\n".join(seen["texts"])
    assert any(words in page for words in ("was unplugged", "No microphone was found")), page
    well.click("retry_microphone")
    well.until_words("No microphone was found", within_s=DECIDED_WITHIN_S)

    house.sound.plug_microphone("customer")
    well.until("no join after it was plugged in", can_join, DECIDED_WITHIN_S)


def test_a_stale_report_leads_back_to_the_checks(house: House, well: Client) -> None:
    well.until("no join", can_join, DECIDED_WITHIN_S)
    house.age_all_reports()

    well.click("join_session")

    until("a refusal as stale", lambda: house.refused_tokens() == 1, REFUSED_WITHIN_S)
    well.until("no join after new checks", can_join, DECIDED_WITHIN_S)
    assert well.glance()["call"] is None


def test_a_media_server_that_is_away_ends_in_words_and_a_way_back(
    house: House, well: Client
) -> None:
    well.until("no join", can_join, DECIDED_WITHIN_S)
    house.consultation.rig.media.kill()
    try:
        well.click("join_session")
        well.until(
            "no words about the call server",
            lambda now: "call server does not answer" in "\n".join(now["texts"]),
            REFUSED_WITHIN_S,
        )
    finally:
        house.consultation.rig.media.start()
    _go_back(well)


def test_a_refused_token_ends_in_words_and_a_way_on(house: House, well: Client) -> None:
    session = house.waiting_session()
    well.open_session(session)
    well.until("no join", can_join, DECIDED_WITHIN_S)
    house.write("UPDATE sessions SET customer_id = (SELECT id FROM users WHERE email LIKE 'dana%')")

    well.click("join_session")

    seen = well.until(
        "no words about the refusal",
        lambda now: any(
            words in "\n".join(now["texts"])
            for words in ("belongs to somebody else", "You cannot join this session")
        ),
        REFUSED_WITHIN_S,
    )
    assert seen["usable"]
    _go_back(well)


def test_the_well_client_met_no_fault_of_its_own(house: House, well: Client) -> None:
    well.process.stop()

    assert well.process.status == 0
    assert house.consultation.faults() == []


def _open_closed_door(client: Client, session: str, *words: str) -> Glance:
    """Open a session link; read why it leads nowhere; go back to the dashboard."""
    client.open_session(session)
    seen = client.until_words(*words)
    assert "entrance_back" in seen["usable"]
    assert seen["call"] is None
    client.click("entrance_back")
    client.until("no dashboard", is_on_dashboard)
    return seen


def _go_back(client: Client) -> None:
    """Take whichever way back the page offers, until the dashboard is there."""
    ways = ("entrance_back", "call_ended_back", "leave_preflight")
    offered = client.glance()["usable"]
    way = next((way for way in ways if way in offered), None)
    assert way is not None, offered
    client.click(way)
    client.until("no dashboard", is_on_dashboard)
