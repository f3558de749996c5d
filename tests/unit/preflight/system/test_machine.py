"""What each system tells of the machine.

Linux on made files and on answers of systemd and busctl as they were seen here; Windows and macOS
on answers made from Microsoft's and Apple's documentation: not yet proven on a real one.
"""

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.checks.host.cpu_count import use_between
from preflight.system import ask_program
from preflight.system.ask_program import Told, ask
from preflight.system.linux_machine import LinuxMachine, active_profile, lock_taken
from preflight.system.machine_here import local_machine
from preflight.system.machine_ports import Heat, HeatLook
from preflight.system.macos_machine import MacMachine, low_power_mode
from preflight.system.psutil_machine import WRITE_BYTES, PsutilMachine
from preflight.system.windows_machine import WindowsMachine, saver_on

NO_BUS = Told(1, err="Failed to connect to bus: No such file or directory\n")
NOT_THERE = Told(
    1, err="Failed to inhibit: The name org.freedesktop.login1 was not provided by any .service"
)
DENIED = Told(1, err="Failed to inhibit: Access denied\n")


def answers(by_program: dict[str, Told | None]) -> Callable[[tuple[str, ...]], Told | None]:
    """Answer a command by its program."""

    def ask_made(command: tuple[str, ...]) -> Told | None:
        return by_program.get(command[0])

    return ask_made


# --- every system -----------------------------------------------------------------------------


def test_this_machine_tells_what_every_machine_can(tmp_path: Path) -> None:
    machine = local_machine()

    before, after = machine.cpu(), machine.cpu()
    facts = machine.facts()

    assert machine.available_memory_bytes() > 1_000_000
    assert machine.free_disk_bytes(tmp_path / "not" / "yet") > 1_000_000
    assert 0 < before.busy_s <= before.total_s <= after.total_s
    assert 0 < before.own_s <= after.own_s
    assert before.programs
    assert facts.system
    assert facts.arch


def test_our_own_work_is_told_apart_from_that_of_others() -> None:
    machine = PsutilMachine()
    before = machine.cpu()
    while (after := machine.cpu()).own_s - before.own_s < 0.1:
        sum(range(100_000))

    use = use_between(before, after)

    assert use is not None
    assert 0 <= use.busy_percent <= 100
    assert not {pid for pid in after.programs if pid == os.getpid()}


def test_a_megabyte_comes_to_the_disk_and_goes_again(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"

    took_ms = PsutilMachine().write_test(folder)

    assert took_ms > 0
    assert list(folder.iterdir()) == []
    assert WRITE_BYTES == 1_000_000


def test_a_folder_that_is_a_file_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("no folder")

    with pytest.raises(OSError, match="recordings"):
        PsutilMachine().write_test(tmp_path / "recordings")


def test_a_program_that_is_not_there_or_hangs_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask_program, "ASK_S", 0.05)
    hanging = ask(("sleep", "5"))
    # A busy machine may need its time to start one.
    monkeypatch.setattr(ask_program, "ASK_S", 30)

    assert hanging is None
    assert ask(("liftbay-no-such-program",)) is None
    assert ask(("sh", "-c", "echo well; exit 3")) == Told(3, "well\n", "")


# --- Linux ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logind", "screen_saver", "expected"),
    [
        (Told(0), None, True),
        (NOT_THERE, Told(0, "u 7\n"), True),
        (DENIED, Told(0, "u 7\n"), True),
        (DENIED, NO_BUS, False),
        (DENIED, Told(1, err="Call failed: Access denied\n"), False),
        (NO_BUS, NO_BUS, None),
        (None, None, None),
    ],
)
def test_a_lock_is_asked_of_logind_and_of_the_screen_saver(
    logind: Told | None, screen_saver: Told | None, expected: bool | None
) -> None:
    machine = LinuxMachine(
        ask=answers({"systemd-inhibit": logind, "busctl": screen_saver}),
    )

    assert machine.wake_lock() is expected


def test_an_answer_without_a_refusal_is_nobody_at_home() -> None:
    assert lock_taken(NO_BUS) is None
    assert lock_taken(DENIED) is False


@pytest.mark.parametrize(
    ("told", "platform", "expected"),
    [
        (Told(0, 's "power-saver"\n'), "balanced", True),
        (Told(0, 's "balanced"\n'), "low-power", False),
        (Told(0, 's "performance"\n'), "", False),
        (NO_BUS, "low-power", True),
        (None, "balanced", False),
        (None, "", None),
    ],
)
def test_the_daemon_comes_before_the_firmware(
    tmp_path: Path, told: Told | None, platform: str, expected: bool | None
) -> None:
    if platform:
        file = tmp_path / "firmware/acpi/platform_profile"
        file.parent.mkdir(parents=True)
        file.write_text(f"{platform}\n")

    assert LinuxMachine(tmp_path, answers({"busctl": told})).power_saver() is expected


def test_only_a_text_is_a_profile() -> None:
    assert active_profile(Told(0, "u 5\n")) is None
    assert active_profile(Told(1, 's "power-saver"\n')) is None


