"""What opens no door: every way past the gate that the service refuses, one test each.

The list, in the order of SECURITY.md: another account's report, another session's, a used nonce,
an expired one, a probe the call server never saw (or saw too long ago), a verdict that does not
follow from the measured values, figures that are none, missing codes, codes told twice, figures
that are too old, a report that is too old, synthetic sources, a client that is too old.
"""

import copy
import json
import uuid
from typing import Any

import httpx
import pytest

from tests.fakes.backend_calls import CallBench, call_bench, measured, passing_report
from tests.fakes.backend_service import BackendService, Caller
from tests.fakes.rooms import SIGNATURE


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


def entry(report: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in report["checks"] if one["code"] == code)
    return found


async def hand_in(bench: CallBench, caller: Caller, begun: dict[str, Any]) -> httpx.Response:
    return await caller.http.post(
        f"/api/preflight/{begun['run_id']}/report", json=passing_report(begun["nonce"])
    )


async def tell_service_of_join(bench: CallBench, room: str) -> None:
    """Deliver the media server's webhook."""
    body = bench.service.rooms.webhook(str(uuid.uuid4()), "participant_joined", room, "probe-join")
    http = await bench.service.client(Authorization=SIGNATURE)
    answer = await http.post("/api/livekit/webhook", content=body)
    assert answer.status_code == 200


async def refusal(bench: CallBench, report: dict[str, Any]) -> tuple[str, list[str]]:
    """Hand a report in, ask for a token with it, and return reason and blocking codes."""
    report_id = await bench.preflight(bench.customer, report)
    answer = await bench.token(bench.customer, report_id)
    assert answer.status_code == 428, answer.text
    assert answer.json()["code"] == "preflight.required"
    return answer.json()["reason"], answer.json()["blocking"]


async def test_refused_another_accounts_report(bench: CallBench) -> None:
    theirs = await bench.preflight(bench.mechanic)

    answer = await bench.token(bench.customer, theirs)

    assert answer.status_code == 428
    assert answer.json()["reason"] == "missing"


async def test_refused_a_report_handed_in_by_another_account(bench: CallBench) -> None:
    begun = await bench.begin(bench.customer)

    answer = await hand_in(bench, bench.mechanic, begun)

    assert answer.status_code == 404
    assert answer.json()["code"] == "preflight.run_not_found"


@pytest.mark.parametrize("session", ["another", "none"])
async def test_refused_a_report_for_another_session(bench: CallBench, session: str) -> None:
    if session == "another":
        report_id = await bench.preflight(bench.customer, session=str(uuid.uuid4()))
    else:
        begun = (await bench.customer.http.post("/api/preflight", json={})).json()
        bench.service.rooms.join_with(begun["probe"]["tokens"]["join"])
        report_id = (await hand_in(bench, bench.customer, begun)).json()["report_id"]

    answer = await bench.token(bench.customer, report_id)

    assert answer.status_code == 428
    assert answer.json()["reason"] == "missing"
    assert "another session" in answer.json()["detail"]


async def test_refused_a_used_nonce(bench: CallBench) -> None:
    begun = await bench.begin(bench.customer)
    assert (await hand_in(bench, bench.customer, begun)).status_code == 200

    again = await hand_in(bench, bench.customer, begun)

    assert again.status_code == 409
    assert again.json()["code"] == "preflight.nonce_used"


async def test_refused_an_expired_nonce(bench: CallBench) -> None:
    begun = await bench.begin(bench.customer)
    bench.service.clock.advance(minutes=10, seconds=1)

    answer = await hand_in(bench, bench.customer, begun)

    assert answer.status_code == 410
    assert answer.json()["code"] == "preflight.run_expired"


async def test_refused_a_nonce_of_another_run(bench: CallBench) -> None:
    first, second = await bench.begin(bench.customer), await bench.begin(bench.customer)

    answer = await hand_in(bench, bench.customer, {**first, "nonce": second["nonce"]})

    assert answer.status_code == 404
    assert answer.json()["code"] == "preflight.run_not_found"


async def test_refused_a_probe_the_call_server_never_saw(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.customer, probe=False)

    answer = await bench.token(bench.customer, report_id)

    assert answer.json()["reason"] == "failed"
    assert answer.json()["blocking"] == ["net.room"]


async def test_refused_a_probe_the_call_server_saw_too_long_ago(bench: CallBench) -> None:
    """It joined, left, and the report came minutes later: of that network nothing is known."""
    begun = await bench.begin(bench.customer)
    rooms = bench.service.rooms
    rooms.join_with(begun["probe"]["tokens"]["join"])
    await tell_service_of_join(bench, begun["probe"]["room"])
    rooms.leave(begun["probe"]["room"], "probe-join")
    bench.service.clock.advance(minutes=2, seconds=1)
    report_id = (await hand_in(bench, bench.customer, begun)).json()["report_id"]

    answer = await bench.token(bench.customer, report_id)

    assert answer.json()["reason"] == "failed"
    assert answer.json()["blocking"] == ["net.room"]


