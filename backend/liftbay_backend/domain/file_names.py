"""Names of shared files: shown to the other side and written to their disk, so without tricks.

A name is never a path of ours: bytes lie under ids (`liftbay_backend/files/store.py`).
"""

import unicodedata
from typing import Final

MOST_CHARACTERS: Final = 200
MOST_BYTES: Final = 255
"""What a name has at most on common file systems."""

_SEPARATORS: Final = frozenset('/\\:*?"<>|')
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"com{number}" for number in range(1, 10)}
    | {f"lpt{number}" for number in range(1, 10)}
)


def name_fault(name: str) -> str | None:
    """Say why a file must not be called this; None for a good name.

    Refused: empty and overlong names, paths and what Windows does not take, control and format
    characters (a right-to-left override makes ``gpj.exe`` look like ``exe.jpg``), a dot in front,
    a dot or space at an end, and device names.
    """
    fault = None
    if not name:
        fault = "The name is empty."
    elif len(name) > MOST_CHARACTERS or len(name.encode("utf-8", "replace")) > MOST_BYTES:
        fault = f"The name has more than {MOST_CHARACTERS} characters or {MOST_BYTES} bytes."
    elif _SEPARATORS & set(name):
        fault = "The name holds a path or a character that systems refuse."
    elif any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for one in name):
        fault = "The name holds a character that cannot be seen."
    elif name.startswith(".") or name != name.strip() or name.endswith("."):
        fault = "The name begins or ends with a dot or a space."
    elif name.partition(".")[0].strip().lower() in _RESERVED:
        fault = "The name is a device's."
    return fault
