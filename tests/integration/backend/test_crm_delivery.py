"""The CRM's webhook: signed, tried again until it is confirmed, and one record per session."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from liftbay_backend.crm.port import CrmMessage, NotDelivered
from liftbay_backend.crm.webhook import CrmWebhook
from liftbay_backend.db.models import SettlementRow
from liftbay_backend.domain.states import WorkState
from liftbay_backend.durable import crm_delivery
from liftbay_backend.repositories.settlements import lock_crm_record
from liftbay_backend.services.crm_records import Resend, send_again
from liftbay_backend.services.session_report import session_report
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.crm_receiver import SECRET, CrmReceiver, crm_receiver

WITHIN_S = 30.0


@asynccontextmanager
async def settled_session(
    make_settings: Callable[..., Settings], crm: CrmReceiver | None, **changes: Any
) -> AsyncIterator[CallBench]:
    """Run the service with a CRM, and end a session that is due a record."""
    named: dict[str, Any] = {"tick_seconds": 0.05, **changes}
    if crm is not None:
        named |= {"crm_webhook_url": crm.url, "crm_webhook_secret": SECRET}
    async with backend_service(make_settings(**named)) as service:
        async with service.app.router.lifespan_context(service.app):
            bench = await call_bench(service)
            await bench.start()
            service.clock.advance(minutes=2)
            await bench.end(bench.customer)
            yield bench


async def record(bench: CallBench, *states: str) -> dict[str, Any]:
    """Wait until the record is in one of these states, and return what an operator reads."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            report = await session_report(bench.service.core.database, bench.session_id)
            assert report is not None
            for one in report["crm_records"]:
                if one["state"] in states:
                    found: dict[str, Any] = {**one, "settlement": report["settlement"]}
                    return found
            await asyncio.sleep(0.05)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pauses be those of a test."""
    monkeypatch.setattr(crm_delivery.CrmDelivery.__init__, "__defaults__", ((0.0,) * 4,))


async def test_a_settled_session_is_told_once_and_signed(
    make_settings: Callable[..., Settings],
) -> None:
    with crm_receiver() as crm:
        async with settled_session(make_settings, crm) as bench:
            kept = await record(bench, "done")
            session = await bench.session(bench.mechanic)

    (told,) = crm.deliveries
    assert (crm.forged, told.id) == (0, kept["id"])
    assert told.timestamp == int(bench.service.clock.now().timestamp())
    body = json.loads(told.body)
    assert body["type"] == "session.settled"
    data = body["data"]
    assert (data["session_id"], data["status"]) == (bench.session_id, "completed")
    assert data["customer"]["email"] == "sam1@example.test"
    assert (data["paid_cents"], data["mechanic_share_cents"]) == (4999, 3499)
    assert kept["attempts"] == 1
    assert session["settlement"]["crm_state"] == "delivered"


@pytest.mark.usefixtures("quick")
async def test_a_receiver_that_fails_and_comes_back_has_one_record(
    make_settings: Callable[..., Settings],
) -> None:
    """Busy, gone without a word, then kept twice without our hearing of it, then well."""
    with crm_receiver("503", "lost", "drop", "hang") as crm:
        async with settled_session(make_settings, crm, crm_deadline_seconds=0.5) as bench:
            kept = await record(bench, "done")

    assert len(crm.records) == 1
    assert {one.id for one in crm.deliveries} == {kept["id"]}
    assert len({one.body for one in crm.deliveries}) == 1
    assert [len(crm.deliveries), kept["attempts"]] == [3, 5]
    assert (kept["last_error"], kept["next_attempt_at"]) == (None, None)


async def test_a_crm_that_is_away_holds_up_neither_money_nor_offers(
    make_settings: Callable[..., Settings],
) -> None:
    with crm_receiver("503") as crm:
        async with settled_session(make_settings, crm) as bench:
            async with asyncio.timeout(WITHIN_S):
                while (await bench.session(bench.mechanic))["settlement"]["state"] != "done":
                    await asyncio.sleep(0.05)
                while (waiting := await record(bench, "pending"))["attempts"] == 0:
                    await asyncio.sleep(0.05)
            session = await bench.session(bench.mechanic)
            early = len(crm.script)
            bench.service.clock.advance(seconds=crm_delivery.PAUSES_SECONDS[0])
            later = await record(bench, "done")

    assert (early, later["attempts"]) == (0, 2)
    assert session["settlement"]["payout_state"] == "paid"
    assert session["settlement"]["upsell_count"] == 1
    assert session["settlement"]["crm_state"] == "pending"
    assert waiting["last_error"] == "HTTP 503"
    assert waiting["next_attempt_at"] is not None
    assert list(crm.records) == [waiting["id"]]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("script", "attempts"), [(["410"], 1), (["500", "302", "404", "429", "500"], 5)]
)
async def test_who_takes_no_record_is_given_up_and_can_be_told_again(
    make_settings: Callable[..., Settings],
    expected_logs: ExpectedLogs,
    script: list[str],
    attempts: int,
) -> None:
    expected_logs.allow("crm.given_up")
    with crm_receiver(*script) as crm:
        async with settled_session(make_settings, crm) as bench:
            given_up = await record(bench, "refused")
            core = bench.service.core
            asked = await send_again(core.works, bench.session_id)
            kept = await record(bench, "done")
            asked_twice = await send_again(core.works, bench.session_id)

    assert (given_up["attempts"], given_up["settlement"]["crm_state"]) == (attempts, "failed")
    assert given_up["last_error"] == f"HTTP {script[-1]}"
    assert (asked, asked_twice) == (Resend.SAME_AGAIN, Resend.DELIVERED)
    assert list(crm.records) == [given_up["id"]] == [kept["id"]]
    assert kept["settlement"]["crm_state"] == "delivered"


async def test_without_a_crm_the_record_is_kept_and_none_is_due(
    make_settings: Callable[..., Settings],
) -> None:
    async with settled_session(make_settings, None) as bench:
        kept = await record(bench, "not_due")

    assert kept["settlement"]["crm_state"] == "not_due"
    assert kept["attempts"] == 0


@pytest.mark.usefixtures("quick")
async def test_a_crm_that_is_taken_out_of_the_settings_is_said_so(
    make_settings: Callable[..., Settings], expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("crm.given_up")
    with crm_receiver() as crm:
        async with settled_session(make_settings, crm) as bench:
            await record(bench, "done")
            core = bench.service.core
            async with core.works.begin() as work:
                (await work.db.get_one(SettlementRow, bench.session_id)).crm_state = "pending"
                row = await lock_crm_record(work.db, bench.session_id)
                row.state = WorkState.PENDING
            delivery = crm_delivery.CrmDelivery(core, None, ())
            await delivery.attempt(bench.session_id, 1, 1)
            already = (await record(bench, "pending"))["last_error"]
            await delivery.attempt(bench.session_id, 1, 2)
            left = await record(bench, "refused")

    assert already is None
    assert left["last_error"] == crm_delivery.NO_RECEIVER
    assert len(crm.deliveries) == 1


async def test_the_published_library_accepts_what_is_sent() -> None:
    with crm_receiver() as crm:
        webhook = CrmWebhook(crm.url, SECRET, 5.0)
        await webhook.send(CrmMessage("record-1", datetime.now(UTC), '{"né": 1}'))
        await webhook.close()
    (told,) = crm.deliveries

    read = Webhook(SECRET).verify(
        told.body,
        {
            "webhook-id": told.id,
            "webhook-timestamp": str(told.timestamp),
            "webhook-signature": told.signature,
        },
    )

    assert read == {"né": 1}


async def test_a_receiver_with_another_key_confirms_nothing() -> None:
    with crm_receiver() as crm:
        webhook = CrmWebhook(crm.url, "whsec_" + "A" * 40, 5.0)
        with pytest.raises(NotDelivered) as refused:
            await webhook.send(CrmMessage("record-1", datetime.now(UTC), "{}"))
        await webhook.close()

    assert (refused.value.reason, crm.forged, crm.deliveries) == ("HTTP 401", 1, [])


async def test_no_reason_holds_the_address_or_the_secret() -> None:
    address = "http://someone:planted@127.0.0.1:9/hook?key=planted"
    webhook = CrmWebhook(address, SECRET, 5.0)
    with pytest.raises(NotDelivered) as refused:
        await webhook.send(CrmMessage("record-1", datetime.now(UTC), "{}"))
    await webhook.close()

    settings = Settings(
        crm_webhook_url=SecretStr(address), crm_webhook_secret=SecretStr("whsec_planted")
    )
    assert "planted" not in f"{refused.value!r} {refused.value} {webhook!r} {settings!r}"
    assert refused.value.reason == "ConnectError"
