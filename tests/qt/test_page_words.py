"""A report's page in the language of the program, by the same words as its windows."""

import ast
import asyncio
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from client_api.wire import SessionId
from desktop.app.page_language import words_in
from desktop.views.evidence_words import EVIDENCE
from desktop.views.fact_words import VALUES, value_name
from desktop.views.figure_words import FIGURES
from desktop.views.language import install_language, language_in_use
from desktop.views.page_words import PAGE_TEXTS, page_words
from desktop.views.reason_words import WHY_NOT
from preflight import checks
from preflight.model import CheckState, Group
from preflight.report.report import EndedBy, load_report
from preflight.support import page as page_module
from preflight.support import plots as plots_module
from preflight.support.command import Account, DiagnoseOptions, diagnose
from preflight.support.outputs import Output
from preflight.support.page import page
from preflight.support.page_words import ENGLISH
from preflight.verdicts.catalogue import BY_CODE
from scripts.translations import FOLDER
from tests.fakes.contract import fixture
from tests.fakes.devices import CAMERA, OTHER_CAMERA
from tests.unit.preflight.conftest import Bench, bench, no_proxy

__all__ = ["bench", "no_proxy"]  # fixtures of the preflight's tests


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
    said = {
        node.args[0].value
        for module in (page_module, plots_module)
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") == "say" or getattr(node.func, "attr", "") == "text")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert said
    assert said <= {str(text) for text in PAGE_TEXTS}


NAMES = {
    *("Liftbay", "LiveKit", "Qt", "OpenCV", "Python", "Linux", "Test"),
    *("UDP", "TCP", "TLS", "VPN", "MOS", "proxy", "MJPG", "IPv4", "IPv6"),
    *("udp", "tcp", "tls", "host", "prflx", "relay", "libvpx", "x86_64"),
    *("Garage camera", "Other camera", "Headset"),
}
"""Names of products, protocols, formats and of the devices of this run: the same in French."""
UNITS = {
    *("ms", "s", "dBFS", "dBm", "dB", "kbit/s", "Mbit/s"),
    *("px", "GB", "Hz", "fps", "%", "luma", "x"),
}
_IDENTIFIER = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def visible(html: str) -> list[str]:
    """Return every text that a person sees or has read out, without codes of checks."""
    body = re.sub(r"<code>.*?</code>", "", html.partition("<body>")[2])
    texts = re.split(r"<[^>]+>", body) + re.findall(r'aria-label="([^"]+)"', body)
    return [unescape(text).strip() for text in texts if text.strip()]


def pieces(text: str) -> set[str]:
    """Cut a text where the page has joined one: at names, values, limits and brackets."""
    cut = [text, *re.split(r"\s*[,;:()·]\s*|\s*[≥<=]\s*|\s\d+ x\s", text)]
    return {re.sub(r"^[\W_]+|[\s.]+$", "", piece) for piece in cut}


def english() -> set[str]:
    """Return what the page would say in English, where French says something else."""
    ts = ET.parse(Path(str(FOLDER)) / "liftbay_fr.ts").getroot()
    pairs = [
        (str(each.findtext("source")), str(each.findtext("translation")))
        for each in ts.iter("message")
    ]
    same = {source for source, french in pairs if source == french}
    return {source for source, _ in pairs} - same


def everything_at_once(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Make reports of one: as it was, all failed, all warned, and nothing measured for a reason."""
    yield report
    for state in ("failed", "warned"):
        yield {**report, "checks": [{**row, "state": state} for row in report["checks"]]}
    reasons = [*WHY_NOT, "deadline", "needs:camera.none", "check.internal", "a_new_reason"]
    for reason in reasons:
        rows = [{**row, "state": "unknown", "reason": reason} for row in report["checks"]]
        yield {**report, "checks": rows}
    for ended in ("joined", "cancelled", "deadline", "crash", None):
        yield {**report, "ended_by": ended}


async def test_no_text_of_the_french_page_is_english(
    bench: Bench, tmp_path: Path, french: None
) -> None:
    """Every check of a whole run, with all it measured, in every state."""
    bench.catalogue.camera_infos = (CAMERA, OTHER_CAMERA)
    options = DiagnoseOptions(output=Output(tmp_path / "r.json"))
    account = Account(bench.service, SessionId("s-1"), "customer")
    out = io.StringIO()
    work = asyncio.ensure_future(
        diagnose(bench.parts(), options, out=out, err=out, account=account)
    )
    await bench.clock.advance(90)
    await asyncio.wait_for(work, 30)
    report = load_report(tmp_path / "r.json")
    report["previous"] = fixture("report")["report"]["previous"]
    assert {row["code"] for row in report["checks"]} == set(BY_CODE)
    measured = {name for row in report["checks"] for name in row["measured"]}
    assert measured - set(FIGURES) - set(EVIDENCE) == set(), "as an English word of the program's"

    words = page_words(language_in_use())
    texts = {text for one in everything_at_once(report) for text in visible(page(one, words))}

    left = {piece for text in texts for piece in pieces(text)} - NAMES - UNITS
    assert left & english() == set()
    codes = re.compile("|".join(map(re.escape, BY_CODE)))
    raw = {word for text in texts for word in _IDENTIFIER.findall(codes.sub("", text))}
    assert raw - NAMES == set()
    assert left & {each.value for each in (*EndedBy, *Group, *CheckState)} == set()
    assert left & {word for word in VALUES if value_name(word) != word} == set()


def test_every_figure_of_a_check_has_a_name_for_people() -> None:
    """What a check gives as a figure in its own source is called something in both languages."""
    given = {
        key.value
        for path in (Path(str(checks.__file__)).parent).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
        if re.fullmatch(r"[a-z0-9_]+", key.value)
    }

    assert len(given) > 100
    assert given - set(FIGURES) - set(EVIDENCE) == set()
