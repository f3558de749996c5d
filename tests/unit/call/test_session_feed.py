"""The feed of one session: its events and its ticks, each once."""

from client_api.errors import ErrorCode
from client_api.server_clock import ServerClock
from desktop.call import events as ev
from desktop.call.session_feed import SessionFeed
from tests.conftest import ExpectedLogs
from tests.fakes.call_stage import Stage
from tests.fakes.calls import clock as paid_clock
from tests.fakes.clock import settle
from tests.fakes.service import refusal


async def test_opening_twice_reads_and_ticks_once(stage: Stage) -> None:
    counted = ServerClock(stage.clock)
    counted.apply(paid_clock())
    heard: list[ev.CallEvent] = []
    feed = SessionFeed(stage.session, stage.service, counted, stage.clock, heard.append)

    feed.open()
    await settle()
    feed.open()
    await stage.clock.advance(1.0)

    assert stage.service.open_streams == 1
    assert [type(event) for event in heard] == [ev.ClockTicked] * 4
    await feed.close()
    assert stage.service.open_streams == 0


async def test_a_refused_stream_is_told_and_can_be_opened_again(stage: Stage) -> None:
    heard: list[ev.CallEvent] = []
    feed = SessionFeed(
        stage.session, stage.service, ServerClock(stage.clock), stage.clock, heard.append
    )
    feed.open()
    await settle()

    stage.service.cut_streams(refusal(ErrorCode.AUTH_EXPIRED, 401))
    await settle()
    assert [type(event) for event in heard] == [ev.SessionStreamFailed]
    feed.open()
    await settle()

    assert stage.service.open_streams == 1
    await feed.close()


async def test_a_stream_that_breaks_in_our_own_hands_is_told_and_can_be_opened_again(
    stage: Stage, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("the session's stream could not be read")
    heard: list[ev.CallEvent] = []
    feed = SessionFeed(
        stage.session, stage.service, ServerClock(stage.clock), stage.clock, heard.append
    )
    feed.open()
    await settle()

    stage.service.cut_streams(ZeroDivisionError())
    await settle()
    assert heard == [ev.SessionStreamFailed(ev.Failure(ev.ServiceFault.BROKEN))]
    feed.open()
    await settle()

    assert stage.service.open_streams == 1
    await feed.close()
