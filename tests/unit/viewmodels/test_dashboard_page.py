"""The dashboard is live, loses nothing that arrives meanwhile, and accepts exactly once."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from client_api.errors import ErrorCode, UnreachableReason
from client_api.stream_events import (
    AccountReadinessChanged,
    AccountSessionChanged,
    AccountSettlementChanged,
    RequestClosed,
    RequestOpened,
)
from client_api.tasks import spawn
from client_api.wire import (
    ReadinessState,
    RequestCloseReason,
    Role,
    SessionStatus,
    SessionType,
    Settlement,
    WorkState,
)
from desktop.viewmodels.dashboard_page import EVENTS_BEGIN_WITHIN_S, DashboardPage
from desktop.viewmodels.dashboard_state import DashboardState, NewsKind, Phase
from desktop.viewmodels.shell import Page, SignedOutWhy
from tests.fakes.alerts import FakeAlerts
from tests.fakes.clock import FakeClock, settle
from tests.fakes.service import FakeService, refusal, unreachable
from tests.unit.viewmodels.shells import signed_in_shell


class Answer:
    """Stands for the dialog that asks before a session is called off."""

    def __init__(self, says: bool = True) -> None:
        self.says = says

    async def __call__(self, role: Role) -> bool:
        return self.says


class Dashboard:
    """A dashboard with all it talks to."""

    def __init__(self, role: Role, arrange: Callable[[FakeService], object] | None = None) -> None:
        self.clock = FakeClock()
        self.service = FakeService(role=role, clock_=self.clock)
        if arrange is not None:
            arrange(self.service)
        self.shell = signed_in_shell(role)
        self.answer = Answer()
        self.alerts = FakeAlerts()
        self.page = DashboardPage(
            self.service,
            self.shell,
            ask_cancel=self.answer,
            alerts=self.alerts,
            clock=self.clock,
            spawn=spawn,
        )

    @property
    def state(self) -> DashboardState:
        return self.page.state.value

    def news(self) -> NewsKind | None:
        return self.state.news.kind if self.state.news else None


@asynccontextmanager
async def dashboard(
    role: Role, arrange: Callable[[FakeService], object] | None = None
) -> AsyncIterator[Dashboard]:
    made = Dashboard(role, arrange)
    made.page.open()
    await settle()
    try:
        yield made
    finally:
        made.page.close()
        await settle()


def slow_to_begin(service: FakeService) -> None:
    service.hold("account_events")


async def test_a_waiting_session_stands_under_active_and_opens_the_preflight() -> None:
    async with dashboard(Role.CUSTOMER, FakeService.add_session) as here:
        (row,) = here.state.active

        assert row.join is not None
        row.join()

        assert here.state.phase is Phase.READY
        assert row.name == "Dana Roy"
        shown = here.shell.state.value
        assert (shown.page, shown.session) == (Page.PREFLIGHT, row.session)


async def test_a_new_request_appears_by_itself_with_news() -> None:
    async with dashboard(Role.MECHANIC) as here:
        request = here.service.add_request()

        here.service.tell_account(RequestOpened(here.clock.now(), request))
        await settle()

        assert [card.request for card in here.state.requests] == [request.id]
        assert here.news() is NewsKind.NEW_REQUEST


async def test_the_lists_are_fetched_only_once_the_events_have_begun() -> None:
    """What was opened between the lists and the stream's begin was shown 30 s later."""
    async with dashboard(Role.MECHANIC, slow_to_begin) as here:
        asked_before = list(here.service.calls)
        request = here.service.add_request()

        here.service.release("account_events")
        await settle()

        assert "requests" not in asked_before
        assert [card.request for card in here.state.requests] == [request.id]
        assert here.service.calls.count("requests") == 1


async def test_a_page_whose_events_do_not_begin_shows_the_lists_and_fetches_them_again() -> None:
    async with dashboard(Role.MECHANIC, slow_to_begin) as here:
        before = here.state.phase
        await here.clock.advance(EVENTS_BEGIN_WITHIN_S)
        without_events = here.state.phase
        request = here.service.add_request()

        here.service.release("account_events")
        await settle()

        assert (before, without_events) == (Phase.LOADING, Phase.READY)
        assert [card.request for card in here.state.requests] == [request.id]


