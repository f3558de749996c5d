"""H06: the battery lasts for the call that was booked."""

from preflight.check import CannotTell, Check
from preflight.checks.host.bench import HostBench
from preflight.model import Measured
from preflight.system.machine_ports import Battery

CODE = "host.battery"
SPARE_MINUTES = 10


def host_battery(bench: HostBench) -> Check:
    """Tell charge and time left against the booked length and ten minutes more."""

    async def measure() -> Measured:
        return battery_figures(await bench.offload(bench.machine.battery), bench.booked_minutes)

    return Check(CODE, measure)


def battery_figures(battery: Battery | None, booked_minutes: int | None) -> Measured:
    """Return the figures; a machine without a battery is on the mains.

    Raises:
        CannotTell: the system does not say whether the charger is plugged in.
    """
    if battery is None:
        return {"on_mains": True, "has_battery": False}
    if battery.on_mains is None:
        raise CannotTell("not_told", {"percent": battery.percent})
    left = battery.minutes_left
    needed = None if booked_minutes is None else booked_minutes + SPARE_MINUTES
    return {
        "on_mains": battery.on_mains,
        "has_battery": True,
        "percent": battery.percent,
        "minutes_left": left,
        "minutes_needed": needed,
        "too_short": left is not None and needed is not None and left < needed,
    }
