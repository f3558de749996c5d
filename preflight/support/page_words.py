"""The words of a report's page: English by itself, another language by who writes it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from preflight.measuring import REASON_INTERNAL
from preflight.memory.history import BY_NAME, trend_words
from preflight.model import CheckResult, Group, MeasuredValue
from preflight.verdicts.remedies import INTERNAL, WORDS, told


def _same(text: str) -> str:
    return text


def _title(code: str) -> str:
    return WORDS[code].title if code in WORDS else code


def _remedy(result: CheckResult) -> str:
    if result.reason == REASON_INTERNAL:
        return INTERNAL
    return " ".join(told(result)) if result.code in WORDS else ""


def _fact(name: str) -> str:
    if name.endswith("_others"):
        return f"other {name.removesuffix('_others')}s"
    return name.replace("_", " ")


def _stage(name: str) -> str:
    return name.replace("_", " ")


def _state(told: str, result: CheckResult) -> str:
    return f"{told} ({result.reason})" if result.reason else told


def _group(group: Group) -> str:
    return group.value


def _compared(name: str) -> str:
    return BY_NAME[name].title if name in BY_NAME else name


@dataclass(frozen=True, slots=True)
class PageWords:
    """Brings the page's words in one language.

    Attributes:
        language: for the page's ``lang``, e.g. ``fr``.
        text: translates a text of the page itself; placeholders stay.
        title: of a check, by its code.
        remedy: what a check that failed or warned has to say.
        figure: name and value of a measured figure; None: both as the report has them.
        state: what is said of a check's state, with the reason where it has one.
        limit: conditions at which a check warns or fails, e.g. ``luma_mean<40 structure<0.5``.
        group: the name of a group of checks, within a sentence.
        ended: how the run ended.
        stage: the name of a stage of the run.
        value: a value that is a word.
        fact: the name of a fact, device or rule of redaction.
        compared: the name of a figure that is compared with earlier runs.
        trend: what differs much from earlier runs, each in a few words.
    """

    language: str = "en"
    text: Callable[[str], str] = _same
    title: Callable[[str], str] = _title
    remedy: Callable[[CheckResult], str] = _remedy
    figure: Callable[[str, MeasuredValue], str] | None = None
    state: Callable[[str, CheckResult], str] = _state
    limit: Callable[[str], str] = _same
    group: Callable[[Group], str] = _group
    ended: Callable[[str], str] = _same
    stage: Callable[[str], str] = _stage
    value: Callable[[str], str] = _same
    fact: Callable[[str], str] = _fact
    compared: Callable[[str], str] = _compared
    trend: Callable[[Mapping[str, Any] | None], list[str]] = trend_words


ENGLISH = PageWords()
