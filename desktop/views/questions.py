"""Questions that the program asks before it does something that cannot be undone."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from client_api.wire import Role
from desktop.viewmodels.call_state import CallPageState
from desktop.viewmodels.support_panel import ParcelKind
from desktop.views.call_words import CallWords
from desktop.views.dialogs import ask_save_path, confirm


async def ask_cancel(parent: QWidget | None, role: Role) -> bool:
    """Ask whether to call a session off (a customer) or to give it back (a mechanic)."""
    if role is Role.MECHANIC:
        return await confirm(
            parent,
            title=QCoreApplication.translate("questions", "Give this session back?"),
            text=QCoreApplication.translate(
                "questions", "The customer is told and gets everything back."
            ),
            action=QCoreApplication.translate("questions", "Give back"),
            back=QCoreApplication.translate("questions", "Keep it"),
            destructive=True,
        )
    return await confirm(
        parent,
        title=QCoreApplication.translate("questions", "Cancel this session?"),
        text=QCoreApplication.translate("questions", "You get back everything you paid."),
        action=QCoreApplication.translate("questions", "Cancel session"),
        back=QCoreApplication.translate("questions", "Keep it"),
        destructive=True,
    )


async def ask_end_and_close(parent: QWidget | None, call: CallPageState) -> bool:
    """Ask whether to close the window over a call; from the start on that ends the session."""
    if call.clock is None or not call.clock.started:
        return await confirm(
            parent,
            title=QCoreApplication.translate("questions", "Leave the call and close?"),
            text=QCoreApplication.translate(
                "questions",
                "The session is not ended: you can come back to it from your dashboard.",
            ),
            action=QCoreApplication.translate("questions", "Leave and close"),
            back=QCoreApplication.translate("questions", "Stay"),
        )
    ends = QCoreApplication.translate("questions", "The session ends for both of you.")
    return await confirm(
        parent,
        title=QCoreApplication.translate("questions", "End the session and close?"),
        text=f"{ends} {CallWords().end_costs(call)}".strip(),
        action=QCoreApplication.translate("questions", "End session"),
        back=QCoreApplication.translate("questions", "Stay"),
        destructive=True,
    )


async def ask_report_path(parent: QWidget | None, suggestion: str) -> Path | None:
    """Ask where the session's report goes; None when the user thought better of it."""
    title = QCoreApplication.translate("questions", "Save report")
    return await ask_save_path(parent, title=title, suggestion=suggestion)


async def ask_diagnosis_path(
    parent: QWidget | None, kind: ParcelKind, suggestion: str
) -> Path | None:
    """Ask where a file of a diagnosis goes; None when the user thought better of it."""
    match kind:
        case ParcelKind.PAGE:
            title = QCoreApplication.translate("questions", "Save page")
        case ParcelKind.BUNDLE:
            title = QCoreApplication.translate("questions", "Save bundle")
        case _:
            title = QCoreApplication.translate("questions", "Save report")
    return await ask_save_path(parent, title=title, suggestion=suggestion)
