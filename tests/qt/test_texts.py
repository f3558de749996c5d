"""Every code has words, in every language: what happened, and what to do."""

import pytest
from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QApplication

from client_api.errors import ErrorCode, UnreachableReason
from client_api.wire import Role, SessionEndReason
from desktop.call.states import EndReason
from desktop.viewmodels.trouble import Trouble
from desktop.views.language import install_language
from desktop.views.phrases import Phrases, ago, cost_range, countdown, money
from desktop.views.texts import (
    CALL_ENDS,
    SESSION_ENDS,
    TROUBLES,
    call_end_words,
    session_end_words,
    trouble_code,
    trouble_words,
)
from tests.fakes.contract import fixture

US = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)


def contract_codes() -> list[str]:
    codes: list[str] = [entry["code"] for entry in fixture("errors")["codes"]]
    return codes


@pytest.mark.parametrize("code", contract_codes())
def test_every_code_of_the_contract_has_words(code: str) -> None:
    words = trouble_words(Trouble(ErrorCode(code)))

    assert words.headline.endswith(".")
    assert words.advice.endswith(".")


def test_every_way_to_fail_has_words() -> None:
    assert set(TROUBLES) == {*ErrorCode, *UnreachableReason, "broken_answer"}


def test_every_end_has_words() -> None:
    assert set(CALL_ENDS) == set(EndReason)
    assert set(SESSION_ENDS) == set(SessionEndReason)
    assert all(call_end_words(reason).headline for reason in EndReason)


def test_words_are_calm() -> None:
    every = [*TROUBLES.values(), *CALL_ENDS.values()]
    said = " ".join(f"{words.headline} {words.advice}" for words in every).lower()

    assert [word for word in ("!", "please", "oops", "sorry", "error") if word in said] == []


def test_my_own_end_is_told_as_mine() -> None:
    reason = SessionEndReason.ENDED_BY_CUSTOMER

    assert session_end_words(reason, Role.CUSTOMER) == "ended by you"
    assert session_end_words(reason, Role.MECHANIC) == "ended by the customer"


def test_support_gets_the_code_and_the_reference() -> None:
    trouble = Trouble(ErrorCode.SERVER_FAULT, reference="req-1")

    assert trouble_code(trouble) == "server.fault · req-1"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "just now"),
        (40, "40 s ago"),
        (180, "3 min ago"),
        (7200, "2 h ago"),
        (86400, "1 day ago"),
        (172800, "2 days ago"),
    ],
)
def test_ages_are_told_in_the_unit_that_matters(
    qapp: QApplication, seconds: int | None, words: str
) -> None:
    install_language(qapp, US)

    assert ago(seconds) == words


def test_money_follows_the_locale(qapp: QApplication) -> None:
    install_language(qapp, US)
    american = money(4999, "usd")
    install_language(qapp, QLocale(QLocale.Language.French, QLocale.Country.France))
    french = money(4999, "eur")
    install_language(qapp, US)

    assert american == "$49.99"
    assert french.replace("\u202f", " ").replace("\xa0", " ") == "49,99 €"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (12000, 18000, "$120 to $180"),
        (12000, None, "$120"),
        (None, 18000, "$180"),
        (12000, 12000, "$120"),
        (None, None, ""),
    ],
)
def test_a_cost_range_says_no_more_than_is_known(
    qapp: QApplication, low: int | None, high: int | None, words: str
) -> None:
    install_language(qapp, US)

    assert cost_range(low, high, "usd") == words


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59, "0:59"), (1867, "31:07"), (3667, "1:01:07"), (-5, "0:00")],
)
def test_a_countdown_reads_like_a_clock(seconds: int, shown: str) -> None:
    assert countdown(seconds) == shown


def test_plurals_follow_the_language(qapp: QApplication) -> None:
    install_language(qapp, US)
    english = [Phrases().minutes(count) for count in (0, 1, 2)]
    language = install_language(qapp, QLocale(QLocale.Language.French, QLocale.Country.France))
    french = [Phrases().minutes(count) for count in (0, 1, 2)]
    install_language(qapp, US)

    assert english == ["0 minutes", "1 minute", "2 minutes"]
    assert language == "fr"
    assert french == ["0 minute", "1 minute", "2 minutes"]


def test_a_language_without_a_translation_falls_back_to_english(qapp: QApplication) -> None:
    spoken = install_language(qapp, QLocale(QLocale.Language.Japanese))
    again = install_language(qapp, QLocale(QLocale.Language.C))

    assert (spoken, again) == ("en", "en")
    assert QLocale().name() == "en_US"
    assert QObject().tr("Untranslated") == "Untranslated"
