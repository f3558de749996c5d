"""The pages around the call, used as a person uses them: with mouse and keys."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from client_api.errors import ErrorCode
from client_api.wire import RequestId, Role, SessionId
from desktop.viewmodels.command import On
from desktop.viewmodels.dashboard_state import (
    IgnoredSetting,
    News,
    NewsKind,
    RequestCard,
    Setting,
)
from desktop.viewmodels.intake_page import IntakeField
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page, ShellState
from desktop.viewmodels.sign_in_page import FieldTrouble
from desktop.viewmodels.summary_page import SummaryState
from desktop.viewmodels.trouble import Trouble
from desktop.views.dashboard_view import DashboardView
from desktop.views.history_view import HistoryView
from desktop.views.intake_view import IntakeView
from desktop.views.language import install_language
from desktop.views.shell_window import ShellWindow
from desktop.views.sign_in_view import SignInView
from desktop.views.sign_up_view import SignUpView
from desktop.views.summary_view import SummaryView
from desktop.views.theme import ThemeMode, apply_theme, dress
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button
from desktop.views.widgets.notice import NoticeHost
from tests.gallery import dashboard_pages, intake_pages, list_pages, pages, summary_pages

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
W = TypeVar("W", bound=QWidget)


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> None:
    install_language(qapp, QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    if qapp.property("liftbay_mode") is None:
        apply_theme(qapp, ThemeMode.LIGHT)


class Pressed:
    """Remembers what commands were called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def __call__(self, *what: object) -> None:
        self.calls.append(what)


def shown(qtbot: QtBot, widget: W) -> W:
    qtbot.addWidget(widget)
    dress(widget)
    widget.resize(1280, 800)
    widget.show()
    return widget


def find(widget: QWidget, kind: type[W], name: str) -> W:
    found = widget.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def click(widget: QWidget, name: str) -> None:
    QTest.mouseClick(find(widget, Button, name), Qt.MouseButton.LeftButton)


def test_signing_in_by_keyboard_alone(qtbot: QtBot) -> None:
    pressed = Pressed()
    view = shown(qtbot, SignInView(Observable(replace(pages.SIGN_IN, submit=pressed))))

    QTest.keyClicks(find(view, QLineEdit, "sign_in_email"), "sam@example.test")
    password = find(view, QLineEdit, "sign_in_password")
    QTest.keyClicks(password, "secret")
    QTest.keyClick(password, Qt.Key.Key_Return)

    assert pressed.calls == [("sam@example.test", "secret")]
    assert password.echoMode() == QLineEdit.EchoMode.Password


def test_choosing_the_mechanics_door(qtbot: QtBot) -> None:
    pressed = Pressed()
    view = shown(qtbot, SignInView(Observable(replace(pages.SIGN_IN, choose_role=pressed))))

    click(view, "sign_in_role_mechanic")

    assert pressed.calls == [(Role.MECHANIC,)]


def test_a_failed_sign_in_keeps_what_was_typed_and_says_why(qtbot: QtBot) -> None:
    state = Observable(pages.SIGN_IN)
    view = shown(qtbot, SignInView(state))
    email = find(view, QLineEdit, "sign_in_email")
    QTest.keyClicks(email, "sam@example.test")

    state.set(replace(pages.SIGN_IN, trouble=Trouble(ErrorCode.AUTH_INVALID_CREDENTIALS)))

    assert email.text() == "sam@example.test"
    assert find(view, Banner, "sign_in_banner").words().startswith("E-mail or password is wrong.")


def test_a_service_that_the_settings_name_in_vain_is_told_before_anybody_signs_in(
    qtbot: QtBot,
) -> None:
    state = Observable(pages.SIGN_IN_ELSEWHERE)
    view = shown(qtbot, SignInView(state))
    banner = find(view, Banner, "sign_in_banner")
    told = banner.words()

    state.set(replace(state.value, trouble=Trouble(ErrorCode.AUTH_INVALID_CREDENTIALS)))

    assert told.startswith("Your settings name no usable service.")
    assert "settings.service_unreadable" in told
    assert banner.words().startswith("E-mail or password is wrong.")


def test_signing_up_sends_the_three_fields(qtbot: QtBot) -> None:
    pressed = Pressed()
    view = shown(qtbot, SignUpView(Observable(replace(pages.SIGN_UP, submit=pressed))))

    for name, text in (("name", "Sam"), ("email", "sam@example.test"), ("password", "long one")):
        QTest.keyClicks(find(view, QLineEdit, f"sign_up_{name}"), text)
    click(view, "sign_up_submit")

    assert pressed.calls == [("Sam", "sam@example.test", "long one")]


