"""H10: the program is what the service speaks with, on a system that it is made for."""

from client_api.version import is_older
from preflight.check import CannotTell, Check
from preflight.checks.host.bench import HostBench
from preflight.model import Measured
from preflight.system.machine_ports import SystemFacts

CODE = "host.outdated"
LEAST_GLIBC = "2.28"
"""That of the wheels which the program is built from (manylinux_2_28)."""
_SYSTEMS = ("Linux", "Windows", "Darwin")
_ARCHITECTURES = ("x86_64", "amd64", "arm64", "aarch64")


def host_outdated(bench: HostBench) -> Check:
    """Compare our version with the service's, and the system with what the program needs."""

    async def measure() -> Measured:
        told = bench.health() or {}
        newest, least = told.get("service_version"), told.get("min_client_version")
        known = bench.surroundings
        ours = "" if known is None else known.app.get("liftbay", "")
        facts = await bench.offload(bench.machine.facts)
        figures = {**system_figures(facts), "version": ours}
        if not ours or not isinstance(newest, str) or not isinstance(least, str):
            raise CannotTell("not_told", figures)
        return {
            **figures,
            "service_version": newest,
            "min_client_version": least,
            "older": is_older(ours, newest),
            "below_minimum": is_older(ours, least),
        }

    return Check(CODE, measure, needs=("net.health",))


def system_figures(facts: SystemFacts) -> Measured:
    """Return whether the program is made for this system; a Linux without glibc is none of them."""
    fits = facts.system in _SYSTEMS and facts.arch.lower() in _ARCHITECTURES
    if facts.system == "Linux":
        fits = fits and facts.glibc is not None and not is_older(facts.glibc, LEAST_GLIBC)
    return {
        "system": facts.system,
        "arch": facts.arch,
        "glibc": facts.glibc,
        "supported": fits,
    }