async def test_accepted_a_probe_that_is_still_there_when_the_report_comes(
    bench: CallBench,
) -> None:
    begun = await bench.begin(bench.customer)
    bench.service.rooms.join_with(begun["probe"]["tokens"]["join"])
    await tell_service_of_join(bench, begun["probe"]["room"])
    bench.service.clock.advance(minutes=8)
    report_id = (await hand_in(bench, bench.customer, begun)).json()["report_id"]

    answer = await bench.token(bench.customer, report_id)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("net.rtt_high", "rtt_median_ms", 800),
        ("camera.black", "luma_mean", 3),
        ("mic.silent", "sound", False),
    ],
)
async def test_refused_a_verdict_that_does_not_follow_from_the_figures(
    bench: CallBench, code: str, field: str, value: object
) -> None:
    report = passing_report("")
    measured(report, code)[field] = value
    if code == "camera.black":
        measured(report, code)["structure"] = 0.1
    assert entry(report, code)["state"] == "passed"

    assert await refusal(bench, report) == ("failed", [code])


@pytest.mark.parametrize(
    "figure",
    ["NaN", "Infinity", "-Infinity", "1e999", '"20"', "true", "null", "[20]", "{}", "9" * 400],
)
async def test_refused_a_figure_that_is_none(bench: CallBench, figure: str) -> None:
    begun = await bench.begin(bench.customer)
    bench.service.rooms.join_with(begun["probe"]["tokens"]["join"])
    report = passing_report(begun["nonce"])
    measured(report, "net.rtt_high")["rtt_median_ms"] = "FIGURE"

    stored = await bench.customer.http.post(
        f"/api/preflight/{begun['run_id']}/report",
        content=json.dumps(report).replace('"FIGURE"', figure).encode(),
        headers={"Content-Type": "application/json"},
    )

    assert stored.status_code == 200, stored.text
    assert stored.json()["passed"] is False
    assert stored.json()["blocking"] == ["net.rtt_high"]
    token = await bench.token(bench.customer, stored.json()["report_id"])
    assert (token.status_code, token.json()["reason"]) == (428, "failed")


async def test_refused_a_truth_that_is_a_number(bench: CallBench) -> None:
    report = passing_report("")
    measured(report, "net.room")["connected"] = 1

    assert await refusal(bench, report) == ("failed", ["net.room"])


async def test_refused_missing_codes(bench: CallBench) -> None:
    begun = await bench.begin(bench.customer)
    report = passing_report(begun["nonce"])
    left_out = ("camera.black", "net.room")
    report["checks"] = [one for one in report["checks"] if one["code"] not in left_out]

    answer = await bench.customer.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)

    assert answer.status_code == 422
    assert answer.json()["code"] == "preflight.incomplete"
    assert answer.json()["missing"] == ["camera.black", "net.room"]


@pytest.mark.parametrize("good_one_first", [True, False])
async def test_refused_a_code_told_twice_by_its_worse_entry(
    bench: CallBench, good_one_first: bool
) -> None:
    report = passing_report("")
    bad = copy.deepcopy(entry(report, "mic.silent"))
    bad["measured"]["sound"] = False
    report["checks"].insert(len(report["checks"]) if good_one_first else 0, bad)

    assert await refusal(bench, report) == ("failed", ["mic.silent"])


async def test_refused_a_check_the_client_did_not_pass(bench: CallBench) -> None:
    report = passing_report("")
    entry(report, "camera.frozen")["state"] = "skipped"

    assert await refusal(bench, report) == ("failed", ["camera.frozen"])


@pytest.mark.parametrize("age_ms", [120_001, -1, True, "0"])
async def test_refused_figures_that_are_older_than_their_part_allows(
    bench: CallBench, age_ms: object
) -> None:
    report = passing_report("")
    for one in report["checks"]:
        one["age_ms"] = 120_000
    entry(report, "net.signal")["age_ms"] = age_ms

    assert await refusal(bench, report) == ("failed", ["net.signal"])


async def test_accepted_a_camera_that_was_opened_long_ago_and_is_watched(bench: CallBench) -> None:
    report = passing_report("")
    entry(report, "camera.open_failed")["age_ms"] = 500_000

    report_id = await bench.preflight(bench.customer, report)

    assert (await bench.token(bench.customer, report_id)).status_code == 200


async def test_refused_a_report_that_is_older_than_five_minutes(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.customer)
    bench.service.clock.advance(minutes=5, seconds=1)

    answer = await bench.token(bench.customer, report_id)

    assert answer.json()["reason"] == "stale"


@pytest.mark.parametrize("device", ["camera", "microphone"])
async def test_refused_synthetic_sources(bench: CallBench, device: str) -> None:
    report = passing_report("")
    report["devices"][device]["kind"] = "pattern"

    answer = await bench.token(bench.customer, await bench.preflight(bench.customer, report))

    assert answer.status_code == 428
    assert answer.json()["code"] == "preflight.synthetic_source"


async def test_refused_devices_that_do_not_say_what_they_are(bench: CallBench) -> None:
    report = passing_report("")
    report["devices"]["camera"] = None

    answer = await bench.token(bench.customer, await bench.preflight(bench.customer, report))

    assert answer.json()["code"] == "preflight.synthetic_source"


@pytest.mark.parametrize("version", ["0.0.9", "", "latest", "0"])
async def test_refused_a_client_below_the_minimum(bench: CallBench, version: str) -> None:
    report = passing_report("")
    report["app"]["liftbay"] = version

    assert await refusal(bench, report) == ("failed", ["host.outdated"])
