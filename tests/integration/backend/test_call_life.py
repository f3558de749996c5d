"""A call from its start to its end: presence, paid time, and everybody who may press what."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from liftbay_backend.db.models import SessionEventRow
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services import due
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.rooms import SIGNATURE

CONTRACT = Path(__file__).parents[2] / "contract"


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A waiting session whose people stay signed in through hours of virtual time."""
    async with backend_service(make_settings(access_token_seconds=86_400)) as service:
        yield await call_bench(service)


def contract(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text())
    return found


async def events(bench: CallBench, kind: str) -> list[dict[str, Any]]:
    query = (
        select(SessionEventRow)
        .where(SessionEventRow.session_id == bench.session_id, SessionEventRow.kind == kind)
        .order_by(SessionEventRow.seq)
    )
    async with bench.service.core.database.reading() as db:
        return [row.data for row in (await db.execute(query)).scalars()]


async def test_a_session_starts_when_the_service_sees_both(bench: CallBench) -> None:
    await bench.join(bench.customer)
    alone = await bench.customer.http.post(f"{bench.path}/start", json={})
    await bench.join(bench.mechanic)

    both = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert alone.status_code == 409
    assert alone.json()["code"] == "session.not_both_present"
    assert both.status_code == 200
    assert set(both.json()) == set(contract("session_start")["response"])
    assert both.json()["status"] == "live"
    assert both.json()["clock"]["state"] == "running"
    assert both.json()["clock"]["remaining_seconds"] == 3600


async def test_presence_is_never_taken_from_a_booking_alone(bench: CallBench) -> None:
    """Both joined, one left again unseen: the start looks for itself."""
    await bench.join(bench.customer)
    await bench.join(bench.mechanic)
    bench.drop(bench.mechanic)

    answer = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert answer.status_code == 409


async def test_starting_again_brings_the_same_clock(bench: CallBench) -> None:
    first = await bench.start()
    bench.service.clock.advance(seconds=5)

    again = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert again.json()["clock"]["revision"] == first["revision"]
    assert again.json()["clock"]["started_at"] == first["started_at"]
    assert again.json()["clock"]["remaining_seconds"] == 3595


async def test_a_start_without_a_call_server_is_refused_and_starts_nothing(
    bench: CallBench,
) -> None:
    await bench.join(bench.customer)
    await bench.join(bench.mechanic)
    bench.service.rooms.is_down = True

    answer = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert answer.status_code == 503
    assert (await bench.session())["status"] == "waiting"


async def test_an_ended_session_cannot_be_started(bench: CallBench) -> None:
    await bench.end(bench.customer)

    answer = await bench.customer.http.post(f"{bench.path}/start", json={})

    assert answer.status_code == 409
    assert answer.json()["code"] == "session.ended"


async def test_the_clock_looks_like_the_contract(bench: CallBench) -> None:
    not_started = await bench.clock()
    await bench.start()
    running = await bench.clock()

    assert not_started == {
        **contract("clock_not_started")["response"],
        "server_now": not_started["server_now"],
    }
    assert set(running) == set(contract("clock_running")["response"])


async def test_both_sides_read_the_same_remaining_time(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=7)

    theirs = [await bench.clock(one) for one in (bench.customer, bench.mechanic)]

    assert theirs[0]["remaining_seconds"] == theirs[1]["remaining_seconds"] == 3180


async def test_joins_are_told_to_both_sides(bench: CallBench) -> None:
    await bench.start()

    told = await events(bench, "presence")

    assert [(one["role"], one["state"]) for one in told] == [
        ("customer", "present"),
        ("mechanic", "present"),
    ]
    shape = contract("session_events")["events"][2]["data"]
    assert set(told[0]) == set(shape)
    assert told[0]["absence_left_seconds"] == 600


