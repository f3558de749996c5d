"""The French words are complete and keep every placeholder of their source."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from resources import loader

PLACEHOLDER = re.compile(r"\{\w+\}|%n")


def messages(language: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(loader.translation(language)).iter("message"))


def translations(language: str) -> Iterator[tuple[str, str]]:
    for message in messages(language):
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in translation.iter("numerusform")]
        for words in forms or [translation.text or ""]:
            yield message.findtext("source", ""), words


@pytest.mark.parametrize("language", loader.languages())
def test_every_word_is_translated(language: str) -> None:
    unfinished = [
        message.findtext("source")
        for message in messages(language)
        if (translation := message.find("translation")) is None
        or translation.get("type") == "unfinished"
    ]

    assert unfinished == []


def test_placeholders_survive_the_translation() -> None:
    broken = [
        (source, words)
        for source, words in translations("fr")
        if sorted(PLACEHOLDER.findall(words)) != sorted(PLACEHOLDER.findall(source))
    ]

    assert broken == []


def test_french_signs_stay_with_their_word() -> None:
    """A line never begins with a colon: a space that does not break goes before the double signs.

    Source: Imprimerie nationale, Lexique des règles typographiques en usage à l'imprimerie.
    """
    loose = [words for _, words in translations("fr") if re.search(r" [:;?!»]|« ", words)]

    assert loose == []


def test_one_french_word_for_one_thing() -> None:
    """The table of words in style.md holds in French too."""
    not_ours = re.compile(r"\b(microphones?|support|audio seul|session)\b", re.IGNORECASE)
    found = [words for _, words in translations("fr") if not_ours.search(words)]

    assert found == []
