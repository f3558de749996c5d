"""A report's page in the language of the program, by the same words as its windows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from desktop.app.page_language import words_in
from desktop.views.language import install_language, language_in_use
from desktop.views.page_words import PAGE_TEXTS, page_words
from preflight.support import page as page_module
from preflight.support.page import page
from preflight.support.page_words import ENGLISH
from tests.fakes.contract import fixture


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    install_language(qapp, QLocale("fr_CA"))
    yield
    install_language(qapp, QLocale("en_US"))


def test_a_page_speaks_the_language_of_the_program(french: None) -> None:
    report = fixture("report")["report"]
    black = next(row for row in report["checks"] if row["code"] == "camera.black")
    black["state"] = "failed"

    text = page(report, page_words(language_in_use()))

    assert '<html lang="fr">' in text
    assert "Pas prêt pour un appel\u00a0: C07 (camera.black)" in text
    assert "L’image est noire" in text
    assert "À regarder" in text
    for english in ("Devices", "What to look at", "Round trips", "warns at", ">passed<", "yes"):
        assert english not in text.partition("<body>")[2], english
    assert all(f"{row['no']} {row['code']}" in text for row in report["checks"])


def test_in_english_a_page_is_as_it_was(qapp: QApplication) -> None:
    report = fixture("report")["report"]

    assert words_in("en_GB") is ENGLISH
    assert page(report, words_in("en")) == page(report)


def test_the_command_speaks_the_language_of_the_settings(french: None) -> None:
    assert words_in("fr").language == "fr"
    assert words_in("fr").text("Devices") == "Appareils"


def test_every_text_of_the_page_can_be_translated() -> None:
    tree = ast.parse(Path(str(page_module.__file__)).read_text("utf-8"))
    said = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") == "say" or getattr(node.func, "attr", "") == "text")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert said
    assert said <= {str(text) for text in PAGE_TEXTS}
