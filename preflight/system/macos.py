"""macOS: the permission that Qt asks the system for, behind a port.

Holders are not told on macOS (cameras are shared there). Not yet proven on a real Mac.
"""

from collections.abc import Callable

from preflight.system.ports import Holder, InputLevel, Permission

_LINK = "x-apple.systempreferences:com.apple.preference.security?Privacy_"
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

    def settings_link(self, what: str) -> str | None:
        names = {"camera": "Camera", "microphone": "Microphone", "screen": "ScreenCapture"}
        return _LINK + names[what] if what in names else None

    def _permission(self, what: str) -> Permission:
        if not self._bundled:
            return Permission.UNKNOWN
        return _STATES.get(self._permission_status(what), Permission.UNKNOWN)
