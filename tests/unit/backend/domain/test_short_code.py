"""Short codes survive being read over the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.short_code import ALPHABET, check_symbol, mint, read

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


def test_a_code_is_read_however_it_was_typed() -> None:
    for code in (mint() for _ in range(50)):
        typed = code.lower().replace("-", " - ").replace("0", "O").replace("1", "l")

        assert read(typed.replace("v", "U")) == code
        assert read(code.replace("-", "")) == code


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-Q2X", "7K3M-Q2XZZ", "????-????", "Ü" * 8])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read(typed) is None


def test_every_wrong_symbol_is_noticed() -> None:
    code = mint()
    symbols = code.replace("-", "")

    for place in range(len(symbols)):
        for other in ALPHABET:
            if other != symbols[place]:
                assert read(symbols[:place] + other + symbols[place + 1 :]) is None
