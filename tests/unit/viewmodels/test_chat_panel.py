"""The chat shows each message once, in the service's order, and loses none."""

from datetime import UTC, datetime, timedelta

from client_api.records import Message
from client_api.wire import ClientMessageId, Role, SessionId
from desktop.viewmodels.chat_panel import MAX_MESSAGE_CHARS, ChatLine, ChatPanel, SendState
from tests.fakes.clock import FakeClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Outbox:
    """The durable queue, as far as the chat sees it."""

    def __init__(self) -> None:
        self.taken: list[tuple[ClientMessageId, str]] = []

    def __call__(self, client_id: ClientMessageId, text: str) -> None:
        self.taken.append((client_id, text))


def message(
    number: int, text: str, *, author: Role = Role.MECHANIC, client_id: str | None = None
) -> Message:
    return Message(
        id=number,
        client_id=ClientMessageId(client_id or f"id-{number}"),
        session_id=SessionId("s"),
        author=author,
        text=text,
        sent_at=NOON + timedelta(seconds=number),
    )


def panel() -> tuple[ChatPanel, Outbox]:
    outbox = Outbox()
    return ChatPanel(my_role=Role.CUSTOMER, queue=outbox, clock=FakeClock()), outbox


def lines(chat: ChatPanel) -> tuple[ChatLine, ...]:
    return chat.state.value.lines


def texts(chat: ChatPanel) -> list[str]:
    return [line.text for line in lines(chat)]


def test_what_is_sent_is_seen_at_once_and_given_to_the_queue() -> None:
    chat, outbox = panel()

    chat.send("  Can you hear the squeal?  ")

    (line,) = lines(chat)
    assert (line.text, line.mine, line.state) == (
        "Can you hear the squeal?",
        True,
        SendState.SENDING,
    )
    assert outbox.taken == [(line.client_id, "Can you hear the squeal?")]


def test_nothing_is_not_sent_and_too_much_is_cut() -> None:
    chat, outbox = panel()

    chat.send("   \n ")
    chat.send("x" * (MAX_MESSAGE_CHARS + 5))

    assert [len(text) for _, text in outbox.taken] == [MAX_MESSAGE_CHARS]


def test_the_service_s_message_replaces_the_line_that_was_on_its_way() -> None:
    chat, outbox = panel()
    chat.send("hello")
    client_id, _ = outbox.taken[0]

    for _ in range(2):
        chat.on_messages([message(17, "hello", author=Role.CUSTOMER, client_id=client_id)])

    (line,) = lines(chat)
    assert line.state is SendState.SENT
    assert line.order == 17
    assert chat.last_order == 17


def test_lines_stand_in_the_service_s_order_with_unsent_ones_last() -> None:
    chat, _ = panel()
    chat.send("mine, on its way")

    chat.on_messages([message(9, "second"), message(4, "first")])

    assert texts(chat) == ["first", "second", "mine, on its way"]


def test_unread_counts_the_other_side_s_lines_until_they_are_seen() -> None:
    chat, _ = panel()
    chat.on_messages([message(1, "a"), message(2, "b"), message(3, "c", author=Role.CUSTOMER)])
    assert chat.state.value.unread == 2

    chat.set_in_sight(True)
    chat.on_messages([message(4, "d")])

    assert chat.state.value.unread == 0
    chat.set_in_sight(False)
    chat.on_messages([message(4, "d"), message(5, "e")])
    assert chat.state.value.unread == 1


def test_a_refused_line_can_be_sent_again_under_the_same_id() -> None:
    chat, outbox = panel()
    chat.send("hello")
    client_id, _ = outbox.taken[0]

    chat.on_refused(client_id)
    (failed,) = lines(chat)
    assert failed.state is SendState.FAILED
    assert failed.retry is not None
    failed.retry()
    failed.retry()

    assert outbox.taken == [(client_id, "hello"), (client_id, "hello")]
    assert lines(chat)[0].state is SendState.SENDING


def test_a_refusal_of_a_line_that_is_through_or_unknown_changes_nothing() -> None:
    chat, _ = panel()
    chat.on_messages([message(1, "a", author=Role.CUSTOMER)])
    before = chat.state.value

    chat.on_refused(ClientMessageId("id-1"))
    chat.on_refused(ClientMessageId("nobody's"))

    assert chat.state.value == before


def test_what_an_earlier_run_left_in_the_queue_is_shown_as_sending_once() -> None:
    chat, outbox = panel()

    for _ in range(2):
        chat.on_waiting(ClientMessageId("old"), "still here", NOON)

    assert texts(chat) == ["still here"]
    assert lines(chat)[0].state is SendState.SENDING
    assert outbox.taken == []


def test_after_the_end_nothing_is_sent_but_all_stays_to_be_read() -> None:
    chat, outbox = panel()
    chat.send("before")
    chat.on_refused(outbox.taken[0][0])
    retry = lines(chat)[0].retry

    chat.close()
    chat.send("after")
    assert retry is not None
    retry()

    assert chat.state.value.send is None
    assert texts(chat) == ["before"]
    assert len(outbox.taken) == 1


def test_the_words_of_people_are_in_no_repr() -> None:
    chat, _ = panel()
    chat.send("my secret word")

    assert "my secret word" not in repr(chat.state.value)
