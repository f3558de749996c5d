"""The words of the buttons that put right what a check found."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.system.settings_pages import SettingsPage

_CONTEXT: Final = "fixes"

_SETTINGS: Final = QT_TRANSLATE_NOOP("fixes", "Open settings")
_SOUND: Final = QT_TRANSLATE_NOOP("fixes", "Open sound settings")
_POWER: Final = QT_TRANSLATE_NOOP("fixes", "Open power settings")
_PAGES: Final = {
    # The remedies of these three name the button.
    SettingsPage.CAMERA: _SETTINGS,
    SettingsPage.MICROPHONE: _SETTINGS,
    SettingsPage.SCREEN: _SETTINGS,
    SettingsPage.SOUND_IN: _SOUND,
    SettingsPage.SOUND_OUT: _SOUND,
    SettingsPage.SOUND_FORMAT: _SOUND,
    SettingsPage.NETWORK: QT_TRANSLATE_NOOP("fixes", "Open network settings"),
    SettingsPage.VPN: QT_TRANSLATE_NOOP("fixes", "Open VPN settings"),
    SettingsPage.LOGIN: QT_TRANSLATE_NOOP("fixes", "Open the login page"),
    SettingsPage.ENERGY_SAVING: _POWER,
    SettingsPage.SLEEP: _POWER,
    SettingsPage.DATE_TIME: QT_TRANSLATE_NOOP("fixes", "Open date and time"),
    SettingsPage.STORAGE: QT_TRANSLATE_NOOP("fixes", "Show what fills the disk"),
    SettingsPage.PROGRAMS: QT_TRANSLATE_NOOP("fixes", "Show running programs"),
}
_OTHERS: Final = {
    DeviceRole.CAMERA: QT_TRANSLATE_NOOP("fixes", "Another camera"),
    DeviceRole.MICROPHONE: QT_TRANSLATE_NOOP("fixes", "Another microphone"),
    DeviceRole.SPEAKER: QT_TRANSLATE_NOOP("fixes", "Another loudspeaker"),
}


def page_words(page: SettingsPage) -> str:
    """Return what the button says that opens a page of the system."""
    return QCoreApplication.translate(_CONTEXT, str(_PAGES[page]))


def other_words(role: DeviceRole) -> str:
    """Return what the button says that goes to the next device."""
    return QCoreApplication.translate(_CONTEXT, str(_OTHERS[role]))
