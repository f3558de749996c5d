"""The words of a report's page (`preflight.support.page`) in the language of the program."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.views.check_words import reason, remedy, title
from desktop.views.fact_words import FACTS, fact_name, rule_name, stage_name, value_name
from desktop.views.figure_words import figure_words, limit_words
from desktop.views.report_words import ended_words, figure_name
from preflight.model import CheckResult, CheckState
from preflight.support.page_words import ENGLISH, PageWords

_CONTEXT: Final = "page"
PAGE_TEXTS: Final = (
    QT_TRANSLATE_NOOP("page", "Liftbay diagnosis"),
    QT_TRANSLATE_NOOP("page", "Not ready for a call: {numbers} ({codes})"),
    QT_TRANSLATE_NOOP("page", "Not decided: {codes}"),
    QT_TRANSLATE_NOOP("page", "Nothing wrong was found"),
    QT_TRANSLATE_NOOP("page", "Ready for a call"),
    QT_TRANSLATE_NOOP("page", ", with advice: {numbers}"),
    QT_TRANSLATE_NOOP("page", " (not looked at: {codes})"),
    QT_TRANSLATE_NOOP("page", "ended: {how}"),
    QT_TRANSLATE_NOOP("page", "running"),
    QT_TRANSLATE_NOOP("page", "code {code}"),
    QT_TRANSLATE_NOOP("page", "What to look at"),
    QT_TRANSLATE_NOOP("page", "Camera"),
    QT_TRANSLATE_NOOP("page", "Microphone"),
    QT_TRANSLATE_NOOP("page", "Network"),
    QT_TRANSLATE_NOOP("page", "Speaker"),
    QT_TRANSLATE_NOOP("page", "Media"),
    QT_TRANSLATE_NOOP("page", "Host"),
    QT_TRANSLATE_NOOP("page", "Screen"),
    QT_TRANSLATE_NOOP("page", "Account"),
    QT_TRANSLATE_NOOP("page", "advice"),
    QT_TRANSLATE_NOOP("page", "not measured"),
    QT_TRANSLATE_NOOP("page", "passed"),
    QT_TRANSLATE_NOOP("page", "warned"),
    QT_TRANSLATE_NOOP("page", "failed"),
    QT_TRANSLATE_NOOP("page", "pending"),
    QT_TRANSLATE_NOOP("page", "warns when {limit}"),
    QT_TRANSLATE_NOOP("page", "fails when {limit}"),
    QT_TRANSLATE_NOOP("page", "warns at {limit}"),
    QT_TRANSLATE_NOOP("page", "fails at {limit}"),
    QT_TRANSLATE_NOOP("page", "yes"),
    QT_TRANSLATE_NOOP("page", "no"),
    QT_TRANSLATE_NOOP("page", "none"),
    QT_TRANSLATE_NOOP("page", "unknown"),
    QT_TRANSLATE_NOOP("page", "Beside this machine's last {runs} runs"),
    QT_TRANSLATE_NOOP("page", "now"),
    QT_TRANSLATE_NOOP("page", "usual (median)"),
    QT_TRANSLATE_NOOP("page", "difference"),
    QT_TRANSLATE_NOOP("page", "Devices"),
    QT_TRANSLATE_NOOP("page", "Network and what is recommended"),
    QT_TRANSLATE_NOOP("page", "Computer and program"),
    QT_TRANSLATE_NOOP("page", "Taken out before it was written: {what}."),
    QT_TRANSLATE_NOOP("page", "nothing"),
    QT_TRANSLATE_NOOP("page", "Measured over time"),
    QT_TRANSLATE_NOOP("page", "Round trips to the service"),
    QT_TRANSLATE_NOOP("page", "Microphone level"),
    QT_TRANSLATE_NOOP("page", "Brightness of the picture (luma)"),
    QT_TRANSLATE_NOOP("page", "Pictures a second"),
    QT_TRANSLATE_NOOP("page", "Upload of the trial call"),
    QT_TRANSLATE_NOOP("page", "Download of the trial call"),
    QT_TRANSLATE_NOOP("page", "How long each stage took"),
    QT_TRANSLATE_NOOP("page", "samples"),
    QT_TRANSLATE_NOOP("page", "limit {limit}"),
    QT_TRANSLATE_NOOP("page", "{low} to {high}"),
    QT_TRANSLATE_NOOP("page", "{count} stages"),
    QT_TRANSLATE_NOOP("page", "{time} since the start"),
)
"""Every text of the page itself; a test holds them against its source."""


def page_words(language: str) -> PageWords:
    """Return the words of a page in the language that is installed; English as it always was.

    Args:
        language: its code, e.g. ``fr``.
    """
    if language == ENGLISH.language:
        return ENGLISH
    return PageWords(
        language=language,
        text=lambda text: QCoreApplication.translate(_CONTEXT, text),
        title=title,
        remedy=remedy,
        figure=figure_words,
        state=_state,
        limit=limit_words,
        group=lambda group: QCoreApplication.translate(_CONTEXT, group.value.capitalize()),
        ended=ended_words,
        stage=stage_name,
        value=value_name,
        fact=_fact,
        compared=figure_name,
        trend=_no_trend,
    )


def _fact(name: str) -> str:
    return fact_name(name) if name in FACTS else rule_name(name)


def _state(told: str, result: CheckResult) -> str:
    why = reason(result)
    if why and result.state in (CheckState.SKIPPED, CheckState.UNKNOWN):
        # Says itself that it was not measured.
        return why
    return f"{told} ({why})" if why else told


def _no_trend(_previous: Mapping[str, Any] | None) -> list[str]:
    """The table beside earlier runs says it, in figures."""
    return []
