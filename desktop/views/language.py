"""The program's language: words from the ``.ts`` files of ``resources``, numbers by the locale.

The translation source is read as it is, so no compiled file can be out of date. English has a
file too, for its plurals alone.
"""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator

from resources import loader

_Key = tuple[str, str]
_FALLBACK: Final = "en"


class TsTranslator(QTranslator):
    """Answers from one ``.ts`` file. Plural forms follow English and French, which have two."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._words, self._plurals = _read(loader.translation(language))

    @property
    def spoken(self) -> str:
        """The language's code, e.g. ``fr``."""
        return self._language

    def isEmpty(self) -> bool:
        return not self._words and not self._plurals

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the translation, or the source itself where there is none.

        An empty text would be taken for a translation: PySide cannot return Qt's null string.
        """
        key = (context, source)
        forms = self._plurals.get(key)
        if forms is None or n < 0:
            return self._words.get(key, source)
        # French counts nought as one, English as many.
        is_one = n in (0, 1) if self._language == "fr" else n == 1
        return forms[0 if is_one else 1]


def language_in_use() -> str:
    """Return the code of the language that is installed; English where none is."""
    app = QCoreApplication.instance()
    found = [] if app is None else app.findChildren(TsTranslator)
    return found[-1].spoken if found else _FALLBACK


def install_language(app: QCoreApplication, wanted: QLocale) -> str:
    """Speak the language of ``wanted`` where there is a translation, else English.

    Returns:
        The code of the language in use. Numbers and dates follow ``wanted`` in any case, except
        for the locale C, which nobody reads: it is taken for American English.
    """
    if wanted.language() == QLocale.Language.C:
        wanted = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    QLocale.setDefault(wanted)
    code = wanted.name().partition("_")[0]
    language = code if code in loader.languages() else _FALLBACK
    for old in app.findChildren(TsTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    app.installTranslator(TsTranslator(language, app))
    return language


def _read(source: str) -> tuple[Mapping[_Key, str], Mapping[_Key, tuple[str, str]]]:
    words: dict[_Key, str] = {}
    plurals: dict[_Key, tuple[str, str]] = {}
    for context in ElementTree.fromstring(source).iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            key = (name, message.findtext("source", ""))
            translation = message.find("translation")
            if translation is None or translation.get("type") in ("vanished", "obsolete"):
                continue
            forms = [form.text or "" for form in translation.iter("numerusform")]
            if len(forms) == 2 and all(forms):
                plurals[key] = (forms[0], forms[1])
            elif translation.text and not forms:
                words[key] = translation.text
    return words, plurals
