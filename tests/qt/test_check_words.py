"""The checks have words in two places; both must say the same of each.

`preflight/remedies.py` speaks to a terminal and to the report (two sentences, English),
`desktop/views/check_words.py` to the page (one sentence with a colon, translated).
"""

import re

import pytest

from desktop.views.check_words import CHECKS
from preflight.remedies import WORDS

SAID_OTHERWISE = {
    # The page has a button that opens the settings and looks again by itself; a terminal has not.
    "camera.permission",
    "mic.permission",
    # The page is there while it happens.
    "net.changed",
    # The page has the remedy of a device that one program has to itself beside it.
    "mic.busy",
    # The terminal also speaks of a microphone that sends too little.
    "mic.no_data",
}


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w'{}]+", text.lower())


def test_both_lists_know_the_same_checks() -> None:
    assert set(WORDS) == set(CHECKS)


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_page_says_what_the_terminal_says(code: str) -> None:
    in_terminal = words_of(f"{WORDS[code].failed} {WORDS[code].remedy}")
    on_page = words_of(CHECKS[code].remedy)

    assert (on_page == in_terminal) is (code not in SAID_OTHERWISE)


@pytest.mark.parametrize("code", sorted(SAID_OTHERWISE))
def test_what_is_said_otherwise_still_names_the_same_fault(code: str) -> None:
    begin = 3

    assert words_of(CHECKS[code].remedy)[:begin] == words_of(WORDS[code].failed)[:begin]
