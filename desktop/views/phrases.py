"""Short phrases that several pages share: money, times, ages, vehicles, plans, statuses.

Numbers and dates follow the user's locale; every word goes through the translation.
"""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QObject, QTime

from client_api.wire import Plan, ReadinessState, Role, SessionType, Severity, Urgency, Vehicle
from desktop.viewmodels.sign_in_page import FieldTrouble
from desktop.views.theme import Tone

_SYMBOLS: Final = {"usd": "$", "eur": "€", "gbp": "£", "cad": "CA$", "chf": "CHF "}


class Phrases(QObject):
    """Has the phrases with a number in them: lupdate finds plurals in a QObject's ``tr`` only."""

    def minutes(self, count: int) -> str:
        """Return e.g. ``41 minutes``."""
        return self.tr("%n minute(s)", "", count)

    def min_ago(self, count: int) -> str:
        """Return e.g. ``3 min ago``."""
        return self.tr("%n min ago", "", count)

    def hours_ago(self, count: int) -> str:
        """Return e.g. ``2 h ago``."""
        return self.tr("%n h ago", "", count)

    def days_ago(self, count: int) -> str:
        """Return e.g. ``2 day(s) ago``."""
        return self.tr("%n day(s) ago", "", count)

    def seconds_ago(self, count: int) -> str:
        """Return e.g. ``40 s ago``."""
        return self.tr("%n s ago", "", count)


def money(cents: int, currency: str) -> str:
    """Return an amount by locale, e.g. ``$49.99``."""
    symbol = _SYMBOLS.get(currency.lower(), currency.upper() + " ")
    return QLocale().toCurrencyString(cents / 100, symbol, 2)


def cost_range(low_cents: int | None, high_cents: int | None, currency: str) -> str:
    """Return an estimate in whole units, e.g. ``$120 to $180``; empty when there is none."""
    symbol = _SYMBOLS.get(currency.lower(), currency.upper() + " ")

    def whole(cents: int) -> str:
        return QLocale().toCurrencyString(round(cents / 100), symbol, 0)

    if low_cents is None and high_cents is None:
        return ""
    if low_cents is None or high_cents is None or low_cents == high_cents:
        return whole(low_cents if low_cents is not None else high_cents or 0)
    words = QCoreApplication.translate("phrases", "{low} to {high}")
    return words.format(low=whole(low_cents), high=whole(high_cents))


def ago(seconds: int | None) -> str:
    """Return how long ago something was, e.g. ``3 min ago``; empty while unknown."""
    if seconds is None:
        return ""
    words = Phrases()
    if seconds < 10:
        return QCoreApplication.translate("phrases", "just now")
    if seconds < 60:
        return words.seconds_ago(seconds)
    if seconds < 3600:
        return words.min_ago(seconds // 60)
    if seconds < 86400:
        return words.hours_ago(seconds // 3600)
    return words.days_ago(seconds // 86400)


def countdown(seconds: int) -> str:
    """Return paid time left as ``31:07``, or ``1:01:07`` from an hour on."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def short_time(iso: str) -> str:
    """Return the local time of day of a moment, by locale."""
    moment = datetime.fromisoformat(iso).astimezone()
    time = QTime(moment.hour, moment.minute)
    return QLocale().toString(time, QLocale.FormatType.ShortFormat)


def short_day(iso: str) -> str:
    """Return the local date of a moment, by locale."""
    moment = datetime.fromisoformat(iso).astimezone()
    day = QDate(moment.year, moment.month, moment.day)
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)


def vehicle(car: Vehicle) -> str:
    """Return e.g. ``2016 Honda Civic``."""
    return f"{car.year} {car.make} {car.model}"


def plan(which: Plan, kind: SessionType) -> str:
    """Return a plan's name."""
    match which:
        case Plan.DIAGNOSTIC:
            return QCoreApplication.translate("phrases", "Diagnostic")
        case Plan.CHAT10:
            return QCoreApplication.translate("phrases", "Chat")
        case Plan.VIDEO15:
            return QCoreApplication.translate("phrases", "Video")
        case Plan.UNKNOWN:
            chat = kind is SessionType.CHAT
            return (
                QCoreApplication.translate("phrases", "Chat")
                if chat
                else QCoreApplication.translate("phrases", "Video")
            )


def plan_minutes(which: Plan, kind: SessionType, minutes: int) -> str:
    """Return e.g. ``Diagnostic, 60 min``."""
    words = QCoreApplication.translate("phrases", "{plan}, {minutes} min")
    return words.format(plan=plan(which, kind), minutes=QLocale().toString(minutes))


def urgency(which: Urgency) -> tuple[str, Tone]:
    """Return the word for an urgency and its tone."""
    match which:
        case Urgency.NOW:
            return QCoreApplication.translate("phrases", "Urgent"), Tone.BAD
        case Urgency.SOON:
            return QCoreApplication.translate("phrases", "Soon"), Tone.WARN
        case Urgency.WHENEVER | Urgency.UNKNOWN:
            return QCoreApplication.translate("phrases", "No hurry"), Tone.NEUTRAL


def severity(which: Severity) -> tuple[str, Tone, str]:
    """Return the word for a finding's severity, its tone and its icon."""
    match which:
        case Severity.NOW:
            return QCoreApplication.translate("phrases", "Now"), Tone.BAD, "warning"
        case Severity.SOON:
            return QCoreApplication.translate("phrases", "Soon"), Tone.WARN, "clock"
        case Severity.WATCH | Severity.UNKNOWN:
            return QCoreApplication.translate("phrases", "Watch"), Tone.NEUTRAL, "eye"
        case Severity.OK:
            return QCoreApplication.translate("phrases", "Fine"), Tone.OK, "check-circle"


def their_readiness(state: ReadinessState, their_role: Role) -> str:
    """Return what the other side is doing, as a part of a sentence; empty when nothing is known."""
    mechanic = their_role is Role.MECHANIC
    match state:
        case ReadinessState.READY:
            return (
                QCoreApplication.translate("phrases", "mechanic is ready")
                if mechanic
                else QCoreApplication.translate("phrases", "customer is ready")
            )
        case ReadinessState.CHECKING | ReadinessState.FIXING:
            return (
                QCoreApplication.translate("phrases", "mechanic is getting ready")
                if mechanic
                else QCoreApplication.translate("phrases", "customer is getting ready")
            )
        case ReadinessState.IN_CALL:
            return (
                QCoreApplication.translate("phrases", "mechanic is in the call")
                if mechanic
                else QCoreApplication.translate("phrases", "customer is in the call")
            )
        case _:
            return ""


def field_trouble(trouble: FieldTrouble | None) -> str:
    """Return what to do about a field; empty when all is well."""
    match trouble:
        case None:
            return ""
        case FieldTrouble.EMPTY:
            return QCoreApplication.translate("phrases", "Fill this in.")
        case FieldTrouble.NOT_AN_ADDRESS:
            return QCoreApplication.translate("phrases", "This is not an e-mail address.")
        case FieldTrouble.TOO_SHORT:
            return QCoreApplication.translate("phrases", "Write a little more.")
        case FieldTrouble.NOT_A_NUMBER:
            return QCoreApplication.translate("phrases", "Use digits only.")
        case FieldTrouble.OUT_OF_RANGE:
            return QCoreApplication.translate("phrases", "Check this number.")


def joined(*parts: str) -> str:
    """Join the parts that say something with a middle dot."""
    return " · ".join(part for part in parts if part)
