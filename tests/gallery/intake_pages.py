"""The intake: empty, filled, with gaps, while it is sent, and when it failed."""

from dataclasses import replace

from client_api.errors import UnreachableReason
from client_api.wire import Plan, PlanOffer, SessionType
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.intake_page import IntakeField, IntakeState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page
from desktop.viewmodels.sign_in_page import FieldTrouble
from desktop.viewmodels.trouble import Trouble
from desktop.viewmodels.vin import VinDoubt
from desktop.views.intake_view import IntakeView
from tests.gallery.registry import GalleryPage
from tests.gallery.shells import nothing, under_header

PLANS = (
    PlanOffer(Plan.VIDEO15, SessionType.VIDEO, 45, 2999, "usd"),
    PlanOffer(Plan.DIAGNOSTIC, SessionType.VIDEO, 60, 4999, "usd"),
)
EMPTY = IntakeState(
    phase=Phase.READY,
    draft=((IntakeField.URGENCY, "soon"), (IntakeField.PLAN, "diagnostic")),
    plans=PLANS,
    chosen=PLANS[1],
    edit=nothing,
    submit=nothing,
    back=nothing,
)
FILLED = replace(
    EMPTY,
    draft=(
        (IntakeField.YEAR, "2016"),
        (IntakeField.MAKE, "Honda"),
        (IntakeField.MODEL, "Civic"),
        (IntakeField.VIN, "2HGFC2F59GH500002"),
        (IntakeField.ODOMETER, "88 000"),
        (IntakeField.CONCERN, "It squeals for a minute after a cold start, then stops."),
        (IntakeField.URGENCY, "soon"),
        (IntakeField.PLAN, "diagnostic"),
    ),
    vin_doubt=VinDoubt.CHECK_DIGIT,
)
GAPS = replace(
    EMPTY,
    troubles=(
        (IntakeField.YEAR, FieldTrouble.NOT_A_NUMBER),
        (IntakeField.MAKE, FieldTrouble.EMPTY),
        (IntakeField.CONCERN, FieldTrouble.TOO_SHORT),
    ),
)


def _page(name: str, state: IntakeState) -> GalleryPage:
    return GalleryPage(name, under_header(Page.INTAKE, lambda: IntakeView(Observable(state))))


INTAKE_PAGES: tuple[GalleryPage, ...] = (
    _page("intake-empty", EMPTY),
    _page("intake-filled", FILLED),
    _page("intake-gaps", GAPS),
    _page("intake-sending", replace(FILLED, is_busy=True, submit=None, edit=None)),
    _page("intake-lost", replace(FILLED, trouble=Trouble(UnreachableReason.TIMED_OUT))),
    _page("intake-checkout", replace(FILLED, checkout_url="https://pay.example/x", submit=None)),
    _page(
        "intake-failed",
        replace(
            EMPTY,
            phase=Phase.FAILED,
            plans=(),
            chosen=None,
            submit=None,
            trouble=Trouble(UnreachableReason.NO_CONNECTION),
            retry=nothing,
        ),
    ),
)
