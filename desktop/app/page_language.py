"""The words of a report's page for a command that has no window and no running application."""

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.views.language import install_language
from desktop.views.page_words import page_words
from preflight.support.page_words import PageWords

_kept: list[QCoreApplication] = []
"""Qt's words go with their application; PySide lets it go with the last reference."""


def words_in(language: str) -> PageWords:
    """Return the page's words.

    Args:
        language: as in the settings: ``system``, ``en``, ``fr``, or with a country.
    """
    wanted = QLocale.system() if language == "system" else QLocale(language)
    running = QCoreApplication.instance()
    if running is None:
        running = QCoreApplication([])
        _kept.append(running)
    return page_words(install_language(running, wanted))
