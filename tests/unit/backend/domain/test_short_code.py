"""Short codes survive being read over the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.short_code import ALPHABET, check_symbol, mint

SYMBOLS = st.text(ALPHABET, min_size=7, max_size=7)


def is_code(symbols: str) -> bool:
    """Tell whether eight symbols hold together, as whoever hears them checks."""
    return check_symbol(symbols[:7]) == symbols[7]


def test_a_minted_code_is_two_groups_of_four_that_hold_together() -> None:
    code = mint()

    assert (len(code), code[4]) == (9, "-")
    assert is_code(code.replace("-", ""))
    assert len({mint() for _ in range(100)}) == 100


@given(SYMBOLS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_symbol_is_caught(symbols: str, place: int, wrong: str) -> None:
    code = symbols + check_symbol(symbols)
    heard = code[:place] + wrong + code[place + 1 :]

    assert is_code(heard) == (heard == code)


@given(SYMBOLS, st.integers(0, 6))
def test_every_swap_of_neighbours_is_caught(symbols: str, place: int) -> None:
    code = symbols + check_symbol(symbols)
    heard = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert is_code(heard) == (heard == code)


@pytest.mark.parametrize("symbols", ["123456", "12345678", "123456U"])
def test_a_check_symbol_needs_seven_symbols_of_the_alphabet(symbols: str) -> None:
    with pytest.raises(ValueError, match=r"symbols|substring"):
        check_symbol(symbols)
