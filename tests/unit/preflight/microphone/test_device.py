"""What the checks say of the device: there, allowed, free, open, on, the usual one, a real one."""

from dataclasses import replace

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.model import CheckState
from preflight.system.ports import Holder, InputLevel, Permission
from tests.check_cases import clears, just_misses, raises
from tests.fakes.devices import MICROPHONE, FakeMicrophone
from tests.unit.preflight.microphone.conftest import Desk

PASSED, WARNED, FAILED, UNKNOWN = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
)
OTHER = DeviceInfo(DeviceId("mic.pci"), "Built-in microphone", DeviceKind.REAL)
ON = InputLevel(muted=False, volume_percent=70, default=True, loopback=False)


@clears("mic.none")
@clears("mic.permission")
@clears("mic.busy")
@clears("mic.open_failed")
@clears("mic.unplugged")
async def test_a_good_microphone_passes_them_all(desk: Desk) -> None:
    desk.system.level = ON

    await desk.run(6)

    left = {
        check.code: check.state
        for check in desk.runner.progress.checks
        if check.state is not PASSED
    }
    assert left == {"mic.replay": UNKNOWN}


@raises("mic.none")
@clears("mic.none")
async def test_a_microphone_that_is_plugged_in_later_is_found(desk: Desk) -> None:
    desk.catalogue.microphone_infos = ()
    await desk.run(3)
    missing = desk.state("mic.none")

    desk.catalogue.microphone_infos = (MICROPHONE,)
    await desk.clock.advance(6)

    assert (missing, desk.state("mic.none")) == (FAILED, PASSED)


@raises("mic.permission")
async def test_a_refused_permission_is_told(desk: Desk) -> None:
    def denied(microphone: FakeMicrophone) -> None:
        microphone.fault = OpenFault.DENIED

    desk.system.microphone = Permission.DENIED
    desk.catalogue.microphone_mood = denied

    await desk.run(3)

    assert desk.state("mic.permission") is FAILED


@clears("mic.permission")
async def test_where_the_system_never_asked_the_person_is_asked(desk: Desk) -> None:
    """The device that was refused meanwhile is opened again with the answer."""

    def refused(microphone: FakeMicrophone) -> None:
        undetermined = desk.system.microphone is Permission.UNDETERMINED
        microphone.fault = OpenFault.DENIED if undetermined else None

    def allow(_what: str) -> None:
        desk.system.microphone = Permission.GRANTED

    desk.system.microphone = Permission.UNDETERMINED
    desk.system.on_request = allow
    desk.catalogue.microphone_mood = refused

    await desk.run(6)

    assert desk.system.requests == ["microphone"]
    assert desk.state("mic.permission") is PASSED
    assert desk.result("mic.open_failed").attempts == 1
    assert desk.state("mic.silent") is PASSED


async def test_a_person_who_says_no_is_told_so(desk: Desk) -> None:
    def refuse(_what: str) -> None:
        desk.system.microphone = Permission.DENIED

    def refused(microphone: FakeMicrophone) -> None:
        microphone.fault = OpenFault.DENIED

    desk.system.microphone = Permission.UNDETERMINED
    desk.system.on_request = refuse
    desk.catalogue.microphone_mood = refused

    await desk.run(3)

    assert desk.state("mic.permission") is FAILED


async def test_what_the_system_said_of_one_microphone_is_not_taken_for_the_next(
    desk: Desk,
) -> None:
    """Access denied at an open switch means busy: the switch must be this device's."""

    def refused(microphone: FakeMicrophone) -> None:
        if microphone.info.kind.synthetic:
            microphone.fault = OpenFault.DENIED

    desk.catalogue.microphone_mood = refused
    await desk.run(3)
    tone = DeviceInfo(DeviceId("tone:440"), "Demo tone", DeviceKind.TONE)
    desk.catalogue.microphone_infos = (MICROPHONE, tone)

    desk.bench.choose(tone.id)
    await desk.bench.begin()
    await desk.clock.advance(0.5)

    assert not desk.bench.busy


@raises("mic.busy")
async def test_a_held_microphone_names_its_holder(desk: Desk) -> None:
    def held(microphone: FakeMicrophone) -> None:
        microphone.fault = OpenFault.BUSY

    desk.system.microphone_held_by = Holder("OtherCall", 12)
    desk.catalogue.microphone_mood = held

    await desk.run(3)

    assert desk.state("mic.busy") is FAILED
    assert desk.result("mic.busy").measured["holder"] == "OtherCall"


@raises("mic.open_failed")
@clears("mic.open_failed")
async def test_a_microphone_that_refuses_once_is_tried_again(desk: Desk) -> None:
    def refuses(microphone: FakeMicrophone) -> None:
        microphone.fault = OpenFault.REFUSED

    desk.catalogue.microphone_mood = refuses
    await desk.run(3)
    first = desk.state("mic.open_failed")

    desk.catalogue.microphone_mood = lambda _: None
    await desk.clock.advance(6)

    assert (first, desk.state("mic.open_failed")) == (FAILED, PASSED)


