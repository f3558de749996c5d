"""Qt's permissions, asked from a thread that is not Qt's, on a Qt that the test answers for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread
from pytestqt.qtbot import QtBot

from preflight.system import qt_permission
from preflight.system.qt_permission import QtPermissions


class Application(QObject):
    """An application whose system never asked the person; they allow what they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[QThread] = set()
        self.word = "Undetermined"

    def checkPermission(self, _permission: object) -> Any:
        self.threads.add(QThread.currentThread())
        return SimpleNamespace(name=self.word)

    def requestPermission(self, permission: object, context: QObject, answer: Any) -> None:
        self.word = "Granted"
        given = SimpleNamespace(status=lambda: self.checkPermission(permission))
        answer(given)


@pytest.fixture
def application(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Application:
    made = Application()
    found = SimpleNamespace(instance=lambda: made)
    monkeypatch.setattr(qt_permission, "QCoreApplication", found)
    return made


def test_a_question_from_elsewhere_is_asked_on_qts_thread(
    application: Application, qtbot: QtBot
) -> None:
    qt = QtPermissions()
    with ThreadPoolExecutor(1) as elsewhere:
        before = elsewhere.submit(qt.status, "camera")
        qtbot.waitUntil(before.done)
        answered = elsewhere.submit(qt.request, "camera")
        qtbot.waitUntil(answered.done)

    words = (before.result(), answered.result(), qt.status("camera"))
    assert words == ("Undetermined", "Granted", "Granted")
    assert application.threads == {application.thread()}


def test_a_qt_thread_that_is_busy_is_not_waited_for(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qt_permission, "CHECK_WITHIN_S", 0.05)
    qt = QtPermissions()

    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(qt.status, "camera").result(timeout=2) == "Unknown"

    QCoreApplication.processEvents()


def test_without_an_application_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_permission, "QCoreApplication", SimpleNamespace(instance=lambda: None))

    assert QtPermissions().status("camera") == "Unknown"


def test_made_on_another_thread_it_answers_nothing_rather_than_on_the_wrong_one(
    application: Application,
) -> None:
    told: list[str] = []

    def elsewhere() -> None:
        told.append(QtPermissions().status("camera"))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert told == ["Unknown"]
    assert application.threads == set()
