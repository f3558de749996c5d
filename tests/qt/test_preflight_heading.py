"""The line over the checks, as it is read."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from client_api.errors import ClientError, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.wire import Problem
from desktop.viewmodels.preflight_state import Heading, JoinHint, PreflightPageState
from preflight.support.verdict import ExitCode, Verdict
from tests.fakes.preflight_desk import progress
from tests.qt.preflight_screen import Stage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def _refused(code: ErrorCode) -> Refused:
    return Refused(Problem(code=code, title="refused", status=422))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            Unreachable(UnreachableReason.NO_CONNECTION, "no route"),
            "Your results could not be sent",
        ),
        (_refused(ErrorCode.PREFLIGHT_REQUIRED), "Your results were not accepted"),
        (_refused(ErrorCode.HANDOVER_FAILED), "The call could not be opened"),
    ],
)
def test_nobody_is_told_to_be_ready_whose_results_are_not_there(
    stage: Stage, error: ClientError, words: str
) -> None:
    stage.desk.say(progress())
    ready = stage.words("preflight_heading")

    stage.page.on_join_failed(error)

    assert ready == "You are ready"
    assert stage.words("preflight_heading") == words
    assert stage.words("join_hint") == "Not possible yet"


def test_each_heading_has_words_of_its_own(stage: Stage) -> None:
    """Every heading is brought about by a state, and no two of them read the same."""
    now = stage.page.state.value
    alone = replace(now, hint=JoinHint.NOT_OFFERED)
    found = Verdict(ExitCode.PASSED, (), (), ("net.room",))
    states: dict[Heading, PreflightPageState] = {
        state.heading: state
        for state in (
            now,
            *(replace(now, hint=hint) for hint in JoinHint),
            *(replace(alone, diagnosis=replace(found, code=code)) for code in ExitCode),
            replace(alone, diagnosis=replace(found, advised=("camera.black",))),
            replace(alone, diagnosis=replace(found, out_of_scope=())),
            *self_made_refusals(stage),
        )
    }
    assert set(states) == set(Heading)

    words = set()
    for state in states.values():
        stage.view.render_state(state)
        words.add(stage.words("preflight_heading"))

    assert len(words) == len(Heading)


def self_made_refusals(stage: Stage) -> list[PreflightPageState]:
    """The page after each kind of refusal."""
    made = []
    for error in (
        Unreachable(UnreachableReason.TIMED_OUT, "no answer"),
        _refused(ErrorCode.HANDOVER_FAILED),
        _refused(ErrorCode.PREFLIGHT_REQUIRED),
    ):
        stage.desk.say(progress())
        stage.page.on_join_failed(error)
        made.append(stage.page.state.value)
    return made
