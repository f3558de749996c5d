"""History and earnings: full, empty, and when they failed."""

from dataclasses import replace
from datetime import UTC, datetime

from client_api.errors import ErrorCode
from client_api.records import EarningRow, Earnings
from client_api.wire import Role, SessionId, WorkState
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.earnings_page import EarningsState
from desktop.viewmodels.history_page import HistoryState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page
from desktop.viewmodels.trouble import Trouble
from desktop.views.earnings_view import EarningsView
from desktop.views.history_view import HistoryView
from tests.gallery.dashboard_pages import CIVIC, PAST
from tests.gallery.registry import GalleryPage
from tests.gallery.shells import nothing, under_header

ENDED = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
FULL = HistoryState(phase=Phase.READY, rows=PAST, more=nothing)
EARNED = EarningsState(
    phase=Phase.READY,
    earnings=Earnings(
        currency="usd",
        settled_cents=5598,
        owed_cents=2798,
        sessions=(
            EarningRow(SessionId("s-1"), "Sam Okafor", CIVIC, ENDED, 2460.0, 3499, WorkState.PAID),
            EarningRow(SessionId("s-2"), "Lee Fontaine", CIVIC, ENDED, 1200.0, 699, WorkState.OWED),
            EarningRow(SessionId("s-3"), "Ines Prado", CIVIC, ENDED, 900.0, 2099, WorkState.FAILED),
        ),
    ),
)
NOTHING_EARNED = EarningsState(phase=Phase.READY, earnings=Earnings("usd", 0, 0, ()))


def _history(name: str, state: HistoryState) -> GalleryPage:
    make = under_header(
        Page.HISTORY,
        lambda: HistoryView(Observable(state), search=nothing),
        role=Role.MECHANIC,
        name="Dana Roy",
    )
    return GalleryPage(name, make)


def _earnings(name: str, state: EarningsState) -> GalleryPage:
    make = under_header(
        Page.EARNINGS,
        lambda: EarningsView(Observable(state)),
        role=Role.MECHANIC,
        name="Dana Roy",
    )
    return GalleryPage(name, make)


LIST_PAGES: tuple[GalleryPage, ...] = (
    _history("history-full", FULL),
    _history("history-nothing-found", replace(FULL, rows=(), query="zzz", more=None)),
    _history(
        "history-failed",
        HistoryState(
            phase=Phase.FAILED, trouble=Trouble(ErrorCode.SERVER_UNAVAILABLE), retry=nothing
        ),
    ),
    _earnings("earnings-full", EARNED),
    _earnings("earnings-empty", NOTHING_EARNED),
)
