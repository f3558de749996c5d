"""Which program shows a page of settings on which Linux desktop."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from preflight.devices.pulse import PulseServer
from preflight.system.linux import LinuxProbe
from preflight.system.linux_settings import LinuxSettings
from preflight.system.settings_pages import Opening, SettingsPage


def made(
    desktops: str, installed: Iterable[str], system_panel: Path = Path("/none")
) -> LinuxSettings:
    there = set(installed)
    return LinuxSettings(
        desktops, lambda program: f"/usr/bin/{program}" if program in there else None, system_panel
    )


@pytest.mark.parametrize("desktops", ["GNOME", "ubuntu:GNOME"])
def test_gnome_has_a_panel_for_it(desktops: str) -> None:
    gnome = made(desktops, ["gnome-control-center"])

    assert gnome.page(SettingsPage.SOUND_IN) == Opening(command=("gnome-control-center", "sound"))
    assert gnome.page(SettingsPage.SLEEP) == Opening(command=("gnome-control-center", "power"))
    assert gnome.page(SettingsPage.DATE_TIME) == Opening(
        command=("gnome-control-center", "datetime")
    )


def test_a_new_gnome_has_date_and_time_elsewhere(tmp_path: Path) -> None:
    mark = tmp_path / "gnome-system-panel.desktop"
    mark.touch()

    opening = made("GNOME", ["gnome-control-center"], mark).page(SettingsPage.DATE_TIME)

    assert opening == Opening(command=("gnome-control-center", "system", "datetime"))


@pytest.mark.parametrize("program", ["systemsettings", "systemsettings5"])
def test_kde_has_a_module_for_it(program: str) -> None:
    kde = made("KDE", [program])

    assert kde.page(SettingsPage.SOUND_OUT) == Opening(command=(program, "kcm_pulseaudio"))
    assert kde.page(SettingsPage.DATE_TIME) == Opening(command=(program, "kcm_clock"))


def test_another_desktop_has_what_is_installed() -> None:
    other = made("sway", ["gnome-control-center", "pavucontrol", "ksysguard"])

    assert other.page(SettingsPage.SOUND_IN) == Opening(command=("pavucontrol", "--tab=4"))
    assert other.page(SettingsPage.SOUND_OUT) == Opening(command=("pavucontrol", "--tab=3"))
    assert other.page(SettingsPage.PROGRAMS) == Opening(command=("ksysguard",))
    assert other.page(SettingsPage.DATE_TIME) is None


def test_what_is_not_installed_is_not_offered() -> None:
    bare = made("GNOME", [])

    assert [page for page in SettingsPage if bare.page(page) is not None] == []


def test_access_to_a_device_has_no_page_on_linux() -> None:
    """It is a right to a file, or a portal's own answer: no settings change it."""
    full = made("GNOME", ["gnome-control-center", "pavucontrol"])

    assert full.page(SettingsPage.CAMERA) is None
    assert full.page(SettingsPage.MICROPHONE) is None


def test_the_probe_hands_them_on() -> None:
    settings = made("KDE", ["systemsettings"])

    opening = LinuxProbe(PulseServer(), settings=settings).settings_page(SettingsPage.NETWORK)

    assert opening == Opening(command=("systemsettings", "kcm_networkmanagement"))
