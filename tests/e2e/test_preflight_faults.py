"""What can be wrong before a call, one thing after the other in a real client: the page says the
right words and keeps Join back, and Join comes by itself when the fault is over.

The camera is one that only a demo plan can choose (`desktop/app/demo/troubled_camera.py`); the
microphone is a real source of a sound server, the service stands behind a real line.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from desktop.app.demo.trouble_switch import CameraTrouble
from tests.e2e.consultation import Client, Glance
from tests.e2e.house import (
    DECIDED_WITHIN_S,
    NEEDS_SOUND,
    SLOW_S,
    House,
    can_join,
    is_on_dashboard,
)

pytestmark = NEEDS_SOUND


@dataclass(frozen=True, slots=True)
class Garage:
    """One customer before the preflight of a session that a mechanic has accepted."""

    house: House
    client: Client

    def camera(self, trouble: CameraTrouble) -> None:
        """Have something wrong with the camera from now on."""
        command = {"do": "camera_trouble", "trouble": trouble.value}
        self.client.process.send(json.dumps(command))

    def held_back(self, *words: str) -> Glance:
        """Wait for these words; nobody can join while they stand there."""
        seen = self.client.until_words("Fix issues to continue", *words, within_s=DECIDED_WITHIN_S)
        assert "join_session" not in seen["usable"]
        return seen

    def can_join(self) -> Glance:
        """Wait until Join can be pressed."""
        return self.client.until("no join", can_join, DECIDED_WITHIN_S)


@pytest.fixture(scope="module")
def garage(house: House) -> Garage:
    session = house.waiting_session()
    client = house.client(camera_trouble=CameraTrouble.ABSENT.value)
    house.sign_in(client)
    client.until("no dashboard", is_on_dashboard)
    house.line.delay_s = SLOW_S
    client.open_session(session)
    return Garage(house, client)


@pytest.fixture(scope="module")
def speaking(garage: Garage) -> Iterator[None]:
    """From here on somebody speaks into the microphone."""
    with garage.house.sound.speaking("customer", garage.house.voice):
        yield


def test_without_a_camera_join_waits_and_one_that_is_plugged_in_is_found_by_itself(
    garage: Garage,
) -> None:
    garage.held_back("No camera was found: plug one in or switch on the camera key of your laptop.")

    garage.camera(CameraTrouble.NONE)

    garage.client.until_words("Clear, moving picture", within_s=DECIDED_WITHIN_S)


def test_a_slow_service_is_told_with_its_figure_and_measured_again_by_itself(
    garage: Garage,
) -> None:
    garage.held_back(
        "Your connection is slow right now: move closer to the router or use a cable.",
        "(limit 300 ms)",
    )

    garage.house.line.delay_s = 0.0

    garage.client.until_words("The call server can be reached", within_s=DECIDED_WITHIN_S)


def test_a_silent_microphone_holds_join_back_until_somebody_speaks(
    garage: Garage, request: pytest.FixtureRequest
) -> None:
    garage.held_back("We receive only silence: check the mute switch on your headset.")

    request.getfixturevalue("speaking")

    garage.can_join()


def test_a_camera_that_vanishes_takes_join_back_and_returns_by_itself(
    garage: Garage, speaking: None
) -> None:
    garage.can_join()

    garage.camera(CameraTrouble.ABSENT)

    garage.held_back("Demo pattern was unplugged: plug it in again or choose another one.")
    garage.held_back("No camera was found")
    garage.camera(CameraTrouble.NONE)
    garage.can_join()


def test_a_camera_that_another_program_holds_names_it_and_is_taken_when_it_is_free(
    garage: Garage, speaking: None
) -> None:
    garage.camera(CameraTrouble.ABSENT)
    garage.held_back("No camera was found")

    garage.camera(CameraTrouble.BUSY)

    seen = garage.held_back(
        "The camera is being used by OtherCall: close it, we try again by ourselves."
    )
    assert "retry_camera" in seen["usable"]
    garage.client.click("retry_camera")
    garage.held_back("The camera is being used by OtherCall")
    garage.camera(CameraTrouble.NONE)
    garage.can_join()


def test_a_microphone_that_vanishes_takes_join_back_and_returns_by_itself(
    garage: Garage, speaking: None
) -> None:
    garage.can_join()

    garage.house.sound.unplug_microphone("customer")

    garage.held_back("The microphone was unplugged: plug it in again.")
    garage.held_back("No microphone was found: plug in a headset.")
    garage.house.sound.plug_microphone("customer")
    garage.can_join()


def test_a_report_too_old_to_join_with_leads_back_to_the_checks_and_says_why(
    garage: Garage, speaking: None
) -> None:
    garage.can_join()
    garage.house.age_all_reports()

    garage.client.click("join_session")

    garage.client.until_words(
        "Your last results were too old to join with: checking again",
        within_s=DECIDED_WITHIN_S,
    )
    # The new report is handed in once Join can be pressed; then nothing is too old any more.
    seen = garage.client.until(
        "still too old",
        lambda seen: can_join(seen) and "too old" not in "\n".join(seen["texts"]),
        DECIDED_WITHIN_S,
    )
    assert seen["call"] is None


def test_the_client_met_no_fault_of_its_own(garage: Garage, speaking: None) -> None:
    garage.client.process.stop()

    assert garage.client.process.status == 0
    assert garage.house.consultation.faults() == []
