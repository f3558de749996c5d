"""The check digit of a vehicle identification number. It warns and never refuses.

Source: ISO 3779 for the form; the check digit (position 9) is North America's rule, 49 CFR 565.15.
European makers often leave it out, which is why a wrong one only earns a warning.
"""

from enum import Enum, auto
from typing import Final

_LENGTH: Final = 17
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_AT: Final = 8
_VALUES: Final = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
) | {str(digit): digit for digit in range(10)}


class VinDoubt(Enum):
    """Why a number looks mistyped."""

    TOO_SHORT = auto()
    TOO_LONG = auto()
    WRONG_LETTER = auto()
    CHECK_DIGIT = auto()


def tidy_vin(text: str) -> str:
    """Return the number as it is written: capitals, no blanks or dashes."""
    return text.upper().replace(" ", "").replace("-", "")


def vin_doubt(text: str) -> VinDoubt | None:
    """Return why a number looks mistyped, or None when it is fine or empty."""
    vin = tidy_vin(text)
    if not vin:
        return None
    if any(letter not in _VALUES for letter in vin):
        return VinDoubt.WRONG_LETTER
    if len(vin) != _LENGTH:
        return VinDoubt.TOO_SHORT if len(vin) < _LENGTH else VinDoubt.TOO_LONG
    total = sum(_VALUES[letter] * weight for letter, weight in zip(vin, _WEIGHTS, strict=True))
    expected = "0123456789X"[total % 11]
    return None if vin[_CHECK_AT] == expected else VinDoubt.CHECK_DIGIT
