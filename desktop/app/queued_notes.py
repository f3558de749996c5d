"""Notes through the durable queue: written once, delivered whenever the service answers."""

import asyncio

from client_api.api import ServiceApi
from client_api.durable_queue import IntentKind
from client_api.errors import ErrorCode, Refused
from client_api.outbox import Delivered, Delivery, Outbox, Rejected
from client_api.records import Notes, NotesDraft
from client_api.wire import IdempotencyKey, Problem, SessionId


class QueuedNotes:
    """The notes panel's `NotesDesk` for one session."""

    def __init__(self, session: SessionId, service: ServiceApi, outbox: Outbox) -> None:
        self._session = session
        self._service = service
        self._outbox = outbox
        self._answers: dict[IdempotencyKey, asyncio.Future[Notes]] = {}
        self._early: dict[IdempotencyKey, Delivery] = {}
        self._unlisten = outbox.listen(self._on_delivery)

    async def read(self) -> Notes:
        """Return the stored notes."""
        return await self._service.notes(self._session)

    async def write(self, draft: NotesDraft, *, version: int) -> Notes:
        """Put the draft on disk and return once the service has it.

        Raises:
            Refused: ``NOTES_VERSION_CONFLICT``, or another refusal for good.
        """
        answer: asyncio.Future[Notes] = asyncio.get_running_loop().create_future()
        intent = await self._outbox.notes(self._session, draft, version=version)
        self._answers[intent.key] = answer
        # The answer can be quicker than the queue's own thread.
        early = self._early.pop(intent.key, None)
        if early is not None:
            self._settle(early)
        try:
            return await answer
        finally:
            self._answers.pop(intent.key, None)

    def close(self) -> None:
        """Listen no more; what waits in the queue is still delivered."""
        self._unlisten()
        for answer in self._answers.values():
            answer.cancel()

    def _on_delivery(self, delivery: Delivery) -> None:
        if delivery.intent.session != self._session:
            return
        if delivery.intent.key in self._answers:
            self._settle(delivery)
        elif delivery.intent.kind is IntentKind.NOTES:
            self._early = {delivery.intent.key: delivery}

    def _settle(self, delivery: Delivery) -> None:
        answer = self._answers.get(delivery.intent.key)
        if answer is None or answer.done():
            return
        match delivery:
            case Delivered(_, Notes() as notes):
                answer.set_result(notes)
            case Rejected(_, code):
                answer.set_exception(refusal(code))
            case _:
                pass


def refusal(code: ErrorCode) -> Refused:
    """Return the refusal that the queue only told by its code."""
    return Refused(Problem(code=code.value, status=409, title="refused in the queue"))
