"""Windows: the privacy switches and the users of a device, as the registry keeps them.

The registry is a port of two questions, so that the rules are tested on any system.
Source: Microsoft's documentation of the capability access manager and of the policy
``AppPrivacy\\LetAppsAccessCamera``, and its list of ms-settings
addresses. Not yet proven on a real Windows.
"""

import importlib
from collections.abc import Callable
from pathlib import PureWindowsPath
from typing import Any, Protocol

from preflight.system.ports import Holder, InputLevel, Permission
from preflight.system.settings_pages import Opening, SettingsPage

_STORE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy"
_POLICY_VALUES = {"webcam": "LetAppsAccessCamera", "microphone": "LetAppsAccessMicrophone"}
_POLICY_DENY = 2
_LINKS = {
    SettingsPage.CAMERA: "ms-settings:privacy-webcam",
    SettingsPage.MICROPHONE: "ms-settings:privacy-microphone",
    SettingsPage.SOUND_IN: "ms-settings:sound",
    SettingsPage.SOUND_OUT: "ms-settings:sound",
    SettingsPage.SOUND_FORMAT: "ms-settings:sound",
    SettingsPage.NETWORK: "ms-settings:network-status",
    SettingsPage.VPN: "ms-settings:network-vpn",
    SettingsPage.ENERGY_SAVING: "ms-settings:batterysaver",
    SettingsPage.SLEEP: "ms-settings:powersleep",
    SettingsPage.DATE_TIME: "ms-settings:dateandtime",
    SettingsPage.STORAGE: "ms-settings:storagesense",
}
_TASK_MANAGER = ("taskmgr.exe",)


class Registry(Protocol):
    """Read-only view of the registry; ``hive`` is "HKLM" or "HKCU"."""

    def value(self, hive: str, key: str, name: str) -> str | int | None: ...
    def subkeys(self, hive: str, key: str) -> tuple[str, ...]: ...


class WindowsProbe:
    """``SystemProbe`` from the registry.

    Args:
        own_executable: our own program's path, which is never its own holder.
        running: tells whether a program of this file name runs; a crashed one can leave its
            mark in the registry.
    """

    def __init__(
        self, registry: Registry, own_executable: str, running: Callable[[str], bool]
    ) -> None:
        self._registry = registry
        self._own_executable = own_executable.lower()
        self._running = running

    def camera_permission(self, device: str) -> Permission:
        return self._permission("webcam")

    def microphone_permission(self, device: str) -> Permission:
        return self._permission("microphone")

    def request_permission(self, what: str) -> None:
        """Nothing: Windows asks no desktop program's person."""

    def camera_holder(self, device: str) -> Holder | None:
        return self._holder("webcam")

    def camera_driver(self, device: str) -> str | None:
        return None

    def microphone_holder(self, device: str) -> Holder | None:
        return self._holder("microphone")

    def microphone_level(self, device: str) -> InputLevel | None:
        """Unknown: the endpoint volume is not in the registry."""
        return None

    def settings_page(self, page: SettingsPage) -> Opening | None:
        if page is SettingsPage.PROGRAMS:
            return Opening(command=_TASK_MANAGER)
        link = _LINKS.get(page)
        return None if link is None else Opening(link)

    def _permission(self, capability: str) -> Permission:
        policy = self._registry.value("HKLM", _POLICY, _POLICY_VALUES[capability])
        if policy == _POLICY_DENY:
            return Permission.RESTRICTED
        key = rf"{_STORE}\{capability}"
        if self._registry.value("HKLM", key, "Value") == "Deny":
            return Permission.DENIED
        # A desktop program follows its own switch; the parent is the one of store apps.
        match self._registry.value("HKCU", rf"{key}\NonPackaged", "Value"):
            case "Allow":
                return Permission.GRANTED
            case "Deny":
                return Permission.DENIED
            case _:
                return Permission.UNKNOWN

    def _holder(self, capability: str) -> Holder | None:
        desktop = rf"{_STORE}\{capability}\NonPackaged"
        for name in self._registry.subkeys("HKCU", desktop):
            path = name.replace("#", "\\")
            if path.lower() == self._own_executable:
                continue
            program = PureWindowsPath(path).name
            if self._in_use(rf"{desktop}\{name}") and self._running(program):
                return Holder(PureWindowsPath(path).stem)
        store = rf"{_STORE}\{capability}"
        for name in self._registry.subkeys("HKCU", store):
            if name != "NonPackaged" and self._in_use(rf"{store}\{name}"):
                return Holder(name.partition("_")[0])
        return None

    def _in_use(self, key: str) -> bool:
        return self._registry.value("HKCU", key, "LastUsedTimeStop") == 0


class WinregRegistry:
    """``Registry`` over the standard library's winreg. Missing keys answer None and nothing."""

    def __init__(self) -> None:
        # Exists on Windows alone, and type checkers of other systems know nothing of it.
        self._winreg: Any = importlib.import_module("winreg")

    def value(self, hive: str, key: str, name: str) -> str | int | None:
        try:
            with self._winreg.OpenKey(self._hive(hive), key) as opened:
                found, _ = self._winreg.QueryValueEx(opened, name)
        except OSError:
            return None
        return found if isinstance(found, str | int) else None

    def subkeys(self, hive: str, key: str) -> tuple[str, ...]:
        names: list[str] = []
        try:
            with self._winreg.OpenKey(self._hive(hive), key) as opened:
                while True:
                    names.append(self._winreg.EnumKey(opened, len(names)))
        except OSError:
            return tuple(names)

    def _hive(self, hive: str) -> Any:
        return self._winreg.HKEY_LOCAL_MACHINE if hive == "HKLM" else self._winreg.HKEY_CURRENT_USER
