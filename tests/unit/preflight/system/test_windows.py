"""The registry's rules, on registries made from Microsoft's documentation."""

import pytest

from preflight.system.ports import Holder, Permission
from preflight.system.settings_pages import Opening, SettingsPage
from preflight.system.windows import WindowsProbe

STORE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
WEBCAM = rf"{STORE}\webcam"
DESKTOP = rf"{WEBCAM}\NonPackaged"
POLICY = r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy"
OURS = r"C:\Program Files\Liftbay\liftbay.exe"
TEAMS = r"C:#Program Files#Teams#Teams.exe"

Values = dict[tuple[str, str, str], str | int]


class MadeRegistry:
    """A registry of plain values; keys exist when something lies below them."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def value(self, hive: str, key: str, name: str) -> str | int | None:
        return self._values.get((hive, key, name))

    def subkeys(self, hive: str, key: str) -> tuple[str, ...]:
        below = {
            found.removeprefix(key + "\\").split("\\")[0]
            for where, found, _ in self._values
            if where == hive and found.startswith(key + "\\")
        }
        return tuple(sorted(below))


def probe(values: Values, running: bool = True) -> WindowsProbe:
    return WindowsProbe(MadeRegistry(values), OURS, lambda program: running)


@pytest.mark.parametrize(
    ("values", "permission"),
    [
        ({}, Permission.UNKNOWN),
        ({("HKCU", DESKTOP, "Value"): "Allow"}, Permission.GRANTED),
        ({("HKCU", DESKTOP, "Value"): "Deny"}, Permission.DENIED),
        # The parent is the switch of store apps and says nothing about a desktop program.
        (
            {("HKCU", WEBCAM, "Value"): "Deny", ("HKCU", DESKTOP, "Value"): "Allow"},
            Permission.GRANTED,
        ),
        # The machine's switch blocks everybody.
        (
            {("HKLM", WEBCAM, "Value"): "Deny", ("HKCU", DESKTOP, "Value"): "Allow"},
            Permission.DENIED,
        ),
        (
            {
                ("HKLM", POLICY, "LetAppsAccessCamera"): 2,
                ("HKCU", DESKTOP, "Value"): "Allow",
            },
            Permission.RESTRICTED,
        ),
        (
            {
                ("HKLM", POLICY, "LetAppsAccessCamera"): 1,
                ("HKCU", DESKTOP, "Value"): "Allow",
            },
            Permission.GRANTED,
        ),
    ],
)
def test_the_deciding_switch_is_found(values: Values, permission: Permission) -> None:
    assert probe(values).camera_permission("any") is permission


def test_the_microphone_has_switches_of_its_own() -> None:
    key = rf"{STORE}\microphone\NonPackaged"
    made = probe({("HKCU", key, "Value"): "Deny", ("HKCU", DESKTOP, "Value"): "Allow"})

    assert made.microphone_permission("any") is Permission.DENIED
    assert made.camera_permission("any") is Permission.GRANTED


def test_a_desktop_program_in_use_is_named_without_its_path() -> None:
    made = probe({("HKCU", rf"{DESKTOP}\{TEAMS}", "LastUsedTimeStop"): 0})

    assert made.camera_holder("any") == Holder("Teams")


def test_a_program_that_stopped_or_crashed_holds_nothing() -> None:
    stopped = probe({("HKCU", rf"{DESKTOP}\{TEAMS}", "LastUsedTimeStop"): 133_000_000})
    crashed = probe({("HKCU", rf"{DESKTOP}\{TEAMS}", "LastUsedTimeStop"): 0}, running=False)

    assert stopped.camera_holder("any") is None
    assert crashed.camera_holder("any") is None


def test_we_are_never_our_own_holder() -> None:
    key = OURS.replace("\\", "#")

    made = probe({("HKCU", rf"{DESKTOP}\{key}", "LastUsedTimeStop"): 0})

    assert made.camera_holder("any") is None


def test_a_store_app_in_use_is_named() -> None:
    app = rf"{WEBCAM}\Microsoft.WindowsCamera_8wekyb3d8bbwe"

    made = probe({("HKCU", app, "LastUsedTimeStop"): 0})

    assert made.camera_holder("any") == Holder("Microsoft.WindowsCamera")


def test_each_device_has_its_privacy_page() -> None:
    assert probe({}).settings_page(SettingsPage.CAMERA) == Opening("ms-settings:privacy-webcam")
    microphone = probe({}).settings_page(SettingsPage.MICROPHONE)
    assert microphone == Opening("ms-settings:privacy-microphone")


def test_whoever_has_no_page_of_its_own_is_told_apart() -> None:
    """Nobody is asked for access to the screen, and a login page is a web page."""
    without = {page for page in SettingsPage if probe({}).settings_page(page) is None}

    assert without == {SettingsPage.SCREEN, SettingsPage.LOGIN}
    assert probe({}).settings_page(SettingsPage.PROGRAMS) == Opening(command=("taskmgr.exe",))
