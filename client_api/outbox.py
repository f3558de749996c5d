"""Delivers intents until the service has answered: ends, chat, notes, quality.

One task takes the queue's first intent, sends it with its own key, and removes it only after an
answer. While the service is away it waits with back-off; a new intent or `nudge` tries at once.
What became of an intent is told to listeners as a `Delivery`.

An intent belongs to whoever was signed in when it was wished, and only their sign-in carries it:
with anybody else's the service would refuse it, and an end would be lost. What somebody left
behind waits until they sign in again on this profile, `KEPT_FOR_OTHERS` at most.
"""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

import msgspec

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.durable_queue import Intent, IntentKind, IntentQueue
from client_api.errors import SIGN_IN_CODES, BrokenAnswer, ErrorCode, Refused, Unreachable
from client_api.listeners import Listeners, Unsubscribe
from client_api.records import Message, Notes, NotesDraft, QualitySample
from client_api.streams import wait_s
from client_api.tasks import Tasks
from client_api.wire import (
    AccountId,
    AttemptId,
    ClientMessageId,
    EndedSession,
    IdempotencyKey,
    SessionEndReason,
    SessionId,
    Wire,
)

_log = logging.getLogger(__name__)

KEPT_FOR_OTHERS = timedelta(days=30)
"""As long as a stored sign-in lasts; by then the service has ended every session by itself."""

_PASSING_CODES = SIGN_IN_CODES | {
    ErrorCode.RATE_LIMITED,
    ErrorCode.SERVER_UNAVAILABLE,
    ErrorCode.SFU_UNAVAILABLE,
    ErrorCode.IDEMPOTENCY_RUNNING,
}


class EndBody(Wire, frozen=True):
    """What an end says."""

    reason: SessionEndReason
    pressed_at: datetime
    attempt: AttemptId | None


class MessageBody(Wire, frozen=True):
    """What a chat message says."""

    client_id: ClientMessageId
    text: str


class NotesBody(Wire, frozen=True):
    """What notes say, and on which version they build."""

    draft: NotesDraft
    version: int


class QualityBody(Wire, frozen=True):
    """A batch of samples."""

    attempt: AttemptId
    samples: tuple[QualitySample, ...]


DeliveryAnswer: TypeAlias = EndedSession | Message | Notes | int


@dataclass(frozen=True, slots=True)
class Delivered:
    """The service answered; for an end ``answer.end`` is None when it was too late."""

    intent: Intent
    answer: DeliveryAnswer


@dataclass(frozen=True, slots=True)
class Waiting:
    """No answer yet; it stays in the queue and is sent again."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Rejected:
    """The service refused it for good; it left the queue."""

    intent: Intent
    code: ErrorCode


Delivery: TypeAlias = Delivered | Waiting | Rejected


class NobodySignedIn(Exception):
    """An intent was wished before anybody signed in, so it would be nobody's."""


