"""Batteries in a made sysfs, as the kernel documents it."""

from pathlib import Path

import pytest

from preflight.system.linux_machine import LinuxMachine
from preflight.system.machine_ports import Battery

LAPTOP = {
    "BAT0/type": "Battery",
    "BAT0/status": "Discharging",
    "BAT0/energy_now": "20000000",
    "BAT0/energy_full": "50000000",
    "BAT0/power_now": "10000000",
}
MOUSE = {
    "hidpp_battery_0/type": "Battery",
    "hidpp_battery_0/scope": "Device",
    "hidpp_battery_0/status": "Discharging",
    "hidpp_battery_0/capacity": "5",
}


def battery(root: Path, files: dict[str, str]) -> Battery | None:
    """Return what is told, in whole per cent and minutes."""
    for path, text in files.items():
        file = root / "class/power_supply" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    told = LinuxMachine(root).battery()
    if told is None:
        return None
    left = told.minutes_left
    return Battery(told.on_mains, round(told.percent), None if left is None else round(left))


def test_a_battery_tells_its_charge_and_how_long_it_lasts(tmp_path: Path) -> None:
    assert battery(tmp_path, LAPTOP) == Battery(False, 40, 120)


def test_a_wireless_mouse_is_no_battery_of_the_machine(tmp_path: Path) -> None:
    """psutil took it for one, and a desktop computer was told to plug in its charger."""
    assert battery(tmp_path, MOUSE) is None


def test_a_machine_without_batteries_has_none(tmp_path: Path) -> None:
    assert LinuxMachine(tmp_path).battery() is None
    assert battery(tmp_path, {"BAT0/type": "Battery", "BAT0/present": "0"}) is None


def test_two_batteries_are_one(tmp_path: Path) -> None:
    """The first is emptied first: alone it looks as if the machine went out in a minute."""
    first = {
        **LAPTOP,
        "BAT0/energy_now": "1000000",
        "BAT0/status": "Unknown",
        "BAT0/power_now": "0",
    }
    second = {path.replace("BAT0", "BAT1"): text for path, text in LAPTOP.items()}

    found = battery(tmp_path, {**first, **second})

    assert found == Battery(False, 21, 126)


@pytest.mark.parametrize("name", ["AC", "ADP1", "ACAD", "ucsi-source-psy-USBC000:001"])
def test_a_charger_counts_whatever_the_firmware_calls_it(tmp_path: Path, name: str) -> None:
    kind = "USB" if name.startswith("ucsi") else "Mains"
    charger = {f"{name}/type": kind, f"{name}/online": "1"}
    held = {**LAPTOP, "BAT0/status": "Not charging"}

    assert battery(tmp_path, {**held, **charger}) == Battery(True, 40, None)


def test_a_battery_that_counts_in_charge_lasts_by_its_voltage(tmp_path: Path) -> None:
    files = {
        "BAT0/type": "Battery",
        "BAT0/status": "Discharging",
        "BAT0/charge_now": "2000000",
        "BAT0/charge_full": "4000000",
        "BAT0/current_now": "-1000000",
        "BAT0/voltage_now": "12000000",
    }

    assert battery(tmp_path, files) == Battery(False, 50, 120)


def test_a_fuel_gauge_of_few_words_is_believed(tmp_path: Path) -> None:
    """The kernel tells seconds, of which psutil made minutes."""
    files = {
        "BAT0/type": "Battery",
        "BAT0/status": "Discharging",
        "BAT0/capacity": "63",
        "BAT0/time_to_empty_now": "5400",
    }

    assert battery(tmp_path, files) == Battery(False, 63, 90)


def test_who_does_not_say_how_it_stands_is_not_known(tmp_path: Path) -> None:
    assert battery(tmp_path, {**LAPTOP, "BAT0/status": "Unknown"}) == Battery(None, 40, None)
    assert battery(tmp_path, {"BAT0/type": "Battery"}) == Battery(None, 40, None)
