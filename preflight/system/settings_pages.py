"""The pages of the system on which a person can put right what a check found. Pure.

Which system has which page, and how it is opened, is told by its `SystemProbe`.
"""

from dataclasses import dataclass
from enum import Enum


class SettingsPage(Enum):
    """What can be put right there."""

    CAMERA = "camera"
    """Access to the camera."""
    MICROPHONE = "microphone"
    """Access to the microphone."""
    SCREEN = "screen"
    """Access to what the screen shows."""
    SOUND_IN = "sound_in"
    """Mute and volume of what is recorded."""
    SOUND_OUT = "sound_out"
    """Mute and volume of what is played."""
    SOUND_FORMAT = "sound_format"
    """At how many samples a second a sound device runs."""
    NETWORK = "network"
    VPN = "vpn"
    LOGIN = "login"
    """What a network shows before it lets anybody through; a web page, on every system."""
    ENERGY_SAVING = "energy_saving"
    SLEEP = "sleep"
    DATE_TIME = "date_time"
    STORAGE = "storage"
    """What fills the disk."""
    PROGRAMS = "programs"
    """What runs, and what it takes of processor, memory and network."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a page is opened: an address that the system opens, or a program with its arguments.

    Attributes:
        link: empty where it is a program.
        command: empty where it is an address. Nothing of it comes from outside this program.
    """

    link: str = ""
    command: tuple[str, ...] = ()
