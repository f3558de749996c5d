"""The service beside a real LiveKit server, and people who really join its rooms."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from livekit import rtc
from sqlalchemy import select

from liftbay_backend.app import create_app
from liftbay_backend.db.models import PresenceRow
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.states import PresenceState
from liftbay_backend.rooms.ports import RoomService, session_room
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import passing_report
from tests.fakes.backend_service import BackendService, Caller, quick_passwords
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.rooms import FakeRooms
from tests.fakes.service_clock import FakeServiceClock

BACK_WITHIN_S = 40.0


@dataclass
class RealCall:
    """One accepted session of two people, and the rooms that they are in."""

    service: BackendService
    people: tuple[Caller, Caller]
    session_id: str
    rooms: list[rtc.Room] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The session's path."""
        return f"/api/sessions/{self.session_id}"

    async def begin(self) -> None:
        """Let both join, and start."""
        for one in self.people:
            await self.join(one)
        answer = await self.people[0].http.post(f"{self.path}/start", json={})
        assert answer.status_code == 200, answer.text

    async def join(self, caller: Caller) -> rtc.Room:
        """Go through a preflight whose probe really joins, and then into the room."""
        body = {"session_id": self.session_id}
        begun = (await caller.http.post("/api/preflight", json=body)).json()
        probe = rtc.Room()
        await probe.connect(begun["probe"]["url"], begun["probe"]["tokens"]["join"])
        report = passing_report(begun["nonce"])
        stored = await caller.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)
        await probe.disconnect()
        assert stored.json()["passed"] is True
        ticket = {"report_id": report["report_id"], "attempt": str(uuid.uuid4())}
        answer = await caller.http.post(f"{self.path}/token", json=ticket)
        assert answer.status_code == 200, answer.text
        room = rtc.Room()
        await room.connect(answer.json()["url"], answer.json()["token"])
        self.rooms.append(room)
        return room

    async def clock(self) -> dict[str, Any]:
        """Return the session's clock."""
        answer = await self.people[1].http.get(f"{self.path}/clock")
        found: dict[str, Any] = answer.json()
        return found

    async def states(self) -> list[PresenceState]:
        """Return both sides' presence as the service has booked it, the customer's first."""
        query = (
            select(PresenceRow.state)
            .where(PresenceRow.session_id == self.session_id)
            .order_by(PresenceRow.side)
        )
        async with self.service.core.database.reading() as db:
            return list((await db.execute(query)).scalars())

    async def wait_for(
        self, wanted: Sequence[PresenceState], within_s: float = BACK_WITHIN_S
    ) -> None:
        """Wait until the service has booked this."""
        async with asyncio.timeout(within_s):
            while await self.states() != list(wanted):
                await asyncio.sleep(0.1)

    async def wait_for_each_other(self, within_s: float = BACK_WITHIN_S) -> None:
        """Wait until both are connected and the media server has both in the room.

        What a client remembers of the other side is not enough: it outlives a server.
        """
        async with asyncio.timeout(within_s):
            while not await self._is_whole():
                await asyncio.sleep(0.1)

    async def _is_whole(self) -> bool:
        connected = rtc.ConnectionState.CONN_CONNECTED
        if not all(
            room.connection_state == connected and room.remote_participants for room in self.rooms
        ):
            return False
        rooms: RoomService = self.service.app.state.live.rooms
        people = await rooms.participants(session_room(SessionId(self.session_id)))
        return people is not None and len(people) == len(self.rooms)

    async def leave(self) -> None:
        """Take both out of the room."""
        for room in self.rooms:
            await room.disconnect()


@dataclass
class RealCalls:
    """A running service, its media server, and the sessions made on it."""

    service: BackendService
    server: LiveKitServer

    async def call(self) -> RealCall:
        """Return a new session of two new people, accepted."""
        people = (await self.service.customer(), await self.service.mechanic())
        session = await self.service.waiting_session(*people)
        return RealCall(self.service, people, session["id"])


@asynccontextmanager
async def real_calls(data_dir: Path, **changes: Any) -> AsyncIterator[RealCalls]:
    """Run both, with webhooks over a real socket; `changes` are more of the service's settings."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with LiveKitServer(webhook_url=f"http://127.0.0.1:{port}/api/livekit/webhook") as server:
        settings = Settings(
            data_dir=data_dir,
            livekit_url=server.url,
            livekit_api_key=server.key,
            livekit_api_secret=server.secret,  # type: ignore[arg-type]  # pydantic wraps it
            **changes,
        )
        app = create_app(settings, passwords=quick_passwords())
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
        web = uvicorn.Server(config)
        async with app.router.lifespan_context(app), AsyncExitStack() as stack:
            serving = app.state.core.tasks.spawn(web.serve(sockets=[listener]), name="web")
            clock = FakeServiceClock()
            yield RealCalls(BackendService(app, clock, FakeRooms(clock.now), stack), server)
            web.should_exit = True
            await serving
