"""What is looked for in the history, and what it is looked for in: without case and accents.

Both databases compare folded texts, since their own ideas of case differ: SQLite folds ASCII alone,
PostgreSQL what the locale of its cluster knows.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

MOST_WORDS: Final = 8


def folded(text: str) -> str:
    """Return a text as it is compared: ``Straße`` is ``strasse``, ``CITROËN`` is ``citroen``.

    Whoever types without accents finds what has some, and the other way round.
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in apart if not unicodedata.combining(one))
    # Some letters have a case only after they were taken apart.
    return unicodedata.normalize("NFC", kept.casefold())


def words_of(text: str) -> Sequence[str]:
    """Return the folded words that somebody looks for, at most `MOST_WORDS`."""
    # PostgreSQL's texts hold every character but this one.
    return [word for word in folded(text.replace("\x00", " ")).split() if word][:MOST_WORDS]


ARCHIVED: Final = " "
"""How the text of an archived session begins, where whoever archived it knew of texts: an instance
of before them erases what people wrote and leaves the text that it was folded into."""


def text_of_archived(vehicle: Mapping[str, Any]) -> str:
    """Return what an archived session is found by: the car, without what was erased of it."""
    return ARCHIVED + text_of_session(vehicle, "")


def text_of_session(vehicle: Mapping[str, Any], concern: str) -> str:
    """Return what a session is found by: the car's facts and what the customer said of it."""
    facts: Iterable[str] = (str(fact) for fact in vehicle.values() if fact is not None)
    return folded(" ".join((*facts, concern)))
