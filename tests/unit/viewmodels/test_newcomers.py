"""What was plugged in while the page was open is noticed, until it is used or gone."""

from dataclasses import replace

import pytest

from desktop.viewmodels.newcomers import Newcomers, has_several_of_a_kind
from desktop.viewmodels.preflight_desk import (
    DeviceChoice,
    DeviceChoices,
    DeviceRole,
    Newcomer,
)
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from tests.fakes.preflight_desk import device

LAPTOP, USB, SECOND = device("Laptop"), device("USB"), device("Second")
HEADSET_IN, HEADSET_OUT = device("Headset in"), device("Headset out")
PATTERN = DeviceInfo(DeviceId("pattern"), "Pattern", DeviceKind.PATTERN)
FIRST = DeviceChoices(
    camera=DeviceChoice((LAPTOP,), LAPTOP.id),
    microphone=DeviceChoice((LAPTOP,), LAPTOP.id),
    speaker=DeviceChoice((LAPTOP,), LAPTOP.id),
)


def cameras(*found: DeviceInfo, chosen: DeviceInfo | None = LAPTOP) -> DeviceChoices:
    choice = DeviceChoice(found, None if chosen is None else chosen.id)
    return replace(FIRST, camera=choice)


def names(found: tuple[Newcomer, ...]) -> list[str]:
    return [each.device.name for each in found]


def test_what_is_there_from_the_start_is_no_newcomer() -> None:
    newcomers = Newcomers()

    assert newcomers.see(DeviceChoices()) == ()
    assert newcomers.see(cameras(LAPTOP, USB)) == ()
    assert newcomers.see(cameras(LAPTOP, USB)) == ()


def test_a_second_one_is_told_until_it_is_used() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)

    assert newcomers.see(cameras(LAPTOP, USB)) == (Newcomer(DeviceRole.CAMERA, USB),)
    assert names(newcomers.see(cameras(LAPTOP, USB))) == ["USB"]
    assert newcomers.see(cameras(LAPTOP, USB, chosen=USB)) == ()
    assert newcomers.see(cameras(LAPTOP, USB)) == (), "nor when the other is used again"


def test_one_that_goes_is_told_no_longer_and_again_when_it_is_back() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)
    newcomers.see(cameras(LAPTOP, USB))

    assert newcomers.see(FIRST) == ()
    assert names(newcomers.see(cameras(LAPTOP, USB))) == ["USB"]


def test_a_list_that_is_being_made_tells_nothing() -> None:
    """A group that begins again has no list for a moment: nothing in it is new afterwards."""
    newcomers = Newcomers()
    newcomers.see(cameras(LAPTOP, USB))

    assert newcomers.see(cameras(chosen=None)) == ()
    assert newcomers.see(cameras(LAPTOP, USB)) == ()


def test_a_newcomer_stays_told_while_its_group_begins_again() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)
    newcomers.see(cameras(LAPTOP, USB))

    assert names(newcomers.see(cameras(chosen=None))) == ["USB"]
    assert names(newcomers.see(cameras(LAPTOP, USB))) == ["USB"]


@pytest.mark.parametrize("at_once", [True, False])
def test_two_of_one_kind_are_told_until_one_of_them_is_used(at_once: bool) -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)
    if not at_once:
        newcomers.see(cameras(LAPTOP, USB))

    told = newcomers.see(cameras(LAPTOP, USB, SECOND))

    assert names(told) == ["USB", "Second"]
    assert has_several_of_a_kind(told)
    assert not has_several_of_a_kind(told[:1])
    assert newcomers.see(cameras(LAPTOP, USB, SECOND, chosen=USB)) == ()
    assert newcomers.see(cameras(LAPTOP, USB, SECOND)) == (), "nor when the first is used again"


def test_of_two_the_one_that_goes_is_told_no_longer() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)
    newcomers.see(cameras(LAPTOP, USB, SECOND))

    assert names(newcomers.see(cameras(LAPTOP, SECOND))) == ["Second"]


def test_one_that_nobody_wants_is_told_no_longer() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)
    newcomers.see(cameras(LAPTOP, USB))

    newcomers.dismiss()

    assert newcomers.see(cameras(LAPTOP, USB)) == ()


def test_both_halves_of_a_headset_are_told_together_in_whatever_order_they_come() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)
    heard = replace(FIRST, microphone=DeviceChoice((LAPTOP, HEADSET_IN), LAPTOP.id))
    whole = replace(heard, speaker=DeviceChoice((LAPTOP, HEADSET_OUT), LAPTOP.id))

    assert names(newcomers.see(heard)) == ["Headset in"]
    assert names(newcomers.see(whole)) == ["Headset in", "Headset out"]


def test_a_made_up_device_is_plugged_in_by_nobody() -> None:
    newcomers = Newcomers()
    newcomers.see(FIRST)

    assert newcomers.see(cameras(LAPTOP, PATTERN)) == ()


def test_one_whose_number_moved_is_no_newcomer() -> None:
    """On Windows and macOS a camera's id holds its number, which moves when another one comes."""
    newcomers = Newcomers()
    before = replace(LAPTOP, id=DeviceId("0@a"), stable="path/a")
    after = replace(before, id=DeviceId("1@a"))
    came = replace(USB, id=DeviceId("0@b"), stable="path/b")
    newcomers.see(cameras(before, chosen=before))

    assert names(newcomers.see(cameras(came, after, before, chosen=before))) == ["USB"]
    newcomers.dismiss()
    assert newcomers.see(cameras(before, chosen=before)) == ()
