"""The way into a call: a preflight the service believes, and a token for nobody else."""

import copy
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from liftbay_backend.rooms.ports import attempt_in
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench, measured, passing_report
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.contract import fixture, response


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


def keys(value: Any) -> Any:
    """Return the shape of a wire object: its keys, all the way down."""
    return {key: keys(one) for key, one in value.items()} if isinstance(value, dict) else None


async def test_a_run_begins_with_the_gate_and_a_probe_room(bench: CallBench) -> None:
    answer = await bench.customer.http.post(
        "/api/preflight", json={"session_id": bench.session_id, "trigger": "join"}
    )

    begun = answer.json()
    gate = fixture("gate")
    assert answer.status_code == 201
    assert set(begun) == set(response("preflight_begin"))
    assert begun["gate"] == {key: gate[key] for key in ("gate_version", "checks")}
    assert begun["probe"]["room"] == f"probe-{begun['run_id']}"
    assert set(begun["probe"]["tokens"]) == {"a", "b", "join", "relay"}


async def test_an_anonymous_caller_gets_a_probe_without_a_nonce(service: BackendService) -> None:
    anonymous = await service.client()

    begun = (await anonymous.post("/api/preflight", json={})).json()

    assert begun["run_id"] is None
    assert begun["nonce"] is None
    assert begun["probe"]["tokens"]["join"]


async def test_anonymous_probes_are_limited(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(anonymous_limit="2/minute")) as service:
        anonymous = await service.client()

        codes = [(await anonymous.post("/api/preflight", json={})).status_code for _ in range(3)]

    assert codes == [201, 201, 429]


async def test_a_passing_report_is_answered_with_verdict_and_code(bench: CallBench) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()

    answer = await bench.customer.http.post(
        f"/api/preflight/{begun['run_id']}/report", json=passing_report(begun["nonce"])
    )

    assert answer.status_code == 200
    assert keys(answer.json()) == keys(response("preflight_report"))
    assert answer.json()["passed"] is True
    assert len(answer.json()["short_code"]) == 9


async def test_a_nonce_works_once(bench: CallBench) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    path = f"/api/preflight/{begun['run_id']}/report"
    await bench.customer.http.post(path, json=passing_report(begun["nonce"]))

    again = await bench.customer.http.post(path, json=passing_report(begun["nonce"]))

    assert again.status_code == 409
    assert again.json()["code"] == "preflight.nonce_used"


@pytest.mark.parametrize("who", ["wrong nonce", "other account"])
async def test_a_run_belongs_to_one_account_and_its_nonce(bench: CallBench, who: str) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    nonce = "guessed" if who == "wrong nonce" else begun["nonce"]
    caller = bench.customer if who == "wrong nonce" else bench.mechanic

    answer = await caller.http.post(
        f"/api/preflight/{begun['run_id']}/report", json=passing_report(nonce)
    )

    assert answer.status_code == 404
    assert answer.json()["code"] == "preflight.run_not_found"


async def test_a_run_that_is_too_old_takes_no_report(bench: CallBench) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    bench.service.clock.advance(minutes=11)

    answer = await bench.customer.http.post(
        f"/api/preflight/{begun['run_id']}/report", json=passing_report(begun["nonce"])
    )

    assert answer.status_code == 410
    assert answer.json()["code"] == "preflight.run_expired"


async def test_a_report_without_a_gating_code_is_refused_and_the_nonce_stays(
    bench: CallBench,
) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    path = f"/api/preflight/{begun['run_id']}/report"
    report = passing_report(begun["nonce"])
    without = {**report, "checks": report["checks"][1:]}

    refused = await bench.customer.http.post(path, json=without)
    stored = await bench.customer.http.post(path, json=report)

    assert refused.status_code == 422
    assert refused.json()["code"] == "preflight.incomplete"
    assert refused.json()["missing"] == ["camera.none"]
    assert stored.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "other"},
        {"schema_version": "2.0"},
        {"checks": "none"},
        {"context": {}},
        {"report_id": "5"},
    ],
)
async def test_a_report_of_another_shape_is_refused(
    bench: CallBench, change: dict[str, Any]
) -> None:
    begun = (await bench.customer.http.post("/api/preflight", json={})).json()
    report = {**passing_report(begun["nonce"]), **change}

    answer = await bench.customer.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)

    assert answer.status_code == 422
    assert answer.json()["code"] == "request.invalid"


