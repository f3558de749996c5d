"""One live session: a customer and a mechanic, each sending what the desktop client sends.

The clock's poll and its batch of quality samples are the client's own numbers. Nobody knows how
much people write; `CHAT_EVERY_S` and `NOTES_EVERY_S` are meant as much for a call in which they
speak. What is refused because the service is busy is asked again as the client does: a question in
four tries, a change with the same key until it is done (`client_api` transport and outbox).
"""

import asyncio
import base64
import hashlib
import itertools
import json
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from livekit import api

from benchmarks.events import INTAKE
from benchmarks.load.ledger import Ledger
from benchmarks.load.wire import Answer, StreamRefused, Wire
from benchmarks.service import MEDIA_KEY, MEDIA_SECRET, Mechanic
from client_api.streams import wait_s
from client_api.transport import TRIES
from desktop.call.moves import CLOCK_POLL_S
from desktop.call.samples import A_BATCH

CHAT_EVERY_S: Final = 30.0
NOTES_EVERY_S: Final = 60.0
BEGIN_PATIENCE_S: Final = 120.0
"""How long a session may take to come to life where the service is busy."""
BUSY: Final = 503
_SAMPLE: Final = {
    **{"rtt_ms": 24.0, "loss_up_percent": 0.0, "loss_down_percent": 0.1, "jitter_ms": 3.2},
    **{"up_kbps": 1650.4, "down_kbps": 1610.7, "fps_sent": 30.0, "fps_received": 29.9},
    **{"width": 1280, "height": 720, "freezes": 0},
}
_FOUND: Final = "Front pads down to 2 mm, discs scored; replace both soon."


class NotBegun(Exception):
    """A session did not come to life."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who asks for help; `token` signs in."""

    id: str
    token: str


