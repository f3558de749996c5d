"""The pages around the call: sign-in, sign-up, dashboards, intake, summary, history, earnings."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from client_api.errors import ErrorCode, UnreachableReason
from client_api.wire import Role
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page
from desktop.viewmodels.sign_in_page import FieldTrouble, SignInState
from desktop.viewmodels.sign_up_page import SignUpState
from desktop.viewmodels.trouble import Trouble
from desktop.views.sign_in_view import SignInView
from desktop.views.sign_up_view import SignUpView
from tests.gallery.dashboard_pages import DASHBOARD_PAGES
from tests.gallery.entrance_pages import ENTRANCE_PAGES
from tests.gallery.intake_pages import INTAKE_PAGES
from tests.gallery.list_pages import LIST_PAGES
from tests.gallery.registry import GalleryPage
from tests.gallery.report_pages import REPORT_PAGES
from tests.gallery.shells import alone, nothing
from tests.gallery.summary_pages import SUMMARY_PAGES

SIGN_IN = SignInState(
    submit=nothing, choose_role=nothing, create_account=nothing, run_diagnostics=nothing
)
SIGN_IN_REFUSED = SignInState(
    role=Role.MECHANIC,
    trouble=Trouble(ErrorCode.AUTH_INVALID_CREDENTIALS),
    submit=nothing,
    choose_role=nothing,
    run_diagnostics=nothing,
)
SIGN_IN_DOWN = SignInState(
    trouble=Trouble(UnreachableReason.NO_CONNECTION),
    email_trouble=FieldTrouble.NOT_AN_ADDRESS,
    submit=nothing,
    choose_role=nothing,
    create_account=nothing,
    run_diagnostics=nothing,
)
SIGN_IN_ELSEWHERE = replace(SIGN_IN, service_ignored="settings.service_unreadable")
SIGN_UP = SignUpState(password_trouble=FieldTrouble.TOO_SHORT, submit=nothing, back=nothing)


def _sign_in(state: SignInState) -> Callable[[], QWidget]:
    return alone(Page.SIGN_IN, lambda: SignInView(Observable(state)))


PAGES: tuple[GalleryPage, ...] = (
    GalleryPage("sign-in", _sign_in(SIGN_IN)),
    GalleryPage("sign-in-refused", _sign_in(SIGN_IN_REFUSED)),
    GalleryPage("sign-in-down", _sign_in(SIGN_IN_DOWN)),
    GalleryPage("sign-in-service-ignored", _sign_in(SIGN_IN_ELSEWHERE)),
    GalleryPage("sign-up", alone(Page.SIGN_UP, lambda: SignUpView(Observable(SIGN_UP)))),
    *DASHBOARD_PAGES,
    *INTAKE_PAGES,
    *SUMMARY_PAGES,
    *LIST_PAGES,
    *ENTRANCE_PAGES,
    *REPORT_PAGES,
)