def test_join_and_accept_are_one_click(qtbot: QtBot) -> None:
    joined, accepted = Pressed(), Pressed()
    row = replace(dashboard_pages.WAITING, join=On(joined, SessionId("s-1")))
    card = replace(dashboard_pages.URGENT, accept=On(accepted, RequestId("r-1")))
    state = replace(dashboard_pages.MECHANIC, active=(row,), requests=(card,))
    view = shown(qtbot, DashboardView(Observable(state)))

    click(view, "join_session")
    click(view, "accept_request")

    assert joined.calls == [("s-1",)]
    assert accepted.calls == [("r-1",)]


def test_a_new_request_takes_no_focus_and_is_told_once(qtbot: QtBot) -> None:
    quiet = replace(dashboard_pages.MECHANIC, active=(dashboard_pages.WAITING,))
    state = Observable(quiet)
    view = shown(qtbot, DashboardView(state))
    join = find(view, Button, "join_session")
    join.setFocus()
    news = News(1, NewsKind.NEW_REQUEST)

    state.set(replace(quiet, requests=(dashboard_pages.URGENT,), news=news))
    state.set(replace(quiet, requests=(dashboard_pages.URGENT,), news=news, is_offline=True))

    assert view.focusWidget() is join
    assert find_notices(view) == ("A new request came in.",)
    assert find(view, Banner, "offline_banner").isVisible()


def find_notices(view: QWidget) -> tuple[str, ...]:
    host = view.findChild(NoticeHost)
    assert isinstance(host, NoticeHost)
    return host.texts()


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (NewsKind.FASTER, "Another mechanic was faster"),
        (NewsKind.REQUEST_GONE, "no longer open"),
        (NewsKind.ACCEPTED_BY_ME, "Join Sam"),
        (NewsKind.MECHANIC_FOUND, "Sam takes your session"),
        (NewsKind.OTHER_SIDE_READY, "Sam is ready. Join when you are."),
        (NewsKind.NOT_DONE, "Too many tries."),
    ],
)
def test_news_are_told_in_words(qtbot: QtBot, kind: NewsKind, part: str) -> None:
    state = Observable(dashboard_pages.MECHANIC)
    view = shown(qtbot, DashboardView(state))
    trouble = Trouble(ErrorCode.RATE_LIMITED) if kind is NewsKind.NOT_DONE else None

    state.set(replace(dashboard_pages.MECHANIC, news=News(1, kind, "Sam", trouble)))

    assert part in find_notices(view)[0]


@pytest.mark.parametrize("setting", Setting)
def test_a_setting_that_was_left_out_is_told_with_its_code(qtbot: QtBot, setting: Setting) -> None:
    state = Observable(dashboard_pages.MECHANIC)
    view = shown(qtbot, DashboardView(state))
    ignored = IgnoredSetting(setting, "device.choice_pitch", "'tone:nan' is no pitch of a voice")

    news = News(1, NewsKind.SETTING_IGNORED, ignored=ignored)
    state.set(replace(dashboard_pages.MECHANIC, news=news))

    (told,) = find_notices(view)
    assert told.startswith("Your settings name no ")
    assert told.endswith("(device.choice_pitch)")


def test_details_unfold_and_stay_open_while_time_passes(qtbot: QtBot) -> None:
    state = Observable(dashboard_pages.BUSY)
    view = shown(qtbot, DashboardView(state))

    click(view, "request_details")
    older: tuple[RequestCard, ...] = tuple(
        replace(card, age_s=120) for card in dashboard_pages.BUSY.requests
    )
    state.set(replace(dashboard_pages.BUSY, requests=older))

    button = find(view, Button, "request_details")
    assert (button.isChecked(), button.text()) == (True, "Less")


def test_typing_in_the_intake_goes_out_at_once(qtbot: QtBot) -> None:
    pressed = Pressed()
    view = shown(qtbot, IntakeView(Observable(replace(intake_pages.EMPTY, edit=pressed))))

    QTest.keyClicks(find(view, QLineEdit, "intake_make"), "VW")
    QTest.keyClicks(find(view, QPlainTextEdit, "intake_concern"), "x")
    click(view, "intake_urgency_now")
    click(view, "intake_plan_video15")

    assert pressed.calls == [
        (IntakeField.MAKE, "V"),
        (IntakeField.MAKE, "VW"),
        (IntakeField.CONCERN, "x"),
        (IntakeField.URGENCY, "now"),
        (IntakeField.PLAN, "video15"),
    ]


def test_a_gap_gets_the_caret_when_sending_was_tried(qtbot: QtBot) -> None:
    state = Observable(intake_pages.FILLED)

    def submit() -> None:
        gap = ((IntakeField.MODEL, FieldTrouble.EMPTY),)
        state.set(replace(intake_pages.FILLED, troubles=gap, submit=submit))

    state.set(replace(intake_pages.FILLED, submit=submit))
    view = shown(qtbot, IntakeView(state))

    click(view, "intake_submit")

    held = view.focusWidget()
    assert isinstance(held, QWidget)
    assert held.objectName() == "intake_model"


