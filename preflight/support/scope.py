"""What a diagnosis is asked to look at: groups, codes and spoken numbers, with kind refusals."""

import difflib
from collections.abc import Callable, Collection, Mapping

from preflight.model import Group
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE

_TELLING_LETTERS = 3

_GROUP_WORDS: Mapping[str, Group] = {
    "camera": Group.CAMERA,
    "microphone": Group.MICROPHONE,
    "mic": Group.MICROPHONE,
    "network": Group.NETWORK,
    "net": Group.NETWORK,
    "speaker": Group.SPEAKER,
    "screen": Group.SCREEN,
    "media": Group.MEDIA,
    "host": Group.HOST,
    "machine": Group.HOST,
    "account": Group.ACCOUNT,
}
_BY_NUMBER = {row.no.lower(): row.code for row in CATALOGUE}
_EVERY_CODE = frozenset(BY_CODE)
GATING_CODES = frozenset(row.code for row in CATALOGUE if row.gating)


class UnknownCheck(ValueError):
    """Neither a group nor a code; ``word`` is what was asked for."""

    def __init__(self, word: str) -> None:
        nearest = _nearest(word)
        hint = f"did you mean {nearest}?" if nearest else "--list shows the checks"
        groups = ", ".join(group.value for group in Group)
        super().__init__(f"{word!r} is neither a group ({groups}) nor a check: {hint}")
        self.word = word


class NothingToCheck(ValueError):
    """What was asked for leaves nothing over; a scope of nothing would pass on any machine."""


def read_scope(
    only: str | None, *, skip: str | None = None, quick: bool = False
) -> frozenset[str] | None:
    """Read ``camera,net.rtt_high,C07``; None means everything.

    Args:
        skip: what is left out of that; a prerequisite of something asked for runs all the same.
        quick: gating checks alone.

    Raises:
        UnknownCheck: a word is none of these.
        NothingToCheck: nothing is left to look at.
    """
    wanted = _read(only)
    left_out = _read(skip)
    if left_out is None and not quick:
        return wanted
    found = (wanted or _EVERY_CODE) - (left_out or frozenset())
    if not found:
        asked = "there is" if only is None else "--only asks for"
        raise NothingToCheck(f"nothing is left to check: --skip leaves out all that {asked}")
    if quick and not found & GATING_CODES:
        raise NothingToCheck(
            "nothing is left to check: --quick keeps what Join waits for, and none of that is "
            "asked for: leave out --quick"
        )
    return found & GATING_CODES if quick else found


def read_check(text: str) -> str:
    """Read one code or spoken number.

    Raises:
        UnknownCheck: it is neither.
    """
    word = text.strip().lower()
    code = _BY_NUMBER.get(word, word)
    if code not in BY_CODE:
        raise UnknownCheck(word)
    return code


def _read(text: str | None) -> frozenset[str] | None:
    if text is None or not text.strip():
        return None
    found: set[str] = set()
    for word in (part.strip().lower() for part in text.split(",")):
        if not word:
            continue
        if word in _GROUP_WORDS:
            found.update(codes_of(_GROUP_WORDS[word]))
        else:
            found.add(read_check(word))
    if not found:
        raise UnknownCheck(text.strip())
    return frozenset(found)


def codes_of(group: Group) -> set[str]:
    """Return the codes of a group, gating and advisory."""
    return {row.code for row in CATALOGUE if row.group is group}


def in_short(
    codes: Collection[str], groups: Collection[Group], name: Callable[[Group], str] | None = None
) -> str:
    """Name the groups whose gating checks are all there, then the checks of the others.

    Args:
        name: of a group; None: its word in the command line.
    """
    whole = [group for group in groups if codes_of(group) & GATING_CODES <= set(codes)]
    single = [code for code in codes if BY_CODE[code].group not in whole]
    named = [group.value if name is None else name(group) for group in whole]
    return ", ".join([*named, *single])


def _nearest(word: str) -> str | None:
    """Return the group, or else the check, that was probably meant."""
    # Only codes have a dot.
    for known in (BY_CODE,) if "." in word else (_GROUP_WORDS, BY_CODE):
        within = [name for name in known if len(word) >= _TELLING_LETTERS and word in name]
        likely = within or difflib.get_close_matches(word, known, n=1)
        if likely:
            return likely[0]
    return None