async def test_paid_time_stops_ten_seconds_after_the_last_sign_of_life(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=100)
    await bench.clock(bench.mechanic)
    bench.service.clock.advance(seconds=21)
    bench.drop(bench.mechanic)

    await bench.look()

    clock = await bench.clock()
    assert clock["state"] == "paused"
    assert clock["remaining_seconds"] == 3600 - 110
    absent = (await events(bench, "presence"))[-1]
    assert absent["state"] == "absent"
    assert absent["role"] == "mechanic"
    assert absent["absence_left_seconds"] == 579


async def test_a_short_drop_costs_and_pauses_nothing(bench: CallBench) -> None:
    await bench.start()
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=3)
    bench.back(bench.mechanic)

    await bench.look()

    clock = await bench.clock()
    assert clock["state"] == "running"
    assert clock["paused_seconds"] == 0
    assert clock["remaining_seconds"] == 3597


async def test_the_clock_runs_on_after_the_return(bench: CallBench) -> None:
    await bench.start()
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=70)
    await bench.look()
    bench.back(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=30)

    clock = await bench.clock()

    assert clock["state"] == "running"
    assert clock["paused_seconds"] == 60
    assert clock["remaining_seconds"] == 3600 - 10 - 30
    revisions = [one["clock"]["revision"] for one in await events(bench, "clock")]
    assert revisions == sorted(set(revisions))


async def test_ten_minutes_of_absence_end_the_session(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=120)
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.look()
    bench.service.clock.advance(seconds=599)
    await bench.look()
    before = (await bench.session())["status"]
    bench.service.clock.advance(seconds=2)

    await bench.look()

    session = await bench.session()
    assert before == "live"
    assert session["status"] == "completed"
    assert session["end"]["reason"] == "abandoned"
    assert session["end"]["ended_by"] == "service"
    assert session["end"]["duration_seconds"] == 130


async def test_an_unreachable_call_server_makes_nobody_absent(bench: CallBench) -> None:
    await bench.start()
    bench.service.rooms.is_down = True
    bench.service.clock.advance(seconds=30)

    with pytest.raises(RoomsUnavailable):
        await bench.live.watch.look(bench.session_id)

    assert (await bench.clock())["state"] == "running"
    assert [one["state"] for one in await events(bench, "presence")] == ["present", "present"]


async def test_a_restarted_call_server_gets_its_room_back(bench: CallBench) -> None:
    await bench.start()
    bench.service.rooms.restart()

    await bench.look()

    room = f"session-{bench.session_id}"
    assert bench.service.rooms.created.count(room) == 2
    bench.back(bench.customer)
    bench.back(bench.mechanic)
    await bench.look()
    assert (await bench.clock())["state"] == "running"


async def test_the_room_of_an_ended_session_is_not_made_again(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.customer)
    bench.service.rooms.restart()

    await bench.look()

    assert bench.service.rooms.created.count(f"session-{bench.session_id}") == 1


async def test_at_zero_the_service_ends_the_session_by_itself(bench: CallBench) -> None:
    clock = await bench.start()
    bench.service.clock.advance(seconds=3599.9)
    assert await due.end_sessions_at_zero(bench.live) == 0
    bench.service.clock.advance(seconds=0.6)

    assert await due.end_sessions_at_zero(bench.live) == 1

    session = await bench.session()
    assert session["status"] == "completed"
    assert session["end"]["reason"] == "time_up"
    assert session["end"]["ended_at"] == clock["ends_at"]
    assert session["end"]["duration_seconds"] == 3600
    assert session["clock"]["state"] == "ended"
    assert session["clock"]["remaining_seconds"] == 0


async def test_a_pause_that_fell_due_before_zero_counts_first(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=3580)
    await bench.clock(bench.mechanic)
    bench.drop(bench.mechanic)
    await bench.live.watch.look(bench.session_id)
    bench.service.clock.advance(seconds=25)

    assert await due.end_sessions_at_zero(bench.live) == 0

    clock = await bench.clock()
    assert clock["state"] == "paused"
    assert clock["remaining_seconds"] == 10


