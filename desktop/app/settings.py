"""What this profile is set to: service, devices, theme; JSON that a person may edit.

An unreadable file is set aside, never deleted, and the defaults hold: a broken setting must not
keep anybody out of a paid session.
"""

import logging
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)

DEFAULT_SERVICE_URL = "http://127.0.0.1:8700"
LANGUAGES = ("system", "en", "fr")
THEMES = ("system", "light", "dark", "contrast")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set for good. No secret belongs here (keyring).

    Attributes:
        camera, microphone, speaker: choices as on the command line (a stable device id, a part
            of a name, ``file:PATH``, ``pattern``, ``tone:440``); None is the first real device.
        theme: ``system``, ``light``, ``dark`` or ``contrast``.
        language: ``system``, ``en`` or ``fr``, with a country or without (``fr_CA``).
    """

    service_url: str = DEFAULT_SERVICE_URL
    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None
    theme: str = "system"
    language: str = "system"


def is_service_address(text: str) -> bool:
    """Say whether a service can have this address: http or https, and a host."""
    try:
        parts = urllib.parse.urlsplit(text)
        # Reading the port raises where it is no number.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class LaunchOptions:
    """What one start was told on the command line; wins over the settings, is never stored."""

    service_url: str | None = None
    camera: str | None = None
    microphone: str | None = None
    speaker: str | None = None
    theme: str | None = None
    session: str | None = None

    def over(self, settings: Settings) -> Settings:
        """Return the settings with these options on top."""
        given = {
            name: value
            for name in ("service_url", "camera", "microphone", "speaker", "theme")
            if (value := getattr(self, name)) is not None
        }
        return msgspec.structs.replace(settings, **given)


def load(path: Path) -> Settings:
    """Read the settings; defaults where there is no file or it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, msgspec.MsgspecError):
        aside = path.with_suffix(".unreadable.json")
        log.error("settings could not be read; kept as %s, using the defaults", aside.name)
        try:
            path.replace(aside)
        except OSError:
            log.error("the unreadable settings file could not be set aside")
        return Settings()
