"""Linux: which program of which desktop shows a page of settings.

Sources: GNOME's ``gnome-control-center PANEL`` and the Exec lines of its desktop files (up to 45
``datetime``, from 46 on ``system datetime``), KDE's ``systemsettings MODULE``, the manual page of
``pavucontrol``. Not yet proven on a machine with either desktop.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from preflight.system.settings_pages import Opening, SettingsPage

_GNOME = "gnome-control-center"
_GNOME_SYSTEM_PANEL = Path("/usr/share/applications/gnome-system-panel.desktop")
"""Installed since GNOME 46, which moved date and time below its panel *system*."""
_KDE_NAMES = ("systemsettings", "systemsettings5")

_GNOME_PANELS: Mapping[SettingsPage, tuple[str, ...]] = {
    SettingsPage.SOUND_IN: ("sound",),
    SettingsPage.SOUND_OUT: ("sound",),
    SettingsPage.NETWORK: ("network",),
    SettingsPage.VPN: ("network",),
    SettingsPage.ENERGY_SAVING: ("power",),
    SettingsPage.SLEEP: ("power",),
}
_KDE_MODULES: Mapping[SettingsPage, str] = {
    SettingsPage.SOUND_IN: "kcm_pulseaudio",
    SettingsPage.SOUND_OUT: "kcm_pulseaudio",
    SettingsPage.NETWORK: "kcm_networkmanagement",
    SettingsPage.VPN: "kcm_networkmanagement",
    SettingsPage.ENERGY_SAVING: "kcm_powerdevilprofilesconfig",
    SettingsPage.SLEEP: "kcm_powerdevilprofilesconfig",
    SettingsPage.DATE_TIME: "kcm_clock",
}
_ON_ANY_DESKTOP: Mapping[SettingsPage, tuple[tuple[str, ...], ...]] = {
    SettingsPage.SOUND_IN: (("pavucontrol", "--tab=4"), ("pavucontrol-qt", "--tab=4")),
    SettingsPage.SOUND_OUT: (("pavucontrol", "--tab=3"), ("pavucontrol-qt", "--tab=3")),
    SettingsPage.NETWORK: (("nm-connection-editor",),),
    SettingsPage.VPN: (("nm-connection-editor",),),
    SettingsPage.STORAGE: (("baobab",), ("filelight",)),
    SettingsPage.PROGRAMS: (
        ("gnome-system-monitor",),
        ("plasma-systemmonitor",),
        ("ksysguard",),
        ("xfce4-taskmanager",),
    ),
}
"""The first that is installed. A page of access is on none: what denies it here has no page."""


class LinuxSettings:
    """What of this is here, looked for once: the page asks with every change.

    Args:
        desktops: as ``XDG_CURRENT_DESKTOP`` names them, e.g. ``ubuntu:GNOME``.
        which: finds a program's file; None where it is not installed.
    """

    def __init__(
        self,
        desktops: str | None = None,
        which: Callable[[str], str | None] = shutil.which,
        system_panel: Path = _GNOME_SYSTEM_PANEL,
    ) -> None:
        named = os.environ.get("XDG_CURRENT_DESKTOP", "") if desktops is None else desktops
        self._desktops = named.split(":")
        self._which = which
        self._system_panel = system_panel
        self._pages = {page: self._find(page) for page in SettingsPage}

    def page(self, page: SettingsPage) -> Opening | None:
        """Return how a page is opened; None where there is none."""
        return self._pages[page]

    def _find(self, page: SettingsPage) -> Opening | None:
        for command in (*self._of_desktop(page), *_ON_ANY_DESKTOP.get(page, ())):
            if self._which(command[0]) is not None:
                return Opening(command=command)
        return None

    def _of_desktop(self, page: SettingsPage) -> tuple[tuple[str, ...], ...]:
        if "GNOME" in self._desktops:
            # Elsewhere it says that it is made for GNOME alone, and shows half of its panels.
            panel = _GNOME_PANELS.get(page)
            if page is SettingsPage.DATE_TIME:
                is_new = self._system_panel.exists()
                panel = ("system", "datetime") if is_new else ("datetime",)
            return () if panel is None else ((_GNOME, *panel),)
        if "KDE" in self._desktops:
            module = _KDE_MODULES.get(page)
            return () if module is None else tuple((name, module) for name in _KDE_NAMES)
        return ()