async def test_end_is_idempotent(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    first = await bench.end(bench.customer)
    bench.service.clock.advance(seconds=3)

    again = await bench.end(bench.mechanic)

    assert first["status"] == "completed"
    assert again["end"] == first["end"]
    assert set(first) == set(contract("session_end")["response"])
    assert first["settlement"] == contract("session_end")["response"]["settlement"]
    assert len(await events(bench, "ended")) == 1


@pytest.mark.parametrize(("seconds", "status"), [(59, "cancelled"), (60, "completed")])
async def test_a_session_of_a_few_seconds_is_cancelled(
    bench: CallBench, seconds: int, status: str
) -> None:
    await bench.start()
    bench.service.clock.advance(seconds=seconds)

    ended = await bench.end(bench.customer)

    assert ended["status"] == status
    assert ended["end"]["billable"] is (status == "completed")
    session = await bench.session()
    assert session["payment_status"] == ("paid" if status == "completed" else "refunding")


async def test_nobody_ends_in_the_other_ones_name(bench: CallBench) -> None:
    await bench.start()

    ended = await bench.end(bench.mechanic, reason="ended_by_customer")

    assert ended["end"]["reason"] == "ended_by_mechanic"
    assert ended["end"]["ended_by"] == "mechanic"


async def test_a_late_press_is_ignored_after_a_newer_join(bench: CallBench) -> None:
    await bench.start()
    pressed_at = bench.service.clock.now().isoformat()
    old = str(uuid.uuid4())
    bench.drop(bench.customer)
    await bench.look()
    bench.service.clock.advance(seconds=20)
    bench.back(bench.customer, str(uuid.uuid4()))
    await bench.look()

    answer = await bench.end(bench.customer, old, pressed_at=pressed_at)

    assert answer == contract("session_end_ignored")["response"]
    assert (await bench.session())["status"] == "live"


async def test_a_late_press_of_the_same_attempt_counts(bench: CallBench) -> None:
    await bench.join(bench.mechanic)
    attempt = await bench.join(bench.customer)
    await bench.customer.http.post(f"{bench.path}/start", json={})
    bench.service.clock.advance(minutes=2)
    pressed_at = bench.service.clock.now().isoformat()
    bench.drop(bench.customer)
    await bench.look()
    bench.service.clock.advance(seconds=5)
    bench.back(bench.customer, attempt)
    await bench.look()

    answer = await bench.end(bench.customer, attempt, pressed_at=pressed_at)

    assert answer["status"] == "completed"


async def test_a_window_closed_before_the_start_ends_nothing(bench: CallBench) -> None:
    await bench.join(bench.customer)

    answer = await bench.end(bench.customer, reason="window_closed")

    assert answer == {"status": "waiting", "end": None, "settlement": None}


async def test_end_pressed_before_the_start_cancels(bench: CallBench) -> None:
    answer = await bench.end(bench.customer)

    assert answer["status"] == "cancelled"
    assert answer["end"]["billable"] is False


async def test_a_stranger_can_neither_read_nor_end(bench: CallBench) -> None:
    await bench.start()
    stranger = await bench.service.customer("Pat Stranger")
    body = {"reason": "ended_by_customer", "pressed_at": "2026-11-22T12:00:00+00:00"}

    answers = [
        await stranger.http.get(f"{bench.path}/clock"),
        await stranger.http.post(f"{bench.path}/end", json=body),
        await stranger.http.post(f"{bench.path}/start", json={}),
        await stranger.http.put(f"{bench.path}/readiness", json={"state": "ready"}),
    ]

    assert [one.status_code for one in answers] == [403] * 4
    assert (await bench.session())["status"] == "live"


async def test_the_room_is_closed_ten_seconds_after_the_end(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=2)
    await bench.end(bench.customer)
    bench.service.clock.advance(seconds=9.9)
    too_early = await due.close_rooms(bench.live)
    bench.service.clock.advance(seconds=0.1)

    closed = await due.close_rooms(bench.live)

    assert (too_early, closed) == (0, 1)
    assert bench.service.rooms.deleted == [f"session-{bench.session_id}"]
    assert await due.close_rooms(bench.live) == 0


async def test_a_room_that_cannot_be_closed_now_is_closed_later(bench: CallBench) -> None:
    await bench.start()
    await bench.end(bench.customer)
    bench.service.clock.advance(seconds=10)
    bench.service.rooms.is_down = True
    failed = await due.close_rooms(bench.live)
    bench.service.rooms.is_down = False

    closed = await due.close_rooms(bench.live)

    assert (failed, closed) == (0, 1)


async def test_a_webhook_is_believed_once_and_only_signed(bench: CallBench) -> None:
    await bench.start()
    bench.drop(bench.mechanic)
    http = await bench.service.client()
    room = f"session-{bench.session_id}"
    body = bench.service.rooms.webhook(
        "EV_1", "participant_left", room, bench.identity(bench.mechanic)
    )

    unsigned = await http.post("/api/livekit/webhook", content=body)
    before = await events(bench, "presence")
    headers = {"Authorization": SIGNATURE, "Content-Type": "application/webhook+json"}
    first = await http.post("/api/livekit/webhook", content=body, headers=headers)
    again = await http.post("/api/livekit/webhook", content=body, headers=headers)

    assert unsigned.status_code == 401
    assert unsigned.json()["code"] == "webhook.bad_signature"
    assert (first.json(), again.json()) == ({"first": True}, {"first": False})
    assert len(await events(bench, "presence")) == len(before) + 1


async def test_a_late_webhook_about_somebody_who_is_back_does_no_harm(bench: CallBench) -> None:
    await bench.start()
    http = await bench.service.client()
    body = bench.service.rooms.webhook(
        "EV_9", "participant_left", f"session-{bench.session_id}", bench.identity(bench.mechanic)
    )

    await http.post("/api/livekit/webhook", content=body, headers={"Authorization": SIGNATURE})

    assert [one["state"] for one in await events(bench, "presence")] == ["present", "present"]


async def test_an_unaccepted_request_expires_and_is_refunded(service: BackendService) -> None:
    customer = await service.customer()
    session = await service.pending_session(customer)
    live = service.app.state.live
    service.clock.advance(minutes=14.9)
    assert await due.expire_requests(live) == 0
    service.clock.advance(minutes=0.1)

    assert await due.expire_requests(live) == 1

    found = (await customer.http.get(f"/api/sessions/{session['id']}")).json()
    assert found["status"] == "unattended"
    assert found["payment_status"] == "refunding"
    assert found["end"]["reason"] == "unattended"


async def test_an_accepted_session_that_never_starts_expires(bench: CallBench) -> None:
    bench.service.clock.advance(minutes=14.9)
    assert await due.expire_no_shows(bench.live) == 0
    bench.service.clock.advance(minutes=0.1)

    assert await due.expire_no_shows(bench.live) == 1

    session = await bench.session()
    assert session["status"] == "expired"
    assert session["payment_status"] == "refunding"


async def test_a_started_session_is_no_no_show(bench: CallBench) -> None:
    await bench.start()
    bench.service.clock.advance(minutes=16)

    assert await due.expire_no_shows(bench.live) == 0


async def test_a_plan_of_ninety_seconds_warns_as_the_settings_say(
    make_settings: Callable[..., Settings],
) -> None:
    plan = {
        "code": "diagnostic",
        "type": "video",
        "total_seconds": 90,
        "price_cents": 4999,
        "extension_seconds": 60,
        "extension_price_cents": 999,
    }
    settings = make_settings(plans_json=json.dumps([plan]), clock_warnings=(60, 30))
    async with backend_service(settings) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(seconds=90)
        await due.end_sessions_at_zero(bench.live)

        session = await bench.session()

    assert session["clock"]["warnings"] == [60, 30]
    assert session["end"]["reason"] == "time_up"
    assert session["status"] == "completed"
