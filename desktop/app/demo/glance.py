"""What stands on one client's screen now, as a fact: read from its widgets and its call page.

For tests that drive a real client through the command lines of `client.py`. Like the watch, it
reports what a person could see, and nothing the service or the driver thinks.
"""

import time
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from desktop.app.program import Program
from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import Band, PeerLost
from desktop.views.call_view import CallView
from desktop.views.widgets.pill import Pill


def glance(program: Program) -> dict[str, Any]:
    """Return the page, its words and usable buttons, and the call while there is one.

    ``texts`` are all visible sentences, ``usable`` the object names of buttons that would do
    something if they were pressed now.
    """
    texts: list[str] = []
    usable: list[str] = []
    for widget in _visible_widgets():
        match widget:
            case QLabel():
                texts.append(widget.text())
            case Pill():
                texts.append(widget.accessibleName())
            case QAbstractButton() if widget.isEnabled() and widget.objectName():
                usable.append(widget.objectName())
            case _:
                pass
    return {
        "page": program.shell.state.value.page.name.lower(),
        "texts": [text for text in texts if text],
        "usable": sorted(set(usable)),
        "call": _call(program),
    }


def _visible_widgets() -> list[QWidget]:
    return [
        widget
        for window in QApplication.topLevelWidgets()
        if window.isVisible()
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
    ]


def _call(program: Program) -> dict[str, Any] | None:
    page = program.page.value
    if page is None or not isinstance(page.model, CallPage):
        return None
    state = page.model.state.value
    view = page.widget
    return {
        "phase": state.phase.value,
        "remote": state.remote.value,
        "band": None if state.band is None else type(state.band).__name__,
        "clock_stops_in_s": _clock_stops_in(state.band),
        **clock_reading(program),
        "painted": view.remote.painted_count if isinstance(view, CallView) else 0,
        "ended": None if state.ended is None else state.ended.value,
    }


def clock_reading(program: Program) -> dict[str, Any]:
    """Return the paid clock of the call page as it is computed at this moment.

    ``at_ns`` is ``time.monotonic_ns()``, which both clients of one machine share;
    ``remaining_s`` is None without a call.
    """
    page = program.page.value
    at_ns = time.monotonic_ns()
    if page is None or not isinstance(page.model, CallPage):
        return {"at_ns": at_ns, "remaining_s": None, "running": False}
    shown = page.model.state.value.clock
    return {
        "at_ns": at_ns,
        "remaining_s": program.call_parts().actor.server_clock.remaining_seconds(),
        "running": shown is not None and shown.running,
    }


def _clock_stops_in(band: Band | None) -> int | None:
    return band.clock_stops_in_s if isinstance(band, PeerLost) else None
