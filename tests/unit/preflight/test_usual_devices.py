"""What a person chose by hand comes first the next time, by its stable name."""

import json
from dataclasses import replace

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.machine_file import FILE_NAME, load_memory
from preflight.preflight import Preflight
from tests.fakes.devices import MICROPHONE, SPEAKER
from tests.unit.preflight.conftest import Bench

DESK = DeviceInfo(DeviceId("mic.desk"), "Desk microphone", DeviceKind.REAL)
HEADSET = DeviceInfo(DeviceId("out.usb"), "USB headset", DeviceKind.REAL)


@pytest.fixture(autouse=True)
def two_of_each(bench: Bench) -> None:
    bench.catalogue.microphone_infos = (MICROPHONE, DESK)
    bench.catalogue.speaker_infos = (SPEAKER, HEADSET)


async def a_call(bench: Bench, preflight: Preflight) -> None:
    """Go into the call and out again."""
    await bench.clock.advance(5)
    proven = await preflight.handover()
    await preflight.close()
    for device in (proven.camera, proven.microphone, proven.speaker):
        device.close()


async def chosen_before(bench: Bench) -> None:
    preflight = await bench.run(5)
    preflight.choose_microphone(DESK.id)
    await preflight.choose_speaker(HEADSET.id)
    await a_call(bench, preflight)


async def test_what_was_chosen_by_hand_comes_first_the_next_time(bench: Bench) -> None:
    await chosen_before(bench)

    preflight = await bench.run(5)

    assert preflight.devices.microphone == DESK
    assert preflight.devices.speaker == HEADSET
    assert [each.info for each in bench.catalogue.made_microphones[2:]] == [DESK]
    assert (await preflight.handover()).speaker.info == HEADSET


async def test_it_is_found_again_under_another_number(bench: Bench) -> None:
    await chosen_before(bench)
    bench.catalogue.microphone_infos = (MICROPHONE, replace(DESK, id=DeviceId("mic.desk.2")))
    bench.catalogue.speaker_infos = (SPEAKER, replace(HEADSET, id=DeviceId("out.usb.2")))

    preflight = await bench.run(5)

    assert preflight.devices.microphone == replace(DESK, id=DeviceId("mic.desk.2"))
    assert preflight.devices.speaker == replace(HEADSET, id=DeviceId("out.usb.2"))


async def test_where_nobody_chose_the_systems_own_choice_comes_first(bench: Bench) -> None:
    await a_call(bench, await bench.run(5))
    bench.catalogue.microphone_infos = (DESK, MICROPHONE)
    bench.catalogue.speaker_infos = (HEADSET, SPEAKER)

    preflight = await bench.run(5)

    assert preflight.devices.microphone == DESK
    assert preflight.devices.speaker == HEADSET


async def test_what_the_settings_name_goes_before_what_was_chosen(bench: Bench) -> None:
    await chosen_before(bench)
    bench.catalogue.microphone_is_set = bench.catalogue.speaker_is_set = True

    preflight = await bench.run(5)

    assert preflight.devices.microphone == MICROPHONE
    assert preflight.devices.speaker == SPEAKER


async def test_while_it_is_away_the_first_stands_in_and_it_is_not_forgotten(bench: Bench) -> None:
    await chosen_before(bench)
    bench.catalogue.microphone_infos = (MICROPHONE,)
    bench.catalogue.speaker_infos = (SPEAKER,)
    without = await bench.run(5)
    stood_in = (without.devices.microphone, without.devices.speaker)
    await a_call(bench, without)
    bench.catalogue.microphone_infos = (MICROPHONE, DESK)
    bench.catalogue.speaker_infos = (SPEAKER, HEADSET)

    preflight = await bench.run(5)

    assert stood_in == (MICROPHONE, SPEAKER)
    assert preflight.devices.microphone == DESK
    assert preflight.devices.speaker == HEADSET


async def test_it_is_used_again_when_it_is_plugged_in_while_the_page_is_open(bench: Bench) -> None:
    await chosen_before(bench)
    bench.catalogue.microphone_infos = (MICROPHONE,)
    bench.catalogue.speaker_infos = (SPEAKER,)
    preflight = await bench.run(8)

    bench.catalogue.microphone_infos = (MICROPHONE, DESK)
    bench.catalogue.speaker_infos = (SPEAKER, HEADSET)
    bench.hotplug.hint()
    await bench.clock.advance(6)

    assert preflight.devices.microphone == DESK
    assert preflight.devices.speaker == HEADSET


async def test_a_choice_of_this_run_goes_before_that_of_the_last(bench: Bench) -> None:
    await chosen_before(bench)
    preflight = await bench.run(5)

    preflight.choose_microphone(MICROPHONE.id)
    await preflight.choose_speaker(SPEAKER.id)
    await bench.clock.advance(6)
    now = (preflight.devices.microphone, preflight.devices.speaker)
    await a_call(bench, preflight)

    assert now == (MICROPHONE, SPEAKER)
    memory = load_memory(bench.folder)
    assert (memory.chosen_microphone, memory.chosen_speaker) == (MICROPHONE, SPEAKER)


async def test_a_file_of_an_earlier_version_names_the_loudspeaker_alone(bench: Bench) -> None:
    await a_call(bench, await bench.run(5))
    file = bench.folder / FILE_NAME
    stored = json.loads(file.read_text())
    stored.pop("loudspeaker")
    assert stored["speaker"] == SPEAKER.name
    file.write_text(json.dumps(stored))

    memory = load_memory(bench.folder)

    assert memory.speaker is not None
    assert memory.speaker.name == SPEAKER.name
    assert memory.chosen_speaker is None
