"""Speaks a language straight from its ``.ts`` file, so that no compiled file has to be shipped.

Qt's own format is read once at start (some hundred texts); plurals follow the language's rule
as CLDR gives it for the languages we have.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable

from PySide6.QtCore import QObject, QTranslator

PLURALS: dict[str, Callable[[int], int]] = {
    # French counts 0 and 1 as one (CLDR plural rules, language "fr").
    "fr": lambda n: 0 if n in (0, 1) else 1,
}


class TsTranslator(QTranslator):
    """Answers ``tr()`` for one language; an unknown text stays as it stands in the code."""

    def __init__(self, language: str, source: str, parent: QObject | None = None) -> None:
        """Read ``source``, the XML of a ``.ts`` file.

        Raises:
            xml.etree.ElementTree.ParseError: it is not XML.
        """
        super().__init__(parent)
        self._plural = PLURALS.get(language, lambda n: 0 if n == 1 else 1)
        self._texts: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for context in ET.fromstring(source).iter("context"):
            name = context.findtext("name") or ""
            for message in context.iter("message"):
                self._take(name, message)

    def _take(self, context: str, message: ET.Element) -> None:
        found = message.find("translation")
        if found is None or found.get("type"):
            return
        forms = tuple(form.text or "" for form in found.iter("numerusform"))
        texts = forms or (found.text or "",)
        if all(texts):
            comment = message.findtext("comment") or ""
            self._texts[(context, message.findtext("source") or "", comment)] = texts

    def isEmpty(self) -> bool:
        return not self._texts

    def translate(
        self,
        context: bytes | str,
        sourceText: bytes | str,  # noqa: N803 - Qt's signature
        disambiguation: bytes | str | None = None,
        n: int = -1,
    ) -> str:
        key = (_text(context), _text(sourceText), _text(disambiguation or ""))
        forms = self._texts.get(key)
        if forms is None:
            # Qt takes an empty answer for "not mine" and asks the next translator.
            return ""
        return forms[min(self._plural(n), len(forms) - 1)] if n >= 0 else forms[0]


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
