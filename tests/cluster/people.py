"""The two people of the cluster's session: HTTP and streams through the balancer, real rooms."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from livekit import rtc

from tests.fakes.backend_calls import passing_report

SERVED_BY: Final = "x-served-by"
AGAIN_SECONDS: Final = 0.1
PATIENCE_SECONDS: Final = 60.0


@dataclass(slots=True)
class Told:
    """Events of one stream, in order.

    Attributes:
        by: the instance that serves the stream now; empty while there is none.
        events: number, kind, data and when it came (monotonic).
        breaks: how often the stream ended and was taken up again.
    """

    by: str = ""
    events: list[tuple[int, str, dict[str, Any], float]] = field(default_factory=list)
    breaks: int = 0

    def messages(self) -> dict[str, float]:
        """Return when each chat message came, by its client id."""
        return {
            data["message"]["client_id"]: at
            for _, kind, data, at in self.events
            if kind == "message"
        }

    def numbers(self) -> list[int]:
        """Return the events' numbers as they came."""
        return [number for number, _, _, _ in self.events]


class Person:
    """Somebody signed in through the balancer."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.path = ""
        self.room: rtc.Room | None = None
        self.attempt = str(uuid.uuid4())
        self.reconnects = 0

    async def sign_up(self, email: str, password: str) -> None:
        """Make a customer's account and sign in with it."""
        told = await self.post(
            "/auth/v1/signup",
            {"email": email, "password": password, "data": {"name": "Sam Okafor"}},
        )
        self.http.headers["Authorization"] = f"Bearer {told['access_token']}"

    async def sign_in_as_mechanic(self, email: str, password: str) -> None:
        """Take the mechanic's cookie."""
        await self.post("/api/mechanic/login", {"email": email, "password": password})

    async def preflight(self) -> str:
        """Run a preflight whose probe really joins; return the report's id."""
        session = self.path.rpartition("/")[2]
        begun = await self.post("/api/preflight", {"session_id": session})
        probe = rtc.Room()
        await probe.connect(begun["probe"]["url"], begun["probe"]["tokens"]["join"])
        report = passing_report(begun["nonce"])
        stored = await self.post(f"/api/preflight/{begun['run_id']}/report", report)
        await probe.disconnect()
        assert stored["passed"] is True, stored
        return str(report["report_id"])

    async def join(self, report_id: str | None) -> None:
        """Enter the session's room; a running session needs no report for that."""
        ticket = {"report_id": report_id, "attempt": self.attempt}
        answer = await self.post(f"{self.path}/token", ticket)
        self.room = rtc.Room()
        self.room.on("reconnected", self._came_back)
        await self.room.connect(answer["url"], answer["token"])

    async def say(self, text: str) -> tuple[str, str, float]:
        """Write in the chat; return its client id, who served it and when it was sent."""
        client_id = str(uuid.uuid4())
        sent_at = time.monotonic()
        answer = await self.http.post(
            f"{self.path}/messages", json={"client_id": client_id, "text": text}
        )
        assert answer.status_code == 201, answer.text
        return client_id, answer.headers[SERVED_BY], sent_at

    async def get(self, path: str) -> Any:
        """Return the decoded answer; anything but success is an error."""
        answer = await self.http.get(path)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Post and return the decoded answer; anything but success is an error."""
        answer = await self.http.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def stay_in(self) -> None:
        """Come back with a new token when the room has ended, as a call does; until cancelled."""
        while True:
            await asyncio.sleep(AGAIN_SECONDS)
            assert self.room is not None
            if self.room.connection_state == rtc.ConnectionState.CONN_DISCONNECTED:
                try:
                    await self.join(None)
                except (AssertionError, httpx.TransportError, rtc.ConnectError):
                    continue
                self.reconnects += 1

    def _came_back(self) -> None:
        self.reconnects += 1

    def sees_the_other(self) -> bool:
        """Whether somebody else is in the room as this client sees it."""
        return self.room is not None and bool(self.room.remote_participants)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Told]:
        """Follow the session's events, and take them up again where they stopped."""
        told = Told()
        task = asyncio.create_task(self._follow(told))
        try:
            await until(lambda: told.by != "", "the stream did not open")
            yield told
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _follow(self, told: Told) -> None:
        while True:
            headers = {"Accept": "text/event-stream"}
            if told.events:
                headers["Last-Event-ID"] = str(told.events[-1][0])
            try:
                async with self.http.stream(
                    "GET", f"{self.path}/events", headers=headers
                ) as answer:
                    if answer.is_success:
                        told.by = answer.headers[SERVED_BY]
                        await _read(answer, told)
            except httpx.TransportError:
                pass
            told.by = ""
            told.breaks += 1
            await asyncio.sleep(AGAIN_SECONDS)


async def _read(answer: httpx.Response, told: Told) -> None:
    number, kind = 0, ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            number = int(value)
        elif name == "event":
            kind = value
        elif name == "data":
            told.events.append((number, kind, json.loads(value), time.monotonic()))


async def until(holds: Any, complaint: str, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until something holds; return how long that took.

    Raises:
        AssertionError: it did not in time.
    """
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, f"{complaint} within {seconds:.0f} s"
        await asyncio.sleep(0.02)
    return time.monotonic() - begun