class Side:
    """One of the two clients."""

    def __init__(self, base: str, who: Customer | Mechanic, ledger: Ledger) -> None:
        self.is_mechanic = isinstance(who, Mechanic)
        if isinstance(who, Mechanic):
            self.identity = f"mechanic-{who.id}"
            signed = f"Cookie: aad_mech={who.cookie}\r\n"
        else:
            self.identity = f"customer-{who.id}"
            signed = f"Authorization: Bearer {who.token}\r\n"
        self.attempt = str(uuid.uuid4())
        self.wire = Wire(base, f"{signed}X-Liftbay-Client: load\r\n")
        self._ledger = ledger
        self._role = "mechanic" if self.is_mechanic else "customer"
        self._notes_version = 0
        self._saving = asyncio.Lock()

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        route: str,
        due: float | None = None,
        headers: str = "",
    ) -> Answer | None:
        """Send a request until it is answered, and note how long that took from `due` on.

        Returns:
            None for a fault, and for a question that was refused in all of the client's tries.
        """
        content = None if body is None else json.dumps(body).encode()
        began = time.perf_counter() if due is None else due
        is_change = method != "GET"
        if is_change:
            headers += f"Idempotency-Key: {uuid.uuid4()}\r\n"
        with self._ledger.change() if is_change else nullcontext():
            for tries in itertools.count(1):
                try:
                    answer = await self.wire.send(method, path, content, headers=headers)
                except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                    self._ledger.failed(route, type(error).__name__)
                    return None
                if answer.status < 400:
                    self._ledger.took(route, time.perf_counter() - began)
                    return answer
                if answer.status != BUSY or answer.retry_after_s is None:
                    self._ledger.failed(route, f"{answer.status} {answer.body[:120].decode()}")
                    return None
                self._ledger.refused(route)
                if tries % TRIES:
                    await asyncio.sleep(answer.retry_after_s)
                elif is_change:
                    await asyncio.sleep(wait_s(tries // TRIES - 1, random.Random()))
                else:
                    self._ledger.gave_up(route)
                    return None
        raise AssertionError("a count never ends")

    async def follow(self, path: str) -> None:
        """Hold the session's stream, and note which of the other's messages it brings."""
        for failures in itertools.count():
            try:
                await self._hear(path)
            except StreamRefused as refused:
                if refused.status == BUSY:
                    self._ledger.refused("GET /events")
                    await asyncio.sleep(wait_s(failures, random.Random()))
                    continue
                self._ledger.failed("GET /events", str(refused))
            except OSError as error:
                self._ledger.failed("GET /events", str(error) or type(error).__name__)
            else:
                self._ledger.failed("GET /events", "ended")
            return

    async def _hear(self, path: str) -> None:
        mine = f'"author":"{self._role}"'.encode()
        async with self.wire.stream(f"{path}/events") as events:
            async for data in events:
                if b'"client_id":"' in data and mine not in data:
                    self._ledger.heard(json.loads(data)["message"]["client_id"])

    async def poll(self, path: str, due: float) -> None:
        """Ask for the clock."""
        await self.ask("GET", f"{path}/clock", route="GET /clock", due=due)

    async def send_samples(self, path: str, due: float) -> None:
        """Send the batch that gathered, one sample a second."""
        now = datetime.now(UTC)
        ages = range(A_BATCH, 0, -1)
        samples = [{"at": (now - timedelta(seconds=age)).isoformat(), **_SAMPLE} for age in ages]
        body = {"attempt": self.attempt, "samples": samples}
        await self.ask("POST", f"{path}/quality", body, route="POST /quality", due=due)

    async def chat(self, path: str, due: float) -> None:
        """Write a message."""
        message = str(uuid.uuid4())
        body = {"client_id": message, "text": "Does it squeal when it is warm, too?"}
        self._ledger.said(message)
        await self.ask("POST", f"{path}/messages", body, route="POST /messages", due=due)

    async def take_notes(self, path: str, due: float) -> None:
        """Save the notes, as a pause in the mechanic's typing does; each builds on the last."""
        finding = {"title": "Brakes", "detail": _FOUND, "severity": "soon"}
        async with self._saving:
            answer = await self.ask(
                *("PUT", f"{path}/notes", {"findings": [finding], "text": "Squeal on cold start."}),
                route="PUT /notes",
                due=due,
                headers=f'If-Match: "{self._notes_version}"\r\n',
            )
            if answer is not None:
                self._notes_version = int(json.loads(answer.body)["version"])


class LiveSession:
    """Begun by `begin`; then it lives until its tasks are cancelled.

    It begins at rest: both sides hold their streams, and send nothing until `wake`.
    """

    def __init__(
        self, base: str, rooms: Wire, customer: Customer, mechanic: Mechanic, ledger: Ledger
    ) -> None:
        self._rooms = rooms
        self.sides = (Side(base, customer, ledger), Side(base, mechanic, ledger))
        self._path = ""
        self._awake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Ask, accept, enter and start, over HTTP and the media server's webhooks.

        Raises:
            NotBegun: one of the steps failed, or the service was busy for `BEGIN_PATIENCE_S`.
        """
        try:
            async with asyncio.timeout(BEGIN_PATIENCE_S):
                await self._begin()
        except TimeoutError:
            raise NotBegun("a session did not begin in time") from None

    async def _begin(self) -> None:
        customer, mechanic = self.sides
        asked = await customer.ask("POST", "/api/intake/start", INTAKE, route="POST /intake")
        session = _body(asked)["session"]
        path = f"/api/mechanics/requests/{session['request_id']}/accept"
        _body(await mechanic.ask("POST", path, {}, route="POST /accept"))
        self._path = f"/api/sessions/{session['id']}"
        room = f"session-{session['id']}"
        people = {
            side.identity: json.dumps({"role": "-", "attempt": side.attempt}) for side in self.sides
        }
        await self._rooms.send("PUT", f"/rooms/{room}", json.dumps(people).encode())
        for side in self.sides:
            await self._say_joined(room, side)
        for side in self.sides:
            started = await side.ask("POST", f"{self._path}/start", {}, route="POST /start")
            if _body(started)["status"] != "live":
                raise NotBegun(f"{self._path} is not live")

    def live(self, tasks: asyncio.TaskGroup) -> None:
        """Do what both clients do, whenever this session is awake, until `leave`."""
        self._tasks = self.listen(tasks)
        for side in self.sides:
            turns = [
                (CLOCK_POLL_S, side.poll),
                (float(A_BATCH), side.send_samples),
                (CHAT_EVERY_S, side.chat),
                *([(NOTES_EVERY_S, side.take_notes)] if side.is_mechanic else []),
            ]
            self._tasks += [tasks.create_task(self._every(*turn)) for turn in turns]

    def wake(self) -> None:
        """Begin to send, each kind at a moment of its own."""
        self._awake.set()

    def rest(self) -> None:
        """Send nothing new; what is under way goes on, and so do the streams."""
        self._awake.clear()

    def leave(self) -> None:
        """End everything that `live` began."""
        for task in self._tasks:
            task.cancel()

    async def end(self) -> str | None:
        """Press End as the mechanic; returns how far the settlement is, None for a fault."""
        body = {
            "reason": "ended_by_mechanic",
            "pressed_at": datetime.now(UTC).isoformat(),
            "attempt": self.sides[1].attempt,
        }
        answer = await self.sides[1].ask("POST", f"{self._path}/end", body, route="POST /end")
        return None if answer is None else str(_body(answer)["settlement"]["state"])

    def listen(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Hold both sides' streams until the tasks are cancelled."""
        return [tasks.create_task(side.follow(self._path)) for side in self.sides]

    async def ask_clock(self, side: int) -> None:
        """Ask for the clock once."""
        await self.sides[side].ask("GET", f"{self._path}/clock", route="GET /clock")

    async def send_quality(self, side: int) -> None:
        """Send one batch of samples."""
        await self.sides[side].send_samples(self._path, time.perf_counter())

    async def say(self, side: int) -> None:
        """Write one message."""
        await self.sides[side].chat(self._path, time.perf_counter())

    async def _say_joined(self, room: str, side: Side) -> None:
        event = {
            "event": "participant_joined",
            "id": f"EV_{uuid.uuid4()}",
            "createdAt": str(int(time.time())),
            "room": {"name": room},
            "participant": {"identity": side.identity},
        }
        body = json.dumps(event)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        token = api.AccessToken(MEDIA_KEY, MEDIA_SECRET).with_sha256(digest).to_jwt()
        webhook = ("POST", "/api/livekit/webhook", body.encode())
        signed = f"Authorization: {token}\r\n"
        while (answer := await side.wire.send(*webhook, headers=signed)).status == BUSY:
            await asyncio.sleep(answer.retry_after_s or 0.0)

    async def _every(self, seconds: float, do: Callable[[str, float], Awaitable[None]]) -> None:
        """Open loop: each turn has its moment, and a service that is slow delays no next one."""
        async with asyncio.TaskGroup() as turns:
            while True:
                await self._awake.wait()
                due = time.perf_counter() + random.uniform(0, seconds)
                while await self._is_awake_at(due):
                    turns.create_task(_one(do, self._path, due))
                    due += seconds

    async def _is_awake_at(self, due: float) -> bool:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        return self._awake.is_set()


async def _one(do: Callable[[str, float], Awaitable[None]], path: str, due: float) -> None:
    await do(path, due)


def _body(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        raise NotBegun("a session did not begin")
    found: dict[str, Any] = json.loads(answer.body)
    return found
