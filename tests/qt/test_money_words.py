"""What a session costs and brings, in words: they follow the rules of product.md, "Plans and money"
and "The life of a session", and never promise what those do not."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from client_api.records import Summary
from client_api.wire import (
    ClockState,
    PayoutError,
    Role,
    SessionEnd,
    SessionEndReason,
    SessionStatus,
    Settlement,
    WorkState,
)
from desktop.viewmodels.call_bands import ABSENCE_CAP_S, PAUSE_AFTER_S
from desktop.viewmodels.call_state import (
    BILLABLE_FROM_S,
    CallPageState,
    OwnReconnecting,
)
from desktop.viewmodels.observable import Observable
from desktop.views.bill_view import BillView
from desktop.views.call_words import CallWords
from desktop.views.dialogs import ConfirmDialog
from desktop.views.earnings_view import EarningsView
from desktop.views.intake_view import IntakeView
from desktop.views.language import install_language
from desktop.views.past_row import PastRowView
from desktop.views.questions import ask_end_and_close
from desktop.views.widgets.pill import Pill
from liftbay_backend.domain.end_rules import BILLABLE_MINIMUM_SECONDS
from liftbay_backend.domain.presence import PresenceRules
from tests.fakes.call_page import CallStage
from tests.fakes.wire_samples import sample_clock
from tests.gallery import dashboard_pages, intake_pages, list_pages, summary_pages

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(autouse=True)
def _english(qapp: QApplication) -> None:
    install_language(qapp, QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


def texts(widget: QWidget) -> list[str]:
    labels = widget.findChildren(QLabel)
    return [one.text() for one in labels if one.text() and one.isVisibleTo(widget)]


def bill(qtbot: QtBot, summary: Summary | None) -> tuple[str, list[str]]:
    """Return the pill and the texts of a bill."""
    assert summary is not None
    view = BillView()
    qtbot.addWidget(view)
    view.render_summary(summary, is_settling=False)
    pill = view.findChild(Pill)
    assert isinstance(pill, Pill)
    return pill.text(), texts(view)


def payout(**changes: object) -> Summary:
    """Return a mechanic's summary whose settlement is changed."""
    mechanic = summary_pages.MECHANIC.summary
    assert mechanic is not None
    assert mechanic.settlement is not None
    return msgspec.structs.replace(
        mechanic, settlement=msgspec.structs.replace(mechanic.settlement, **changes)
    )


def call(role: Role, remaining_s: float, state: ClockState = ClockState.RUNNING) -> CallPageState:
    """Return what the page makes of an hour of which so much is left."""
    stage = CallStage(role)
    now = stage.clock.now()
    ends_at = (now + timedelta(seconds=remaining_s)).isoformat()
    stage.paid.apply(
        sample_clock(
            server_now=now.isoformat(),
            state=state.value,
            started_at=None if state is ClockState.NOT_STARTED else now.isoformat(),
            ends_at=ends_at if state is ClockState.RUNNING else None,
            remaining_seconds=remaining_s,
            total_seconds=3600,
        )
    )
    return stage.go_live()


def test_the_numbers_in_the_words_are_the_services() -> None:
    rules = PresenceRules()

    assert BILLABLE_FROM_S == BILLABLE_MINIMUM_SECONDS
    assert (rules.grace_seconds, rules.absence_cap_seconds) == (PAUSE_AFTER_S, ABSENCE_CAP_S)


# --- the bill -----------------------------------------------------------------------------------


def test_a_mechanic_without_a_payout_account_is_told_what_to_do(qtbot: QtBot) -> None:
    pill, said = bill(qtbot, summary_pages.NO_ACCOUNT.summary)

    assert pill == "Delayed"
    assert "Your payout account is missing: tell support. Nothing is lost." in said


@pytest.mark.parametrize("error", [PayoutError.DECLINED, PayoutError.PROVIDER_DOWN])
def test_other_money_that_does_not_move_is_tried_again(qtbot: QtBot, error: PayoutError) -> None:
    summary = payout(state=WorkState.FAILED, payout_state=WorkState.PENDING, payout_error=error)

    pill, said = bill(qtbot, summary)

    assert pill == "Delayed"
    assert "It did not go through. We try again by ourselves; nothing is lost." in said


def test_a_refund_that_does_not_move_delays_no_payout(qtbot: QtBot) -> None:
    """The settlement is failed for both, but what the mechanic gets has arrived."""
    pill, _ = bill(qtbot, payout(state=WorkState.FAILED))

    assert pill == "Paid out"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"started_at": None, "status": SessionStatus.CANCELLED},
            "The session did not take place.",
        ),
        ({"status": SessionStatus.CANCELLED}, "The session was too short to be paid."),
    ],
    ids=["not-started", "short"],
)
def test_no_payout_says_why(qtbot: QtBot, changes: dict[str, object], said: str) -> None:
    end = SessionEnd(SessionEndReason.CANCELLED, "customer", summary_pages.END, 20.0, False)
    summary = payout(payout_state=WorkState.NOT_DUE, payout_cents=0)

    pill, found = bill(qtbot, msgspec.structs.replace(summary, end=end, **changes))

    assert pill == "No payout"
    assert said in found


def test_a_refund_is_taken_off_what_was_paid(qtbot: QtBot) -> None:
    pill, said = bill(qtbot, summary_pages.REFUNDED.summary)

    assert pill == "Refunded"
    assert said[said.index("Refunded") + 1] == "−$49.99"
    assert said[said.index("You paid") + 1] == "$0.00"