async def test_a_request_that_arrives_while_the_lists_are_fetched_is_not_lost() -> None:
    async with dashboard(Role.MECHANIC) as here:
        here.service.hold("requests")
        here.page.retry()
        await settle()
        request = here.service.add_request()
        here.service.requests_.clear()
        here.service.tell_account(RequestOpened(here.clock.now(), request))
        await settle()

        here.service.release("requests")
        await settle()

        assert [card.request for card in here.state.requests] == [request.id]


async def test_accepting_makes_the_session_active_and_the_request_go() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        (card,) = here.state.requests
        assert card.accept is not None

        card.accept()
        assert here.state.requests[0].is_accepting
        assert here.state.requests[0].accept is None
        await settle()

        assert here.state.requests == ()
        (row,) = here.state.active
        assert (row.status, row.name) == (SessionStatus.WAITING, "Sam Okafor")
        assert here.news() is NewsKind.ACCEPTED_BY_ME
        assert here.service.calls.count("accept_request") == 1


async def test_a_mechanic_who_was_slower_is_told_so() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        here.service.fail_next("accept_request", refusal(ErrorCode.REQUEST_ALREADY_ACCEPTED))

        here.page.accept(here.state.requests[0].request)
        await settle()

        assert here.state.requests == ()
        assert here.state.active == ()
        assert here.news() is NewsKind.FASTER


async def test_a_request_that_closed_meanwhile_goes_with_a_word() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        here.service.fail_next("accept_request", refusal(ErrorCode.REQUEST_CLOSED))

        here.page.accept(here.state.requests[0].request)
        await settle()

        assert here.state.requests == ()
        assert here.news() is NewsKind.REQUEST_GONE


async def test_an_accept_without_an_answer_may_be_pressed_again() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        here.service.fail_next("accept_request", unreachable())
        here.page.accept(here.state.requests[0].request)
        await settle()
        assert here.news() is NewsKind.NOT_DONE

        accept = here.state.requests[0].accept
        assert accept is not None
        accept()
        await settle()

        assert len(here.state.active) == 1


async def test_a_closed_request_disappears_by_its_event() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        request = here.state.requests[0].request

        here.service.tell_account(
            RequestClosed(here.clock.now(), request, RequestCloseReason.ACCEPTED)
        )
        await settle()

        assert here.state.requests == ()
        assert here.news() is None


async def test_a_customer_hears_that_a_mechanic_was_found() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        waiting = here.service.add_session()
        here.service.change(waiting.id, status=SessionStatus.PENDING, counterpart=None)
        await settle()
        assert [row.status for row in here.state.ahead] == [SessionStatus.PENDING]

        here.service.tell_account(AccountSessionChanged(here.clock.now(), waiting))
        await settle()

        assert here.state.ahead == ()
        assert len(here.state.active) == 1
        assert here.news() is NewsKind.MECHANIC_FOUND


async def test_readiness_of_the_other_side_shows_at_once() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_session) as here:
        session = here.state.active[0].session

        for role in (Role.CUSTOMER, Role.MECHANIC):
            here.service.tell_account(
                AccountReadinessChanged(here.clock.now(), session, role, ReadinessState.CHECKING)
            )
        await settle()

        assert here.state.active[0].their_readiness is ReadinessState.CHECKING


async def test_a_settlement_reaches_the_row_of_its_session() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_session) as here:
        session = here.state.active[0].session
        here.service.end_by_service(session)
        done = Settlement(WorkState.DONE, 3499, WorkState.PAID, WorkState.DELIVERED, 0)

        here.service.tell_account(AccountSettlementChanged(here.clock.now(), session, done))
        await settle()

        assert here.state.active == ()
        (row,) = here.state.past
        assert (row.payout, row.amount_cents) == (WorkState.PAID, 3499)
        row.open()
        assert here.shell.state.value.page is Page.SUMMARY


async def test_an_older_picture_of_a_session_changes_nothing() -> None:
    async with dashboard(Role.CUSTOMER, FakeService.add_session) as here:
        session = here.service.sessions_[here.state.active[0].session]
        old = msgspec.structs.replace(
            session,
            status=SessionStatus.PENDING,
            clock=msgspec.structs.replace(session.clock, server_now=session.created_at),
        )

        here.service.tell_account(AccountSessionChanged(here.clock.now(), old))
        await settle()

        assert len(here.state.active) == 1


async def test_a_chat_session_is_listed_and_cannot_be_joined_here() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        session = here.service.add_session()
        here.service.change(session.id, type=SessionType.CHAT)
        await settle()

        assert here.state.active[0].join is None


