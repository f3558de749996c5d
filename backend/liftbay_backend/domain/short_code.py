"""The code of a stored preflight report, made to be read over the phone.

Eight symbols in two groups, e.g. ``7K3M-Q2XZ``: seven random ones and a check symbol that catches
every single wrong symbol and every swap of neighbours (preflight_checks.md, section 11).
"""

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_RANDOM_SYMBOLS: Final = 7
_MEANT: Final = {"O": "0", "I": "1", "L": "1", "S": "5", "U": "V"}


def mint() -> str:
    """Return a new code from the system's random source."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SYMBOLS))
    return _grouped(symbols + check_symbol(symbols))


def read(typed: str) -> str | None:
    """Return the code that somebody typed after hearing it; None when it cannot be one.

    Forgives case, spaces, other dashes, and the letters that are no symbols because they look or
    sound like one: O, I, L, S, U.
    """
    kept = [one for one in typed.upper() if one.isalnum()]
    symbols = "".join(_MEANT.get(one, one) for one in kept)
    if len(symbols) != _RANDOM_SYMBOLS + 1 or any(one not in ALPHABET for one in symbols):
        return None
    return _grouped(symbols) if check_symbol(symbols[:-1]) == symbols[-1] else None


def check_symbol(symbols: str) -> str:
    """Return the eighth symbol for seven.

    Raises:
        ValueError: a symbol outside of the alphabet, or not exactly seven of them.
    """
    if len(symbols) != _RANDOM_SYMBOLS:
        raise ValueError(f"expected {_RANDOM_SYMBOLS} symbols, got {len(symbols)}")
    total = sum((place + 2) * ALPHABET.index(one) for place, one in enumerate(symbols))
    return ALPHABET[-total % len(ALPHABET)]


def _grouped(symbols: str) -> str:
    return f"{symbols[:4]}-{symbols[4:]}"
