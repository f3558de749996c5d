"""What support reads beside a report's figures: their names, differences and the verdict."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDateTime, QLocale

from desktop.viewmodels.find_report_page import EarlierRow, ShownReport
from desktop.views.figure_words import figure_words, limit_words, plain_value, with_unit
from desktop.views.theme import Tone
from preflight.memory.history import BY_NAME, TIMES_FROM_PERCENT
from preflight.model import CheckState
from preflight.support.reading import Compared, ReadCheck
from preflight.support.verdict import ExitCode
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.rules import deciding_figure

_CONTEXT: Final = "report"
_FIGURES: Final = {
    "rtt_median_ms": (QT_TRANSLATE_NOOP("report", "Answer time"), "ms"),
    "jitter_ms": (QT_TRANSLATE_NOOP("report", "Unevenness"), "ms"),
    "uplink_kbps": (QT_TRANSLATE_NOOP("report", "Upload"), "kbit/s"),
    "downlink_kbps": (QT_TRANSLATE_NOOP("report", "Download"), "kbit/s"),
    "loss_up_percent": (QT_TRANSLATE_NOOP("report", "Loss on the way up"), "%"),
    "fps": (QT_TRANSLATE_NOOP("report", "Pictures a second"), "fps"),
    "luma_mean": (QT_TRANSLATE_NOOP("report", "Brightness"), ""),
    "voice_dbfs": (QT_TRANSLATE_NOOP("report", "Voice"), "dBFS"),
}
_MOST_CODES = 8
_ENDED: Final = {
    "finished": QT_TRANSLATE_NOOP("report", "ran to its end"),
    "joined": QT_TRANSLATE_NOOP("report", "ended by joining"),
    "cancelled": QT_TRANSLATE_NOOP("report", "ended by the person"),
    "deadline": QT_TRANSLATE_NOOP("report", "ran out of time"),
    "crash": QT_TRANSLATE_NOOP("report", "broke off"),
}


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))


def figure_name(name: str) -> str:
    """Return what a compared figure is called."""
    return _tr(_FIGURES[name][0])


def figure_value(name: str, value: float | None) -> str:
    """Return a value with its unit; a dash where there is none."""
    if value is None:
        return "–"
    told = QLocale().toString(float(value), "f", 0 if abs(value) >= 100 else 1)
    return f"{told} {_FIGURES[name][1]}".strip()


def difference(one: Compared) -> str:
    """Return e.g. ``60 % below their usual``."""
    if one.percent is not None and one.percent >= TIMES_FROM_PERCENT:
        times = QLocale().toString(round(1 + one.percent / 100))
        return _tr(QT_TRANSLATE_NOOP("report", "{times} times their usual")).format(times=times)
    if one.percent is None:
        size = QLocale().toString(float(abs(one.change)), "f", 1)
        unit = "dB" if BY_NAME[one.name].is_level else _FIGURES[one.name][1]
        size = f"{size} {unit}".strip()
    else:
        size = f"{abs(one.percent)} %"
    if one.percent == 0 or one.change == 0:
        return _tr(QT_TRANSLATE_NOOP("report", "as usual"))
    if one.change < 0:
        return _tr(QT_TRANSLATE_NOOP("report", "{size} below their usual")).format(size=size)
    return _tr(QT_TRANSLATE_NOOP("report", "{size} above their usual")).format(size=size)


def telling_words(telling: tuple[Compared, ...]) -> str:
    """Return the differences worth a word in one line; empty without any."""
    told = [f"{figure_name(one.name)} {difference(one)}" for one in telling]
    return " · ".join(told)


def is_worse(one: Compared) -> bool:
    """Say whether a difference is for the worse."""
    return (one.change < 0) is BY_NAME[one.name].more_is_better


def verdict_words(shown: ShownReport) -> tuple[str, Tone, str]:
    """Return the verdict with its tone and icon."""
    verdict = shown.verdict
    if shown.from_session and shown.passed:
        return _tr(QT_TRANSLATE_NOOP("report", "May join")), Tone.OK, "check-circle"
    if verdict.code is ExitCode.FAILED or (shown.from_session and not shown.passed):
        return _tr(QT_TRANSLATE_NOOP("report", "Cannot join")), Tone.BAD, "cross-circle"
    if verdict.code is ExitCode.UNDECIDED:
        return _tr(QT_TRANSLATE_NOOP("report", "Not decided")), Tone.WARN, "question"
    if verdict.out_of_scope:
        words = QT_TRANSLATE_NOOP("report", "Nothing wrong was found")
        return _tr(words), Tone.OK, "check-circle"
    return _tr(QT_TRANSLATE_NOOP("report", "Ready for a call")), Tone.OK, "check-circle"


def in_the_way(shown: ShownReport) -> str:
    """Return what stands in the way, by number and code; empty when nothing does."""
    if shown.from_session:
        # The service's own verdict; the sender's states may say anything.
        codes = () if shown.passed else shown.blocking or shown.verdict.blocking
    else:
        codes = shown.verdict.blocking or shown.blocking
    if not codes:
        return ""
    words = QT_TRANSLATE_NOOP("report", "In the way: {codes}")
    return _tr(words).format(codes=numbered(codes))


def passed_words(run: EarlierRow) -> str:
    """Return whether an earlier run passed, and what was in the way when it did not."""
    if run.passed:
        return _tr(QT_TRANSLATE_NOOP("report", "passed"))
    if not run.blocking:
        return _tr(QT_TRANSLATE_NOOP("report", "did not pass"))
    words = QT_TRANSLATE_NOOP("report", "did not pass: {codes}")
    return _tr(words).format(codes=numbered(run.blocking))


def advised(shown: ShownReport) -> str:
    """Return what could be better, by number and code; empty when nothing could."""
    codes = shown.verdict.advised
    if not codes:
        return ""
    words = QT_TRANSLATE_NOOP("report", "Could be better: {codes}")
    return _tr(words).format(codes=numbered(codes))


def figures_line(check: ReadCheck) -> str:
    """Return the figures of a check, and for one that is not well where it warns and fails."""
    told = [figure_words(name, value) for name, value in check.result.measured.items()]
    is_bad = check.result.state in (CheckState.WARNED, CheckState.FAILED)
    return " · ".join([*told, *(_limits(check) if is_bad else ())])


def _limits(check: ReadCheck) -> Iterator[str]:
    warns = QT_TRANSLATE_NOOP("report", "warns at {limit}")
    fails = QT_TRANSLATE_NOOP("report", "fails at {limit}")
    warns_on = QT_TRANSLATE_NOOP("report", "warns on “{limit}”")
    fails_on = QT_TRANSLATE_NOOP("report", "fails on “{limit}”")
    row = BY_CODE.get(check.result.code)
    name = (None if row is None else deciding_figure(row.rules)) or ""
    for limit, at, on in ((check.warn, warns, warns_on), (check.fail, fails, fails_on)):
        match limit:
            case None:
                continue
            case bool():
                yield _tr(on).format(limit=plain_value(limit))
            case str():
                yield _tr(on).format(limit=limit_words(limit))
            case _:
                yield _tr(at).format(limit=with_unit(name, limit))


def numbered(codes: Sequence[str]) -> str:
    """Return codes with the number that is said over the phone, the first few of them."""
    rows = [(BY_CODE.get(code), code) for code in codes[:_MOST_CODES]]
    return ", ".join(code if row is None else f"{row.no} {code}" for row, code in rows)


def when_words(at: datetime) -> str:
    """Return a day and time by locale."""
    here = QDateTime.fromSecsSinceEpoch(round(at.timestamp()))
    return QLocale().toString(here, QLocale.FormatType.ShortFormat)


def ended_words(ended_by: str) -> str:
    """Return how a run ended; an unknown word as it is."""
    words = _ENDED.get(ended_by)
    return _tr(words) if words is not None else ended_by
