"""The media server itself refuses what the service signed: from the join to the words on the page.

The call's own actor, the real room and a real server; only the service is a fake, since the real
one signs with the server's key.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import msgspec
import pytest
from livekit import api
from pytestqt.qtbot import QtBot

from client_api.clock import SystemClock
from client_api.outbox import Outbox
from client_api.secret import Secret
from client_api.wire import AccountId, AttemptId, ReportId, Role, RoomTicket, SessionId
from desktop.call import events as ev
from desktop.call.actor import CallActor
from desktop.call.states import Ended, EndReason, InCall
from desktop.media.livekit_room import LiveKitRoom
from desktop.viewmodels.call_ended_page import CallEndedPage
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.shell import CallEnd, Page, Shell
from desktop.views.call_ended_view import CallEndedView
from desktop.views.widgets.button import Button
from desktop.views.widgets.text import Text
from tests.fakes.calls import NO_MEDIA, setup
from tests.fakes.intent_queue import FakeIntentQueue
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.service import FakeService
from tests.fakes.wire_samples import sample_me

PATIENCE_S = 30.0


@dataclass(slots=True)
class SigningService(FakeService):
    """Lets a test sign the room tokens."""

    url: str = ""
    sign: Callable[[], str] = lambda: ""
    tokens: list[str] = field(default_factory=list, repr=False)

    async def session_token(
        self, session: SessionId, *, report: ReportId | None, attempt: AttemptId
    ) -> RoomTicket:
        ticket = await FakeService.session_token(self, session, report=report, attempt=attempt)
        self.tokens.append(self.sign())
        return msgspec.structs.replace(ticket, url=self.url, token=Secret(self.tokens[-1]))


@dataclass(frozen=True, slots=True)
class Caller:
    """One person's call, up to its end."""

    service: SigningService
    actor: CallActor

    async def join(self) -> Ended:
        """Press *Join session* and return how the call ended."""
        self.actor.post(ev.JoinRequested(setup(media=NO_MEDIA)))
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(self.actor.state, Ended):
                await asyncio.sleep(0.02)
        return self.actor.state


@pytest.fixture
async def caller(server: LiveKitServer) -> AsyncIterator[Caller]:
    clock = SystemClock()
    service = SigningService(url=server.url)
    service.add_session()
    room = LiveKitRoom(
        clock=clock, camera_pictures=PictureMailbox(), screen_pictures=PictureMailbox()
    )
    outbox = Outbox(FakeIntentQueue(), service, clock)
    outbox.use(AccountId("customer-u-1"))
    outbox.start()
    actor = CallActor(room, service, outbox, clock)
    actor.start()
    yield Caller(service, actor)
    await actor.close()
    await outbox.close()
    await room.aclose()


@pytest.mark.parametrize("wrong", ["expired", "another key", "no token at all"])
async def test_a_token_the_media_server_refuses_ends_in_words_and_a_way_on(
    server: LiveKitServer,
    room: str,
    caller: Caller,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    forger = _signed_elsewhere(server, room)
    caller.service.sign = {
        # Older than the minute that the server forgives.
        "expired": lambda: server.token(room, "customer-1", ttl_s=-120),
        "another key": lambda: forger,
        "no token at all": lambda: "not-a-token",
    }[wrong]

    ended = await caller.join()

    assert ended.reason is EndReason.ROOM_REFUSED
    shell = Shell()
    shell.enter(sample_me(), Role.CUSTOMER)
    page = CallEndedPage(shell, setup().session, CallEnd(ended.reason, ended.code))
    view = CallEndedView(page.state)
    qtbot.addWidget(view)
    said = [text.text() for text in view.findChildren(Text)]
    assert "The call server did not let you in." in said
    assert "Go back to the dashboard and join again." in said
    again = view.findChild(Button, "call_ended_again")
    assert again is not None
    again.click()
    assert shell.state.value.page is Page.PREFLIGHT
    for token in caller.service.tokens:
        assert token not in caplog.text
        assert token not in repr(ended)


async def test_after_a_refused_token_the_next_good_one_opens_the_room(
    server: LiveKitServer, room: str, caller: Caller
) -> None:
    caller.service.sign = lambda: _signed_elsewhere(server, room)
    refused = await caller.join()
    caller.service.sign = lambda: server.token(room, "customer-1")

    caller.actor.post(ev.JoinRequested(setup(media=NO_MEDIA)))

    assert refused.reason is EndReason.ROOM_REFUSED
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(caller.actor.state, InCall):
            await asyncio.sleep(0.02)


def _signed_elsewhere(server: LiveKitServer, room: str) -> str:
    """Sign a good token with a key that the server does not hold."""
    grants = api.VideoGrants(room_join=True, room=room, can_publish=True, can_subscribe=True)
    token = api.AccessToken(server.key, "another-secret-of-32-characters-and-more")
    return token.with_identity("customer-1").with_grants(grants).to_jwt()
