"""Diagnostics: sent by anybody, read by support under the code that was read over the phone."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from client_api.client import LiftbayClient
from client_api.clock import SystemClock
from client_api.diagnostics import send_diagnostic
from client_api.errors import ErrorCode, Refused
from client_api.secret import Secret
from client_api.transport import Credential, Transport
from liftbay_backend.services.diagnostics import KEPT_FOR
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench, measured, passing_report
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.contract import response
from tests.fakes.loopback import on_loopback


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


def diagnostic(**changes: Any) -> dict[str, Any]:
    report = passing_report("none")
    report["context"]["nonce"] = None
    return {**report, **changes}


async def sent(service: BackendService, report: dict[str, Any]) -> str:
    anonymous = await service.client()
    answer = await anonymous.post("/api/diagnostics", json=report)
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["code"]
    return code


async def test_what_anybody_sent_support_finds_however_it_was_typed(
    service: BackendService,
) -> None:
    report = diagnostic()
    code = await sent(service, report)
    support = await service.support()

    heard = code.replace("-", " ").lower().replace("0", "o").replace("1", "l").replace("5", "s")
    found = await support.http.get(f"/api/diagnostics/{heard}")

    assert found.status_code == 200, found.text
    body = found.json()
    assert (body["code"], body["kind"]) == (code, "diagnostic")
    assert body["report"] == report
    assert body["earlier"] == []


async def test_a_slip_is_told_apart_from_a_report_that_is_not_there(
    service: BackendService,
) -> None:
    code = await sent(service, diagnostic())
    support = await service.support()
    slip = ("1" if code[0] == "0" else "0") + code[1:]

    wrong = await support.http.get(f"/api/diagnostics/{slip}")
    missing = await support.http.get("/api/diagnostics/0000-0000")

    assert (wrong.status_code, wrong.json()["code"]) == (422, "diagnostic.code_wrong")
    assert (missing.status_code, missing.json()["code"]) == (404, "diagnostic.not_found")


async def test_nobody_but_support_reads_it(service: BackendService) -> None:
    code = await sent(service, diagnostic())

    for person in (await service.customer(), await service.mechanic()):
        assert (await person.http.get(f"/api/diagnostics/{code}")).status_code == 403
    assert (await (await service.client()).get(f"/api/diagnostics/{code}")).status_code == 401


async def test_it_stands_beside_that_machines_earlier_runs(service: BackendService) -> None:
    slow = diagnostic()
    measured(slow, "net.rtt_high")["rtt_median_ms"] = 250.0
    slow["gate"] = {**slow["gate"], "passed": False, "blocking": ["camera.black"]}
    first = await sent(service, slow)
    service.clock.advance(seconds=60)
    await sent(service, diagnostic(machine_id=str(uuid.uuid4())))
    service.clock.advance(seconds=60)
    newest = await sent(service, diagnostic())

    found = (await (await service.support()).http.get(f"/api/diagnostics/{newest}")).json()

    (earlier,) = found["earlier"]
    assert earlier["code"] == first
    assert (earlier["passed"], earlier["blocking"]) == (False, ["camera.black"])
    assert earlier["measured"]["rtt_median_ms"] == 250.0
    assert earlier["measured"]["uplink_kbps"] is None


async def test_a_figure_of_400_digits_is_none_and_does_not_hide_the_report(
    service: BackendService,
) -> None:
    """JSON allows such an integer, and ``math.isfinite`` raises for it."""
    absurd = diagnostic()
    measured(absurd, "net.rtt_high")["rtt_median_ms"] = int("9" * 400)
    first = await sent(service, absurd)
    service.clock.advance(seconds=60)
    newest = await sent(service, diagnostic())

    answer = await (await service.support()).http.get(f"/api/diagnostics/{newest}")

    assert answer.status_code == 200, answer.text
    (earlier,) = answer.json()["earlier"]
    assert earlier["code"] == first
    assert earlier["measured"]["rtt_median_ms"] is None


async def test_a_code_runs_out_and_the_report_is_forgotten(service: BackendService) -> None:
    code = await sent(service, diagnostic())
    support = await service.support()

    service.clock.advance(seconds=(KEPT_FOR + timedelta(seconds=1)).total_seconds())
    support = await service.support("Kim Later")
    gone = await support.http.get(f"/api/diagnostics/{code}")
    service.clock.advance(seconds=timedelta(days=31).total_seconds())
    forgotten = await forget_old_proofs(service.core)

    assert gone.status_code == 404
    assert forgotten >= 1


async def test_only_the_schema_and_only_so_much_is_taken(service: BackendService) -> None:
    anonymous = await service.client()

    codes = [
        (await anonymous.post("/api/diagnostics", json=body)).status_code
        for body in (
            {"schema": "other"},
            diagnostic(schema_version="2.0"),
            diagnostic(machine_id="x"),
            diagnostic(padding="x" * 300_000),
        )
    ]

    assert set(codes) <= {413, 422}


async def test_senders_are_limited(make_settings: Callable[..., Settings]) -> None:
    async with backend_service(make_settings(diagnostics_limit="2/hour")) as service:
        anonymous = await service.client()
        codes = [
            (await anonymous.post("/api/diagnostics", json=diagnostic())).status_code
            for _ in range(3)
        ]

    assert codes == [201, 201, 429]


async def test_the_client_sends_and_gets_what_was_promised(service: BackendService) -> None:
    wanted = response("diagnostic")
    report = diagnostic()
    async with on_loopback(service.app) as base:
        sent_one = await send_diagnostic(base, SystemClock(), report)
        with pytest.raises(Refused) as refused:
            await send_diagnostic(base, SystemClock(), {**report, "machine_id": "x"})

    raw = (await (await service.client()).post("/api/diagnostics", json=report)).json()
    assert set(raw) == set(wanted)
    assert (sent_one.expires_at - sent_one.arrived_at) == KEPT_FOR
    assert refused.value.code is ErrorCode.REQUEST_INVALID
    found = await (await service.support()).http.get(f"/api/diagnostics/{sent_one.code}")
    assert found.json()["report"] == report


async def test_support_gets_what_was_promised(service: BackendService) -> None:
    """Compared: diagnostic_found."""
    wanted = response("diagnostic_found")
    await sent(service, diagnostic())
    service.clock.advance(seconds=60)
    code = await sent(service, diagnostic())

    found = (await (await service.support()).http.get(f"/api/diagnostics/{code}")).json()

    assert set(found) == set(wanted)
    (earlier,) = found["earlier"]
    assert set(earlier) == set(wanted["earlier"][0])
    assert set(earlier["measured"]) == set(wanted["earlier"][0]["measured"])
    assert (found["passed"], found["blocking"]) == (True, [])


async def test_a_sessions_report_is_found_with_the_services_own_verdict(
    bench: CallBench,
) -> None:
    """The code on the page before a session is as good as one of a diagnosis."""
    begun = await bench.customer.http.post("/api/preflight", json={"trigger": "join"})
    report = passing_report(begun.json()["nonce"])
    measured(report, "net.rtt_high")["rtt_median_ms"] = 412.0
    kept = await bench.customer.http.post(
        f"/api/preflight/{begun.json()['run_id']}/report", json=report
    )
    code = kept.json()["short_code"]

    found = await (await bench.service.support()).http.get(f"/api/diagnostics/{code}")

    assert found.status_code == 200, found.text
    told = found.json()
    assert (told["kind"], told["passed"]) == ("preflight", False)
    assert told["blocking"] == ["net.rtt_high"], "recomputed, whatever the client said"
    assert "nonce" not in told["report"]["context"]


async def test_figures_that_are_no_numbers_are_none(service: BackendService) -> None:
    odd = diagnostic()
    measured(odd, "net.rtt_high")["rtt_median_ms"] = "<b>fast</b>"
    measured(odd, "camera.fps_low")["fps"] = True
    await sent(service, odd)
    service.clock.advance(seconds=60)
    code = await sent(service, diagnostic())

    found = (await (await service.support()).http.get(f"/api/diagnostics/{code}")).json()

    (earlier,) = found["earlier"]
    assert (earlier["measured"]["rtt_median_ms"], earlier["measured"]["fps"]) == (None, None)


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{spoken}", "{small}"])
async def test_the_client_finds_it_however_it_was_typed(
    service: BackendService, typed: str
) -> None:
    code = await sent(service, diagnostic())
    support = await service.support()
    spoken = code.replace("0", "o").replace("1", "l").replace("5", "s").replace("V", "u")
    async with on_loopback(service.app) as base:
        transport = Transport(base, SystemClock())
        transport.sign_with(_Signs(support.http.headers["Authorization"]))
        api = LiftbayClient(transport, SystemClock())
        asked = typed.format(code=code, spoken=spoken, small=code.replace("-", " ").lower())
        found = await api.find_report(asked)
        with pytest.raises(Refused) as slip:
            await api.find_report("7K3M-Q2X1")
        with pytest.raises(Refused) as missing:
            await api.find_report("0000-0000")
        await transport.close()

    assert found.code == code
    assert slip.value.code is ErrorCode.DIAGNOSTIC_CODE_WRONG
    assert missing.value.code is ErrorCode.DIAGNOSTIC_NOT_FOUND


class _Signs:
    """Signs requests with one person's token."""

    def __init__(self, header: str) -> None:
        self._token = Secret(header.removeprefix("Bearer "))

    async def credential(self) -> Credential:
        return Credential(1, self._token)

    async def renew(self, used: Credential) -> bool:
        return False
