"""macOS's permission, as Qt words it."""

import pytest

from preflight.system.macos import MacProbe
from preflight.system.ports import Permission
from preflight.system.settings_pages import Opening, SettingsPage


def _nobody(what: str) -> str:
    raise AssertionError(f"asked about the {what}")


@pytest.mark.parametrize(
    ("word", "permission"),
    [
        ("Granted", Permission.GRANTED),
        ("Denied", Permission.DENIED),
        ("Undetermined", Permission.UNDETERMINED),
        ("SomethingNew", Permission.UNKNOWN),
    ],
)
def test_qts_word_becomes_ours(word: str, permission: Permission) -> None:
    probe = MacProbe(lambda what: word, _nobody, bundled=True)

    assert probe.camera_permission("any") is permission
    assert probe.microphone_permission("any") is permission


def test_outside_a_bundle_the_answer_means_nothing() -> None:
    probe = MacProbe(lambda what: "Denied", _nobody, bundled=False)

    assert probe.camera_permission("any") is Permission.UNKNOWN


def test_each_device_has_its_privacy_page() -> None:
    probe = MacProbe(lambda what: "Denied", _nobody, bundled=True)

    def link(page: SettingsPage) -> str:
        opening = probe.settings_page(page)
        assert opening is not None
        return opening.link

    assert link(SettingsPage.CAMERA).endswith("Privacy_Camera")
    assert link(SettingsPage.MICROPHONE).endswith("Privacy_Microphone")
    assert link(SettingsPage.SCREEN).endswith("Privacy_ScreenCapture")
    assert link(SettingsPage.SOUND_IN).endswith("com.apple.Sound-Settings.extension?input")


def test_every_page_but_a_network_s_own_is_there() -> None:
    probe = MacProbe(lambda what: "Denied", _nobody, bundled=True)

    without = {page for page in SettingsPage if probe.settings_page(page) is None}

    assert without == {SettingsPage.LOGIN}
    programs = probe.settings_page(SettingsPage.PROGRAMS)
    assert programs == Opening(command=("open", "-a", "Activity Monitor"))


def test_a_bundle_has_the_person_asked() -> None:
    asked: list[str] = []

    def request(what: str) -> str:
        asked.append(what)
        return "Granted"

    MacProbe(lambda what: "Undetermined", request, bundled=True).request_permission("camera")
    MacProbe(lambda what: "Undetermined", _nobody, bundled=False).request_permission("camera")

    assert asked == ["camera"]
