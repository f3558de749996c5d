"""The buttons beside the remedies, on the cards of the groups and in the list of single checks."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from desktop.views.fix_words import other_words, page_words
from desktop.views.group_card import GroupCard
from desktop.views.widgets.button import Button
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, CheckState
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.catalogue import BY_CODE
from tests.fakes.preflight_desk import device, progress, result
from tests.qt.preflight_screen import Stage, press

TWO = DeviceChoices(
    camera=DeviceChoice((device("A"), device("B")), DeviceId("a")),
    microphone=DeviceChoice((device("C"), device("D")), DeviceId("c")),
)


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage(qtbot)
    made.desk.has_settings = True
    return made


def _warned(code: str) -> CheckResult:
    row = BY_CODE[code]
    return CheckResult(code, row.no, row.group, CheckState.WARNED, gating=False)


@pytest.mark.parametrize(
    ("code", "button", "words", "spoken", "page"),
    [
        (
            "mic.muted",
            "settings_microphone",
            "Open sound settings",
            "Open sound settings: Microphone",
            SettingsPage.SOUND_IN,
        ),
        (
            "host.clock_skew",
            "settings_host",
            "Open date and time",
            "Open date and time: This computer",
            SettingsPage.DATE_TIME,
        ),
        (
            "host.power_saver",
            "settings_host",
            "Open power settings",
            "Open power settings: This computer",
            SettingsPage.ENERGY_SAVING,
        ),
    ],
)
def test_the_button_says_which_page_it_opens(
    qtbot: QtBot, stage: Stage, code: str, button: str, words: str, spoken: str, page: SettingsPage
) -> None:
    stage.desk.say(progress(_warned(code)))

    shown = stage.button(button)
    press(qtbot, shown)

    assert (shown.text(), shown.accessibleName()) == (words, spoken)
    assert stage.desk.opened_settings == [page]


def test_one_card_says_something_else_when_another_check_speaks(stage: Stage) -> None:
    stage.desk.say(progress(_warned("host.clock_skew")))
    stage.desk.say(progress(_warned("host.disk")))

    assert stage.button("settings_host").text() == "Show what fills the disk"


def test_a_headset_in_telephone_quality_is_helped_by_another_microphone(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.desk.plug(TWO)
    stage.desk.say(progress(_warned("speaker.headset_mode")))

    other = stage.button("other_speaker")
    assert other.text() == "Another microphone"
    press(qtbot, other)

    assert stage.desk.chosen == [(DeviceRole.MICROPHONE, DeviceId("d"))]


def test_a_check_that_does_not_speak_for_its_group_has_its_button_in_the_list(
    qtbot: QtBot, stage: Stage
) -> None:
    """Two things are wrong with the computer: the card has room for one of them."""
    stage.desk.say(progress(_warned("host.disk"), _warned("host.clock_skew")))
    press(qtbot, stage.button("toggle_checks"))

    link = stage.button("fix_settings_host.clock_skew")
    assert link.isVisible()
    assert link.accessibleName() == "Open date and time: The clock is right"
    press(qtbot, link)

    assert stage.desk.opened_settings == [SettingsPage.DATE_TIME]


def test_the_list_offers_another_device_and_takes_it_back_when_all_is_well(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.desk.plug(TWO)
    voice = _warned("media.mic_roundtrip")
    stage.desk.say(progress(voice, result("camera.none", CheckState.PASSED)))
    press(qtbot, stage.button("toggle_checks"))
    link = stage.button("fix_other_media.mic_roundtrip")
    assert link.text() == "Another microphone"
    link.setFocus()

    stage.desk.say(progress(replace(voice, state=CheckState.PASSED)))

    assert not link.isVisible()
    assert not stage.button("join_session").hasFocus()
    assert stage.view.findChild(Button, "fix_settings_media.mic_roundtrip") is None


def test_each_page_and_each_kind_of_device_has_words() -> None:
    assert all(page_words(page) for page in SettingsPage)
    assert len({other_words(role) for role in DeviceRole}) == len(DeviceRole)


def test_what_does_not_reach_the_call_is_not_good_enough(stage: Stage) -> None:
    """Join does not wait for it; that alone makes a lost voice no good one."""
    stage.desk.say(progress(_warned("media.mic_roundtrip")))
    card = stage.view.findChild(GroupCard, "group_media")
    assert isinstance(card, GroupCard)

    advised = card.accessibleName()
    stage.desk.say(progress(result("camera.fps_low", CheckState.WARNED), camera=CheckState.WARNED))
    camera = stage.view.findChild(GroupCard, "group_camera")
    assert isinstance(camera, GroupCard)

    assert advised == "Test call: Could be better"
    assert camera.accessibleName() == "Camera: Good enough"


def test_what_blocks_join_needs_fixing_even_where_advice_tells_why(stage: Stage) -> None:
    """A login page is advice, but the network behind it fails: the red card says so."""
    portal = replace(_warned("net.captive_portal"), state=CheckState.FAILED)
    health = result("net.health", CheckState.FAILED)
    stage.desk.say(progress(health, portal, network=CheckState.FAILED))
    card = stage.view.findChild(GroupCard, "group_network")

    assert isinstance(card, GroupCard)
    assert card.accessibleName() == "Network: Fix this"
