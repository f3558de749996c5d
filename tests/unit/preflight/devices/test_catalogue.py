"""Which source is made for which choice. Real sound is in tests/integration/devices."""

from pathlib import Path

import pytest

from preflight.devices import catalogue as catalogue_module
from preflight.devices import portaudio
from preflight.devices.catalogue import SystemCatalogue, has_sound_card, list_portaudio
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.portaudio import PortAudioDevice
from preflight.devices.ports import DeviceNotFound
from preflight.devices.pulse import Direction, PulseDevice, PulseServer
from tests.fakes.devices import FakeSystem

MICROPHONES = ("headset_source", "webcam_source")


class TwoMicrophones(PulseServer):
    """A server with two microphones and one loudspeaker."""

    def look(self, direction: Direction) -> tuple[PulseDevice, ...] | None:
        names = MICROPHONES if direction is Direction.IN else ("room_sink",)
        return tuple(
            PulseDevice(index, name, name.title(), False, False, 1, 100, index == 0)
            for index, name in enumerate(names)
        )


class BusyServer(TwoMicrophones):
    """A server that sometimes answers too late."""

    late = False

    def look(self, direction: Direction) -> tuple[PulseDevice, ...] | None:
        return None if self.late else super().look(direction)


class NoSound(PulseServer):
    """A server with nothing plugged in."""

    def look(self, direction: Direction) -> tuple[PulseDevice, ...]:
        return ()


def catalogue(
    pulse: PulseServer | None = None,
    camera: str | None = None,
    microphone: str | None = None,
    speaker: str | None = None,
) -> SystemCatalogue:
    return SystemCatalogue(
        pulse=pulse or TwoMicrophones(),
        probe=FakeSystem(),
        camera_choice=camera,
        microphone_choice=microphone,
        speaker_choice=speaker,
    )


def test_real_devices_are_the_default() -> None:
    found = catalogue()

    assert found.microphone(None).info.id == "headset_source"
    assert found.speaker(None).info.id == "room_sink"
    assert found.microphone(None).info.kind is DeviceKind.REAL


def test_a_choice_of_the_command_line_is_listed_first_and_made() -> None:
    found = catalogue(camera="pattern", microphone="tone:600", speaker="null")

    assert found.cameras()[0].kind is DeviceKind.PATTERN
    assert found.camera(None).info.kind is DeviceKind.PATTERN
    assert [info.id for info in found.microphones()] == ["tone:600", *MICROPHONES]
    assert found.microphone(None).info.id == "tone:600"
    assert found.speaker(None).info.kind is DeviceKind.NONE


def test_a_real_choice_moves_to_the_front_of_the_list() -> None:
    found = catalogue(microphone="webcam")

    assert [info.id for info in found.microphones()] == ["webcam_source", "headset_source"]


def test_a_server_that_once_answered_is_not_forgotten_when_it_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The raw names below it are other devices: sound would be moved there and back."""
    raw = (DeviceInfo(DeviceId("portaudio:hw:0,0"), "hw:0,0", DeviceKind.REAL),)
    monkeypatch.setattr(catalogue_module, "list_portaudio", lambda _: raw)
    server = BusyServer()
    found = catalogue(server)
    before = found.speakers()

    server.late = True

    assert found.speakers() == before
    assert found.microphones() == ()
    assert catalogue(server).speakers() == raw


def test_a_microphone_that_is_plugged_in_while_another_is_open_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """This process's own list is frozen then; a loudspeaker of it could not be opened yet."""

    def row(name: str) -> PortAudioDevice:
        return PortAudioDevice(0, name, "Core Audio", 1, 1, 48_000, False, False)

    monkeypatch.setattr(catalogue_module, "has_sound_card", lambda: True)
    monkeypatch.setattr(portaudio, "devices", lambda: (row("Built-in"),))
    monkeypatch.setattr(portaudio, "is_frozen", lambda: True)
    fresh = (row("Built-in"), row("Headset"))
    monkeypatch.setattr(catalogue_module, "fresh_devices", lambda: fresh)

    found = [[each.name for each in list_portaudio(way)] for way in Direction]

    assert found == [["Built-in", "Headset"], ["Built-in"]]


def test_what_the_person_picks_now_wins_over_the_command_line() -> None:
    found = catalogue(microphone="tone:600")

    assert found.microphone(DeviceId("webcam_source")).info.id == "webcam_source"


def test_every_listed_id_makes_its_own_device() -> None:
    found = catalogue(camera="pattern", microphone="tone:600")

    assert [found.microphone(info.id).info for info in found.microphones()] == list(
        found.microphones()
    )
    assert found.camera(found.cameras()[0].id).info == found.cameras()[0]
    assert [found.speaker(info.id).info.id for info in found.speakers()] == ["room_sink"]


def test_no_microphone_is_said_and_no_made_one_is_slipped_in() -> None:
    found = catalogue(NoSound())

    with pytest.raises(DeviceNotFound, match="no microphone was found"):
        found.microphone(None)


def test_no_loudspeaker_gives_the_silent_one() -> None:
    found = catalogue(NoSound())

    assert found.speaker(None).info.kind is DeviceKind.NONE
    assert [info.kind for info in found.speakers()] == [DeviceKind.NONE]


def test_a_loudspeaker_that_was_asked_for_by_name_is_not_replaced() -> None:
    with pytest.raises(DeviceNotFound, match="kitchen"):
        catalogue(NoSound(), speaker="kitchen").speaker(None)


def test_a_missing_file_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match=r"none\.mp4"):
        catalogue(camera=f"file:{tmp_path / 'none.mp4'}").camera(None)


@pytest.mark.parametrize(
    ("what", "choice"),
    [("camera", "tone:440"), ("microphone", "pattern"), ("speaker", "tone:440")],
)
def test_a_choice_that_makes_no_sense_is_refused_at_once(what: str, choice: str) -> None:
    with pytest.raises(ValueError, match=what):
        catalogue(**{what: choice})  # type: ignore[arg-type]  # the keyword is the parameter


def test_a_machine_has_a_sound_card_when_its_kernel_lists_one(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.write_text(
        " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n      HDA Intel PCH at irq 9\n"
    )

    assert has_sound_card("linux", cards)


def test_a_machine_has_no_sound_card_when_its_kernel_says_so_or_knows_no_sound(
    tmp_path: Path,
) -> None:
    cards = tmp_path / "cards"
    cards.write_text("--- no soundcards ---\n")

    assert not has_sound_card("linux", cards)
    assert not has_sound_card("linux", tmp_path / "missing")


def test_other_systems_are_always_asked_for_their_sound_devices(tmp_path: Path) -> None:
    assert has_sound_card("win32", tmp_path / "missing")
