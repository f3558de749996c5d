"""The button beside a remedy: of all 110 checks, what a program can do about each."""

from dataclasses import replace

import pytest

from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from desktop.viewmodels.preflight_fixes import ASKED, NO_FIX, NO_PROGRAM, PAGES, Fix, fix_of
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, CheckState, GateDecision, Group, RunProgress
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import device
from tests.fakes.preflight_stage import PreflightStage as Stage
from tests.fakes.wire_samples import sample_session

TWO_OF_EACH = DeviceChoices(
    camera=DeviceChoice((device("A"), device("B")), DeviceId("a")),
    microphone=DeviceChoice((device("C"), device("D")), DeviceId("c")),
    speaker=DeviceChoice((device("E"), device("F")), DeviceId("e")),
)
NOTHING_THERE = DeviceChoices()
MISSING = ("camera.none", "mic.none", "speaker.none")


def _bad(code: str) -> RunProgress:
    """A run in which one check is not well, and everything else is."""
    row = BY_CODE[code]
    check = CheckResult(code, row.no, row.group, CheckState.FAILED, gating=row.gating)
    groups = dict.fromkeys((Group.CAMERA, Group.MICROPHONE, Group.NETWORK), CheckState.PASSED)
    if row.gating:
        groups[row.group] = CheckState.FAILED
    gate = GateDecision(not row.gating, True, groups, (code,) if row.gating else ())
    return RunProgress((check,), gate, 1.0, finished=True)


def _fix(code: str, *, pages: bool = True, devices: DeviceChoices = TWO_OF_EACH) -> Fix:
    chosen: list[tuple[DeviceRole, DeviceId]] = []
    opened: list[SettingsPage] = []

    def settings_of(page: SettingsPage) -> Command | None:
        return On(opened.append, page) if pages else None

    (check,) = _bad(code).checks
    return fix_of(check.group, check, devices, chosen.append, settings_of)


@pytest.mark.parametrize("code", [row.code for row in CATALOGUE])
async def test_each_check_has_a_button_or_a_reason_why_no_program_can_help(code: str) -> None:
    stage = Stage(sample_session())
    stage.desk.has_settings = True
    stage.desk.plug(NOTHING_THERE if code in MISSING else TWO_OF_EACH)
    stage.page.start()
    stage.desk.say(_bad(code))
    await settle()

    row = stage.row(BY_CODE[code].group)

    has_button = row.open_settings is not None or row.choose_other is not None
    assert has_button is (code not in NO_PROGRAM)
    assert (row.retry is not None) is (code not in ASKED)
    assert stage.now().fixes.get(code, NO_FIX) == row.fix


def test_the_lists_name_checks_that_there_are_and_reasons_that_say_something() -> None:
    assert len(CATALOGUE) == 110
    assert set(PAGES) | set(NO_PROGRAM) <= set(BY_CODE)
    assert not set(PAGES) & set(NO_PROGRAM)
    assert all(len(reason) > 20 for reason in NO_PROGRAM.values())


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("mic.muted", SettingsPage.SOUND_IN),
        ("speaker.muted", SettingsPage.SOUND_OUT),
        ("host.power_saver", SettingsPage.ENERGY_SAVING),
        ("host.sleep", SettingsPage.SLEEP),
        ("host.clock_skew", SettingsPage.DATE_TIME),
        ("host.disk", SettingsPage.STORAGE),
        ("host.cpu_busy", SettingsPage.PROGRAMS),
        ("net.room", SettingsPage.NETWORK),
        ("net.vpn", SettingsPage.VPN),
    ],
)
def test_a_page_of_the_system_is_opened_where_the_remedy_lies(
    code: str, page: SettingsPage
) -> None:
    fix = _fix(code)

    assert fix.page is page
    assert fix.open_settings is not None


@pytest.mark.parametrize("code", sorted(PAGES))
def test_where_the_system_has_no_such_page_no_button_says_so(code: str) -> None:
    fix = _fix(code, pages=False)

    assert fix.page is None
    assert fix.open_settings is None


@pytest.mark.parametrize(
    ("code", "role", "next_one"),
    [
        ("media.mic_roundtrip", DeviceRole.MICROPHONE, "d"),
        ("media.camera_roundtrip", DeviceRole.CAMERA, "b"),
        ("speaker.headset_mode", DeviceRole.MICROPHONE, "d"),
        ("speaker.delay", DeviceRole.SPEAKER, "f"),
    ],
)
async def test_the_device_that_helps_may_be_of_another_group(
    code: str, role: DeviceRole, next_one: str
) -> None:
    stage = Stage(sample_session())
    stage.desk.plug(TWO_OF_EACH)
    stage.page.start()
    stage.desk.say(_bad(code))
    row = stage.row(BY_CODE[code].group)
    assert row.fix.role is role
    assert row.choose_other is not None

    row.choose_other()
    await settle()

    assert stage.desk.chosen == [(role, DeviceId(next_one))]


def test_a_microphone_that_is_the_only_one_is_not_offered_against_itself() -> None:
    only = DeviceChoices(microphone=DeviceChoice((device("C"),), DeviceId("c")))

    assert _fix("media.mic_roundtrip", devices=only) == NO_FIX


async def test_what_is_well_is_offered_nothing() -> None:
    stage = Stage(sample_session())
    stage.desk.has_settings = True
    stage.page.start()
    well = CheckResult("mic.muted", "M08", Group.MICROPHONE, CheckState.PASSED, gating=False)
    groups = dict.fromkeys((Group.CAMERA, Group.MICROPHONE, Group.NETWORK), CheckState.PASSED)
    stage.desk.say(RunProgress((well,), GateDecision(True, True, groups, ()), 1.0, finished=True))
    await settle()

    assert stage.now().fixes == {}
    assert stage.row(Group.MICROPHONE).fix == NO_FIX


@pytest.mark.parametrize(
    ("stage", "page"),
    [("tls_clock", SettingsPage.DATE_TIME), ("dns", SettingsPage.NETWORK)],
)
async def test_a_clock_that_keeps_liftbay_out_of_reach_is_set_where_clocks_are_set(
    stage: str, page: SettingsPage
) -> None:
    shown = Stage(sample_session())
    shown.desk.has_settings = True
    shown.page.start()
    run = _bad("net.unreachable")
    check = replace(run.checks[0], measured={"stage": stage})

    shown.desk.say(replace(run, checks=(check,)))
    await settle()

    assert shown.row(Group.NETWORK).fix.page is page
    assert shown.now().fixes["net.unreachable"].page is page