@raises("mic.unplugged")
@clears("mic.unplugged")
async def test_a_pulled_cable_is_told_and_mended_without_a_restart(desk: Desk) -> None:
    await desk.run(6)
    desk.microphone.unplug()
    desk.catalogue.microphone_infos = ()
    await desk.clock.advance(1.5)
    gone = desk.state("mic.unplugged")

    desk.catalogue.microphone_infos = (MICROPHONE,)
    await desk.clock.advance(8)

    assert (gone, desk.state("mic.unplugged")) == (FAILED, PASSED)
    assert len(desk.catalogue.made_microphones) == 2


@raises("mic.unplugged")
@pytest.mark.parametrize("after_s", [0.5, 1.0, 1.9, 2.5, 6.0])
@pytest.mark.parametrize("says_so", [True, False])
async def test_a_pulled_cable_is_noticed_within_two_seconds_whatever_is_being_measured(
    desk: Desk, after_s: float, says_so: bool
) -> None:
    """Also in the first seconds, while other checks of the microphone still take their time."""
    await desk.run(after_s)
    assert desk.state("mic.unplugged") is PASSED

    if says_so:
        desk.microphone.unplug()
    else:
        desk.microphone.delivers = False
    await desk.clock.advance(2)

    assert desk.state("mic.unplugged") is FAILED


@just_misses("mic.unplugged")
@pytest.mark.parametrize("after_s", [0.5, 6.0])
async def test_a_microphone_that_only_pauses_is_not_unplugged(desk: Desk, after_s: float) -> None:
    await desk.run(after_s)
    desk.microphone.delivers = False
    told = set()

    for _ in range(9):
        await desk.clock.advance(0.1)
        told.add(desk.state("mic.unplugged"))
    desk.microphone.delivers = True
    for _ in range(20):
        await desk.clock.advance(0.1)
        told.add(desk.state("mic.unplugged"))

    assert told == {PASSED}


@raises("mic.muted")
@clears("mic.muted")
@pytest.mark.parametrize(
    "off", [replace(ON, muted=True), replace(ON, volume_percent=4)], ids=["muted", "at 4 %"]
)
async def test_the_system_s_switch_is_followed(desk: Desk, off: InputLevel) -> None:
    desk.system.level = ON
    await desk.run(6)

    desk.system.level = off
    await desk.clock.advance(2.5)
    muted = desk.state("mic.muted")
    desk.system.level = ON
    await desk.clock.advance(3.5)

    assert (muted, desk.state("mic.muted")) == (WARNED, PASSED)


@just_misses("mic.muted")
async def test_a_volume_of_five_per_cent_is_not_muted(desk: Desk) -> None:
    desk.system.level = replace(ON, volume_percent=5)
    await desk.run(6)

    assert desk.state("mic.muted") is PASSED
    assert desk.result("mic.muted").measured["volume_percent"] == 5


@clears("mic.silent")
async def test_a_headset_that_gates_noise_stays_good_while_nobody_speaks(desk: Desk) -> None:
    """It sends true zeros between sentences: who waits silently must not lose Join."""
    desk.system.level = ON
    await desk.run(6)

    desk.microphone.amplitude = 0
    await desk.clock.advance(30)

    assert desk.state("mic.silent") is PASSED
    assert desk.result("mic.silent").measured["sound"] is True


@raises("mic.silent")
@clears("mic.silent")
async def test_silence_after_sound_counts_where_the_system_says_muted(desk: Desk) -> None:
    desk.system.level = ON
    await desk.run(6)

    desk.system.level = replace(ON, muted=True)
    desk.microphone.amplitude = 0
    await desk.clock.advance(2)
    early = desk.state("mic.silent")
    await desk.clock.advance(3)
    muted = desk.state("mic.silent")
    desk.system.level = ON
    desk.microphone.amplitude = 300
    await desk.clock.advance(2)

    assert (early, muted, desk.state("mic.silent")) == (PASSED, FAILED, PASSED)


async def test_a_system_that_tells_nothing_leaves_the_switches_unknown(desk: Desk) -> None:
    await desk.run(6)

    assert desk.state("mic.muted") is UNKNOWN
    assert desk.state("mic.default_changed") is PASSED


async def test_a_made_microphone_has_no_switches(desk: Desk) -> None:
    tone = DeviceInfo(DeviceId("tone:440"), "Monitor of nothing", DeviceKind.TONE)
    desk.catalogue.microphone_infos = (tone,)

    await desk.run(6)

    assert desk.state("mic.muted") is PASSED
    assert desk.state("mic.virtual") is PASSED


@raises("mic.default_changed")
@clears("mic.default_changed")
async def test_another_default_in_mid_run_is_told(desk: Desk) -> None:
    desk.system.level = ON
    await desk.run(6)

    desk.system.level = replace(ON, default=False)
    await desk.clock.advance(2.5)
    changed = desk.result("mic.default_changed")
    desk.system.level = ON
    await desk.clock.advance(3.5)

    assert (changed.state, changed.measured["device"]) == (WARNED, "Headset")
    assert desk.state("mic.default_changed") is PASSED


