"""Questions that the program asks before it does something that cannot be undone."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from client_api.wire import Role
from desktop.views.dialogs import confirm


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
