"""macOS: the permission that Qt asks the system for, behind a port.

Holders are not told on macOS (cameras are shared there). The addresses of the settings are those
of macOS 13 and later, the oldest that Qt runs on; Apple documents the scheme and not the names,
which are the identifiers of the settings' own extensions. Not yet proven on a real Mac.
"""

from collections.abc import Callable

from preflight.system.ports import Holder, InputLevel, Permission
from preflight.system.settings_pages import Opening, SettingsPage

_LINK = "x-apple.systempreferences:com.apple.preference.security?Privacy_"
_SETTINGS = "x-apple.systempreferences:"
_LINKS = {
    SettingsPage.CAMERA: f"{_LINK}Camera",
    SettingsPage.MICROPHONE: f"{_LINK}Microphone",
    SettingsPage.SCREEN: f"{_LINK}ScreenCapture",
    SettingsPage.SOUND_IN: f"{_SETTINGS}com.apple.Sound-Settings.extension?input",
    SettingsPage.SOUND_OUT: f"{_SETTINGS}com.apple.Sound-Settings.extension?output",
    SettingsPage.NETWORK: f"{_SETTINGS}com.apple.Network-Settings.extension",
    SettingsPage.VPN: f"{_SETTINGS}com.apple.NetworkExtensionSettingsUI.NESettingsUIExtension",
    SettingsPage.ENERGY_SAVING: f"{_SETTINGS}com.apple.Battery-Settings.extension",
    SettingsPage.SLEEP: f"{_SETTINGS}com.apple.Battery-Settings.extension",
    SettingsPage.DATE_TIME: f"{_SETTINGS}com.apple.Date-Time-Settings.extension",
    SettingsPage.STORAGE: f"{_SETTINGS}com.apple.settings.Storage",
}
_PROGRAMS = {
    SettingsPage.SOUND_FORMAT: ("open", "-a", "Audio MIDI Setup"),
    SettingsPage.PROGRAMS: ("open", "-a", "Activity Monitor"),
}
_STATES = {
    "Granted": Permission.GRANTED,
    "Denied": Permission.DENIED,
    "Undetermined": Permission.UNDETERMINED,
}


class MacProbe:
    """``SystemProbe`` on macOS.

    Args:
        permission_status: answers ``Qt.PermissionStatus``'s name ("Granted" …) for "camera" or
            "microphone"; ``qt_permission.py`` has the real one.
        request: has the system ask the person, and returns with the answer.
        bundled: whether the program runs from a bundle with the usage texts; without them the
            system denies everything, whatever the person chose.
    """

    def __init__(
        self,
        permission_status: Callable[[str], str],
        request: Callable[[str], str],
        *,
        bundled: bool,
    ) -> None:
        self._permission_status = permission_status
        self._request = request
        self._bundled = bundled

    def camera_permission(self, device: str) -> Permission:
        return self._permission("camera")

    def microphone_permission(self, device: str) -> Permission:
        return self._permission("microphone")

    def request_permission(self, what: str) -> None:
        # Outside a bundle the system would end the program for asking.
        if self._bundled:
            self._request(what)

    def camera_holder(self, device: str) -> Holder | None:
        return None

    def camera_driver(self, device: str) -> str | None:
        return None

    def microphone_holder(self, device: str) -> Holder | None:
        return None

    def microphone_level(self, device: str) -> InputLevel | None:
        return None

    def settings_page(self, page: SettingsPage) -> Opening | None:
        if page in _PROGRAMS:
            return Opening(command=_PROGRAMS[page])
        link = _LINKS.get(page)
        return None if link is None else Opening(link)

    def _permission(self, what: str) -> Permission:
        if not self._bundled:
            return Permission.UNKNOWN
        return _STATES.get(self._permission_status(what), Permission.UNKNOWN)
