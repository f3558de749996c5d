"""What an operator asks: ready or not, what waits, what is owed."""

import json
import math
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from liftbay_backend.app import begin_to_stop
from liftbay_backend.db.models import CrmRecordRow
from liftbay_backend.domain.states import WorkState
from liftbay_backend.durable.settling import Settling
from liftbay_backend.health import probe_database
from liftbay_backend.metrics import REGISTRY
from liftbay_backend.repositories import figures
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.transfers import ScriptedTransfers
from tests.integration.backend.test_settling_steps import everything

DASHBOARD = Path(__file__).resolve().parents[3] / "deploy" / "grafana-dashboard.json"


async def figures_of(service: BackendService) -> dict[tuple[str, ...], float]:
    """Return every sample of ours: its name and its labels' values, sorted by label."""
    answer = await (await service.client()).get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_ready_says_whether_to_send_requests_here(service: BackendService) -> None:
    anyone = await service.client()
    before = await anyone.get("/api/ready")
    await probe_database(service.core.database, service.core.health)
    found = await anyone.get("/api/ready")
    service.core.health.set("database", "down")
    away = await anyone.get("/api/ready")
    health = await anyone.get("/api/health")
    service.core.health.set("database", "ok")
    service.core.health.set("sfu", "down")
    without_sfu = await anyone.get("/api/ready")
    begin_to_stop(service.app)
    stopping = await anyone.get("/api/ready")

    assert [one.status_code for one in (before, found, away, without_sfu, stopping)] == [
        *(503, 200, 503, 200, 503)
    ]
    assert found.json() == {"status": "ready", "checks": {"database": "ok", "sfu": "unknown"}}
    for refused, reason in ((away, "database"), (stopping, "stopping")):
        assert (refused.json()["code"], refused.json()["reason"]) == ("server.unavailable", reason)
    # A client measures health and must not take a restart of the database for a dead line.
    assert (health.status_code, health.json()["status"]) == (200, "degraded")


async def test_what_waits_and_what_is_owed_is_counted(service: BackendService) -> None:
    bench = await call_bench(service)
    other = await service.pending_session(bench.customer)
    await bench.start()
    live = await figures_of(service)
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    await bench.customer.http.post(f"/api/sessions/{other['id']}/cancel", json={"reason": None})
    service.clock.advance(minutes=1)
    async with service.core.works.begin() as work:
        work.db.add(
            CrmRecordRow(
                session_id=bench.session_id,
                id="record-1",
                state=WorkState.REFUSED,
                payload={},
                created_at=work.now,
            )
        )

    ended = await figures_of(service)

    assert live["liftbay_sessions", "live"] == 1
    assert live["liftbay_sessions", "pending"] == 1
    assert live["liftbay_owed_cents", "usd", "mechanics"] == 0
    assert live["liftbay_oldest_settlement_seconds",] == 0
    assert ended["liftbay_sessions", "live"] == 0
    assert ended["liftbay_settlements", "pending"] == 2
    assert ended["liftbay_oldest_settlement_seconds",] == 60
    assert ended["liftbay_owed_cents", "usd", "mechanics"] == 3499
    assert ended["liftbay_owed_cents", "usd", "customers"] == 4999
    assert ended["liftbay_crm_records", "refused"] == 1
    assert ended["liftbay_database_up",] == 1


async def test_requests_are_counted_by_route_and_status_without_ids(
    service: BackendService,
) -> None:
    customer = await service.customer()
    session = await service.pending_session(customer)
    route = "/api/sessions/{session_id}"
    name = "liftbay_http_requests_total"
    before = await figures_of(service)

    await customer.http.get(f"/api/sessions/{session['id']}")
    await (await service.client()).get(f"/api/sessions/{session['id']}")
    after = await figures_of(service)

    grown = {key: after[key] - before.get(key, 0.0) for key in after if key[0] == name}
    assert grown[name, "GET", route, "200"] == 1
    assert grown[name, "GET", route, "401"] == 1
    assert not any(session["id"] in part for key in after for part in key)


