"""The real service with fakes at its ports, and people who call it."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import event

from liftbay_backend.app import create_app
from liftbay_backend.auth.passwords import Passwords
from liftbay_backend.core import Core
from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import UserRow
from liftbay_backend.payments.port import PaymentProvider
from liftbay_backend.services.accounts import NewAccount, create_account
from liftbay_backend.services.sign_in import begin_sign_in
from liftbay_backend.settings import Settings
from tests.fakes.customer_view import check_customers_answer
from tests.fakes.described import description_of
from tests.fakes.outside_sign_in import outside_token
from tests.fakes.rooms import FakeRooms
from tests.fakes.service_clock import FakeServiceClock

PASSWORD = "correct horse battery"
CLIENT_HEADER = {"X-Liftbay-Client": "desktop"}
INTAKE: dict[str, Any] = {
    "plan": "diagnostic",
    "vehicle": {
        "year": 2016,
        "make": "Honda",
        "model": "Civic",
        "vin": "2HGFC2F59GH500001",
        "plate": None,
        "odometer_km": 88000,
    },
    "concern": "Squeal on cold start",
    "urgency": "soon",
    "scheduled_for": None,
}


def quick_passwords() -> Passwords:
    """Return the real hasher with the least work."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass(frozen=True, slots=True)
class Caller:
    """A person with a signed-in client."""

    http: httpx.AsyncClient
    user_id: str
    mechanic_id: str | None = None


@dataclass(slots=True)
class BackendService:
    """A migrated service without its background work; speak to it through `client()`."""

    app: FastAPI
    clock: FakeServiceClock
    rooms: FakeRooms
    _stack: AsyncExitStack
    _people: int = field(default=0)

    @property
    def core(self) -> Core:
        """The service's own parts."""
        core = self.app.state.core
        assert isinstance(core, Core)
        return core

    async def client(self, **headers: str) -> httpx.AsyncClient:
        """Return an anonymous client; it is closed with the service.

        Every answer that it gets is held against the service's OpenAPI document.
        """
        return await self._stack.enter_async_context(
            httpx.AsyncClient(
                transport=_CurrentApp(self),
                base_url="http://service.test",
                headers=headers,
                event_hooks={"response": [self._as_described]},
            )
        )

    async def _as_described(self, response: httpx.Response) -> None:
        await response.aread()
        description_of(self.app).check(response)

    async def customer(self, name: str = "Sam Okafor") -> Caller:
        """Return a new customer, signed in with an access token, ours or the outside Supabase's.

        No answer that they get may speak of the mechanic's money.
        """
        if self.core.settings.embedded_auth:
            account = await self._account(name)
            caller = await self._with_token(account)
        else:
            caller = await self.from_outside(self._address(name), name=name)
        caller.http.event_hooks["response"].append(check_customers_answer)
        return caller

    async def from_outside(
        self, email: str, *, sub: str | None = None, name: str | None = None
    ) -> Caller:
        """Return somebody with a token that an outside Supabase has just issued."""
        sub = str(uuid.uuid4()) if sub is None else sub
        token = outside_token(email, sub=sub, name=name, issued_at=self.clock.now())
        return Caller(await self.client(Authorization=f"Bearer {token}"), sub)

    async def support(self, name: str = "Kim Support") -> Caller:
        """Return a support person, signed in; with an outside Supabase it knows the person."""
        if self.core.settings.embedded_auth:
            return await self._with_token(await self._account(name, support=True))
        sub = str(uuid.uuid4())
        account = await self._account(name, support=True, outside_id=sub)
        caller = await self.from_outside(account.user.email, sub=sub)
        return replace(caller, user_id=account.user.id)

    async def mechanic(self, name: str = "Dana Roy") -> Caller:
        """Return a new mechanic, signed in with the cookie."""
        account = await self._account(name, mechanic=True)
        http = await self.client(**CLIENT_HEADER)
        answer = await http.post(
            "/api/mechanic/login", json={"email": account.user.email, "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        assert account.mechanic_id is not None
        assert account.mechanic_id != account.user.id
        return Caller(http, account.user.id, account.mechanic_id)

    async def as_customer(self, mechanic: Caller) -> Caller:
        """Return the same account, signed in with an access token instead of the cookie."""
        async with self.core.database.reading() as db:
            user = await db.get_one(UserRow, mechanic.user_id)
        token = (await begin_sign_in(self.core, user)).access_token
        return Caller(await self.client(Authorization=f"Bearer {token}"), mechanic.user_id)

    async def pending_session(self, customer: Caller, **changes: Any) -> dict[str, Any]:
        """Submit an intake and return the session."""
        answer = await customer.http.post("/api/intake/start", json={**INTAKE, **changes})
        assert answer.status_code == 201, answer.text
        session: dict[str, Any] = answer.json()["session"]
        return session

    async def waiting_session(
        self,
        customer: Caller,
        mechanic: Caller,
        *,
        pay: Callable[[], Awaitable[None]] | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """Submit an intake, pay and accept it; return the session as the mechanic sees it."""
        pending = await self.pending_session(customer, **changes)
        if pay is not None:
            await pay()
        answer = await mechanic.http.post(
            f"/api/mechanics/requests/{pending['request_id']}/accept", json={}
        )
        assert answer.status_code == 200, answer.text
        session: dict[str, Any] = answer.json()["session"]
        return session

    async def _with_token(self, account: NewAccount) -> Caller:
        token = (await begin_sign_in(self.core, account.user)).access_token
        return Caller(await self.client(Authorization=f"Bearer {token}"), account.user.id)

    def _address(self, name: str) -> str:
        self._people += 1
        return f"{name.split()[0].lower()}{self._people}@example.test"

    async def _account(
        self,
        name: str,
        *,
        mechanic: bool = False,
        support: bool = False,
        outside_id: str | None = None,
    ) -> NewAccount:
        return await create_account(
            self.core.works,
            self.core.passwords,
            email=self._address(name),
            password=PASSWORD if outside_id is None else None,
            name=name,
            mechanic=mechanic,
            support=support,
            outside_id=outside_id,
        )


class _CurrentApp(httpx.AsyncBaseTransport):
    """Reaches the app that the service has now: a restarted one keeps its address."""

    def __init__(self, service: BackendService) -> None:
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        inner = httpx.ASGITransport(self._service.app, raise_app_exceptions=False)
        return await inner.handle_async_request(request)


@asynccontextmanager
async def backend_service(
    settings: Settings, *, payments: PaymentProvider | None = None
) -> AsyncIterator[BackendService]:
    """Open the service on a database that is migrated already."""
    clock = FakeServiceClock()
    rooms = FakeRooms(clock.now)
    app = create_app(
        settings, clock=clock, rooms=rooms, payments=payments, passwords=quick_passwords()
    )
    _spare_the_disk(app.state.core.database)
    async with AsyncExitStack() as stack:
        service = BackendService(app, clock, rooms, stack)
        stack.push_async_callback(service.core.database.close)
        stack.push_async_callback(service.core.payments.close)
        yield service


def _spare_the_disk(database: Database) -> None:
    """Wait for no disk: no test takes the power away, and SQLite waits with every commit.

    What the product asks of it is held in `test_engine.py`.
    """
    if not database.is_sqlite:
        return

    def relax(db: Any, _record: Any) -> None:
        cursor = db.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()

    for engine in (database.writer, database.reader):
        event.listen(engine.sync_engine, "connect", relax)
