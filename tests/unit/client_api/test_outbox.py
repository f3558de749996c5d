"""Delivery: at least once on the wire, once in effect, and in the right order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from client_api.durable_queue import Intent, IntentKind
from client_api.errors import BrokenAnswer, ClientError, ErrorCode
from client_api.outbox import (
    KEPT_FOR_OTHERS,
    Delivered,
    Delivery,
    NobodySignedIn,
    Outbox,
    Rejected,
    Waiting,
)
from client_api.records import NotesDraft
from client_api.tasks import spawn
from client_api.wire import (
    AccountId,
    AttemptId,
    IdempotencyKey,
    SessionEndReason,
    SessionId,
)
from tests.conftest import ExpectedLogs
from tests.fakes.calls import quality_sample
from tests.fakes.clock import FakeClock, settle
from tests.fakes.intent_queue import FakeIntentQueue
from tests.fakes.service import FakeService, refusal, unreachable

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SAM = AccountId("customer-sam")
DANA = AccountId("mechanic-dana")


class Desk:
    """An outbox and everything around it."""

    def __init__(self, *left_behind: Intent) -> None:
        self.clock = FakeClock()
        self.service = FakeService(clock_=self.clock)
        self.session = self.service.add_session().id
        self.queue = FakeIntentQueue(*left_behind)
        self.outbox = Outbox(self.queue, self.service, self.clock, rng=random.Random(1))
        self.outbox.use(SAM)
        self.told: list[Delivery] = []
        self.forget = self.outbox.listen(self.told.append)

    async def end(self) -> Intent:
        return await self.outbox.end(
            self.session,
            SessionEndReason.ENDED_BY_CUSTOMER,
            pressed_at=NOON,
            attempt=AttemptId("a-1"),
        )


@pytest.fixture
async def desk() -> AsyncGenerator[Desk, None]:
    desk = Desk()
    desk.outbox.start()
    yield desk
    await desk.outbox.close()
    assert desk.queue.is_closed


async def test_every_kind_reaches_its_endpoint(desk: Desk) -> None:
    await desk.outbox.message(desk.session, "hello")
    await desk.outbox.notes(desk.session, NotesDraft((), "Quote"), version=0)
    await desk.outbox.quality(desk.session, AttemptId("a-1"), (quality_sample(),))
    await settle()
    await desk.end()
    await settle()

    assert [message.text for message in desk.service.messages_] == ["hello"]
    assert desk.service.notes_.text == "Quote"
    assert desk.service.samples == [quality_sample()]
    assert desk.service.ends[0][:3] == (
        SessionEndReason.ENDED_BY_CUSTOMER,
        NOON,
        AttemptId("a-1"),
    )
    assert desk.queue.intents == []
    assert all(isinstance(delivery, Delivered) for delivery in desk.told)


async def test_an_intent_keeps_its_key_until_it_is_answered(desk: Desk) -> None:
    desk.service.is_down = True
    intent = await desk.end()
    await desk.clock.advance(3)
    assert desk.told[0] == Waiting(intent)

    desk.service.is_down = False
    await desk.clock.advance(10)

    assert [end[3] for end in desk.service.ends] == [intent.key]
    assert isinstance(desk.told[-1], Delivered)


async def test_a_second_press_is_the_first_one(desk: Desk) -> None:
    desk.service.is_down = True

    first, second = await desk.end(), await desk.end()

    assert first == second
    assert len(await desk.outbox.waiting(desk.session)) == 1
    assert await desk.outbox.waiting(SessionId("another")) == ()


async def test_what_an_earlier_run_left_is_delivered_at_the_start() -> None:
    earlier = Desk()
    earlier.outbox.start()
    earlier.service.is_down = True
    await earlier.outbox.message(earlier.session, "from before")
    await settle()
    await earlier.outbox.close()

    later = Desk(*earlier.queue.intents)
    later.outbox.start()
    await settle()
    await later.outbox.close()

    assert [message.text for message in later.service.messages_] == ["from before"]


async def test_a_waiting_end_can_be_taken_back(desk: Desk) -> None:
    desk.service.is_down = True
    await desk.end()
    await desk.clock.advance(1)

    undone = await desk.outbox.undo_end(desk.session)
    desk.service.is_down = False
    await desk.clock.advance(20)

    assert undone
    assert desk.service.ends == []


async def test_an_end_on_its_way_cannot_be_taken_back(desk: Desk) -> None:
    desk.service.hold("end_session")
    await desk.end()
    await settle()

    undone = await desk.outbox.undo_end(desk.session)
    desk.service.release("end_session")
    await settle()

    assert not undone
    assert len(desk.service.ends) == 1


async def test_an_end_taken_back_in_the_moment_of_its_delivery_is_not_sent(desk: Desk) -> None:
    """The disk still removes it while the delivery reads the queue."""
    desk.service.is_down = True
    await desk.end()
    await settle()
    desk.service.is_down = False
    desk.queue.slow_removal = asyncio.Event()

    undoing = spawn(desk.outbox.undo_end(desk.session), name="undo")
    await settle()
    desk.outbox.nudge()
    await settle()
    desk.queue.slow_removal.set()

    assert await undoing
    await desk.clock.advance(5)
    assert desk.service.ends == []


async def test_there_is_nothing_to_take_back_where_nothing_waits(desk: Desk) -> None:
    assert not await desk.outbox.undo_end(desk.session)


async def test_a_refused_intent_leaves_and_is_told(desk: Desk) -> None:
    conflict = refusal(ErrorCode.NOTES_VERSION_CONFLICT, 412)
    desk.service.fail_next("put_notes", conflict)

    intent = await desk.outbox.notes(desk.session, NotesDraft((), "x"), version=7)
    await settle()

    assert desk.told == [Rejected(intent, ErrorCode.NOTES_VERSION_CONFLICT)]
    assert desk.queue.intents == []


@pytest.mark.parametrize(
    "error",
    [
        unreachable(),
        BrokenAnswer("a portal's page"),
        refusal(ErrorCode.AUTH_EXPIRED, 401),
        refusal(ErrorCode.RATE_LIMITED, 429),
        refusal(ErrorCode.SERVER_FAULT, 500),
    ],
)
async def test_an_end_waits_out_what_passes(desk: Desk, error: ClientError) -> None:
    desk.service.fail_next("end_session", error, error)

    await desk.end()
    await desk.clock.advance(5)

    assert len(desk.service.ends) == 1


async def test_a_message_that_breaks_the_service_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.service.fail_next("send_message", refusal(ErrorCode.SERVER_FAULT, 500))

    await desk.outbox.message(desk.session, "poison")
    await desk.outbox.message(desk.session, "hello")
    await settle()

    assert [message.text for message in desk.service.messages_] == ["hello"]


async def test_an_intent_of_another_version_is_thrown_away(expected_logs: ExpectedLogs) -> None:
    expected_logs.allow("cannot be read")
    key = IdempotencyKey("k")
    strange = Intent(SAM, IntentKind.MESSAGE, SessionId("s"), key, NOON, b'{"v": 9}')
    desk = Desk(strange)
    desk.outbox.start()

    await settle()

    assert desk.told == [Rejected(strange, ErrorCode.REQUEST_INVALID)]
    await desk.outbox.close()


async def test_a_nudge_does_not_wait_for_the_back_off(desk: Desk) -> None:
    desk.service.is_down = True
    await desk.end()
    await desk.clock.advance(60)
    desk.service.is_down = False

    desk.outbox.nudge()
    await settle()

    assert len(desk.service.ends) == 1


async def test_whoever_stopped_listening_hears_nothing(desk: Desk) -> None:
    desk.forget()

    await desk.outbox.message(desk.session, "hello")
    await settle()

    assert desk.told == []


async def test_one_who_stops_listening_leaves_the_others(desk: Desk) -> None:
    others: list[Delivery] = []
    desk.outbox.listen(others.append)
    desk.forget()

    await desk.outbox.message(desk.session, "hello")
    await settle()

    assert len(others) == 1


async def test_the_end_of_one_session_is_not_that_of_another(desk: Desk) -> None:
    desk.service.is_down = True
    other = SessionId("another")
    await desk.outbox.end(other, SessionEndReason.ENDED_BY_CUSTOMER, pressed_at=NOON, attempt=None)
    mine = await desk.end()

    assert await desk.outbox.undo_end(desk.session)
    assert not await desk.outbox.undo_end(desk.session)
    assert mine.session == desk.session
    assert [intent.session for intent in desk.queue.intents] == [other]


# --- whose they are -------------------------------------------------------------------------------


async def test_an_end_waits_for_its_own_account(desk: Desk) -> None:
    """With another sign-in it would be refused for good, and the session would go on."""
    desk.service.is_down = True
    wished = await desk.end()
    await settle()

    desk.outbox.use(None)
    desk.outbox.use(DANA)
    desk.service.is_down = False
    await desk.clock.advance(600)
    sent_by_another = list(desk.service.ends)
    desk.outbox.use(SAM)
    await settle()

    assert sent_by_another == []
    assert [end[3] for end in desk.service.ends] == [wished.key]
    assert isinstance(desk.told[-1], Delivered)


async def test_nothing_is_sent_while_nobody_is_signed_in(desk: Desk) -> None:
    desk.outbox.use(None)

    await desk.outbox.message(desk.session, "written while the sign-in ran out")
    await desk.clock.advance(60)
    unsent = list(desk.service.messages_)
    desk.outbox.use(SAM)
    await settle()

    assert unsent == []
    assert len(desk.service.messages_) == 1


async def test_one_account_neither_sees_nor_takes_back_the_end_of_another(desk: Desk) -> None:
    desk.service.is_down = True
    his = await desk.end()
    await settle()
    desk.outbox.use(DANA)

    assert await desk.outbox.waiting(desk.session) == ()
    assert not await desk.outbox.undo_end(desk.session)
    hers = await desk.end()

    assert hers.key != his.key
    assert [intent.account for intent in desk.queue.intents] == [SAM, DANA]


async def test_what_is_on_its_way_does_not_go_on_with_other_credentials(desk: Desk) -> None:
    """A repeat of the same request would be signed by whoever is signed in by then."""
    desk.service.hold("end_session")
    wished = await desk.end()
    await settle()

    desk.outbox.use(DANA)
    await settle()
    desk.service.release("end_session")
    await settle()

    assert desk.service.ends == []
    assert [intent.key for intent in desk.queue.intents] == [wished.key]
    desk.outbox.use(SAM)
    await settle()
    assert [end[3] for end in desk.service.ends] == [wished.key]


async def test_an_account_that_changes_while_the_queue_is_read_sends_nothing(desk: Desk) -> None:
    desk.service.is_down = True
    await desk.end()
    await settle()
    desk.service.is_down = False

    desk.outbox.nudge()
    for _ in range(4):
        await asyncio.sleep(0)
        desk.outbox.use(DANA)
        desk.outbox.use(SAM)
        desk.outbox.use(DANA)
    await settle()

    assert desk.service.ends == []


async def test_what_others_left_is_kept_for_a_month_and_no_longer() -> None:
    def left(key: str, account: AccountId, age: timedelta) -> Intent:
        kind, session = IntentKind.END, SessionId("s")
        return Intent(account, kind, session, IdempotencyKey(key), NOON - age, b"{}")

    day = timedelta(days=1)
    desk = Desk(
        left("hers, too old", DANA, KEPT_FOR_OTHERS + day),
        left("hers, kept", DANA, KEPT_FOR_OTHERS - day),
    )
    desk.outbox.start()
    await settle()
    await desk.outbox.close()

    assert [intent.key for intent in desk.queue.intents] == ["hers, kept"]


async def test_an_intent_of_nobody_is_refused() -> None:
    desk = Desk()
    fresh = Outbox(desk.queue, desk.service, desk.clock)

    with pytest.raises(NobodySignedIn):
        await fresh.message(desk.session, "hello")


async def test_a_queue_that_cannot_be_read_for_a_while_delays_and_loses_nothing(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("the outbox could not work")
    desk.queue.failing_reads = 2

    ended = await desk.outbox.message(desk.session, "hello")
    await settle()
    assert not [each for each in desk.told if isinstance(each, Delivered)]
    await desk.clock.advance(60)

    assert [each.intent for each in desk.told if isinstance(each, Delivered)] == [ended]


async def test_a_listener_that_fails_does_not_stop_deliveries(
    desk: Desk, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("a listener of the outbox failed")

    def fail(_: Delivery) -> None:
        raise ZeroDivisionError

    forget = desk.outbox.listen(fail)
    await desk.outbox.message(desk.session, "hello")
    await settle()
    forget()
    ended = await desk.end()
    await desk.clock.advance(60)

    assert ended in [each.intent for each in desk.told if isinstance(each, Delivered)]
