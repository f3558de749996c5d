"""Settings that this program cannot use give way to their defaults, and it says which ones.

A file is edited by hand and a plan is written by another program: neither may hold what the
command line would refuse, and neither may keep anybody out of a paid session.
"""

import re
from typing import Final

import msgspec

from desktop.app.settings import (
    DEFAULT_SERVICE_URL,
    LANGUAGES,
    THEMES,
    Settings,
    is_service_address,
)
from desktop.viewmodels.dashboard_state import IgnoredSetting, Setting
from preflight.devices.choices import BadChoice, Wanted, read_choice

SERVICE_UNREADABLE: Final = "settings.service_unreadable"
THEME_UNKNOWN: Final = "settings.theme_unknown"
LANGUAGE_UNKNOWN: Final = "settings.language_unknown"
_DEVICES: Final = (
    ("camera", Setting.CAMERA, Wanted.CAMERA),
    ("microphone", Setting.MICROPHONE, Wanted.MICROPHONE),
    ("speaker", Setting.SPEAKER, Wanted.SPEAKER),
)


def fit(settings: Settings) -> tuple[Settings, tuple[IgnoredSetting, ...]]:
    """Return settings that can be used, and what had to be left out of them."""
    ignored: list[IgnoredSetting] = []
    changes: dict[str, str | None] = {}
    if not is_service_address(settings.service_url):
        changes["service_url"] = DEFAULT_SERVICE_URL
        words = f"{settings.service_url!r} is no address of a service"
        ignored.append(IgnoredSetting(Setting.SERVICE, SERVICE_UNREADABLE, words))
    for name, setting, wanted in _DEVICES:
        try:
            read_choice(getattr(settings, name), wanted)
        except BadChoice as error:
            changes[name] = None
            ignored.append(IgnoredSetting(setting, error.fault.value, str(error)))
    if settings.theme not in THEMES:
        changes["theme"] = "system"
        words = f"{settings.theme!r} is no theme"
        ignored.append(IgnoredSetting(Setting.THEME, THEME_UNKNOWN, words))
    # A country may follow, as in "fr_CA": it says how numbers look.
    if re.split("[-_]", settings.language)[0] not in LANGUAGES:
        changes["language"] = "system"
        words = f"{settings.language!r} is no language of this program"
        ignored.append(IgnoredSetting(Setting.LANGUAGE, LANGUAGE_UNKNOWN, words))
    return msgspec.structs.replace(settings, **changes), tuple(ignored)