class Outbox:
    """Owns the queue and the one task that empties it. `start` once, `close` at the end.

    Always true: what is sent belongs to the account of the last `use`; without one nothing is.
    """

    def __init__(
        self,
        queue: IntentQueue,
        service: ServiceApi,
        clock: Clock,
        *,
        rng: random.Random | None = None,
    ) -> None:
        self._queue = queue
        self._service = service
        self._clock = clock
        self._rng = rng or random.Random()
        self._tasks = Tasks()
        self._news = asyncio.Event()
        self._account: AccountId | None = None
        self._owner: AccountId | None = None
        self._delivery: asyncio.Task[bool] | None = None
        self._in_flight: IdempotencyKey | None = None
        self._undone: set[IdempotencyKey] = set()
        self._deliveries = Listeners[Delivery]("the outbox")

    def start(self) -> None:
        """Begin to deliver, first of all what an earlier run left behind."""
        self._tasks.spawn(self._deliver_forever(), name="outbox")
        self._news.set()

    def use(self, account: AccountId | None) -> None:
        """Send for ``account`` from now on; None while nobody is signed in.

        What is just on its way for somebody else is broken off: a repeat of it would carry the
        new credentials. It stays in the queue with its key, so nothing happens twice.
        """
        if account == self._account:
            return
        self._account = account
        if self._delivery is not None:
            self._delivery.cancel()
        if account is not None:
            self._owner = account
        self.nudge()

    async def close(self) -> None:
        """Stop; what waits stays on disk for the next start."""
        await self._tasks.close()
        await self._queue.close()

    def listen(self, listener: Callable[[Delivery], None]) -> Unsubscribe:
        """Tell ``listener`` what becomes of every intent; the result ends that."""
        return self._deliveries.add(listener)

    def nudge(self) -> None:
        """Try at once: the network or the sign-in is back."""
        self._news.set()

    async def end(
        self,
        session: SessionId,
        reason: SessionEndReason,
        *,
        pressed_at: datetime,
        attempt: AttemptId | None,
    ) -> Intent:
        """Keep the wish to end a session. A second wish for the same session is the first one."""
        for intent in await self._queue.pending(self._require_owner()):
            if intent.kind is IntentKind.END and intent.session == session:
                self.nudge()
                return intent
        return await self._put(IntentKind.END, session, EndBody(reason, pressed_at, attempt))

    async def undo_end(self, session: SessionId) -> bool:
        """Take a waiting end back. False when it is on its way or was delivered."""
        for intent in await self._queue.pending(self._require_owner()):
            if intent.kind is IntentKind.END and intent.session == session:
                if intent.key == self._in_flight:
                    return False
                # Before the removal, which takes its time in a thread: nobody sends it meanwhile.
                self._undone.add(intent.key)
                return await self._queue.remove(intent.key)
        return False

    async def message(
        self, session: SessionId, text: str, *, client_id: ClientMessageId | None = None
    ) -> Intent:
        """Keep a chat message. Its key is the message's ``client_id``, a fresh one if not given."""
        client_id = client_id or ClientMessageId(str(uuid.uuid4()))
        body = MessageBody(client_id, text)
        return await self._put(IntentKind.MESSAGE, session, body, IdempotencyKey(client_id))

    async def notes(self, session: SessionId, draft: NotesDraft, *, version: int) -> Intent:
        """Keep notes that build on ``version``."""
        return await self._put(IntentKind.NOTES, session, NotesBody(draft, version))

    async def quality(
        self, session: SessionId, attempt: AttemptId, samples: tuple[QualitySample, ...]
    ) -> Intent:
        """Keep a batch of samples."""
        return await self._put(IntentKind.QUALITY, session, QualityBody(attempt, samples))

    async def waiting(self, session: SessionId) -> tuple[Intent, ...]:
        """Return what has not been delivered for a session yet, in the order of delivery."""
        pending = await self._queue.pending(self._require_owner())
        return tuple(one for one in pending if one.session == session)

    # --- inside ----------------------------------------------------------------------------------

    async def _put(
        self,
        kind: IntentKind,
        session: SessionId,
        body: Wire,
        key: IdempotencyKey | None = None,
    ) -> Intent:
        key = key or IdempotencyKey(str(uuid.uuid4()))
        intent = Intent(
            self._require_owner(),
            kind,
            session,
            key,
            self._clock.now(),
            msgspec.json.encode(body),
        )
        await self._queue.put(intent)
        self.nudge()
        return intent

    async def _deliver_forever(self) -> None:
        failures = 0
        tidied_for: AccountId | None = None
        while True:
            self._news.clear()
            account = self._account
            try:
                if account is not None and account != tidied_for:
                    await self._forget_others(account)
                    tidied_for = account
                pending = () if account is None else await self._queue.pending(account)
                if account != self._account:
                    continue
                if not pending:
                    failures = 0
                    await self._news.wait()
                    continue
                if await self._deliver_unless_broken_off(pending[0]):
                    failures = 0
                    continue
            except Exception:
                # A full disk, say. What waits is tried again: nobody else would send it.
                _log.exception("the outbox could not work")
            await self._wait(wait_s(failures, self._rng))
            failures += 1

    async def _wait(self, seconds: float) -> None:
        tasks = Tasks()
        try:
            waits = (
                tasks.spawn(self._clock.sleep(seconds), name="outbox back-off"),
                tasks.spawn(self._news.wait(), name="outbox news"),
            )
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await tasks.close()

    async def _deliver_unless_broken_off(self, intent: Intent) -> bool:
        self._delivery = delivery = self._tasks.spawn(self._deliver(intent), name="deliver")
        await asyncio.wait((delivery,))
        self._delivery = None
        return True if delivery.cancelled() else delivery.result()

    async def _deliver(self, intent: Intent) -> bool:
        """Send one intent; False when it has to wait."""
        if intent.key in self._undone:
            return True
        self._in_flight = intent.key
        try:
            answer = await self._send(intent)
        except (Unreachable, BrokenAnswer) as error:
            _log.info("%s waits: %s", intent.kind, error.detail)
            self._deliveries.tell(Waiting(intent))
            return False
        except Refused as refused:
            if _is_passing(intent, refused.code):
                _log.info("%s waits: %s", intent.kind, refused.detail)
                self._deliveries.tell(Waiting(intent))
                return False
            _log.info("%s refused: %s", intent.kind, refused.detail)
            await self._queue.remove(intent.key)
            self._deliveries.tell(Rejected(intent, refused.code))
            return True
        except msgspec.DecodeError as error:
            # Written by another version of this program: sending it again cannot help.
            _log.error("%s cannot be read: %s", intent.kind, error)
            await self._queue.remove(intent.key)
            self._deliveries.tell(Rejected(intent, ErrorCode.REQUEST_INVALID))
            return True
        finally:
            self._in_flight = None
        await self._queue.remove(intent.key)
        self._deliveries.tell(Delivered(intent, answer))
        return True

    async def _send(self, intent: Intent) -> DeliveryAnswer:
        service, session = self._service, intent.session
        match intent.kind:
            case IntentKind.END:
                end = msgspec.json.decode(intent.body, type=EndBody)
                return await service.end_session(
                    session,
                    end.reason,
                    pressed_at=end.pressed_at,
                    attempt=end.attempt,
                    key=intent.key,
                )
            case IntentKind.MESSAGE:
                message = msgspec.json.decode(intent.body, type=MessageBody)
                return await service.send_message(
                    session, message.text, client_id=message.client_id
                )
            case IntentKind.NOTES:
                notes = msgspec.json.decode(intent.body, type=NotesBody)
                return await service.put_notes(
                    session, notes.draft, version=notes.version, key=intent.key
                )
            case IntentKind.QUALITY:
                quality = msgspec.json.decode(intent.body, type=QualityBody)
                return await service.post_quality(
                    session, quality.attempt, quality.samples, key=intent.key
                )
            case _:
                assert_never(intent.kind)

    def _require_owner(self) -> AccountId:
        # The last account: a call that ends with its sign-in still has its last words to keep.
        if self._owner is None:
            raise NobodySignedIn
        return self._owner

    async def _forget_others(self, account: AccountId) -> None:
        before = self._clock.now() - KEPT_FOR_OTHERS
        forgotten = await self._queue.forget_others(account, before=before)
        if forgotten:
            _log.info("%d intents of other accounts were too old to keep", forgotten)


def _is_passing(intent: Intent, code: ErrorCode) -> bool:
    # A fault of the service may be the intent's own doing: only an end is worth insisting on.
    is_end = intent.kind is IntentKind.END
    return code in _PASSING_CODES or (is_end and code is ErrorCode.SERVER_FAULT)
