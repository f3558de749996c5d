"""H03 and H07, blind: locks and savers of other makers and versions.

Written from the catalogue and the systems' own documents alone: the kernel's
``Documentation/ABI/testing/sysfs-platform_profile``, ``systemd-inhibit``, ``busctl``,
``SYSTEM_POWER_STATUS``, and listings of ``pmset -g`` that people published.
"""

import random
import struct
from collections.abc import Iterator

from preflight.system.ask_program import Told
from preflight.system.linux_machine import LinuxMachine
from preflight.system.macos_machine import MacMachine
from preflight.system.windows_machine import WindowsMachine
from tests.accuracy.asked_machine import answering, machine_figures, made_folder
from tests.accuracy.kinds import SKIPPED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.tally import Case

SEED = 7_400_000
Files = dict[str, str | None]

# --- H03 ---------------------------------------------------------------------------------------

_TAKEN = Told(0, "", "")
_NO_SYSTEMD = (
    Told(
        1,
        err="System has not been booted with systemd as init system (PID 1). Can't operate.\n"
        "Failed to connect to bus: Host is down\n",
    ),
    Told(1, err="Failed to connect to bus: No such file or directory\n"),
    None,
)
_NO_SAVER = (
    Told(
        1,
        err="Call failed: The name org.freedesktop.ScreenSaver was not provided by any "
        ".service files\n",
    ),
    Told(1, err="Failed to connect to bus: No medium found\n"),
    Told(
        1,
        err="Failed to set bus address: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not "
        "defined (consider using --machine=<user>@.host --user)\n",
    ),
    None,
)
_REFUSED = (
    Told(1, err="Failed to inhibit: Access denied\n"),
    Told(1, err="Failed to inhibit: Interactive authentication required.\n"),
    Told(1, err="Failed to inhibit: Permission denied\n"),
)


def _locks(logind: Told | None, saver: Told | None) -> Found:
    machine = LinuxMachine(ask=answering({"systemd-inhibit": logind, "busctl": saver}))
    return machine_figures("host.sleep", machine)


def _can_lock(rng: random.Random) -> Found:
    given = Told(0, f"u {rng.choice((1, 77, 2_147_483_649, 4_294_967_295))}\n")
    either = rng.choice(
        (
            (_TAKEN, rng.choice((*_NO_SAVER, given))),
            (rng.choice((*_NO_SYSTEMD, *_REFUSED)), given),
        )
    )
    return _locks(*either)


def _cannot_lock(rng: random.Random) -> Found:
    return _locks(rng.choice(_REFUSED), rng.choice(_NO_SAVER))


def _no_lock_at_all(rng: random.Random) -> Found:
    return _locks(rng.choice(_NO_SYSTEMD), rng.choice(_NO_SAVER))


def _other_lock(*, taken: bool) -> Make:
    """Windows gives the former state back, and 0 where it refuses; macOS says yes or no."""

    def make(rng: random.Random) -> Found:
        state = rng.choice((0x80000000, 0x80000040, 0x80000041)) if taken else 0
        machine = rng.choice(
            (
                WindowsMachine(execution_state=lambda _flags: state),
                MacMachine(answering({}), assertion=lambda: taken),
            )
        )
        return machine_figures("host.sleep", machine)

    return make


# --- H07 ---------------------------------------------------------------------------------------

_NO_DAEMON = (
    Told(
        1,
        err="Failed to get property ActiveProfile on interface net.hadess.PowerProfiles: "
        "The name net.hadess.PowerProfiles was not provided by any .service files\n",
    ),
    Told(
        1,
        err="Failed to get property ActiveProfile on interface "
        "org.freedesktop.UPower.PowerProfiles: Could not activate remote peer: unit failed.\n",
    ),
    Told(1, err="Failed to connect to bus: No such file or directory\n"),
    None,
)


def _daemon(*, saving: bool) -> Make:
    """The daemon of either name (tuned-ppd has both); the firmware's word is the same."""

    def make(rng: random.Random) -> Found:
        profile = "power-saver" if saving else rng.choice(("balanced", "performance"))
        firmware = {"power-saver": "low-power"}.get(profile, profile)
        told = Told(0, f's "{profile}"\n')
        names = ["net.hadess.PowerProfiles", "org.freedesktop.UPower.PowerProfiles"]
        rng.shuffle(names)
        other = told if rng.random() < 0.5 else rng.choice(_NO_DAEMON)
        answers = {names[0]: told, names[1]: other}
        files = {"firmware/acpi/platform_profile": f"{firmware}\n"} if rng.random() < 0.5 else {}
        with made_folder(files) as root:
            return machine_figures("host.power_saver", LinuxMachine(root, answering(answers)))

    return make


