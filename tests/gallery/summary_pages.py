"""The summary for both roles, while it settles, rated, refunded, and when it failed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from client_api.errors import UnreachableReason
from client_api.records import Finding, Rating, Summary, SummaryLine, Upsell
from client_api.wire import (
    Counterpart,
    PayoutError,
    Role,
    SessionEnd,
    SessionEndReason,
    SessionId,
    SessionStatus,
    Settlement,
    Severity,
    WorkState,
)
from desktop.viewmodels.command import On
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page
from desktop.viewmodels.summary_page import PdfStage, RatingStage, SummaryState
from desktop.viewmodels.trouble import Trouble
from desktop.views.summary_view import SummaryView
from tests.gallery.dashboard_pages import CIVIC
from tests.gallery.registry import GalleryPage
from tests.gallery.shells import nothing, under_header

END = datetime(2026, 11, 22, 12, 31, tzinfo=UTC)
SUMMARY = Summary(
    session_id=SessionId("s-1"),
    status=SessionStatus.COMPLETED,
    my_role=Role.CUSTOMER,
    counterpart=Counterpart("Dana Roy", Role.MECHANIC),
    vehicle=CIVIC,
    concern="Squeal on cold start",
    started_at=END - timedelta(minutes=41),
    ended_at=END,
    duration_seconds=2460.0,
    end=SessionEnd(SessionEndReason.ENDED_BY_CUSTOMER, "customer", END, 2460.0, True),
    findings=(
        Finding(
            "Alternator belt worn",
            "Cracks on the inner ribs, squeal on cold start.",
            Severity.SOON,
            12000,
            18000,
        ),
        Finding(
            "Oil seep at valve cover",
            "Dry at the back. Check again in 5,000 km.",
            Severity.WATCH,
            None,
            None,
        ),
    ),
    notes_text="Ask three shops for a quote, and have the tensioner looked at too.",
    snapshots=(),
    files=(),
    lines=(SummaryLine("diagnostic", 60, 4999), SummaryLine("extension", 15, 1499)),
    paid_cents=6498,
    refunded_cents=0,
    currency="usd",
    mechanic_share_cents=None,
    rating=None,
    settlement=Settlement(WorkState.DONE, None, None, WorkState.DELIVERED, 1),
    upsells=(
        Upsell(
            "u-1",
            "belt_quotes",
            "Have the belt replaced near you",
            "Three quotes from shops within 20 km.",
            "Get three quotes",
        ),
    ),
)
CUSTOMER = SummaryState(
    phase=Phase.READY,
    summary=msgspec.structs.replace(SUMMARY, lines=SUMMARY.lines[:1], paid_cents=4999),
    stars=4,
    pick_star=tuple(On(nothing, number) for number in range(1, 6)),
    write_comment=nothing,
    send_rating=nothing,
    save_pdf=nothing,
    dashboard=nothing,
)
RATED = replace(
    CUSTOMER,
    summary=msgspec.structs.replace(SUMMARY, rating=Rating(4, "Clear and quick.")),
    comment="Clear and quick.",
    rating=RatingStage.SENT,
    pick_star=(),
    write_comment=None,
    send_rating=None,
    pdf=PdfStage.SAVED,
)
EARNED = msgspec.structs.replace(
    SUMMARY,
    my_role=Role.MECHANIC,
    counterpart=Counterpart("Sam Okafor", Role.CUSTOMER),
    mechanic_share_cents=4549,
    settlement=Settlement(WorkState.DONE, 4549, WorkState.PAID, WorkState.DELIVERED, 0),
    upsells=(),
)
MECHANIC = replace(CUSTOMER, summary=EARNED)
SETTLING = replace(
    MECHANIC,
    is_settling=True,
    summary=msgspec.structs.replace(
        SUMMARY, my_role=Role.MECHANIC, settlement=None, upsells=(), findings=(), notes_text=""
    ),
)
NO_ACCOUNT = replace(
    MECHANIC,
    summary=msgspec.structs.replace(
        EARNED,
        settlement=Settlement(
            WorkState.FAILED, 4549, WorkState.FAILED, WorkState.DELIVERED, 0, PayoutError.NO_ACCOUNT
        ),
    ),
)
REFUNDED = replace(
    CUSTOMER,
    summary=msgspec.structs.replace(
        SUMMARY,
        status=SessionStatus.UNATTENDED,
        counterpart=None,
        started_at=None,
        duration_seconds=0.0,
        end=SessionEnd(SessionEndReason.UNATTENDED, None, END, 0.0, False),
        findings=(),
        notes_text="",
        refunded_cents=4999,
        paid_cents=4999,
        lines=SUMMARY.lines[:1],
        upsells=(),
    ),
)


def _page(name: str, state: SummaryState) -> GalleryPage:
    is_mechanic = state.summary is not None and state.summary.my_role is Role.MECHANIC
    make = under_header(
        Page.SUMMARY,
        lambda: SummaryView(Observable(state)),
        role=Role.MECHANIC if is_mechanic else Role.CUSTOMER,
        name="Dana Roy" if is_mechanic else "Sam Okafor",
    )
    return GalleryPage(name, make)


SUMMARY_PAGES: tuple[GalleryPage, ...] = (
    _page("summary-customer", CUSTOMER),
    _page("summary-rated", RATED),
    _page("summary-mechanic", MECHANIC),
    _page("summary-settling", SETTLING),
    _page("summary-no-account", NO_ACCOUNT),
    _page("summary-refunded", REFUNDED),
    _page("summary-loading", SummaryState(dashboard=nothing)),
    _page(
        "summary-failed",
        SummaryState(
            phase=Phase.FAILED,
            trouble=Trouble(UnreachableReason.CONNECTION_LOST),
            dashboard=nothing,
            retry=nothing,
        ),
    ),
)
