"""Bad input and missing things before a call: each ends in words and a way on.

Two clients are pressed through it: the first has neither camera nor voice and meets every closed
door; the second is well and loses one thing after the other. What the call itself survives is in
`test_faults.py`.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.app.demo.processes import made_up_account
from desktop.app.demo.stages import Side
from tests.e2e.consultation import Client, Consultation, Glance, until
from tests.e2e.service_person import ServicePerson
from tests.e2e.slow_line import SlowLine
from tests.e2e.voices import write_voice
from tests.fakes.pulse_server import VirtualSound

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not VirtualSound.possible(), reason="PulseAudio is not installed"),
]

SLOW_S = 0.25
"""Each way: round trips of half a second and more, where 300 ms are allowed."""

DECIDED_WITHIN_S = 60.0
REFUSED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class House:
    """A service behind a line that can be cut, its people, and their sound."""

    consultation: Consultation
    line: SlowLine
    sound: VirtualSound
    customer: ServicePerson
    mechanic: ServicePerson
    voice: Path

    def waiting_session(self) -> str:
        """Make a session that the customer may join."""
        made = self.customer.submit_intake()
        return str(self.mechanic.accept(made["request_id"])["id"])

    def client(self, microphone: str, camera: str) -> Client:
        """Start the customer's client on the line; nobody is signed in yet."""
        return self.consultation.start_client(
            Side.CUSTOMER,
            "told",
            service_url=self.line.url,
            camera=camera,
            microphone=microphone,
            environment=self.sound.environment,
        )

    def sign_in(self, client: Client, password: str | None = None) -> None:
        """Fill the sign-in page in and press the button."""
        account = self.consultation.people[Side.CUSTOMER]
        client.type("sign_in_email", account.email)
        client.type("sign_in_password", account.password if password is None else password)
        client.click("sign_in_submit")

    def refused_tokens(self) -> int:
        """Count the room tokens that the service refused for their report (428)."""
        wanted = '"route": "/api/sessions/{session_id}/token", "status": 428'
        return (self.consultation.folder / "service.log").read_text().count(wanted)

    def write(self, statement: str, *values: object) -> None:
        """Change the service's database behind its back."""
        path = self.consultation.rig.service.data_dir / "liftbay.sqlite3"
        with sqlite3.connect(path, timeout=20) as database:
            database.execute(statement, values)
        database.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("bad-input")
    sound = VirtualSound(("customer",))
    sound.start()
    try:
        with Consultation(folder) as consultation:
            service = consultation.rig.service.url
            with (
                SlowLine(int(service.rsplit(":", 1)[1])) as line,
                ServicePerson(service) as customer,
                ServicePerson(service) as mechanic,
            ):
                customer.sign_up(consultation.people[Side.CUSTOMER])
                mechanic.sign_in_as_mechanic(consultation.people[Side.MECHANIC])
                voice = write_voice(folder / "voice.wav", 440.0)
                yield House(consultation, line, sound, customer, mechanic, voice)
    finally:
        sound.stop()


# --- one client without camera and voice, and every closed door ---------------------------------


@pytest.fixture(scope="module")
def bare(house: House) -> Iterator[Client]:
    """A client whose camera does not exist and whose microphone is silent."""
    person = house.sound.people["customer"]
    client = house.client(microphone=person.microphone, camera="no-such-camera")
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
    bare.until("no dashboard", lambda now: now["page"] == "dashboard")


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

    bare.until("no dashboard", lambda now: now["page"] == "dashboard")


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
        person = house.sound.people["customer"]
        client = house.client(microphone=person.microphone, camera="pattern")
        house.sign_in(client)
        client.until("no dashboard", lambda now: now["page"] == "dashboard")
        client.open_session(house.waiting_session())
        yield client
        client.process.stop()


def test_a_microphone_that_goes_in_mid_preflight_is_told_and_taken_back(
    house: House, well: Client
) -> None:
    well.until("no join", _can_join, DECIDED_WITHIN_S)

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
    well.until("no join after it was plugged in", _can_join, DECIDED_WITHIN_S)


def test_a_stale_report_leads_back_to_the_checks(house: House, well: Client) -> None:
    well.until("no join", _can_join, DECIDED_WITHIN_S)
    house.write("UPDATE preflight_reports SET arrived_at = '2020-01-01 00:00:00.000000'")

    well.click("join_session")

    until("a refusal as stale", lambda: house.refused_tokens() == 1, REFUSED_WITHIN_S)
    well.until("no join after new checks", _can_join, DECIDED_WITHIN_S)
    assert well.glance()["call"] is None


def test_a_media_server_that_is_away_ends_in_words_and_a_way_back(
    house: House, well: Client
) -> None:
    well.until("no join", _can_join, DECIDED_WITHIN_S)
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
    well.until("no join", _can_join, DECIDED_WITHIN_S)
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
    client.until("no dashboard", lambda now: now["page"] == "dashboard")
    return seen


def _can_join(seen: Glance) -> bool:
    return seen["page"] == "preflight" and "join_session" in seen["usable"]


def _go_back(client: Client) -> None:
    """Take whichever way back the page offers, until the dashboard is there."""
    ways = ("entrance_back", "call_ended_back", "leave_preflight")
    offered = client.glance()["usable"]
    way = next((way for way in ways if way in offered), None)
    assert way is not None, offered
    client.click(way)
    client.until("no dashboard", lambda now: now["page"] == "dashboard")
