"""Webhooks of the media server that are lost, late, doubled or in the wrong order.

They are hints to look; what counts is who is in the room. So each of these sessions must end up as
it would have with every webhook in its place.
"""

from collections.abc import AsyncIterator, Callable
from itertools import permutations

import pytest

from liftbay_backend.lifecycle import look_at_rooms
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import backend_service
from tests.fakes.rooms import SIGNATURE

KINDS = ("participant_joined", "participant_left", "room_finished")


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    """A live session, 100 paid seconds old."""
    async with backend_service(make_settings(access_token_seconds=86_400)) as service:
        bench = await call_bench(service)
        await bench.start()
        service.clock.advance(seconds=100)
        await bench.clock(bench.mechanic)
        yield bench


def webhook(bench: CallBench, kind: str, event_id: str) -> str:
    room = f"session-{bench.session_id}"
    return bench.service.rooms.webhook(event_id, kind, room, bench.identity(bench.mechanic))


async def deliver(bench: CallBench, body: str) -> bool:
    http = await bench.service.client(Authorization=SIGNATURE)
    answer = await http.post("/api/livekit/webhook", content=body)
    assert answer.status_code == 200, answer.text
    first: bool = answer.json()["first"]
    return first


async def presence(bench: CallBench) -> list[tuple[str, str]]:
    return [(one["role"], one["state"]) for one in await bench.events("presence")]


async def test_a_lost_webhook_is_made_good_by_the_next_look(bench: CallBench) -> None:
    """The watch alone books the leave, dated back to the last sign of life, and the return."""
    bench.service.clock.advance(seconds=5)
    bench.drop(bench.mechanic)
    await look_at_rooms(bench.live)
    bench.service.clock.advance(seconds=25)
    await look_at_rooms(bench.live)
    away = await bench.clock()
    bench.back(bench.mechanic)
    await look_at_rooms(bench.live)
    bench.service.clock.advance(seconds=10)
    back = await bench.clock()

    assert (away["state"], away["remaining_seconds"]) == ("paused", 3600 - 110)
    assert (back["state"], back["remaining_seconds"]) == ("running", 3600 - 110 - 10)
    assert (await presence(bench))[2:] == [("mechanic", "absent"), ("mechanic", "present")]


@pytest.mark.parametrize("order", list(permutations(KINDS)))
@pytest.mark.parametrize("is_there", [True, False])
async def test_webhooks_in_any_order_and_twice_end_up_at_who_is_there(
    bench: CallBench, order: tuple[str, ...], is_there: bool
) -> None:
    bodies = [webhook(bench, kind, f"EV_{kind}") for kind in order]
    if not is_there:
        bench.drop(bench.mechanic)

    firsts = [await deliver(bench, body) for body in (*bodies, *reversed(bodies))]
    bench.service.clock.advance(seconds=30)
    await look_at_rooms(bench.live)

    assert firsts == [True] * 3 + [False] * 3
    wanted = [] if is_there else [("mechanic", "absent")]
    assert (await presence(bench))[2:] == wanted
    assert (await bench.clock())["state"] == ("running" if is_there else "paused")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_webhook_an_hour_late_changes_nothing_of_what_is_over(
    bench: CallBench, kind: str
) -> None:
    late = webhook(bench, kind, "EV_LATE")
    before_end = bench.service.rooms.created.copy()
    await bench.end(bench.customer)
    ended = await bench.session()
    bench.service.clock.advance(minutes=60)

    assert await deliver(bench, late)
    after = await bench.session()

    for each in ("status", "end", "settlement", "payment_status"):
        assert after[each] == ended[each]
    assert bench.service.rooms.created == before_end


async def test_a_webhook_whose_look_fails_is_made_good_and_not_taken_twice(
    bench: CallBench,
) -> None:
    """The media server tells of a leave and is gone before it can be asked."""
    bench.drop(bench.mechanic)
    body = webhook(bench, "participant_left", "EV_1")
    bench.service.rooms.is_down = True
    first = await deliver(bench, body)
    while_down = await presence(bench)
    bench.service.rooms.is_down = False
    again = await deliver(bench, body)
    await look_at_rooms(bench.live)

    assert (first, again) == (True, False)
    assert while_down == [("customer", "present"), ("mechanic", "present")]
    assert (await presence(bench))[-1] == ("mechanic", "absent")
