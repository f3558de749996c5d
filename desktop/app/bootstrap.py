"""Puts the program together: the only place that knows both a port and its adapter."""

import logging

from PySide6.QtWidgets import QApplication

from client_api.wire import SessionId
from desktop.app.adapters import Adapters
from desktop.app.fit_settings import fit
from desktop.app.profile import Profile
from desktop.app.program import Program
from desktop.app.settings import Settings

_log = logging.getLogger(__name__)


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
        settings: from the settings file, a plan or a test; what cannot be used is left out.
        adapters: the real ones (`adapters.real_adapters`) or a test's fakes.
        session: open this session's preflight once somebody is signed in.
    """
    usable, ignored = fit(settings)
    for one in ignored:
        # Not what was written there: it may be a path of this person.
        _log.error("%s: the %s of the settings is left out", one.code, one.setting.value)
    return Program(application, profile, usable, adapters, session=session, ignored=ignored)
