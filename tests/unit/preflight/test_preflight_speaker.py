"""The loudspeaker and the screen within the whole preflight."""

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.model import CheckState, Group
from tests.unit.preflight.conftest import Bench, verdict

PASSED, WARNED, UNKNOWN = CheckState.PASSED, CheckState.WARNED, CheckState.UNKNOWN
SPEAKERS = ("speaker.none", "speaker.not_heard", "speaker.changed")
HEADSET = DeviceInfo(DeviceId("out.headset"), "Headset", DeviceKind.REAL)


async def test_an_answer_is_kept_for_the_next_run(bench: Bench) -> None:
    preflight = await bench.run(2, only=set(SPEAKERS))
    assert verdict(preflight, "speaker.not_heard") == (UNKNOWN, "not_asked")

    preflight.answer("speaker.not_heard", {"wrong_answers": 0, "heard_none": False})
    await bench.clock.advance(0.5)
    await preflight.close()
    later = await bench.run(2, only=set(SPEAKERS))

    assert verdict(preflight, "speaker.not_heard") == (PASSED, None)
    assert verdict(later, "speaker.not_heard") == (PASSED, None)


async def test_one_wrong_answer_is_neither_kept_nor_forgotten(bench: Bench) -> None:
    preflight = await bench.run(2, only=set(SPEAKERS))
    preflight.answer("speaker.not_heard", {"wrong_answers": 0, "heard_none": False})
    preflight.answer("speaker.not_heard", {"wrong_answers": 1, "heard_none": False})
    await bench.clock.advance(0.5)

    assert verdict(preflight, "speaker.not_heard") == (WARNED, None)
    await preflight.choose_speaker(preflight.devices.speakers[0].id)
    await bench.clock.advance(1)
    assert verdict(preflight, "speaker.not_heard") == (PASSED, None)


async def test_a_loudspeaker_that_the_person_chose_is_no_change(bench: Bench) -> None:
    bench.catalogue.speaker_infos = (*bench.catalogue.speaker_infos, HEADSET)
    preflight = await bench.run(2, only=set(SPEAKERS))

    await preflight.choose_speaker(HEADSET.id)
    await bench.clock.advance(4)

    assert preflight.devices.speaker == HEADSET
    assert verdict(preflight, "speaker.changed") == (PASSED, None)
    assert verdict(preflight, "speaker.not_heard") == (UNKNOWN, "not_asked")


async def test_prerequisites_of_other_groups_come_along(bench: Bench) -> None:
    preflight = bench.start(only={"speaker.loop"})

    groups = {check.group for check in preflight.progress.checks}
    codes = {check.code for check in preflight.progress.checks}

    assert groups == {Group.MICROPHONE, Group.SPEAKER}
    assert {"mic.silent", "mic.none", "speaker.open_failed", "speaker.delay"} <= codes
    assert "speaker.changed" not in codes


async def test_the_screen_is_looked_at_once(bench: Bench) -> None:
    preflight = await bench.run(1, only={"screen.black"})

    assert verdict(preflight, "screen.permission") == (PASSED, None)
    assert verdict(preflight, "screen.black") == (PASSED, None)


async def test_the_handover_stops_whatever_still_sounds(bench: Bench) -> None:
    preflight = await bench.run(5)

    proven = await preflight.handover()
    await bench.clock.advance(2)

    assert proven.speaker is bench.catalogue.made_speakers[0]
    assert bench.catalogue.made_microphones[0].taps == []
