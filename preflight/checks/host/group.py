"""The checks of the machine in the order of the catalogue; none of them ever holds Join back."""

from preflight.checks.check_group import CheckGroup
from preflight.checks.host.battery import host_battery
from preflight.checks.host.bench import HostBench
from preflight.checks.host.clock_skew import host_clock_skew
from preflight.checks.host.cpu_busy import host_cpu_busy
from preflight.checks.host.cpu_encode import host_cpu_encode
from preflight.checks.host.disk import host_disk
from preflight.checks.host.memory import host_memory
from preflight.checks.host.outdated import host_outdated
from preflight.checks.host.power_saver import host_power_saver
from preflight.checks.host.sleep import host_sleep
from preflight.checks.host.thermal import host_thermal
from preflight.model import Group

_CHECKS = (
    host_cpu_encode,
    host_cpu_busy,
    host_sleep,
    host_memory,
    host_disk,
    host_battery,
    host_power_saver,
    host_thermal,
    host_clock_skew,
    host_outdated,
)


def host_group(bench: HostBench) -> CheckGroup:
    """Return the machine's group."""
    checks = tuple(make(bench) for make in _CHECKS)
    return CheckGroup(Group.HOST, checks, bench.begin)
