"""History and earnings: fetched, searched, paged, and honest about failures."""

from client_api.errors import BrokenAnswer, ClientError, ErrorCode, Refused, UnreachableReason
from client_api.tasks import spawn
from client_api.wire import Problem, Role, SessionPage, SessionStatus
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.earnings_page import EarningsPage
from desktop.viewmodels.history_page import SEARCH_AFTER_S, HistoryPage
from desktop.viewmodels.service_time import ServiceTime
from desktop.viewmodels.shell import Page
from desktop.viewmodels.trouble import Trouble, trouble_of
from tests.fakes.clock import FakeClock, settle
from tests.fakes.service import FakeService, refusal, unreachable
from tests.unit.viewmodels.shells import signed_in_shell


class PagingService(FakeService):
    """Gives its sessions out in two pages and remembers what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str | None]] = []

    async def sessions(
        self,
        *,
        statuses: tuple[SessionStatus, ...] = (),
        query: str = "",
        before: str | None = None,
    ) -> SessionPage:
        self.asked.append((query, before))
        page = await FakeService.sessions(self, statuses=statuses, query=query, before=before)
        return SessionPage(page.sessions, None if before else "next")


def history() -> tuple[HistoryPage, PagingService, FakeClock]:
    service = PagingService()
    session = service.add_session()
    service.end_by_service(session.id)
    clock = FakeClock()
    page = HistoryPage(service, signed_in_shell(), clock=clock, spawn=spawn)
    return page, service, clock


async def test_the_history_comes_page_by_page() -> None:
    page, service, _ = history()
    page.open()
    await settle()
    first = page.state.value
    assert (first.phase, len(first.rows)) == (Phase.READY, 1)
    assert first.more is not None

    first.more()
    await settle()

    assert len(page.state.value.rows) == 2
    assert page.state.value.more is None
    assert service.asked == [("", None), ("", "next")]


async def test_typing_searches_once_after_a_pause_and_from_the_start() -> None:
    page, service, clock = history()
    page.open()
    await settle()

    for typed in ("s", "sq", "squeal"):
        page.search(typed)
    await clock.advance(SEARCH_AFTER_S)

    assert service.asked == [("", None), ("squeal", None)]
    assert page.state.value.query == "squeal"
    page.close()


async def test_a_history_that_cannot_be_fetched_may_be_tried_again() -> None:
    page, service, _ = history()
    service.fail_next("sessions", unreachable())
    page.open()
    await settle()
    failed = page.state.value
    assert failed.phase is Phase.FAILED
    assert failed.retry is not None

    failed.retry()
    await settle()

    assert page.state.value.phase is Phase.READY
    assert page.state.value.trouble is None


async def test_earnings_are_the_services_figures() -> None:
    page = EarningsPage(
        FakeService(role=Role.MECHANIC), signed_in_shell(Role.MECHANIC), spawn=spawn
    )

    page.open()
    await settle()

    earnings = page.state.value.earnings
    assert earnings is not None
    assert (earnings.settled_cents, len(earnings.sessions)) == (3499, 1)


async def test_earnings_that_cannot_be_fetched_may_be_tried_again() -> None:
    service = FakeService(role=Role.MECHANIC)
    service.fail_next("earnings", unreachable())
    page = EarningsPage(service, signed_in_shell(Role.MECHANIC), spawn=spawn)
    page.open()
    await settle()
    failed = page.state.value
    assert failed.trouble is not None
    assert failed.retry is not None

    failed.retry()
    await settle()

    assert page.state.value.phase is Phase.READY
    page.close()


async def test_an_expired_sign_in_leads_out_of_both() -> None:
    for make, method in (
        (lambda api, shell: HistoryPage(api, shell, clock=FakeClock(), spawn=spawn), "sessions"),
        (lambda api, shell: EarningsPage(api, shell, spawn=spawn), "earnings"),
    ):
        service, shell = FakeService(), signed_in_shell()
        service.fail_next(method, refusal(ErrorCode.AUTH_EXPIRED, 401))

        make(service, shell).open()
        await settle()

        assert shell.state.value.page is Page.SIGN_IN


def test_the_services_time_moves_with_our_monotonic_clock_alone() -> None:
    clock = FakeClock()
    time = ServiceTime(clock)
    said = clock.now()
    before = (time.now(), time.age_s(said))

    time.heard(said)
    clock.move(95)
    clock.set_wall_clock(said)

    assert before == (None, None)
    assert time.age_s(said) == 60
    assert time.age_s(None) is None


def test_an_answer_that_was_long_under_way_does_not_turn_the_time_back() -> None:
    clock = FakeClock()
    time = ServiceTime(clock)
    said = clock.now()
    time.heard(said)
    clock.move(30)

    time.heard(said)

    assert time.age_s(said) == 30


def test_every_error_becomes_a_trouble_that_has_words() -> None:
    problem = Problem(code="server.fault", title="", status=500, request_id="req-1")

    troubles = [
        trouble_of(error)
        for error in (
            Refused(problem, retry_after_s=3.0),
            unreachable(),
            BrokenAnswer("html"),
            ClientError("other"),
        )
    ]

    assert troubles == [
        Trouble(ErrorCode.SERVER_FAULT, 3.0, "req-1"),
        Trouble(UnreachableReason.NO_CONNECTION),
        Trouble("broken_answer"),
        Trouble(ErrorCode.UNKNOWN),
    ]
    assert [trouble.is_connection for trouble in troubles] == [False, True, False, False]
