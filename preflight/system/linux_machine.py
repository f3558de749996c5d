"""Linux: what logind, the screen saver, the power profiles and sysfs tell of this machine.

Sources: systemd-inhibit(1); the idle inhibition specification (``org.freedesktop.ScreenSaver``);
power-profiles-daemon's ``ActiveProfile`` (under both its names); the kernel's
``sysfs-platform_profile``, ``thermal/sysfs-api`` and ``therm_throt.c``.
"""

from pathlib import Path

from preflight.system.ask_program import Ask, Told, ask
from preflight.system.linux_battery import read_batteries
from preflight.system.machine_ports import Battery, Heat, HeatLook
from preflight.system.psutil_machine import PsutilMachine

_WHO, _WHY = "Liftbay", "A call is about to begin"
_LOGIND = (
    "systemd-inhibit",
    "--what=idle:sleep",
    f"--who={_WHO}",
    f"--why={_WHY}",
    "--mode=block",
    "true",
)
# The bus gives the lock back as soon as busctl has left it.
_SCREEN_SAVER = (
    "busctl",
    "--user",
    "call",
    "org.freedesktop.ScreenSaver",
    "/org/freedesktop/ScreenSaver",
    "org.freedesktop.ScreenSaver",
    "Inhibit",
    "ss",
    _WHO,
    _WHY,
)
_PROFILES = (
    ("net.hadess.PowerProfiles", "/net/hadess/PowerProfiles"),
    ("org.freedesktop.UPower.PowerProfiles", "/org/freedesktop/UPower/PowerProfiles"),
)
_PROPERTY = "ActiveProfile"
_REFUSED = ("denied", "not permitted", "not authorized", "interactive authentication required")
_SAVING = ("power-saver", "low-power")
_BY_TRIP = {"passive": Heat.FAIR, "hot": Heat.SERIOUS, "critical": Heat.SERIOUS}


class LinuxMachine(PsutilMachine):
    """``LocalMachine`` from files and the bus; ``sys`` is elsewhere in tests."""

    def __init__(self, sys: Path = Path("/sys"), ask: Ask = ask) -> None:
        self._sys = sys
        self._ask = ask

    def wake_lock(self) -> bool | None:
        """Ask logind, then the screen saver; who says nothing at all is not there."""
        answers = [lock_taken(self._ask(_LOGIND))]
        if answers[0] is not True:
            answers.append(lock_taken(self._ask(_SCREEN_SAVER)))
        known = [each for each in answers if each is not None]
        return any(known) if known else None

    def power_saver(self) -> bool | None:
        for name, path in _PROFILES:
            told = self._ask(("busctl", "--system", "get-property", name, path, name, _PROPERTY))
            profile = None if told is None else active_profile(told)
            if profile is not None:
                return profile in _SAVING
        profile = _text(self._sys / "firmware/acpi/platform_profile")
        return profile in _SAVING if profile else None

    def battery(self) -> Battery | None:
        return read_batteries(self._sys / "class/power_supply")

    def heat(self) -> HeatLook | None:
        """Compare the zones with their trip points, and add the cores' throttle counters up."""
        level = self._worst_zone()
        counters = [
            int(text)
            for file in self._sys.glob("devices/system/cpu/cpu*/thermal_throttle/*_throttle_count")
            if (text := _text(file)).isdecimal()
        ]
        throttled = sum(counters) if counters else None
        return None if level is None and throttled is None else HeatLook(level, throttled)

    def _worst_zone(self) -> Heat | None:
        found: list[Heat] = []
        for zone in self._sys.glob("class/thermal/thermal_zone*"):
            now = _number(zone / "temp")
            if now is None:
                continue
            found.append(Heat.NOMINAL)
            for kind in zone.glob("trip_point_*_type"):
                level = _BY_TRIP.get(_text(kind))
                trip = _number(kind.with_name(kind.name.replace("_type", "_temp")))
                # A trip point of 0 or below is one that the firmware left out.
                if level is not None and trip is not None and 0 < trip <= now:
                    found.append(level)
        return max(found, key=list(Heat).index) if found else None


def lock_taken(told: Told | None) -> bool | None:
    """Read how an attempt at a lock ended; None where nobody was there to give one."""
    if told is None:
        return None
    if told.status == 0:
        return True
    refused = any(word in told.err.lower() for word in _REFUSED)
    return False if refused else None


def active_profile(told: Told) -> str | None:
    """Read ``s "power-saver"``, busctl's form of a text."""
    kind, _, value = told.out.strip().partition(" ")
    return value.strip('"') if told.status == 0 and kind == "s" else None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        # A zone whose sensor sleeps answers with an error, and files come and go.
        return ""


def _number(file: Path) -> int | None:
    try:
        return int(_text(file))
    except ValueError:
        return None