def zone(sys: Path, number: int, temp: str, **trips: int) -> None:
    """Make a thermal zone; trips by kind in thousandths of a degree."""
    folder = sys / f"class/thermal/thermal_zone{number}"
    folder.mkdir(parents=True)
    (folder / "temp").write_text(f"{temp}\n")
    for index, (kind, degrees) in enumerate(trips.items()):
        (folder / f"trip_point_{index}_type").write_text(f"{kind}\n")
        (folder / f"trip_point_{index}_temp").write_text(f"{degrees}\n")


@pytest.mark.parametrize(
    ("temp", "trips", "expected"),
    [
        ("61000", {"passive": 85000, "critical": 105000}, Heat.NOMINAL),
        ("84999", {"passive": 85000, "critical": 105000}, Heat.NOMINAL),
        ("85000", {"passive": 85000, "critical": 105000}, Heat.FAIR),
        ("96000", {"passive": 85000, "hot": 95000}, Heat.SERIOUS),
        ("105000", {"critical": 105000}, Heat.SERIOUS),
        ("61000", {"passive": 0, "hot": -274000, "active": 50000}, Heat.NOMINAL),
    ],
)
def test_a_zone_against_its_trip_points(
    tmp_path: Path, temp: str, trips: dict[str, int], expected: Heat
) -> None:
    zone(tmp_path, 0, "30000", passive=85000)
    zone(tmp_path, 1, temp, **trips)

    assert LinuxMachine(tmp_path).heat() == HeatLook(expected)


def test_throttle_counters_of_all_cores_are_added_up(tmp_path: Path) -> None:
    for core, count in enumerate((3, 4)):
        folder = tmp_path / f"devices/system/cpu/cpu{core}/thermal_throttle"
        folder.mkdir(parents=True)
        (folder / "core_throttle_count").write_text(f"{count}\n")
        (folder / "package_throttle_count").write_text("1\n")

    assert LinuxMachine(tmp_path).heat() == HeatLook(None, 9)


def test_a_machine_without_sensors_or_with_a_sleeping_one_tells_nothing(tmp_path: Path) -> None:
    assert LinuxMachine(tmp_path).heat() is None
    (tmp_path / "class/thermal/thermal_zone0/temp").mkdir(parents=True)
    assert LinuxMachine(tmp_path).heat() is None


# --- Windows ----------------------------------------------------------------------------------


def power_status(saver: int) -> bytes:
    """SYSTEM_POWER_STATUS of a laptop on battery."""
    return struct.pack("<BBBBII", 0, 1, 64, saver, 5400, 0xFFFFFFFF)


def test_windows_tells_its_battery_saver() -> None:
    assert WindowsMachine(lambda: power_status(1)).power_saver() is True
    assert WindowsMachine(lambda: power_status(0)).power_saver() is False
    assert WindowsMachine(lambda: None).power_saver() is None
    assert saver_on(b"\0\1") is None
    assert WindowsMachine().heat() is None


@pytest.mark.parametrize(("former", "expected"), [(0x80000000, True), (0, False)])
def test_windows_gives_the_lock_back(former: int, expected: bool) -> None:
    flags: list[int] = []

    def state(wanted: int) -> int:
        flags.append(wanted)
        return former

    assert WindowsMachine(execution_state=state).wake_lock() is expected
    assert flags == [0x80000003, 0x80000000]


# --- macOS ------------------------------------------------------------------------------------

PMSET = """System-wide power settings:
Currently in use:
 standby              1
 lowpowermode         {mode}
 displaysleep         10
"""


def test_macos_tells_its_low_power_mode() -> None:
    assert low_power_mode(Told(0, PMSET.format(mode=1))) is True
    assert low_power_mode(Told(0, PMSET.format(mode=0))) is False
    assert low_power_mode(Told(0, "Currently in use:\n displaysleep 10\n")) is None
    assert MacMachine(ask=lambda _: None).power_saver() is None


@pytest.mark.parametrize(("mode", "expected"), [(0, False), (1, True), (2, False)])
def test_macos_15_tells_one_of_three_modes(mode: int, expected: bool) -> None:
    """Automatic, low and high power; the old switch is gone there."""
    told = PMSET.format(mode=mode).replace("lowpowermode", "powermode")

    assert low_power_mode(Told(0, told)) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [(0, Heat.NOMINAL), (1, Heat.FAIR), (2, Heat.SERIOUS), (3, Heat.SERIOUS)],
)
def test_macos_tells_its_thermal_state(state: int, expected: Heat) -> None:
    assert MacMachine(thermal=lambda: state).heat() == HeatLook(expected)


def test_macos_without_its_libraries_tells_nothing() -> None:
    def missing() -> int:
        raise OSError("no such library")

    def no_lock() -> bool:
        raise OSError("no such library")

    machine = MacMachine(thermal=missing, assertion=no_lock)

    assert machine.heat() is None
    assert machine.wake_lock() is None
    assert MacMachine(thermal=lambda: 9).heat() is None
    assert MacMachine(assertion=lambda: False).wake_lock() is False
