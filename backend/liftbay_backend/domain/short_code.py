"""The code of a stored preflight report, made to be read over the phone.

Eight symbols in two groups, e.g. ``7K3M-Q2XZ``: seven random ones and a check symbol that catches
every single wrong symbol and every swap of neighbours (preflight_checks.md, section 11).
"""

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_RANDOM_SYMBOLS: Final = 7
_FORGIVEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "U": "V"})


def mint() -> str:
    """Return a new code from the system's random source."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SYMBOLS))
    return _grouped(symbols + check_symbol(symbols))


def check_symbol(symbols: str) -> str:
    """Return the eighth symbol for seven.

    Raises:
        ValueError: a symbol outside of the alphabet, or not exactly seven of them.
    """
    if len(symbols) != _RANDOM_SYMBOLS:
        raise ValueError(f"expected {_RANDOM_SYMBOLS} symbols, got {len(symbols)}")
    total = sum((place + 2) * ALPHABET.index(one) for place, one in enumerate(symbols))
    return ALPHABET[-total % len(ALPHABET)]


def normalise(text: str) -> str | None:
    """Read what somebody typed or heard, or return None when it cannot be a code.

    Case, spaces and dashes do not matter; O, I, L, S and U mean 0, 1, 1, 5 and V.
    """
    symbols = "".join(text.split()).replace("-", "").upper().translate(_FORGIVEN)
    if len(symbols) != _RANDOM_SYMBOLS + 1 or any(one not in ALPHABET for one in symbols):
        return None
    if check_symbol(symbols[:-1]) != symbols[-1]:
        return None
    return _grouped(symbols)


def _grouped(symbols: str) -> str:
    return f"{symbols[:4]}-{symbols[4:]}"
