"""Windows: the name that a person signs in under, in full, for redaction.

Sources: ``GetUserNameExW`` (secext.h, ``NameDisplay``), which knows domain accounts alone, and
``NetUserGetInfo`` level 10 (lmaccess.h) for the accounts of the machine itself. Not yet proven on
a real Windows.
"""

import ctypes
from typing import Any, cast

_NAME_DISPLAY = 3
_LONGEST = 512


class _UserInfo10(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_wchar_p),
        ("comment", ctypes.c_wchar_p),
        ("user_comment", ctypes.c_wchar_p),
        ("full_name", ctypes.c_wchar_p),
    )


def windows_names(user: str, libraries: Any = None) -> tuple[str, ...]:
    """Return the full name of the signed-in user; nothing where Windows keeps none.

    Args:
        libraries: ``ctypes.windll``, which exists on Windows alone.
    """
    known = libraries or getattr(ctypes, "windll", None)
    if known is None:
        return ()
    try:
        found = (_domain_name(known.secur32), _local_name(known.netapi32, user))
    except (AttributeError, OSError):
        return ()
    return tuple(dict.fromkeys(name for name in found if name))


def _domain_name(secur32: Any) -> str:
    size = ctypes.c_ulong(_LONGEST)
    text = ctypes.create_unicode_buffer(_LONGEST)
    told = secur32.GetUserNameExW(_NAME_DISPLAY, text, ctypes.byref(size))
    return text.value.strip() if told else ""


def _local_name(netapi32: Any, user: str) -> str:
    info = ctypes.POINTER(_UserInfo10)()
    if netapi32.NetUserGetInfo(None, ctypes.c_wchar_p(user), 10, ctypes.byref(info)) != 0:
        return ""
    try:
        return cast(str, info.contents.full_name or "").strip()
    finally:
        netapi32.NetApiBufferFree(info)
