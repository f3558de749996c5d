"""macOS: ``pmset``, the thermal state of Foundation and a power assertion of IOKit.

Sources: pmset(1) (``lowpowermode`` in ``pmset -g``); Apple's documentation of
``NSProcessInfo.thermalState`` (0 nominal, 1 fair, 2 serious, 3 critical) and of
``IOPMAssertionCreateWithName``. Both libraries are called with ctypes, because we ship no bridge.
Not yet proven on a real Mac.
"""

import ctypes
from collections.abc import Callable

from preflight.system.ask_program import Ask, Told, ask
from preflight.system.machine_ports import Heat, HeatLook
from preflight.system.psutil_machine import PsutilMachine

_PMSET = ("/usr/bin/pmset", "-g")
_POWER_MODES = ("lowpowermode", "powermode")
_LEVELS = (Heat.NOMINAL, Heat.FAIR, Heat.SERIOUS, Heat.SERIOUS)
_FRAMEWORKS = "/System/Library/Frameworks"
_UTF8 = 0x08000100
_LEVEL_ON = 255


def thermal_state() -> int:
    """Return ``[[NSProcessInfo processInfo] thermalState]``.

    Raises:
        OSError, AttributeError: the libraries are not those of a Mac.
    """
    ctypes.CDLL(f"{_FRAMEWORKS}/Foundation.framework/Foundation")
    objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
    objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
    address = ctypes.cast(objc.objc_msgSend, ctypes.c_void_p).value
    assert address is not None
    # objc_msgSend has the form of the method that it sends.
    to_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(address)
    to_number = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)(address)
    info = to_object(objc.objc_getClass(b"NSProcessInfo"), objc.sel_registerName(b"processInfo"))
    return int(to_number(info, objc.sel_registerName(b"thermalState")))


def take_assertion() -> bool:
    """Take a power assertion against the display's sleep and give it back.

    Raises:
        OSError, AttributeError: the libraries are not those of a Mac.
    """
    core = ctypes.CDLL(f"{_FRAMEWORKS}/CoreFoundation.framework/CoreFoundation")
    kit = ctypes.CDLL(f"{_FRAMEWORKS}/IOKit.framework/IOKit")
    core.CFStringCreateWithCString.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32)
    core.CFRelease.argtypes = (ctypes.c_void_p,)
    kit.IOPMAssertionCreateWithName.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_void_p,
    )
    kind = core.CFStringCreateWithCString(None, b"PreventUserIdleDisplaySleep", _UTF8)
    name = core.CFStringCreateWithCString(None, b"Liftbay call", _UTF8)
    number = ctypes.c_uint32(0)
    try:
        failed = kit.IOPMAssertionCreateWithName(kind, _LEVEL_ON, name, ctypes.byref(number))
        if failed == 0:
            kit.IOPMAssertionRelease(number)
    finally:
        core.CFRelease(name)
        core.CFRelease(kind)
    return bool(failed == 0)


class MacMachine(PsutilMachine):
    """``LocalMachine`` on macOS; the tests bring the three calls."""

    def __init__(
        self,
        ask: Ask = ask,
        thermal: Callable[[], int] = thermal_state,
        assertion: Callable[[], bool] = take_assertion,
    ) -> None:
        self._ask = ask
        self._thermal = thermal
        self._assertion = assertion

    def wake_lock(self) -> bool | None:
        try:
            return self._assertion()
        except (OSError, AttributeError):
            return None

    def power_saver(self) -> bool | None:
        told = self._ask(_PMSET)
        return None if told is None else low_power_mode(told)

    def heat(self) -> HeatLook | None:
        try:
            state = self._thermal()
        except (OSError, AttributeError):
            return None
        return HeatLook(_LEVELS[state]) if 0 <= state < len(_LEVELS) else None


def low_power_mode(told: Told) -> bool | None:
    """Read ``lowpowermode 1`` or ``powermode 1`` out of ``pmset -g``; None without such a mode.

    macOS 15 and later, and some models before, tell one of three: 0 automatic, 1 low, 2 high.
    """
    for line in told.out.splitlines():
        name, _, value = line.strip().partition(" ")
        if name in _POWER_MODES:
            return value.strip() == "1"
    return None
