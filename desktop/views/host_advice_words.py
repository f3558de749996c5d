"""The page's words of the advisory checks of the machine: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

HOST_ADVICE: Final[dict[str, tuple[object, ...]]] = {
    "host.cpu_encode": (
        QT_TRANSLATE_NOOP("checks", "The computer keeps up with the picture"),
        QT_TRANSLATE_NOOP(
            "checks", "Your computer is busy: close other programs; we send a smaller picture."
        ),
    ),
    "host.cpu_busy": (
        QT_TRANSLATE_NOOP("checks", "The processor is free"),
        QT_TRANSLATE_NOOP("checks", "Your computer is slowed down by {program}: close it."),
        QT_TRANSLATE_NOOP("checks", "Your computer is slowed down by other programs: close some."),
    ),
    "host.sleep": (
        QT_TRANSLATE_NOOP("checks", "The computer stays awake"),
        QT_TRANSLATE_NOOP("checks", "Your computer may fall asleep: raise the sleep time."),
    ),
    "host.memory": (
        QT_TRANSLATE_NOOP("checks", "There is enough memory"),
        QT_TRANSLATE_NOOP("checks", "Memory is short: close browser windows."),
    ),
    "host.disk": (
        QT_TRANSLATE_NOOP("checks", "There is room on the disk"),
        QT_TRANSLATE_NOOP("checks", "The disk is nearly full: free some space."),
    ),
    "host.battery": (
        QT_TRANSLATE_NOOP("checks", "The power lasts for the call"),
        QT_TRANSLATE_NOOP("checks", "The battery may not last: plug in the charger."),
    ),
    "host.power_saver": (
        QT_TRANSLATE_NOOP("checks", "The computer runs at full speed"),
        QT_TRANSLATE_NOOP(
            "checks", "Energy saving makes the picture stutter: switch it off for the call."
        ),
    ),
    "host.thermal": (
        QT_TRANSLATE_NOOP("checks", "The computer is cool enough"),
        QT_TRANSLATE_NOOP("checks", "The computer is too hot: let it cool."),
    ),
    "host.clock_skew": (
        QT_TRANSLATE_NOOP("checks", "The clock is right"),
        QT_TRANSLATE_NOOP(
            "checks", "The clock of your computer is wrong: switch on automatic time."
        ),
    ),
    "host.outdated": (
        QT_TRANSLATE_NOOP("checks", "The program is up to date"),
        QT_TRANSLATE_NOOP(
            "checks", "This program or its system is out of date: update before the call."
        ),
    ),
}