@pytest.mark.parametrize(
    ("changes", "pill"),
    [
        ({}, "Paid"),
        ({"refunded_cents": 1499}, "Partly refunded"),
        ({"paid_cents": 0, "lines": ()}, "Nothing to pay"),
        (
            {
                "end": SessionEnd(
                    SessionEndReason.ENDED_BY_CUSTOMER, "customer", summary_pages.END, 20.0, False
                )
            },
            "Refund on its way",
        ),
        (
            {"settlement": Settlement(WorkState.FAILED, None, None, WorkState.DELIVERED, 0)},
            "Refund delayed",
        ),
    ],
    ids=["paid", "partly", "unpaid", "too-short", "delayed"],
)
def test_a_customer_reads_what_became_of_the_money(
    qtbot: QtBot, changes: dict[str, object], pill: str
) -> None:
    found, _ = bill(qtbot, msgspec.structs.replace(summary_pages.SUMMARY, **changes))

    assert found == pill


def test_a_refused_payout_is_not_on_its_way(qtbot: QtBot) -> None:
    view = EarningsView(Observable(list_pages.EARNED))
    qtbot.addWidget(view)
    row = PastRowView()
    qtbot.addWidget(row)
    row.render_row(replace(dashboard_pages.PAST[0], payout=WorkState.FAILED))

    states = [pill.text() for pill in view.findChildren(Pill)]
    past = row.findChild(Pill)

    assert states == ["Paid out", "On its way", "Delayed"]
    assert isinstance(past, Pill)
    assert past.text() == "Payout delayed"


def test_what_a_refund_takes_back_is_no_sum_to_be_paid_out(qtbot: QtBot) -> None:
    earnings = list_pages.EARNED.earnings
    assert earnings is not None
    owed, taken = (
        texts(EarningsView(Observable(replace(list_pages.EARNED, earnings=one))))
        for one in (
            msgspec.structs.replace(earnings, owed_cents=700),
            msgspec.structs.replace(earnings, owed_cents=-700),
        )
    )

    assert ("To be paid out" in owed, "To be taken back" in owed) == (True, False)
    assert ("To be paid out" in taken, "To be taken back" in taken) == (False, True)
    assert "$7.00" in owed
    assert "$7.00" in taken


# --- before it is lost --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "remaining_s", "state", "said"),
    [
        (Role.CUSTOMER, 3600, ClockState.NOT_STARTED, "You get everything back."),
        (
            Role.CUSTOMER,
            3541,
            ClockState.RUNNING,
            "In the first 60 seconds you get everything back; after them the unused time is not "
            "refunded.",
        ),
        (Role.CUSTOMER, 3540, ClockState.RUNNING, "The unused time is not refunded: 59 minutes."),
        (Role.CUSTOMER, 59, ClockState.RUNNING, ""),
        (
            Role.MECHANIC,
            3600,
            ClockState.NOT_STARTED,
            "Sam gets everything back, and you are not paid.",
        ),
        (
            Role.MECHANIC,
            3590,
            ClockState.RUNNING,
            "In the first 60 seconds Sam gets everything back, and you are not paid.",
        ),
        (
            Role.MECHANIC,
            119,
            ClockState.PAUSED,
            "Sam does not get the unused time refunded: 1 minute.",
        ),
    ],
)
def test_whoever_ends_a_session_reads_what_it_costs(
    qapp: QApplication, role: Role, remaining_s: int, state: ClockState, said: str
) -> None:
    other = "Dana" if role is Role.CUSTOMER else "Sam"

    words = CallWords().end_question(call(role, remaining_s, state))

    assert words == f"It ends for {other} too, and cannot be continued. {said}".strip()


@pytest.mark.parametrize(
    ("clock", "title", "costs"),
    [
        (ClockState.RUNNING, "End the session and close?", True),
        (ClockState.NOT_STARTED, "Leave the call and close?", False),
    ],
)
async def test_closing_the_window_says_what_it_ends(
    qtbot: QtBot, clock: ClockState, title: str, costs: bool
) -> None:
    """Before the start a closed window ends nothing, and nothing is refunded for it."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    state = call(Role.CUSTOMER, 1800, clock)
    asked = asyncio.ensure_future(ask_end_and_close(window, state))
    await asyncio.sleep(0)
    (dialog,) = window.findChildren(ConfirmDialog)
    said = dialog.accessibleDescription()

    dialog.reject()

    assert await asked is False
    assert dialog.windowTitle() == title
    assert ("The unused time is not refunded: 30 minutes." in said) is costs


def test_the_intake_says_from_when_on_a_session_costs_its_price(qtbot: QtBot) -> None:
    view = IntakeView(Observable(intake_pages.FILLED))
    qtbot.addWidget(view)

    assert any(
        "From 60 seconds on, a session costs the whole price, also when it ends early." in text
        for text in texts(view)
    )


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (ClockState.NOT_STARTED, "No paid time passes."),
        (
            ClockState.RUNNING,
            "Paid time stops 10 s after the drop; the session waits for 10 minutes",
        ),
        (ClockState.PAUSED, "Paid time is stopped; the session waits for 10 minutes"),
    ],
)
def test_whoever_drops_out_reads_when_paid_time_stops(
    qapp: QApplication, clock: ClockState, said: str
) -> None:
    state = call(Role.CUSTOMER, 1458, clock)

    band = CallWords().band(replace(state, band=OwnReconnecting(tries=1)))

    assert band is not None
    assert said in band.plain
