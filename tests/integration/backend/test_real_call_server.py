"""The service beside a real LiveKit server: webhooks, looks, and a server that dies in mid-call."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from livekit import rtc
from sqlalchemy import select

from liftbay_backend.app import create_app
from liftbay_backend.db.models import PresenceRow, WebhookEventRow
from liftbay_backend.domain.states import PresenceState
from liftbay_backend.services.webhooks import PROVIDER
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import passing_report
from tests.fakes.backend_service import INTAKE, BackendService, Caller, quick_passwords
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.rooms import FakeRooms
from tests.fakes.service_clock import FakeServiceClock

BACK_WITHIN_S = 40.0

pytestmark = pytest.mark.timeout(150)


@dataclass
class Stage:
    """A running service, its media server, and one accepted session."""

    service: BackendService
    server: LiveKitServer
    people: tuple[Caller, Caller]
    path: str

    async def join(self, caller: Caller) -> rtc.Room:
        """Go through a preflight whose probe really joins, and then into the room."""
        session = self.path.rpartition("/")[2]
        body = {"session_id": session}
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
        return room

    async def states(self) -> list[PresenceState]:
        """Return both sides' presence as the service has booked it."""
        query = select(PresenceRow.state).order_by(PresenceRow.side)
        async with self.service.core.database.reading() as db:
            return list((await db.execute(query)).scalars())

    async def wait_for(self, wanted: list[PresenceState]) -> None:
        """Wait until the service has booked this."""
        async with asyncio.timeout(BACK_WITHIN_S):
            while await self.states() != wanted:
                await asyncio.sleep(0.1)


@asynccontextmanager
async def _stage(data_dir: Path) -> AsyncIterator[Stage]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with LiveKitServer(webhook_url=f"http://127.0.0.1:{port}/api/livekit/webhook") as server:
        settings = Settings(
            data_dir=data_dir,
            livekit_url=server.url,
            livekit_api_key=server.key,
            livekit_api_secret=server.secret,  # type: ignore[arg-type]  # pydantic wraps it
        )
        app = create_app(settings, passwords=quick_passwords())
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
        web = uvicorn.Server(config)
        async with app.router.lifespan_context(app):
            serving = app.state.core.tasks.spawn(web.serve(sockets=[listener]), name="web")
            async with _people(app, server) as stage:
                yield stage
            web.should_exit = True
            await serving


@asynccontextmanager
async def _people(app: FastAPI, server: LiveKitServer) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        clock = FakeServiceClock()
        service = BackendService(app, clock, FakeRooms(clock.now), stack)
        customer, mechanic = await service.customer(), await service.mechanic()
        made = await customer.http.post("/api/intake/start", json=INTAKE)
        session = made.json()["session"]
        accept = f"/api/mechanics/requests/{session['request_id']}/accept"
        assert (await mechanic.http.post(accept, json={})).status_code == 200
        path = f"/api/sessions/{session['id']}"
        yield Stage(service, server, (customer, mechanic), path)


async def test_a_call_server_that_dies_in_mid_call_loses_nobody(
    tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    """Both came with a report, were seen by webhook, and are back after the restart."""
    for engine_says in ("rtc_engine", "livekit_signaling", "livekit::"):
        expected_logs.allow(engine_says, may_stay_away=True)
    present, absent = PresenceState.PRESENT, PresenceState.ABSENT
    async with _stage(tmp_path) as stage:
        rooms = [await stage.join(one) for one in stage.people]
        started = await stage.people[0].http.post(f"{stage.path}/start", json={})
        seen_at_start = await stage.states()
        stage.server.kill()
        await asyncio.sleep(1.0)
        stage.server.start()
        await stage.wait_for([present, present])
        async with asyncio.timeout(BACK_WITHIN_S):
            while not all(room.remote_participants for room in rooms):
                await asyncio.sleep(0.1)
        clock = (await stage.people[1].http.get(f"{stage.path}/clock")).json()
        await rooms[1].disconnect()
        await stage.wait_for([present, absent])
        await rooms[0].disconnect()
        async with stage.service.core.database.reading() as db:
            query = select(WebhookEventRow.event_id).where(WebhookEventRow.provider == PROVIDER)
            webhooks = (await db.execute(query)).scalars().all()

    assert started.status_code == 200, started.text
    assert seen_at_start == [present, present]
    assert clock["state"] == "running"
    assert len(webhooks) >= 4
