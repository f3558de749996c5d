"""The ways in which the name of a person or a machine is written in logs, paths and host names.

Pure. A name is known as its owner writes it; what writes logs puts its words together, in capitals,
without its accents, or escaped.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

_SHORTEST = 3
_LONG = 8
"""Of so many letters words put together mean nothing else, wherever they stand."""
_CAMEL = 4
"""From so many letters on a word is known within others by its capital."""
_BEFORE = r"(?:(?<![^\W\d_])|(?<=%[0-9a-f]{2})|(?<=\\[nrt]))"
"""No letter, or what is the end of an escape: ``%2COkafor``, ``\\nOkafor``."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_BETWEEN = re.compile(r"[\s.,-]+")


def composed(text: str) -> str:
    """Return a text in one spelling of its accents (NFC): paths of macOS have another one."""
    return unicodedata.normalize("NFC", text)


class NameForm(NamedTuple):
    """One way to write a name.

    Attributes:
        letters: what stands in a text, in lower case: looking for them first is a hundred times
            quicker than the pattern.
        pattern: where they stand as the name.
    """

    letters: str
    pattern: str


def name_forms(name: str) -> Iterator[NameForm]:
    """Yield a name as a word of its own, in its spellings."""
    for spelling in _spellings(composed(name)):
        if len(spelling) >= _SHORTEST:
            yield _form(spelling, _word(spelling))


def person_forms(full_name: str) -> Iterator[NameForm]:
    """Yield somebody's full name, each of its words, and the words put together."""
    name = composed(full_name).strip()
    words = [word for word in _BETWEEN.split(name) if word]
    yield from name_forms(name)
    for word in {*name.split(), *words}:
        yield from name_forms(word)
        yield from _within_words(word)
    for together in _together(words) if len(words) > 1 else ():
        for spelling in _spellings(together):
            if len(spelling) >= _SHORTEST:
                anywhere = len(spelling) >= _LONG
                yield _form(spelling, re.escape(spelling) if anywhere else _word(spelling))


def _form(letters: str, pattern: str) -> NameForm:
    return NameForm(letters.lower(), f"(?i){pattern}")


def _together(words: list[str]) -> Iterable[str]:
    first, last = words[0], words[-1]
    # The initial and the last name, as many are called where they sign in.
    found = {"".join(words), "".join(reversed(words)), first + last, last + first}
    return found | ({first[0] + last} if len(last) >= _CAMEL else set())


def _spellings(name: str) -> set[str]:
    found = {name, _plain(name), _plain(name.translate(_UMLAUTS))}
    # A capital may be two letters: STRAUSS is Strauß.
    found |= {each.upper() for each in found}
    if not name.isascii():
        for each in (name, name.upper()):
            utf_16 = each.encode("utf-16-be").hex()
            units = [utf_16[at : at + 4] for at in range(0, len(utf_16), 4)]
            told = (chr(int(unit, 16)) if int(unit, 16) < 0x80 else rf"\u{unit}" for unit in units)
            found |= {"".join(told), quote(each), each.encode("ascii", "backslashreplace").decode()}
    return found


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _word(name: str) -> str:
    after = r"(?![^\W_])" if name[-1].isdigit() else r"(?![^\W\d_])"
    return f"{_BEFORE}{re.escape(name)}{after}"


def _within_words(word: str) -> Iterator[NameForm]:
    """Yield a word where its capital letter sets it off: ``OkaforLaptop``."""
    if len(word) < _CAMEL or not word.isalpha():
        return
    capital = re.escape(word[0].upper() + word[1:].lower())
    yield NameForm(word.lower(), rf"(?<![A-Z]){capital}(?=[A-Z])")
    yield NameForm(word.lower(), rf"(?<=[a-z]){capital}(?![a-z])")