def test_the_price_on_the_button_is_the_services(qtbot: QtBot) -> None:
    view = shown(qtbot, IntakeView(Observable(intake_pages.FILLED)))

    assert find(view, Button, "intake_submit").text() == "Pay $49.99 and send"


def test_stars_and_report_are_one_click(qtbot: QtBot) -> None:
    star, saved = Pressed(), Pressed()
    state = replace(
        summary_pages.CUSTOMER,
        pick_star=tuple(On(star, number) for number in range(1, 6)),
        save_pdf=saved,
    )
    view = shown(qtbot, SummaryView(Observable(state)))

    click(view, "rating_star_3")
    click(view, "save_report")

    assert star.calls == [(3,)]
    assert saved.calls == [()]
    assert find(view, Button, "rating_star_3").accessibleName() == "3 stars"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (summary_pages.REFUNDED, "The session did not take place, so nobody looked at the car."),
        (summary_pages.SETTLING, "Nothing was written down in this session."),
    ],
    ids=["not-held", "held"],
)
def test_a_summary_without_findings_says_why(qtbot: QtBot, state: SummaryState, said: str) -> None:
    view = shown(qtbot, SummaryView(Observable(state)))

    texts = [label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view)]

    assert said in texts


def test_a_comment_that_was_sent_is_no_longer_asked_for(qtbot: QtBot) -> None:
    view = shown(qtbot, SummaryView(Observable(summary_pages.RATED)))

    comment = find(view, QLineEdit, "rating_comment")

    assert comment.accessibleName() == "Your comment"
    assert comment.isReadOnly()


def test_searching_the_history_tells_every_change(qtbot: QtBot) -> None:
    pressed = Pressed()
    view = shown(qtbot, HistoryView(Observable(list_pages.FULL), search=pressed))

    QTest.keyClicks(find(view, QLineEdit, "history_search"), "vw")

    assert pressed.calls == [("v",), ("vw",)]


def window(
    qtbot: QtBot, state: Observable[ShellState], on_close: Callable[[], bool] | None = None
) -> tuple[ShellWindow, list[QWidget]]:
    made: list[QWidget] = []

    def make_page(_: ShellState) -> QWidget:
        made.append(QWidget())
        return made[-1]

    return shown(qtbot, ShellWindow(state, make_page, on_close=on_close)), made


def test_a_page_is_built_once_and_replaced_when_it_is_another(qtbot: QtBot) -> None:
    state = Observable(ShellState(Page.DASHBOARD, name="Sam Okafor"))
    shell, made = window(qtbot, state)

    state.set(ShellState(Page.DASHBOARD, name="Sam O."))
    same = len(made)
    state.set(ShellState(Page.PREFLIGHT, session=SessionId("s-1")))

    assert (same, len(made)) == (1, 2)
    assert shell.page() is made[1]


def test_the_header_leads_to_the_pages_and_is_gone_in_a_call(qtbot: QtBot) -> None:
    history, out = Pressed(), Pressed()
    state = Observable(
        ShellState(Page.DASHBOARD, go_dashboard=Pressed(), go_history=history, sign_out=out)
    )
    shell, _ = window(qtbot, state)

    click(shell, "nav_history")
    click(shell, "sign_out")
    state.set(ShellState(Page.CALL, session=SessionId("s-1")))

    assert (history.calls, out.calls) == ([()], [()])
    assert find(shell, Button, "nav_earnings").isHidden()
    assert not find(shell, Button, "nav_sessions").isVisible()


def test_diagnostics_are_in_the_header_with_a_key_and_a_name(qtbot: QtBot) -> None:
    run = Pressed()
    state = Observable(ShellState(Page.DASHBOARD, run_diagnostics=run))
    shell, _ = window(qtbot, state)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    button = find(shell, Button, "run_diagnostics")

    click(shell, "run_diagnostics")
    QTest.keyClick(shell, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)

    assert button.accessibleName().startswith("Run diagnostics")
    qtbot.waitUntil(lambda: run.calls == [(), ()])


def test_a_page_without_a_header_has_no_key_for_diagnostics(qtbot: QtBot) -> None:
    """A second preflight would take the devices from the first."""
    run = Pressed()
    state = Observable(ShellState(Page.PREFLIGHT, SessionId("s-1"), run_diagnostics=run))
    shell, _ = window(qtbot, state)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)

    QTest.keyClick(shell, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    # A key shows its button pressed for a tenth of a second before it counts.
    qtbot.wait(200)

    assert run.calls == []


@pytest.mark.parametrize("may_close", [True, False])
def test_closing_the_window_asks_the_program_first(qtbot: QtBot, may_close: bool) -> None:
    shell, _ = window(qtbot, Observable(ShellState(Page.CALL)), on_close=lambda: may_close)

    shell.close()

    assert shell.isVisible() is not may_close
    shell.hide()
