"""What stands before a preflight and after a call that ended otherwise, in every state."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from client_api.errors import ErrorCode, UnreachableReason
from desktop.call.states import EndReason
from desktop.viewmodels.call_ended_page import CallEndedState
from desktop.viewmodels.entrance_page import EntranceState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.trouble import Trouble
from desktop.views.call_ended_view import CallEndedView
from desktop.views.entrance_view import EntranceView
from tests.gallery.registry import GalleryPage
from tests.gallery.shells import nothing


def _entrance(state: EntranceState) -> Callable[[], QWidget]:
    return lambda: EntranceView(Observable(state), lambda _session: QWidget())


def _ended(reason: EndReason, code: ErrorCode | None = None) -> Callable[[], QWidget]:
    state = CallEndedState(reason, code, back=nothing, again=nothing)
    return lambda: CallEndedView(Observable(state))


ENTRANCE_PAGES = (
    GalleryPage("entrance-loading", _entrance(EntranceState(back=nothing))),
    GalleryPage(
        "entrance-ended",
        _entrance(
            EntranceState(
                trouble=Trouble(ErrorCode.SESSION_ENDED), back=nothing, see_summary=nothing
            )
        ),
    ),
    GalleryPage(
        "entrance-not-found",
        _entrance(EntranceState(trouble=Trouble(ErrorCode.SESSION_NOT_FOUND), back=nothing)),
    ),
    GalleryPage(
        "entrance-unreachable",
        _entrance(
            EntranceState(trouble=Trouble(UnreachableReason.TIMED_OUT), back=nothing, retry=nothing)
        ),
    ),
    *(
        GalleryPage(f"call-ended-{reason.value.replace('_', '-')}", _ended(reason))
        for reason in EndReason
    ),
    GalleryPage(
        "call-ended-refused-with-code",
        _ended(EndReason.SERVICE_REFUSED, ErrorCode.SESSION_NOT_PARTICIPANT),
    ),
)
