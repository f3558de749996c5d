"""What has the big place on the call page."""

from dataclasses import replace

from desktop.call.states import Ended, EndReason, Rejoining, RejoinStage
from tests.fakes.call_page import PRESENT, CallStage, make_talk

SHARING = replace(PRESENT, screen_on=True)


def test_a_shared_screen_is_shown_while_the_call_lasts() -> None:
    stage = CallStage()

    assert stage.go_live(SHARING).shows_screen
    stage.page.on_call_state(Rejoining(make_talk(SHARING), RejoinStage.REPAIRING))
    assert stage.now().shows_screen, "a short repair must not swap the pictures"
    assert not stage.go_live().shows_screen
    stage.page.on_call_state(Ended(EndReason.SESSION_ENDED, make_talk(SHARING)))
    assert not stage.now().shows_screen
