"""The three groups on the preflight page: which check speaks, and what a person can do."""

from dataclasses import replace

import pytest

from client_api.wire import ReadinessState
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from desktop.viewmodels.preflight_state import Heading, JoinHint
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, CheckState, Group
from preflight.system.settings_pages import SettingsPage
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import device, progress, result
from tests.fakes.preflight_stage import PreflightStage as Stage
from tests.fakes.wire_samples import sample_session

FAILED_NETWORK = progress(
    result("camera.fps_low", CheckState.PASSED),
    result("net.rtt_high", CheckState.FAILED, rtt_median_ms=412.0),
    result("net.room", CheckState.WARNED),
    network=CheckState.FAILED,
)


@pytest.fixture
def stage() -> Stage:
    return Stage(sample_session())


async def test_a_failed_group_says_which_check_failed_first_and_offers_another_try(
    stage: Stage,
) -> None:
    stage.page.start()
    stage.desk.say(FAILED_NETWORK)
    await settle()

    row = stage.row(Group.NETWORK)
    assert row.speaks is not None
    assert row.speaks.code == "net.rtt_high"
    assert row.choose_other is None
    assert row.retry is not None
    row.retry()
    assert stage.desk.retried == [Group.NETWORK]
    assert stage.now().hint is JoinHint.FIX_ISSUES
    assert stage.state.heading is Heading.FIX
    assert stage.state.passed_count == 1
    assert ReadinessState.FIXING in stage.told
    assert stage.row(Group.CAMERA).retry is None


async def test_a_bad_camera_offers_the_next_one(stage: Stage) -> None:
    stage.page.start()
    stage.desk.say(progress(result("camera.busy", CheckState.FAILED), camera=CheckState.FAILED))

    choose_other = stage.row(Group.CAMERA).choose_other
    assert choose_other is not None
    choose_other()

    assert stage.desk.chosen == [(DeviceRole.CAMERA, DeviceId("usb"))]
    assert stage.row(Group.MICROPHONE).choose_other is None
    await settle()


@pytest.mark.parametrize(
    ("code", "group", "page"),
    [
        ("camera.permission", Group.CAMERA, SettingsPage.CAMERA),
        ("mic.permission", Group.MICROPHONE, SettingsPage.MICROPHONE),
    ],
)
async def test_a_denied_access_offers_the_system_s_settings_where_there_are_some(
    stage: Stage, code: str, group: Group, page: SettingsPage
) -> None:
    denied = progress(
        result(code, CheckState.FAILED, permission="denied"),
        camera=CheckState.FAILED if group is Group.CAMERA else CheckState.PASSED,
        microphone=CheckState.FAILED if group is Group.MICROPHONE else CheckState.PASSED,
    )
    stage.page.start()
    stage.desk.say(denied)
    assert stage.row(group).open_settings is None

    stage.desk.has_settings = True
    stage.desk.say(denied)
    open_settings = stage.row(group).open_settings

    assert open_settings is not None
    assert stage.row(group).choose_other is None
    open_settings()
    assert stage.desk.opened_settings == [page]


async def test_the_system_s_settings_are_of_no_use_for_another_fault(stage: Stage) -> None:
    stage.desk.has_settings = True
    stage.page.start()

    stage.desk.say(progress(result("camera.busy", CheckState.FAILED), camera=CheckState.FAILED))

    assert stage.row(Group.CAMERA).open_settings is None


async def test_a_network_that_wants_a_login_says_so_instead_of_what_fails_behind_it(
    stage: Stage,
) -> None:
    """Nobody is told that Liftbay is being repaired while a login page answers for it."""
    stage.desk.has_settings = True
    stage.page.start()

    stage.desk.say(
        progress(
            result("net.health", CheckState.FAILED),
            result("net.captive_portal", CheckState.FAILED, portal=True),
            network=CheckState.FAILED,
        )
    )

    row = stage.row(Group.NETWORK)
    assert row.speaks is not None
    assert (row.speaks.code, row.state) == ("net.captive_portal", CheckState.FAILED)
    assert row.retry is not None
    assert row.open_settings is not None
    row.open_settings()
    assert stage.desk.opened_settings == [SettingsPage.LOGIN]
    await settle()


@pytest.mark.parametrize("code", ["net.rtt_high", "net.changed"])
async def test_a_login_page_explains_nothing_that_was_measured_through_it(
    stage: Stage, code: str
) -> None:
    stage.page.start()

    stage.desk.say(
        progress(
            result(code, CheckState.FAILED),
            result("net.captive_portal", CheckState.FAILED, portal=True),
            network=CheckState.FAILED,
        )
    )

    row = stage.row(Group.NETWORK)
    assert row.speaks is not None
    assert row.speaks.code == code
    await settle()


async def test_without_another_device_none_is_offered(stage: Stage) -> None:
    stage.page.start()
    stage.desk.plug(DeviceChoices(camera=DeviceChoice((device("Only"),), DeviceId("only"))))
    stage.desk.say(progress(camera=CheckState.FAILED, microphone=CheckState.FAILED))

    assert stage.row(Group.CAMERA).choose_other is None
    assert stage.row(Group.MICROPHONE).choose_other is None
    assert stage.now().questions.play_beeps is None
    await settle()


async def test_the_first_device_is_offered_when_the_chosen_one_is_gone(stage: Stage) -> None:
    stage.page.start()
    stage.desk.plug(DeviceChoices(camera=DeviceChoice((device("A"), device("B")), None)))
    stage.desk.say(progress(camera=CheckState.FAILED))

    choose_other = stage.row(Group.CAMERA).choose_other
    assert choose_other is not None
    choose_other()

    assert stage.desk.chosen == [(DeviceRole.CAMERA, DeviceId("a"))]
    await settle()


async def test_the_next_device_follows_the_one_in_use(stage: Stage) -> None:
    stage.page.start()
    stage.page.choose(DeviceRole.CAMERA, DeviceId("usb"))
    stage.desk.say(progress(camera=CheckState.FAILED))

    choose_other = stage.row(Group.CAMERA).choose_other
    assert choose_other is not None
    choose_other()

    assert stage.desk.chosen[-1] == (DeviceRole.CAMERA, DeviceId("integrated"))
    await settle()


def _advice(code: str, state: CheckState) -> CheckResult:
    return replace(result(code, state), gating=False)


async def test_advice_speaks_once_the_group_has_passed_and_does_not_hold_join_back(
    stage: Stage,
) -> None:
    stage.page.start()
    dark = _advice("camera.low_light", CheckState.FAILED)

    stage.desk.say(progress(dark, camera=CheckState.RUNNING, fraction=0.5))
    assert stage.row(Group.CAMERA).speaks is None
    assert stage.row(Group.CAMERA).state is CheckState.RUNNING

    stage.desk.say(progress(dark))
    await settle()

    row = stage.row(Group.CAMERA)
    assert row.speaks == dark
    assert row.state is CheckState.WARNED
    assert row.retry is not None
    assert stage.state.heading is Heading.READY
    assert stage.now().join is not None


async def test_a_gating_warning_speaks_before_advice(stage: Stage) -> None:
    stage.page.start()
    slow = result("camera.fps_low", CheckState.WARNED)
    dark = _advice("camera.low_light", CheckState.FAILED)

    stage.desk.say(progress(dark, slow, camera=CheckState.WARNED))
    await settle()

    assert stage.row(Group.CAMERA).speaks == slow