async def test_metrics_answer_without_a_database_and_say_so(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_db: object) -> None:
        raise OperationalError("SELECT 1", None, Exception("planted"))

    monkeypatch.setattr(figures, "open_sessions", gone)

    found = await figures_of(service)

    assert found["liftbay_database_up",] == 0
    assert ("liftbay_owed_cents", "usd", "mechanics") not in found


async def test_a_database_that_is_away_is_a_503_that_says_when_to_come_again(
    service: BackendService, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("database.unavailable")
    customer = await service.customer()
    session = await service.pending_session(customer)

    async def gone() -> None:
        raise OperationalError("SELECT 1", None, Exception("planted"))

    monkeypatch.setattr(service.core.database, "_read", lambda: _Broken(gone))
    refused = await customer.http.get(f"/api/sessions/{session['id']}")

    assert (refused.status_code, refused.json()["code"]) == (503, "server.unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert "planted" not in refused.text


class _Broken:
    def __init__(self, fail: Callable[[], Awaitable[None]]) -> None:
        self._fail = fail

    async def __aenter__(self) -> None:
        await self._fail()

    async def __aexit__(self, *_: object) -> None:
        return


def test_the_dashboard_shows_nothing_that_is_not_measured() -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    told = {family.name for family in REGISTRY.collect()}
    told |= {f"{name}_total" for name in told} | {f"{name}_bucket" for name in told}

    queries = [
        target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())
    ]
    asked = {name for query in queries for name in re.findall(r"liftbay_\w+", query)}

    assert asked - told == set()
    ours = {name for name in told if name.startswith("liftbay_")}
    shown = {name.removesuffix("_total").removesuffix("_bucket") for name in asked}
    assert {name.removesuffix("_total").removesuffix("_bucket") for name in ours} == shown
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


async def test_a_refund_that_is_under_way_is_owed_to_the_customer(service: BackendService) -> None:
    """Also a part of what was paid, and the money of the mechanic that goes with it."""
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    transfers = ScriptedTransfers(["ok", "declined"])
    settling = Settling(service.core, transfers)
    await everything(settling, bench.session_id)
    support = await service.support()
    body = {"reason": "It froze.", "amount_cents": 1000}
    await support.http.post(f"{bench.path}/refund", json=body)

    found = await figures_of(service)

    assert found["liftbay_owed_cents", "usd", "customers"] == 1000
    assert found["liftbay_owed_cents", "usd", "mechanics"] == 0


async def test_what_is_owed_is_the_operators_business(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(metrics_token=SecretStr("a-token"))) as service:
        anyone = await service.client()
        answers = [
            await anyone.get("/metrics", headers=headers)
            for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": "a-token"})
        ]
        right = await anyone.get("/metrics", headers={"Authorization": "Bearer a-token"})

    assert [one.status_code for one in answers] == [401, 401, 401]
    assert right.status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_whom_a_proxy_on_this_machine_brings_is_from_elsewhere(
    service: BackendService, header: str
) -> None:
    answer = await (await service.client()).get("/metrics", headers={header: "203.0.113.7"})

    assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")


async def test_without_a_token_nobody_from_elsewhere_is_answered(service: BackendService) -> None:
    transport = httpx.ASGITransport(service.app, client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as elsewhere:
        answer = await elsewhere.get("/metrics")

    assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/health/"), ("POST", "/api/intake/start/")]
)
async def test_an_address_with_a_slash_too_much_is_another_address(
    service: BackendService, method: str, path: str
) -> None:
    """A redirect would be no problem+json, and lead to whatever host the caller names."""
    answer = await (await service.client()).request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (404, "http.not_found")


async def test_a_media_server_that_is_away_is_a_figure_as_well(service: BackendService) -> None:
    before = (await figures_of(service))["liftbay_media_server_up",]
    told = []
    for state in ("ok", "down"):
        service.core.health.set("sfu", state)
        told.append((await figures_of(service))["liftbay_media_server_up",])

    assert math.isnan(before)
    assert told == [1, 0]
