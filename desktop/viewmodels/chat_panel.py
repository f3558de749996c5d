"""The chat of a session: what was said, and what of it is still on its way.

A message is shown the moment it is sent and carries its own id, so that the answer, the event
and a repeat all find the same line. Sending goes through the client's durable queue: a line
that waits for the network stays *sending* and is not lost when the program ends. Pure.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Protocol

from client_api.clock import Clock
from client_api.records import Message
from client_api.wire import ClientMessageId, Role
from desktop.viewmodels.observable import Observable

MAX_MESSAGE_CHARS = 4000


class SendState(Enum):
    """How far a line is."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of the chat.

    Attributes:
        order: the service's number; None until it has one.
        at: when it was sent, by our clock until the service's time is known.
        retry: send it again; only for a failed one.
    """

    client_id: ClientMessageId
    mine: bool
    text: str = field(repr=False)
    at: datetime
    state: SendState
    order: int | None = None
    retry: Callable[[], None] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ChatPanelState:
    """All lines in order, own unsent ones last. ``send`` is None when the session is over."""

    lines: tuple[ChatLine, ...]
    send: Callable[[str], None] | None
    unread: int


class ChatQueue(Protocol):
    """Takes a message for good: it is sent now or later, also by the next run of the program."""

    def __call__(self, client_id: ClientMessageId, text: str) -> None: ...


class ChatPanel:
    """Keeps the lines in the service's order, each exactly once, whatever arrives how often."""

    def __init__(self, *, my_role: Role, queue: ChatQueue, clock: Clock) -> None:
        self._my_role = my_role
        self._queue = queue
        self._clock = clock
        self._lines: dict[ClientMessageId, ChatLine] = {}
        self._closed = False
        self._in_sight = False
        self._unread: set[ClientMessageId] = set()
        self.state: Observable[ChatPanelState] = Observable(self._make_state())

    @property
    def last_order(self) -> int:
        """The highest number seen, to ask the service for what came after it."""
        return max((line.order or 0 for line in self._lines.values()), default=0)

    def send(self, text: str) -> None:
        """Say something; blank texts are nothing, long ones are cut at the contract's limit."""
        text = text.strip()[:MAX_MESSAGE_CHARS]
        if not text or self._closed:
            return
        client_id = ClientMessageId(str(uuid.uuid4()))
        self._lines[client_id] = ChatLine(
            client_id, mine=True, text=text, at=self._clock.now(), state=SendState.SENDING
        )
        self._publish()
        self._queue(client_id, text)

    def on_messages(self, messages: Iterable[Message]) -> None:
        """Take messages from an answer or the event stream; repeats change nothing."""
        for message in messages:
            mine = message.author is self._my_role
            is_new = message.client_id not in self._lines
            self._lines[message.client_id] = ChatLine(
                message.client_id,
                mine=mine,
                text=message.text,
                at=message.sent_at,
                state=SendState.SENT,
                order=message.id,
            )
            if is_new and not mine and not self._in_sight:
                self._unread.add(message.client_id)
        self._publish()

    def on_waiting(self, client_id: ClientMessageId, text: str, at: datetime) -> None:
        """Show a message that an earlier run of the program left in the queue."""
        if client_id not in self._lines:
            self._lines[client_id] = ChatLine(
                client_id, mine=True, text=text, at=at, state=SendState.SENDING
            )
            self._publish()

    def on_refused(self, client_id: ClientMessageId) -> None:
        """The service refused a message for good; the person may try again."""
        line = self._lines.get(client_id)
        if line is not None and line.state is SendState.SENDING:
            self._lines[client_id] = replace(
                line, state=SendState.FAILED, retry=lambda: self._retry(client_id)
            )
            self._publish()

    def set_in_sight(self, in_sight: bool) -> None:
        """Say whether the person can see the chat; seeing it makes everything read."""
        self._in_sight = in_sight
        if in_sight and self._unread:
            self._unread.clear()
            self._publish()

    def close(self) -> None:
        """The session is over: what was said stays, nothing new is said."""
        self._closed = True
        self._publish()

    def _retry(self, client_id: ClientMessageId) -> None:
        line = self._lines[client_id]
        if line.state is SendState.FAILED and not self._closed:
            self._lines[client_id] = replace(line, state=SendState.SENDING, retry=None)
            self._publish()
            self._queue(client_id, line.text)

    def _publish(self) -> None:
        self.state.set(self._make_state())

    def _make_state(self) -> ChatPanelState:
        ordered = sorted(
            self._lines.values(),
            key=lambda line: (line.order is None, line.order or 0, line.at),
        )
        return ChatPanelState(
            lines=tuple(ordered),
            send=None if self._closed else self.send,
            unread=len(self._unread),
        )
