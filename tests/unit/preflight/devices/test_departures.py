"""What was unplugged and was not in use is named; what was in use, or only moved, is not."""

from dataclasses import replace

import pytest

from preflight.devices.departures import Departures
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind


def device(name: str, stable: str = "") -> DeviceInfo:
    return DeviceInfo(DeviceId(name.lower()), name, DeviceKind.REAL, stable=stable)


LAPTOP, C920, THIRD = device("Laptop"), device("Logitech C920"), device("Third")


class Machine:
    """Says what `Departures` sees of a machine with cameras and microphones."""

    def __init__(self) -> None:
        self._departures = Departures()
        self.microphones: tuple[DeviceInfo, ...] = (LAPTOP,)

    def see(self, *cameras: DeviceInfo, used: DeviceInfo | None = LAPTOP) -> tuple[str, ...]:
        found = {"camera": cameras, "microphone": self.microphones}
        return self._departures.see(
            found, {"camera": None if used is None else used.id, "microphone": LAPTOP.id}
        )


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_one_that_nobody_uses_is_named_once_it_is_gone_and_until_it_is_back(
    machine: Machine,
) -> None:
    assert machine.see(LAPTOP, C920) == ()

    assert machine.see(LAPTOP) == ("Logitech C920",)
    assert machine.see(LAPTOP) == ("Logitech C920",)
    assert machine.see(LAPTOP, C920) == ()
    assert machine.see(LAPTOP, C920) == ()


def test_the_one_in_use_tells_of_itself(machine: Machine) -> None:
    machine.see(LAPTOP, C920, used=C920)

    assert machine.see(LAPTOP, used=C920) == ()
    assert machine.see(LAPTOP, used=LAPTOP) == ()


def test_one_in_use_is_none_of_them_when_another_one_stands_in_at_the_same_look(
    machine: Machine,
) -> None:
    machine.see(LAPTOP, C920, used=C920)

    # The group begins again: for a moment there is no list.
    assert machine.see(used=None) == ()
    assert machine.see(LAPTOP, used=LAPTOP) == ()


def test_one_that_was_in_use_until_another_was_chosen_is_named(machine: Machine) -> None:
    machine.see(LAPTOP, C920, used=C920)
    machine.see(LAPTOP, C920, used=LAPTOP)

    assert machine.see(LAPTOP, used=LAPTOP) == ("Logitech C920",)


def test_a_list_that_is_being_made_says_nothing(machine: Machine) -> None:
    machine.see(LAPTOP, C920)

    assert machine.see() == ()
    assert machine.see(LAPTOP, C920) == ()


def test_a_camera_that_is_only_numbered_anew_has_not_gone(machine: Machine) -> None:
    named = device("Logitech C920", stable="by-id/usb-C920")
    machine.see(LAPTOP, named)

    assert machine.see(LAPTOP, replace(named, id=DeviceId("/dev/video7"))) == ()


def test_two_that_go_are_named_in_their_order(machine: Machine) -> None:
    machine.see(LAPTOP, C920, THIRD)

    assert machine.see(LAPTOP, C920) == ("Third",)
    assert machine.see(LAPTOP) == ("Third", "Logitech C920")


def test_a_headset_is_named_once_though_it_is_two_devices() -> None:
    departures, headset = Departures(), device("Headset")
    used = {"microphone": LAPTOP.id, "speaker": LAPTOP.id}
    departures.see({"microphone": (LAPTOP, headset), "speaker": (LAPTOP, headset)}, used)

    gone = departures.see({"microphone": (LAPTOP,), "speaker": (LAPTOP,)}, used)

    assert gone == ("Headset",)


def test_a_headset_that_is_used_for_one_thing_is_not_called_unused(machine: Machine) -> None:
    departures, headset = Departures(), device("Headset")
    used = {"microphone": LAPTOP.id, "speaker": headset.id}
    departures.see({"microphone": (LAPTOP, headset), "speaker": (LAPTOP, headset)}, used)

    assert departures.see({"microphone": (LAPTOP,), "speaker": (LAPTOP,)}, used) == ()


@pytest.mark.parametrize("kind", [DeviceKind.PATTERN, DeviceKind.FILE])
def test_what_is_made_up_cannot_be_unplugged(machine: Machine, kind: DeviceKind) -> None:
    machine.see(LAPTOP, replace(C920, kind=kind))

    assert machine.see(LAPTOP) == ()
