"""People on their way through a session, against the real service and the fake media server."""

import copy
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
from sqlalchemy import select

from liftbay_backend.db.models import AccountEventRow, SessionEventRow
from liftbay_backend.domain.ids import AttemptId, MechanicId, SessionId, UserId
from liftbay_backend.live import Live
from liftbay_backend.metrics import REGISTRY
from liftbay_backend.rooms.ports import customer_identity, mechanic_identity, session_room
from liftbay_backend.services import due
from liftbay_backend.work import mechanic_audience
from tests.fakes.backend_service import BackendService, Caller
from tests.fakes.contract import fixture


def passing_report(nonce: str, *, kind: str = "real") -> dict[str, Any]:
    """Return the contract's report, for one run and with a fresh id."""
    report: dict[str, Any] = copy.deepcopy(fixture("report")["report"])
    report["report_id"] = str(uuid.uuid4())
    report["context"]["nonce"] = nonce
    for device in ("camera", "microphone"):
        report["devices"][device]["kind"] = kind
    return report


def measured(report: dict[str, Any], code: str) -> dict[str, Any]:
    """Return what a report measured for one code, to change it."""
    found: dict[str, Any] = next(one for one in report["checks"] if one["code"] == code)["measured"]
    return found


@dataclass(slots=True)
class CallBench:
    """A session with a customer and a mechanic, and everything they do to it."""

    service: BackendService
    customer: Caller
    mechanic: Caller
    session_id: SessionId

    @property
    def live(self) -> Live:
        """The service's live parts; starts are not patient, for nobody comes while one waits."""
        live = self.service.app.state.live
        assert isinstance(live, Live)
        return live

    @property
    def path(self) -> str:
        """The session's path."""
        return f"/api/sessions/{self.session_id}"

    async def preflight(
        self,
        caller: Caller,
        report: dict[str, Any] | None = None,
        *,
        probe: bool = True,
        session: str | None = None,
    ) -> str:
        """Run a preflight to its stored report and return the report's id."""
        begun = await self.begin(caller, session)
        if probe:
            self.service.rooms.join_with(begun["probe"]["tokens"]["join"])
        told = passing_report(begun["nonce"]) if report is None else report
        told["context"]["nonce"] = begun["nonce"]
        answer = await caller.http.post(f"/api/preflight/{begun['run_id']}/report", json=told)
        assert answer.status_code == 200, answer.text
        report_id: str = answer.json()["report_id"]
        return report_id

    async def begin(self, caller: Caller, session: str | None = None) -> dict[str, Any]:
        """Begin a preflight for this session, or for another."""
        body = {"session_id": session or self.session_id}
        begun: dict[str, Any] = (await caller.http.post("/api/preflight", json=body)).json()
        return begun

    async def token(
        self, caller: Caller, report_id: str | None, attempt: str | None = None
    ) -> httpx.Response:
        """Ask for a room token."""
        body = {"report_id": report_id, "attempt": attempt}
        return await caller.http.post(f"{self.path}/token", json=body)

    async def join(self, caller: Caller, report_id: str | None = None) -> str:
        """Come into the room with a token of one's own; returns the attempt."""
        attempt = str(uuid.uuid4())
        if report_id is None:
            report_id = await self.preflight(caller)
        answer = await self.token(caller, report_id, attempt)
        assert answer.status_code == 200, answer.text
        self.service.rooms.join_with(answer.json()["token"])
        await self.live.watch.look(self.session_id)
        return attempt

    async def start(self) -> dict[str, Any]:
        """Let both in and start; returns the running clock."""
        await self.join(self.customer)
        await self.join(self.mechanic)
        answer = await self.mechanic.http.post(f"{self.path}/start", json={})
        assert answer.status_code == 200, answer.text
        clock: dict[str, Any] = answer.json()["clock"]
        return clock

    async def end(self, caller: Caller, attempt: str | None = None, **changes: Any) -> Any:
        """Press End and confirm; returns the answer's body."""
        body = {
            "reason": "ended_by_customer",
            "pressed_at": self.service.clock.now().isoformat(),
            "attempt": attempt,
            **changes,
        }
        answer = await caller.http.post(f"{self.path}/end", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def clock(self, caller: Caller | None = None) -> dict[str, Any]:
        """Ask for the clock, which is a sign of life of whoever asks."""
        answer = await (caller or self.customer).http.get(f"{self.path}/clock")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def look(self) -> None:
        """Let the service look at the room and end what has come to zero."""
        await self.live.watch.look(self.session_id)
        await due.end_sessions_at_zero(self.live)

    async def session(self, caller: Caller | None = None) -> dict[str, Any]:
        """Return the session as somebody sees it, the customer by default."""
        http = (caller or self.customer).http
        found: dict[str, Any] = (await http.get(self.path)).json()
        return found

    async def mechanics_news(self, kind: str) -> list[dict[str, Any]]:
        """Return the data of one kind of events on the mechanic's dashboard, in order."""
        assert self.mechanic.mechanic_id is not None
        audience = mechanic_audience(self.mechanic.mechanic_id)
        query = (
            select(AccountEventRow)
            .where(AccountEventRow.audience == audience, AccountEventRow.kind == kind)
            .order_by(AccountEventRow.seq)
        )
        async with self.service.core.database.reading() as db:
            return [row.data or {} for row in (await db.execute(query)).scalars()]

    async def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the data of the session's events of one kind, in order."""
        query = (
            select(SessionEventRow)
            .where(SessionEventRow.session_id == self.session_id, SessionEventRow.kind == kind)
            .order_by(SessionEventRow.seq)
        )
        async with self.service.core.database.reading() as db:
            return [row.data for row in (await db.execute(query)).scalars()]

    def drop(self, caller: Caller) -> None:
        """Take somebody out of the room, as a dead connection does."""
        self.service.rooms.leave(session_room(self.session_id), self.identity(caller))

    def back(self, caller: Caller, attempt: str | None = None) -> None:
        """Bring somebody back into the room by the media server's own means."""
        room = session_room(self.session_id)
        found = None if attempt is None else AttemptId(attempt)
        self.service.rooms.join(room, self.identity(caller), found)

    def identity(self, caller: Caller) -> str:
        """Return a person's name in the room."""
        if caller.mechanic_id is not None:
            return mechanic_identity(MechanicId(caller.mechanic_id))
        return customer_identity(UserId(caller.user_id))


async def call_bench(
    service: BackendService, *, pay: Callable[[], Awaitable[None]] | None = None, **intake: Any
) -> CallBench:
    """Return a bench whose session is `waiting`, with starts that do not wait for anybody.

    Args:
        pay: pays the plan, where the provider does not do so at once.
    """
    live = service.app.state.live
    service.app.state.live = replace(live, start_patience_seconds=0.0)
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic, pay=pay, **intake)
    return CallBench(service, customer, mechanic, SessionId(session["id"]))


def committed() -> float:
    """Return how many write transactions this process has committed."""
    value = REGISTRY.get_sample_value("liftbay_write_transactions_total")
    assert value is not None
    return value