async def test_a_live_session_counts_down_by_the_service_time() -> None:
    async with dashboard(Role.CUSTOMER, FakeService.add_session) as here:
        await here.service.start_session(here.state.active[0].session)
        await settle()
        before = here.state.active[0].left_s
        assert before is not None

        await here.clock.advance(5)

        after = here.state.active[0].left_s
        assert after is not None
        assert before - after == 5


async def test_cancelling_asks_first_and_then_moves_the_session_away() -> None:
    async with dashboard(Role.CUSTOMER, FakeService.add_session) as here:
        session = here.state.active[0].session
        here.answer.says = False
        here.page.cancel(session)
        await settle()
        assert "cancel_session" not in here.service.calls

        here.answer.says = True
        here.page.cancel(session)
        await settle()

        assert here.state.active == ()
        assert here.state.past[0].status is SessionStatus.CANCELLED


async def test_a_refused_cancel_is_told() -> None:
    async with dashboard(Role.CUSTOMER, FakeService.add_session) as here:
        here.service.fail_next("cancel_session", refusal(ErrorCode.SESSION_ILLEGAL_TRANSITION))

        here.page.cancel(here.state.active[0].session)
        await settle()

        assert here.news() is NewsKind.NOT_DONE
        assert len(here.state.active) == 1


async def test_an_outage_shows_a_band_and_ends_by_itself() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        here.service.is_down = True
        await here.clock.advance(11)
        during = here.state
        assert during.is_offline
        here.service.add_session()

        here.service.is_down = False
        await here.clock.advance(11)

        assert not here.state.is_offline
        assert len(here.state.active) == 1


async def test_a_first_fetch_that_fails_says_why_and_can_be_tried_again() -> None:
    def broken(service: FakeService) -> None:
        service.is_down = True

    async with dashboard(Role.CUSTOMER, broken) as here:
        await here.clock.advance(EVENTS_BEGIN_WITHIN_S)
        failed = here.state
        assert failed.phase is Phase.FAILED
        assert failed.trouble is not None
        assert failed.trouble.kind is UnreachableReason.NO_CONNECTION
        assert failed.retry is not None

        here.service.is_down = False
        failed.retry()
        await settle()

        assert here.state.phase is Phase.READY
        assert here.state.retry is None


async def test_a_service_in_trouble_is_not_taken_for_an_outage() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        here.service.fail_next("health", refusal(ErrorCode.SERVER_FAULT, 500))

        await here.clock.advance(11)

        assert not here.state.is_offline


async def test_what_an_event_missed_comes_with_the_next_fetch_and_what_is_gone_goes() -> None:
    async with dashboard(Role.CUSTOMER, FakeService.add_session) as here:
        here.service.sessions_.clear()

        await here.clock.advance(31)

        assert here.state.active == ()


async def test_an_expired_sign_in_leads_to_the_sign_in_page() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        here.service.cut_streams(refusal(ErrorCode.AUTH_EXPIRED, 401))
        await settle()

        assert here.shell.state.value.page is Page.SIGN_IN
        assert here.shell.state.value.signed_out_why is SignedOutWhy.EXPIRED


async def test_an_expired_sign_in_is_noticed_by_a_command_too() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        here.service.fail_next("accept_request", refusal(ErrorCode.AUTH_REQUIRED, 401))

        here.page.accept(here.state.requests[0].request)
        await settle()

        assert here.shell.state.value.page is Page.SIGN_IN


async def test_a_mechanic_is_available_from_the_start_and_may_go_away() -> None:
    async with dashboard(Role.MECHANIC) as here:
        before = here.state
        assert before.is_available is True
        assert before.toggle_available is not None

        before.toggle_available()
        await settle()

        assert here.state.is_available is False
        assert here.shell.wants_requests is False


async def test_a_customer_is_offered_a_new_consultation_and_no_requests() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        assert here.state.new_consultation is not None
        assert here.state.toggle_available is None

        here.state.new_consultation()

        assert here.shell.state.value.page is Page.INTAKE
        assert "requests" not in here.service.calls


async def test_accepting_a_request_that_is_gone_does_nothing() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        request = here.state.requests[0].request
        here.page.accept(request)
        here.page.accept(request)
        await settle()

        here.page.accept(request)
        await settle()

        assert here.service.calls.count("accept_request") == 1
