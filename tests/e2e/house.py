"""A service behind a line that can be slowed or cut, its people, and the customer's sound."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop.app.demo.stages import Side
from tests.e2e.consultation import Client, Consultation, Glance
from tests.e2e.service_person import ServicePerson
from tests.e2e.slow_line import SlowLine
from tests.e2e.voices import write_voice
from tests.fakes.pulse_server import VirtualSound

NEEDS_SOUND = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not VirtualSound.possible(), reason="PulseAudio is not installed"),
]
"""The marks of a module whose clients have a sound server."""

SLOW_S = 0.25
"""Each way: round trips of half a second and more, where 300 ms are allowed."""

DECIDED_WITHIN_S = 60.0
"""How long the checks of a preflight may take on a loaded machine."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything of a consultation but the customer's client, which the test starts."""

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

    def client(self, **choices: Any) -> Client:
        """Start the customer's client on the line; nobody is signed in yet.

        Args:
            choices: plan entries other than the usual made devices, e.g. ``camera``.
        """
        return self.consultation.start_client(
            Side.CUSTOMER,
            "told",
            service_url=self.line.url,
            environment=self.sound.environment,
            **{"microphone": self.sound.people["customer"].microphone} | choices,
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

    def age_all_reports(self) -> None:
        """Make every report that the service has too old to join with."""
        self.write("UPDATE preflight_reports SET arrived_at = '2020-01-01 00:00:00.000000'")


def can_join(seen: Glance) -> bool:
    """True while the preflight is in sight and Join can be pressed."""
    return seen["page"] == "preflight" and "join_session" in seen["usable"]


def is_on_dashboard(seen: Glance) -> bool:
    """True while the dashboard is in sight."""
    return bool(seen["page"] == "dashboard")


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Start all of it, with both people known to the service; end all of it."""
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