async def test_a_token_needs_a_report(bench: CallBench) -> None:
    answer = await bench.token(bench.customer, None)

    assert answer.status_code == 428
    assert answer.json()["code"] == "preflight.required"
    assert answer.json()["reason"] == "missing"
    assert answer.json()["blocking"] == []


async def test_a_fresh_passing_report_opens_the_door(bench: CallBench) -> None:
    attempt = str(uuid.uuid4())
    report_id = await bench.preflight(bench.customer)

    answer = await bench.token(bench.customer, report_id, attempt)

    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert keys(body) == keys(response("session_token"))
    assert body["room"] == f"session-{bench.session_id}"
    assert body["identity"] == f"customer-{bench.customer.user_id}"
    assert body["role"] == "customer"
    assert body["attempt"] == attempt


async def test_the_mechanics_identity_is_the_mechanic_id(bench: CallBench) -> None:
    answer = await bench.token(bench.mechanic, await bench.preflight(bench.mechanic))

    assert answer.json()["identity"] == f"mechanic-{bench.mechanic.mechanic_id}"
    assert bench.mechanic.mechanic_id != bench.mechanic.user_id


async def test_a_token_grants_this_room_for_two_minutes_and_carries_the_attempt(
    bench: CallBench,
) -> None:
    attempt = str(uuid.uuid4())
    answer = await bench.token(bench.customer, await bench.preflight(bench.customer), attempt)

    grant = bench.service.rooms.grants[answer.json()["token"]]

    assert grant.room == f"session-{bench.session_id}"
    assert grant.ttl_seconds == 120
    assert attempt_in(grant.metadata) == attempt
    assert "camera" in grant.sources


async def test_a_lie_about_the_verdict_gets_no_token(bench: CallBench) -> None:
    report = passing_report("")
    measured(report, "net.rtt_high")["rtt_median_ms"] = 800
    report_id = await bench.preflight(bench.customer, report)

    answer = await bench.token(bench.customer, report_id)

    assert answer.status_code == 428
    assert answer.json()["reason"] == "failed"
    assert answer.json()["blocking"] == ["net.rtt_high"]


async def test_an_outdated_client_gets_no_token(bench: CallBench) -> None:
    report = passing_report("")
    report["app"]["liftbay"] = "0.0.9"

    answer = await bench.token(bench.customer, await bench.preflight(bench.customer, report))

    assert answer.json()["blocking"] == ["host.outdated"]


async def test_a_report_whose_probe_the_call_server_never_saw_gets_no_token(
    bench: CallBench,
) -> None:
    report_id = await bench.preflight(bench.customer, probe=False)

    answer = await bench.token(bench.customer, report_id)

    assert answer.status_code == 428
    assert answer.json()["blocking"] == ["net.room"]


async def test_a_report_is_stale_after_five_minutes(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.customer)
    bench.service.clock.advance(minutes=5)
    fresh = await bench.token(bench.customer, report_id)
    bench.service.clock.advance(seconds=1)

    stale = await bench.token(bench.customer, report_id)

    assert fresh.status_code == 200
    assert stale.status_code == 428
    assert stale.json()["reason"] == "stale"


async def test_somebody_elses_report_is_no_report(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.mechanic)

    answer = await bench.token(bench.customer, report_id)

    assert answer.json()["reason"] == "missing"


@pytest.mark.parametrize("kind", ["file", "pattern", "tone", "newer-than-us"])
async def test_synthetic_sources_are_refused(bench: CallBench, kind: str) -> None:
    report_id = await bench.preflight(bench.customer, passing_report("", kind=kind))

    answer = await bench.token(bench.customer, report_id)

    assert answer.status_code == 428
    assert answer.json()["code"] == "preflight.synthetic_source"


async def test_a_demo_service_accepts_synthetic_sources(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(allow_synthetic=True)) as service:
        bench = await call_bench(service)
        report_id = await bench.preflight(bench.customer, passing_report("", kind="pattern"))

        answer = await bench.token(bench.customer, report_id)

    assert answer.status_code == 200


