"""Puts the program together: the only place that knows both a port and its adapter."""

from PySide6.QtWidgets import QApplication

from client_api.wire import SessionId
from desktop.app.adapters import Adapters
from desktop.app.profile import Profile
from desktop.app.program import Program
from desktop.app.settings import Settings


def build_app(
    application: QApplication,
    profile: Profile,
    settings: Settings,
    adapters: Adapters,
    *,
    session: SessionId | None = None,
) -> Program:
    """Return the program, ready to ``run`` on the loop that is current now.

    Args:
        adapters: the real ones (`adapters.real_adapters`) or a test's fakes.
        session: open this session's preflight once somebody is signed in.
    """
    return Program(application, profile, settings, adapters, session=session)