def _firmware(*, saving: bool) -> Make:
    def make(rng: random.Random) -> Found:
        others = ("balanced", "balanced-performance", "performance", "max-power")
        profile = "low-power" if saving else rng.choice(others)
        files: Files = {
            "firmware/acpi/platform_profile": f"{profile}\n",
            "firmware/acpi/platform_profile_choices": "low-power balanced performance\n",
        }
        with made_folder(files) as root:
            asked = answering({"busctl": rng.choice(_NO_DAEMON)})
            return machine_figures("host.power_saver", LinuxMachine(root, asked))

    return make


def _windows(*, saving: bool) -> Make:
    def make(rng: random.Random) -> Found:
        # AC line, battery flag, per cent, the saver's flag, seconds left, seconds when full.
        plugged, percent = rng.choice(((0, 41), (0, 7), (1, 88), (1, 255)))
        flag = 128 if percent == 255 else rng.choice((0, 1, 2, 4, 9))
        left = rng.choice((-1, 3600)) if plugged == 0 else -1
        told = struct.pack("<BBBBii", plugged, flag, percent, int(saving), left, -1)
        return machine_figures("host.power_saver", WindowsMachine(power_status=lambda: told))

    return make


def _pmset(rng: random.Random, rows: tuple[str, ...]) -> Found:
    every = [
        " Sleep On Power Button 1",
        " standby              1",
        " ttyskeepawake        1",
        " hibernatemode        3",
        " powernap             1",
        " hibernatefile        /var/vm/sleepimage",
        " displaysleep         2 (display sleep prevented by zoom.us)",
        " womp                 0",
        " networkoversleep     0",
        " sleep                1 (sleep prevented by powerd, coreaudiod)",
        " lessbright           1",
        " tcpkeepalive         1",
        " disksleep            10",
        *rows,
    ]
    rng.shuffle(every)
    head = ["System-wide power settings:", *rng.choice(([], [" SleepDisabled\t\t0"]))]
    told = "\n".join([*head, "Currently in use:", *every, ""])
    asked = answering({"/usr/bin/pmset": Told(0, told)})
    return machine_figures("host.power_saver", MacMachine(asked))


def _mac(*, saving: bool) -> Make:
    """Until macOS 14 a switch, from 15 on (and on some models before) one of three modes."""

    def make(rng: random.Random) -> Found:
        old = f" lowpowermode         {int(saving)}"
        mode = f" powermode            {1 if saving else rng.choice((0, 2))}"
        return _pmset(rng, rng.choice(((old,), (mode,), (old, mode))))

    return make


def _untold(rng: random.Random) -> Found:
    with made_folder({}) as root:
        asked = answering({"busctl": rng.choice(_NO_DAEMON)})
        machines = (
            LinuxMachine(root, asked),
            WindowsMachine(power_status=lambda: None),
            MacMachine(answering({"/usr/bin/pmset": rng.choice((None, Told(1, "", "no")))})),
        )
        return machine_figures("host.power_saver", rng.choice(machines))


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "host.sleep",
        SEED + 20_000,
        (("Linux", _can_lock), ("elsewhere", _other_lock(taken=True))),
        (
            ("Linux", WARNED, _cannot_lock),
            ("elsewhere", WARNED, _other_lock(taken=False)),
        ),
        (("nobody offers one", SKIPPED, _no_lock_at_all),),
    )
    yield from blind_cases_of(
        "host.power_saver",
        SEED + 40_000,
        (
            ("the daemon", _daemon(saving=False)),
            ("the firmware", _firmware(saving=False)),
            ("Windows", _windows(saving=False)),
            ("macOS", _mac(saving=False)),
        ),
        (
            ("the daemon", WARNED, _daemon(saving=True)),
            ("the firmware", WARNED, _firmware(saving=True)),
            ("Windows", WARNED, _windows(saving=True)),
            ("macOS", WARNED, _mac(saving=True)),
        ),
        (("nothing tells", UNTOLD, _untold),),
    )
