"""The words of the checks of the machine in English, by code. Data only.

Title, when it holds, when it does not, what to do then.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "host.cpu_encode": (
        "Computer keeps up with the picture",
        "The picture is packed in time.",
        "Your computer is busy.",
        "Close other programs; we send a smaller picture.",
    ),
    "host.cpu_busy": (
        "Processor is free",
        "Other programs leave enough of the processor.",
        "Your computer is slowed down by {program}.",
        "Close it.",
    ),
    "host.sleep": (
        "Computer stays awake",
        "The computer can be kept awake during the call.",
        "Your computer may fall asleep.",
        "Raise the sleep time.",
    ),
    "host.memory": (
        "Enough memory",
        "There is memory left for a call.",
        "Memory is short.",
        "Close browser windows.",
    ),
    "host.disk": (
        "Room on the disk",
        "Reports and what waits to be sent can be kept.",
        "The disk is nearly full.",
        "Free some space.",
    ),
    "host.battery": (
        "Power for the whole call",
        "The power lasts for the call.",
        "The battery may not last.",
        "Plug in the charger.",
    ),
    "host.power_saver": (
        "Full speed",
        "No energy is saved at the cost of speed.",
        "Energy saving makes the picture stutter.",
        "Switch it off for the call.",
    ),
    "host.thermal": (
        "Computer is cool",
        "The computer is cool enough.",
        "The computer is too hot.",
        "Let it cool.",
    ),
    "host.clock_skew": (
        "Clock is right",
        "The computer's clock is right.",
        "The clock of your computer is wrong.",
        "Switch on automatic time.",
    ),
    "host.outdated": (
        "Program is up to date",
        "The program and its system are up to date.",
        "This program or its system is out of date.",
        "Update before the call.",
    ),
}
