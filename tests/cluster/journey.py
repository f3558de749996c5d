"""One whole session through the balancer, and what happens to it when parts die."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import psycopg
import redis.asyncio

from tests.cluster.parts import MECHANIC, PASSWORD, Cluster
from tests.cluster.people import SERVED_BY, Person, Told, until
from tests.fakes.backend_service import INTAKE
from tests.fakes.ledger_audit import faults_of_the_books
from tests.fakes.uploads import Sender, picture

FILE_BYTES: Final = 6 * 1024 * 1024
EACH_SECONDS: Final = 0.05
MOST_TRIES: Final = 40
SEEN_WITHIN_SECONDS: Final = 5.0
"""Wide: a shared machine. What was measured is told, and by how much it is below a second."""
Say = Callable[[str], None]


class Journey:
    """A customer and a mechanic in one session of a running cluster."""

    def __init__(self, cluster: Cluster, customer: Person, mechanic: Person, say: Say) -> None:
        self.cluster = cluster
        self.customer = customer
        self.mechanic = mechanic
        self._say = say
        self._session = ""

    async def sign_up_and_accept(self) -> None:
        """Make the account, pay, and let the mechanic take the request."""
        await self.customer.sign_up("sam@example.test", PASSWORD)
        await self.mechanic.sign_in_as_mechanic(MECHANIC, PASSWORD)
        made = (await self.customer.post("/api/intake/start", INTAKE))["session"]
        await self.mechanic.post(f"/api/mechanics/requests/{made['request_id']}/accept", {})
        self._session = str(made["id"])
        for person in (self.customer, self.mechanic):
            person.path = f"/api/sessions/{self._session}"

    async def enter(self) -> None:
        """Both pass the preflight, enter the room and see each other."""
        for person in (self.customer, self.mechanic):
            await person.join(await person.preflight())
        await until(
            lambda: self.customer.sees_the_other() and self.mechanic.sees_the_other(),
            "they did not see each other",
        )
        self._say(f"the room is on node {await self.node_of_room()}")

    async def start(self) -> None:
        """Start the session: the clock runs."""
        await self.mechanic.post(f"{self.customer.path}/start", {})
        clock = await self.customer.get(f"{self.customer.path}/clock")
        assert clock["state"] == "running", clock

    async def chat_across(self, told: Told) -> None:
        """Write at one instance what is read at the other."""
        delays = []
        for number in range(MOST_TRIES):
            client_id, by, sent_at = await self.mechanic.say(f"line {number}")
            seen_at = await self._seen(told, client_id)
            if by != told.by:
                delays.append(seen_at - sent_at)
            if len(delays) == 10:
                break
        assert delays, "every message was written where it was read"
        worst, middle = max(delays), sorted(delays)[len(delays) // 2]
        self._say(
            f"{len(delays)} messages from the other instance, "
            f"middle {middle * 1000:.0f} ms, worst {worst * 1000:.0f} ms"
        )
        assert worst < SEEN_WITHIN_SECONDS

    async def share_a_file(self) -> None:
        """Upload in two pieces through the balancer; the other side reads it back out of S3."""
        data = picture(FILE_BYTES)
        sender = Sender(self.customer.http, self.customer.path)
        place = await sender.begin(len(data))
        half = len(data) // 2
        first = await sender.patch(place, 0, data[:half])
        second = await sender.patch(place, half, data[half:])
        assert (first.status_code, second.status_code) == (204, 204), (first.text, second.text)
        read = await self.mechanic.http.get(place)
        assert read.status_code == 200, read.text
        assert hashlib.sha256(read.content).digest() == hashlib.sha256(data).digest()
        by = {one.headers[SERVED_BY] for one in (first, second, read)}
        self._say(f"{len(data) / 2**20:.0f} MiB, by instance {' and '.join(sorted(by))}")

    async def kill_an_instance(self, told: Told) -> str:
        """Kill the instance that serves the stream; return its name once all goes on."""
        name = told.by
        said_before = set(told.messages())
        begun = time.monotonic()
        self.cluster.instances[name].kill()
        lost = 0
        while True:
            try:
                client_id, by, _ = await self.mechanic.say("are you there?")
                break
            except (AssertionError, httpx.TransportError):
                lost += 1
                assert time.monotonic() - begun < 60, "nobody answers"
                await asyncio.sleep(EACH_SECONDS)
        answered = time.monotonic() - begun
        await self._seen(told, client_id)
        self._say(
            f"{name} killed: {lost} requests lost, answered by {by} after {answered:.2f} s, "
            f"stream goes on after {time.monotonic() - begun:.2f} s"
        )
        assert by != name
        assert said_before < set(told.messages())
        clock = await self.customer.get(f"{self.customer.path}/clock")
        assert clock["state"] == "running", clock
        return name

    async def bring_back(self, name: str) -> None:
        """Start an instance again and wait until the balancer sends it requests."""
        await asyncio.to_thread(self.cluster.instances[name].start)
        begun = time.monotonic()
        served = ""
        while served != name:
            answer = await self.customer.http.get("/api/health")
            served = answer.headers.get(SERVED_BY, "")
            assert time.monotonic() - begun < 60, f"{name} gets no requests"
            await asyncio.sleep(EACH_SECONDS)
        self._say(f"{name} answers requests {time.monotonic() - begun:.2f} s after it was ready")

    async def upgrade(self, name: str, told: Told) -> None:
        """Stop an instance as an upgrade does, under requests; not one may be refused."""
        instance = self.cluster.instances[name]
        stopping = asyncio.create_task(asyncio.to_thread(instance.stop))
        asked, refused, messages = 0, [], []
        while not stopping.done():
            try:
                answer = await self.customer.http.get(f"{self.customer.path}/clock")
                if not answer.is_success:
                    refused.append(str(answer.status_code))
                messages.append((await self.mechanic.say(f"during {asked}"))[0])
            except (AssertionError, httpx.TransportError) as error:
                refused.append(f"{type(error).__name__} {error}")
            asked += 1
            await asyncio.sleep(EACH_SECONDS)
        status = await stopping
        for client_id in messages:
            await self._seen(told, client_id)
        self._say(f"{name} drained: {asked} rounds of requests, {len(refused)} refused")
        assert status == 0
        assert asked > 0
        assert refused == []

    async def kill_the_media_node(self) -> str:
        """Kill the node that holds the room; both come back in a room of the other."""
        found = await self.node_of_room()
        people = (self.customer, self.mechanic)
        before = [person.reconnects for person in people]
        begun = time.monotonic()
        staying = [asyncio.create_task(person.stay_in()) for person in people]
        self.cluster.media[found].end()
        try:
            await until(
                lambda: all(
                    person.reconnects > count and person.sees_the_other()
                    for person, count in zip(people, before, strict=True)
                ),
                "they did not see each other again",
                120,
            )
        finally:
            for task in staying:
                task.cancel()
            await asyncio.gather(*staying, return_exceptions=True)
        again = time.monotonic() - begun
        clock: dict[str, Any] = {}
        while clock.get("state") != "running":
            assert time.monotonic() - begun < 120, clock
            clock = await self.customer.get(f"{self.customer.path}/clock")
            await asyncio.sleep(EACH_SECONDS)
        running = time.monotonic() - begun
        moved = await self.node_of_room()
        self._say(
            f"{found} killed: both back on {moved} after {again:.1f} s, "
            f"clock runs after {running:.1f} s, paused {clock['paused_seconds']:.1f} s"
        )
        assert moved != found
        return found

    async def end(self, told: Told) -> None:
        """End by the customer; the settlement comes once, and the books are in order."""
        body = {
            "reason": "ended_by_customer",
            "pressed_at": datetime.now(UTC).isoformat(),
            "attempt": self.customer.attempt,
        }
        ended = await self.customer.post(f"{self.customer.path}/end", body)
        again = await self.mechanic.post(
            f"{self.customer.path}/end", {**body, "reason": "ended_by_mechanic", "attempt": None}
        )
        assert ended["status"] == again["status"] == "completed", (ended, again)
        await until(lambda: any(kind == "ended" for _, kind, _, _ in told.events), "no end came")
        begun = time.monotonic()
        state = ""
        while state != "settled":
            assert time.monotonic() - begun < 60, state
            earned = await self.mechanic.get("/api/earnings")
            state = "settled" if earned["settled_cents"] > 0 else "owed"
            await asyncio.sleep(EACH_SECONDS)
        # The payout is one of the settlement's first steps, the CRM record one of its last.
        await until(
            lambda: any(
                kind == "settlement" and data["settlement"]["state"] == "done"
                for _, kind, data, _ in told.events
            ),
            "the settlement was not done",
        )
        counts, faults = await asyncio.to_thread(self._books)
        self._say(f"settled {earned['settled_cents']} cents once; rows: {counts}")
        assert faults == []
        assert counts == {"settlements": 1, "payouts": 1, "provider_transfers": 1, "crm_records": 1}
        assert told.numbers() == sorted(set(told.numbers())), "an event came twice or out of order"

    async def summary(self) -> None:
        """Read the summary, as JSON and as a PDF."""
        told = await self.customer.get(f"{self.customer.path}/summary")
        pdf = await self.customer.http.get(
            f"{self.customer.path}/summary", headers={"Accept": "application/pdf"}
        )
        assert told["status"] == "completed", told
        assert len(told["snapshots"]) + len(told["files"]) == 1, told
        assert pdf.content.startswith(b"%PDF"), pdf.text[:200]

    async def node_of_room(self) -> str:
        """Return the name of the media node that holds the session's room."""
        async with redis.asyncio.from_url(self.cluster.redis.url) as client:
            asked = client.hgetall("room_node_map")
            assert not isinstance(asked, dict), "this client is asynchronous"
            rooms = await asked
            found = next(
                node for room, node in rooms.items() if self._session in room.decode()
            ).decode()
        # Each says in its log, at its start, what it calls itself.
        for name, node in self.cluster.media.items():
            if f'"nodeID":"{found}","nodeIP"' in node.log.read_text():
                return name
        raise AssertionError(f"no node is called {found}")

    async def _seen(self, told: Told, client_id: str) -> float:
        await until(lambda: client_id in told.messages(), "a message did not come")
        return told.messages()[client_id]

    def _books(self) -> tuple[dict[str, int], list[str]]:
        tables = ("settlements", "payouts", "provider_transfers", "crm_records")
        with psycopg.connect(self.cluster.database.url("postgres")) as db:
            counts = {}
            for table in tables:
                row = db.execute(f"SELECT COUNT(*) FROM {table}".encode()).fetchone()
                assert row is not None
                counts[table] = int(row[0])
            faults = faults_of_the_books(lambda query: db.execute(query.encode()).fetchall())
        return counts, faults


@asynccontextmanager
async def journey(cluster: Cluster, say: Say) -> AsyncIterator[Journey]:
    """Open the two people's clients; their rooms and connections are closed in the end."""
    people = []
    for _ in range(2):
        http = httpx.AsyncClient(
            base_url=cluster.url,
            verify=cluster.tls(),
            timeout=30,
            headers={"X-Liftbay-Client": "desktop"},
        )
        people.append(Person(http))
    try:
        yield Journey(cluster, people[0], people[1], say)
    finally:
        for person in people:
            if person.room is not None:
                await person.room.disconnect()
            await person.http.aclose()
