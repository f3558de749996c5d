"""Two instances of the real service on one PostgreSQL, and people who talk to both at once."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
from sqlalchemy import select

from liftbay_backend.db.models import SettlementRow
from liftbay_backend.domain.end_rules import BILLABLE_MINIMUM_SECONDS
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench
from tests.fakes.backend_service import CLIENT_HEADER, Caller
from tests.fakes.crm_receiver import SECRET, CrmReceiver, crm_receiver
from tests.fakes.service_process import ServiceProcess
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, Object, signed
from tests.faults.settlement.facts import Facts, facts_of
from tests.integration.backend.stripe_stage import StripeStage, stripe_stage

NAMES = ("first", "second")
COOKIE = "aad_mech"
CALLED_MINUTES = 5
WITHIN_S = 180
OWNER = b"SELECT executor_id FROM dbos.workflow_status WHERE workflow_uuid = %s"


@dataclass(slots=True)
class Instances:
    """Both, Stripe and a CRM; sessions are made beside them, in the test's own process."""

    stripes: StripeStage
    crm: CrmReceiver
    processes: dict[str, ServiceProcess]
    _https: list[httpx.AsyncClient] = field(default_factory=list)

    async def live_session(self) -> CallBench:
        """Return a session that has been live for some minutes."""
        [bench] = await self.live_sessions(1)
        return bench

    async def live_sessions(self, count: int) -> list[CallBench]:
        """Return sessions that have been live for some minutes, or since the last were made.

        They are made in a past that ends now: the instances have the real time.
        """
        clock = self.stripes.service.clock
        behind_s = (datetime.now(UTC) - clock.now()).total_seconds()
        lasts_s = min(behind_s, 60.0 * CALLED_MINUTES)
        assert lasts_s > BILLABLE_MINIMUM_SECONDS, "nothing would be paid for so short a session"
        clock.advance(seconds=behind_s - lasts_s)
        benches = []
        for _ in range(count):
            bench = await self.stripes.bench()
            await self.stripes.open_account(bench)
            await bench.start()
            benches.append(bench)
            # Pages of payment are told apart by their age.
            clock.advance(seconds=1)
        clock.advance(seconds=lasts_s - count)
        return benches

    async def everywhere(
        self, caller: Caller, path: str, body: dict[str, Any], times: int = 2
    ) -> list[httpx.Response]:
        """Send the same to both instances at once, and so often to each."""
        headers = headers_of(caller)
        return await self._at_once(lambda http: http.post(path, json=body, headers=headers), times)

    async def at_other(
        self, name: str, caller: Caller, path: str, body: dict[str, Any]
    ) -> httpx.Response:
        """Send something to the instance that is not the named one."""
        [other] = (one for one in NAMES if one != name)
        http = self._https[NAMES.index(other)]
        return await http.post(path, json=body, headers=headers_of(caller))

    async def tell(self, event: Object) -> list[bool]:
        """Let Stripe tell both at once, twice; returns which of them heard it first."""
        content, headers = signed(event)
        answers = await self._at_once(
            lambda http: http.post("/api/stripe/webhook", content=content, headers=headers), 2
        )
        return [answer.json()["first"] for answer in answers]

    async def _at_once(
        self, send: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]], times: int
    ) -> list[httpx.Response]:
        return list(await asyncio.gather(*(send(http) for http in self._https * times)))

    def owner_of(self, session_id: str) -> str:
        """Return the name of the instance that settles a session."""
        url = self.stripes.service.core.settings.database_url
        assert url is not None
        with psycopg.connect(url.get_secret_value()) as postgres:
            [row] = postgres.execute(OWNER, (f"settle-{session_id}",)).fetchall()
        return str(row[0])

    async def settled(self, bench: CallBench) -> Facts:
        """Wait until nothing is left to do for a session."""
        async with asyncio.timeout(WITHIN_S):
            while not await self.is_settled(bench):
                await asyncio.sleep(0.3)
        return await self.facts(bench)

    async def is_settled(self, bench: CallBench) -> bool:
        """Tell whether nothing is left to do for a session."""
        query = select(SettlementRow).where(SettlementRow.session_id == bench.session_id)
        async with self.stripes.service.core.database.reading() as db:
            row = (await db.execute(query)).scalar_one_or_none()
        if row is None or row.state.value != "done" or row.retry_at is not None:
            return False
        return row.crm_state == "delivered"

    async def facts(self, bench: CallBench) -> Facts:
        """Return what there is of a session."""
        core = self.stripes.service.core
        found = await facts_of(core.database, self.stripes.stripe, self.crm)
        return found[bench.session_id]


def headers_of(caller: Caller) -> dict[str, str]:
    """Return what makes another client the same person."""
    if caller.mechanic_id is None:
        return {"Authorization": caller.http.headers["Authorization"]}
    return {**CLIENT_HEADER, "Cookie": f"{COOKIE}={caller.http.cookies[COOKIE]}"}


@asynccontextmanager
async def two_instances(make_settings: Callable[..., Settings]) -> AsyncIterator[Instances]:
    """Start both; their keys are those of the test's own service."""
    made: list[Settings] = []

    with crm_receiver() as crm:

        def make(**changes: object) -> Settings:
            crm_settings = {"crm_webhook_url": crm.url, "crm_webhook_secret": SECRET}
            made.append(make_settings(**changes, **crm_settings))
            return made[0]

        async with stripe_stage(make) as stripes, AsyncExitStack() as stack:
            [settings] = made
            assert settings.database_url is not None
            processes = {}
            for name in NAMES:
                folder = settings.data_dir / name
                folder.mkdir()
                shutil.copy(settings.data_dir / "signing-key.pem", folder)
                process = ServiceProcess(
                    folder,
                    {
                        "instance_id": name,
                        "database_url": settings.database_url.get_secret_value(),
                        "stripe_api_key": KEY,
                        "stripe_webhook_secret": WEBHOOK_SECRET,
                        "stripe_api_url": settings.stripe_api_url,
                        "checkout_return_url": settings.checkout_return_url or "",
                        "crm_webhook_url": crm.url,
                        "crm_webhook_secret": SECRET,
                    },
                )
                await asyncio.to_thread(process.start)
                stack.push(process)
                processes[name] = process
            opened = Instances(stripes, crm, processes)
            for process in processes.values():
                http = httpx.AsyncClient(base_url=process.url, timeout=WITHIN_S)
                opened._https.append(await stack.enter_async_context(http))
            yield opened
