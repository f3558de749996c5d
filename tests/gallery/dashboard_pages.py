"""The dashboards in every state a person may meet."""

from dataclasses import replace

from client_api.errors import UnreachableReason
from client_api.wire import (
    PaymentStatus,
    Plan,
    ReadinessState,
    RequestId,
    Role,
    SessionEndReason,
    SessionId,
    SessionStatus,
    SessionType,
    Urgency,
    Vehicle,
    WorkState,
)
from desktop.viewmodels.command import On
from desktop.viewmodels.dashboard_state import (
    DashboardState,
    PastRow,
    Phase,
    RequestCard,
    SessionRow,
)
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page
from desktop.viewmodels.trouble import Trouble
from desktop.views.dashboard_view import DashboardView
from tests.gallery.registry import GalleryPage
from tests.gallery.shells import nothing, under_header

CIVIC = Vehicle(2016, "Honda", "Civic", vin="2HGFC2F59GH500001", odometer_km=88000)

WAITING = SessionRow(
    session=SessionId("s-1"),
    status=SessionStatus.WAITING,
    type=SessionType.VIDEO,
    my_role=Role.MECHANIC,
    name="Sam Okafor",
    vehicle=CIVIC,
    concern="squeal on cold start",
    plan=Plan.DIAGNOSTIC,
    minutes=60,
    payment=PaymentStatus.PAID,
    their_readiness=ReadinessState.READY,
    age_s=180,
    left_s=None,
    join=On(nothing, SessionId("s-1")),
    cancel=On(nothing, SessionId("s-1")),
)
LIVE = replace(
    WAITING,
    session=SessionId("s-2"),
    status=SessionStatus.LIVE,
    name="Lee Fontaine",
    vehicle=Vehicle(2019, "Ford", "F-150"),
    concern="brake warning light",
    plan=Plan.VIDEO15,
    minutes=45,
    their_readiness=ReadinessState.IN_CALL,
    age_s=1320,
    left_s=1867,
    cancel=None,
)
CHAT = replace(
    WAITING,
    session=SessionId("s-3"),
    type=SessionType.CHAT,
    plan=Plan.CHAT10,
    minutes=30,
    name="Ana Silva",
    vehicle=Vehicle(2012, "Toyota", "Corolla"),
    concern="which oil to buy",
    their_readiness=ReadinessState.ABSENT,
    join=None,
    cancel=None,
)
LOOKING = replace(
    WAITING,
    session=SessionId("s-4"),
    status=SessionStatus.PENDING,
    my_role=Role.CUSTOMER,
    name="",
    their_readiness=ReadinessState.ABSENT,
    age_s=40,
    join=None,
)
PAST = tuple(
    PastRow(
        session=SessionId(f"p-{number}"),
        status=status,
        reason=SessionEndReason.ENDED_BY_CUSTOMER,
        name=name,
        vehicle=car,
        ended_at_iso="2026-11-22T09:40:00+00:00",
        minutes=minutes,
        amount_cents=cents,
        currency="usd",
        payout=payout,
        payment=PaymentStatus.PAID,
        open=On(nothing, SessionId(f"p-{number}")),
    )
    for number, (status, name, car, minutes, cents, payout) in enumerate(
        [
            (
                SessionStatus.COMPLETED,
                "Ana Silva",
                Vehicle(2012, "Toyota", "Corolla"),
                42,
                2099,
                WorkState.PAID,
            ),
            (
                SessionStatus.COMPLETED,
                "Jon Berg",
                Vehicle(2018, "VW", "Golf"),
                28,
                699,
                WorkState.PENDING,
            ),
        ]
    )
)
URGENT = RequestCard(
    request=RequestId("r-1"),
    vehicle=Vehicle(2014, "Subaru", "Outback", vin="4S4BRCGC9E3200001", odometer_km=141000),
    concern="White smoke after ten minutes, temperature gauge climbs, sweet smell.",
    urgency=Urgency.NOW,
    plan=Plan.VIDEO15,
    type=SessionType.VIDEO,
    minutes=45,
    share_cents=2099,
    currency="usd",
    age_s=40,
    scheduled_for_iso=None,
    is_accepting=False,
    accept=On(nothing, RequestId("r-1")),
)
CALM = replace(
    URGENT,
    request=RequestId("r-2"),
    vehicle=Vehicle(2020, "Mazda", "CX-5"),
    concern="Grinding from the rear left when turning slowly.",
    urgency=Urgency.WHENEVER,
    plan=Plan.DIAGNOSTIC,
    minutes=60,
    share_cents=3499,
    age_s=120,
    accept=On(nothing, RequestId("r-2")),
)

MECHANIC = DashboardState(
    role=Role.MECHANIC,
    phase=Phase.READY,
    is_available=True,
    toggle_available=nothing,
    all_sessions=nothing,
)
BUSY = replace(MECHANIC, active=(WAITING, LIVE), past=PAST, requests=(URGENT, CALM))
CUSTOMER = DashboardState(
    role=Role.CUSTOMER,
    phase=Phase.READY,
    new_consultation=nothing,
    all_sessions=nothing,
)
CUSTOMER_PAST = tuple(replace(row, payout=None, name="Dana Roy", amount_cents=2999) for row in PAST)
MINE = replace(
    WAITING, my_role=Role.CUSTOMER, name="Dana Roy", their_readiness=ReadinessState.CHECKING
)


def _page(name: str, state: DashboardState) -> GalleryPage:
    who = "Dana Roy" if state.role is Role.MECHANIC else "Sam Okafor"
    make = under_header(
        Page.DASHBOARD, lambda: DashboardView(Observable(state)), role=state.role, name=who
    )
    return GalleryPage(name, make)


DASHBOARD_PAGES: tuple[GalleryPage, ...] = (
    _page("dashboard-mechanic-busy", BUSY),
    _page("dashboard-mechanic-empty", replace(MECHANIC, is_available=False)),
    _page("dashboard-mechanic-offline", replace(BUSY, is_offline=True, requests=(CALM,))),
    _page("dashboard-customer-waiting", replace(CUSTOMER, active=(MINE,), past=CUSTOMER_PAST)),
    _page("dashboard-customer-looking", replace(CUSTOMER, ahead=(LOOKING,), active=(CHAT,))),
    _page("dashboard-customer-empty", CUSTOMER),
    _page("dashboard-loading", replace(CUSTOMER, phase=Phase.LOADING)),
    _page(
        "dashboard-failed",
        replace(
            CUSTOMER,
            phase=Phase.FAILED,
            trouble=Trouble(UnreachableReason.TIMED_OUT),
            retry=nothing,
        ),
    ),
)