async def test_a_new_default_is_still_told_once_the_stream_was_brought_back(desk: Desk) -> None:
    """A sound server takes open streams along to its new default: they are opened again."""
    desk.system.level = ON
    await desk.run(6)

    desk.system.level = replace(ON, default=False)
    desk.microphone.unplug()
    await desk.clock.advance(8)

    assert len(desk.catalogue.made_microphones) == 2
    assert desk.state("mic.default_changed") is WARNED


@raises("mic.default_changed")
async def test_another_microphone_than_last_time_is_told(desk: Desk) -> None:
    desk.bench.known = OTHER

    await desk.run(4)

    assert desk.state("mic.default_changed") is WARNED


@clears("mic.default_changed")
async def test_who_chose_a_microphone_is_told_neither_of_it_nor_of_the_default(desk: Desk) -> None:
    desk.system.level = ON
    desk.bench.known = OTHER
    desk.bench.choose(MICROPHONE.id)
    await desk.run(4)

    desk.system.level = replace(ON, default=False)
    await desk.clock.advance(3)

    assert desk.state("mic.default_changed") is PASSED


async def test_a_microphone_set_in_the_settings_is_not_told_either(desk: Desk) -> None:
    desk.catalogue.microphone_is_set = True
    desk.bench.known = OTHER

    await desk.run(4)

    assert desk.state("mic.default_changed") is PASSED


@raises("mic.default_changed")
async def test_another_one_in_place_of_the_one_that_went_is_told(desk: Desk) -> None:
    """In a first run nobody knew of an earlier one, and the swap went by in silence."""
    desk.catalogue.microphone_infos = (MICROPHONE, OTHER)
    await desk.run(4)

    desk.catalogue.microphone_infos = (OTHER,)
    desk.microphone.unplug()
    await desk.clock.advance(8)

    assert desk.microphone.info == OTHER
    assert desk.state("mic.default_changed") is WARNED


@pytest.mark.parametrize(
    ("others", "state"),
    [
        # The usual one is there as well: this is another of the same model.
        ((MICROPHONE,), WARNED),
        # It is the usual one, in another socket.
        pytest.param((), PASSED, marks=just_misses("mic.default_changed")),
    ],
)
async def test_one_of_the_same_name_is_the_usual_one_where_that_is_not_there(
    desk: Desk, others: tuple[DeviceInfo, ...], state: CheckState
) -> None:
    twin = replace(MICROPHONE, id=DeviceId("mic.usb.2"))
    desk.catalogue.microphone_infos = (twin, *others)
    desk.bench.known = MICROPHONE

    await desk.run(4)

    assert desk.microphone.info == twin
    assert desk.state("mic.default_changed") is state


async def test_the_usual_one_may_have_another_name(desk: Desk) -> None:
    """Its name follows the language of the system; its id does not."""
    desk.bench.known = replace(MICROPHONE, name="Casque")

    await desk.run(4)

    assert desk.state("mic.default_changed") is PASSED


@pytest.mark.parametrize(
    ("name", "loopback", "expected"),
    [
        pytest.param("Stereo Mix (Realtek)", None, WARNED, marks=raises("mic.virtual")),
        ("Monitor of Built-in Audio", None, WARNED),
        ("CABLE Output (VB-Audio Virtual Cable)", None, WARNED),
        ("BlackHole 2ch", None, WARNED),
        ("Remapped", True, WARNED),
        pytest.param("Headset", False, PASSED, marks=clears("mic.virtual")),
        ("Jabra Evolve 75 Mono", None, PASSED),
    ],
)
async def test_a_microphone_that_hears_the_computer_is_virtual(
    desk: Desk, name: str, loopback: bool | None, expected: CheckState
) -> None:
    desk.catalogue.microphone_infos = (replace(MICROPHONE, name=name),)
    desk.system.level = replace(ON, loopback=loopback)

    await desk.run(4)

    assert desk.state("mic.virtual") is expected


async def test_who_speaks_only_after_the_first_look_is_heard_then(desk: Desk) -> None:
    def quiet(microphone: FakeMicrophone) -> None:
        microphone.amplitude = 3

    desk.catalogue.microphone_mood = quiet
    await desk.run(14)
    before = desk.state("mic.no_voice"), desk.state("mic.level_low")

    desk.microphone.amplitude = 2000
    await desk.clock.advance(6)

    assert before == (UNKNOWN, FAILED)
    assert desk.state("mic.no_voice") is PASSED
    assert desk.state("mic.level_low") is PASSED


@raises("mic.replay")
@clears("mic.replay")
async def test_only_the_person_can_say_whether_they_heard_themselves(desk: Desk) -> None:
    await desk.run(4)
    asked = desk.state("mic.replay")

    desk.runner.answer("mic.replay", {"confirmed": False})
    denied = desk.state("mic.replay")
    desk.runner.answer("mic.replay", {"confirmed": True})

    assert (asked, denied, desk.state("mic.replay")) == (UNKNOWN, WARNED, PASSED)