async def test_the_refusals_come_in_order(bench: CallBench) -> None:
    """401, 404, 403, 409 and only then 428."""
    stranger = await bench.service.customer("Pat Stranger")
    anonymous = await bench.service.client()
    unknown = f"/api/sessions/{uuid.uuid4()}/token"

    assert (await anonymous.post(unknown, json={})).status_code == 401
    assert (await stranger.http.post(unknown, json={})).status_code == 404
    assert (await bench.token(stranger, None)).status_code == 403
    await bench.end(bench.customer)
    ended = await bench.token(bench.customer, None)
    assert ended.status_code == 409
    assert ended.json()["code"] == "session.ended"


async def test_what_is_no_id_of_ours_is_not_found_and_only_for_people_signed_in(
    bench: CallBench,
) -> None:
    path = f"/api/sessions/{'a' * 300}/token"
    nobody = await bench.service.client()

    answers = [await one.post(path, json={}) for one in (nobody, bench.customer.http)]

    assert [one.status_code for one in answers] == [401, 404]


async def test_an_unreachable_call_server_is_said_so(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.customer)
    bench.service.rooms.is_down = True

    token = await bench.token(bench.customer, report_id)
    preflight = await bench.customer.http.post("/api/preflight", json={})

    assert token.status_code == preflight.status_code == 503
    assert token.json()["code"] == "sfu.unavailable"
    assert token.headers["retry-after"] == "2"


async def test_a_reconnect_in_a_running_session_needs_no_report(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=20)

    answer = await bench.token(bench.customer, None)

    assert answer.status_code == 200


async def test_who_was_never_in_needs_a_report_even_in_a_running_session(
    bench: CallBench,
) -> None:
    """The session runs, but this account's own first join still goes through the gate."""
    await bench.join(bench.customer)

    answer = await bench.token(bench.customer, None)

    assert answer.status_code == 428


async def test_readiness_of_both_sides_is_shared(bench: CallBench) -> None:
    await bench.mechanic.http.put(
        f"{bench.path}/readiness", json={"state": "checking", "rung": None}
    )

    answer = await bench.customer.http.put(
        f"{bench.path}/readiness", json={"state": "ready", "rung": 6}
    )

    expected = copy.deepcopy(response("readiness"))
    assert answer.json() == expected
    assert (await bench.mechanic.http.get(f"{bench.path}/readiness")).json() == expected


async def test_who_is_in_the_room_is_the_media_servers_word(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.customer)
    ticket = (await bench.token(bench.customer, report_id)).json()
    asked = partial(bench.customer.http.get, f"{bench.path}/readiness")
    # What a side says of itself is no proof: a call that crashed leaves it saying so.
    await bench.customer.http.put(f"{bench.path}/readiness", json={"state": "in_call"})
    before = (await asked()).json()

    bench.service.rooms.join_with(ticket["token"])
    await bench.look()
    inside = (await asked()).json()
    bench.service.rooms.leave(ticket["room"], ticket["identity"])
    await bench.look()
    after = (await asked()).json()

    told = [one["customer"]["in_room"] for one in (before, inside, after)]
    assert told == [False, True, False]
    said = [one["customer"]["state"] for one in (before, inside, after)]
    assert said == ["in_call", "in_call", "absent"]
    assert not inside["mechanic"]["in_room"]


@pytest.mark.parametrize("body", [{"state": "lost"}, {"state": "ready", "rung": 9}, {}])
async def test_readiness_of_another_kind_is_refused(bench: CallBench, body: dict[str, Any]) -> None:
    answer = await bench.customer.http.put(f"{bench.path}/readiness", json=body)

    assert answer.status_code == 422


async def test_the_two_bodies_probes_measure_with(service: BackendService) -> None:
    anonymous = await service.client()

    echo = await anonymous.post("/api/preflight/echo", content=b"x" * 16_000)
    portal = await anonymous.get("/portal-check")

    assert echo.content == b"x" * 16_000
    assert portal.text == "liftbay-portal-check\n"
