"""Windows: the power flags and the execution state of kernel32, behind two callables.

Sources: Microsoft's documentation of ``GetSystemPowerStatus`` (``SystemStatusFlag`` 1: battery
saver on, since Windows 10) and ``SetThreadExecutionState`` (0 where it fails). How hot a machine
is Windows tells no program. Not yet proven on a real Windows.
"""

import ctypes
import struct
from collections.abc import Callable
from typing import Any

from preflight.system.machine_ports import HeatLook
from preflight.system.psutil_machine import PsutilMachine

_POWER_STATUS = struct.Struct("<BBBBII")
"""ACLineStatus, BatteryFlag, BatteryLifePercent, SystemStatusFlag, and two times in seconds."""
_SAVER_ON = 1
_CONTINUOUS = 0x80000000
_SYSTEM, _DISPLAY = 0x00000001, 0x00000002


def read_power_status() -> bytes | None:
    """Return the twelve bytes of SYSTEM_POWER_STATUS; None where the call fails."""
    buffer = ctypes.create_string_buffer(_POWER_STATUS.size)
    return buffer.raw if _kernel32().GetSystemPowerStatus(buffer) else None


def set_execution_state(flags: int) -> int:
    """Set this thread's state and return the former one; 0 where that fails."""
    call = _kernel32().SetThreadExecutionState
    call.argtypes, call.restype = (ctypes.c_uint32,), ctypes.c_uint32
    return int(call(flags))


def _kernel32() -> Any:
    # Exists on Windows alone, and type checkers of other systems know nothing of it.
    windll: Any = getattr(ctypes, "windll", None)
    return windll.kernel32


class WindowsMachine(PsutilMachine):
    """``LocalMachine`` on Windows; the tests bring both calls."""

    def __init__(
        self,
        power_status: Callable[[], bytes | None] = read_power_status,
        execution_state: Callable[[int], int] = set_execution_state,
    ) -> None:
        self._power_status = power_status
        self._execution_state = execution_state

    def wake_lock(self) -> bool | None:
        taken = self._execution_state(_CONTINUOUS | _SYSTEM | _DISPLAY)
        self._execution_state(_CONTINUOUS)
        return taken != 0

    def power_saver(self) -> bool | None:
        told = self._power_status()
        return None if told is None else saver_on(told)

    def heat(self) -> HeatLook | None:
        return None


def saver_on(status: bytes) -> bool | None:
    """Read the battery saver's flag out of a SYSTEM_POWER_STATUS; None where it is cut short."""
    if len(status) < _POWER_STATUS.size:
        return None
    flag: int = _POWER_STATUS.unpack_from(status)[3]
    return flag == _SAVER_ON
