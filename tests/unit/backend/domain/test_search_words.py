"""Texts are compared without case and accents, whoever typed them and however."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.search_words import MOST_WORDS, folded, text_of_session, words_of


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Straße", "STRASSE"),
        ("Citroën", "citroen"),
        ("ŠKODA Octavia", "škoda"),
        ("Скрип тормозов", "СКРИП"),
        ("Όμορφος", "ΌΜΟΡΦΟΣ"),
        ("e\u0301chappement", "Échappement"),
        ("ﬁlter", "FILTER"),
        ("İstanbul", "istanbul"),
    ],
)
def test_what_means_the_same_is_found(stored: str, typed: str) -> None:
    assert folded(typed) in folded(stored)


def test_different_words_stay_different() -> None:
    assert folded("brake") not in folded("break")


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=200))
def test_words_are_few_and_never_empty(text: str) -> None:
    words = words_of(text)

    assert len(words) <= MOST_WORDS
    assert all(word and "\x00" not in word for word in words)


def test_the_facts_of_a_car_are_searched_and_their_names_are_not() -> None:
    text = text_of_session({"make": "Honda", "year": 2016, "plate": None}, "Squeal")

    assert text == "honda 2016 squeal"
