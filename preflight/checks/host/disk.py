"""H05: recordings and snapshots can be kept."""

from pathlib import Path

from preflight.check import CannotTell, Check, NotMeasured
from preflight.checks.host.bench import HostBench
from preflight.checks.host.memory import GB
from preflight.model import Measured
from preflight.system.machine_ports import LocalMachine

CODE = "host.disk"


def host_disk(bench: HostBench) -> Check:
    """Tell the free space where recordings go, and whether 1 MB really came to that disk."""

    async def measure() -> Measured:
        folder = bench.folder
        if folder is None:
            raise NotMeasured("not_offered")
        return await bench.offload(lambda: disk_figures(bench.machine, folder))

    return Check(CODE, measure)


def disk_figures(machine: LocalMachine, folder: Path) -> Measured:
    """Return the figures. May block.

    Raises:
        CannotTell: it can be written, and nobody says how much is left.
    """
    write_ms: float | None = None
    try:
        write_ms = machine.write_test(folder)
    except OSError as refused:
        fault: str | None = type(refused).__name__
    else:
        fault = None
    try:
        free_gb = machine.free_disk_bytes(folder) / GB
    except OSError as untold:
        if fault is None:
            raise CannotTell("not_told") from untold
        free_gb = 0.0
    return {"free_gb": free_gb, "writable": fault is None, "write_ms": write_ms, "fault": fault}
