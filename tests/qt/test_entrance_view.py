"""The entrance as it is seen: the page once the way is free, the refusal whenever it comes."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client_api.errors import ErrorCode
from desktop.viewmodels.entrance_page import EntranceState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.trouble import Trouble
from desktop.views.entrance_view import EntranceView
from tests.fakes.wire_samples import sample_session

FREE = EntranceState(session=sample_session())
OVER = EntranceState(trouble=Trouble(ErrorCode.SESSION_ENDED))


@pytest.mark.parametrize("turns_before", [0, 1, 99])
def test_a_refusal_stays_whether_the_page_has_arrived_or_not(
    qtbot: QtBot, turns_before: int
) -> None:
    waiting: list[Callable[[], None]] = []
    state = Observable(EntranceState())
    page = QWidget()
    view = EntranceView(state, lambda _: page, later=waiting.append)
    qtbot.addWidget(view)
    view.show()
    state.set(FREE)
    for _ in range(turns_before):
        if waiting:
            waiting.pop(0)()
    arrived = page.isVisible()

    state.set(OVER)
    while waiting:
        waiting.pop(0)()

    assert arrived is (turns_before == 99)
    assert not page.isVisible()
    back = view.findChild(QWidget, "entrance_back")
    assert back is not None
    assert back.isVisible()
