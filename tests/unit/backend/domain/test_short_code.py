"""Short codes survive being read over the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.short_code import ALPHABET, check_symbol, mint, normalise

SYMBOLS = st.text(ALPHABET, min_size=7, max_size=7)


def test_a_minted_code_reads_back_as_itself() -> None:
    code = mint()

    assert normalise(code) == code
    assert len(code) == 9
    assert code[4] == "-"


@given(SYMBOLS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_symbol_is_caught(symbols: str, place: int, wrong: str) -> None:
    code = symbols + check_symbol(symbols)
    heard = code[:place] + wrong + code[place + 1 :]

    assert (normalise(heard) is not None) == (heard == code)


@given(SYMBOLS, st.integers(0, 6))
def test_every_swap_of_neighbours_is_caught(symbols: str, place: int) -> None:
    code = symbols + check_symbol(symbols)
    heard = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert (normalise(heard) is not None) == (heard == code)


def test_the_input_is_forgiving() -> None:
    symbols = "0115VAB"
    code = symbols + check_symbol(symbols)

    assert normalise(f" oils uab{code[7].lower()} ") == f"{code[:4]}-{code[4:]}"


@pytest.mark.parametrize("text", ["", "7K3M", "7K3M-Q2X!", "7K3M-Q2XZZ"])
def test_what_cannot_be_a_code_is_refused(text: str) -> None:
    assert normalise(text) is None


@pytest.mark.parametrize("symbols", ["123456", "12345678", "123456U"])
def test_a_check_symbol_needs_seven_symbols_of_the_alphabet(symbols: str) -> None:
    with pytest.raises(ValueError, match=r"symbols|substring"):
        check_symbol(symbols)
