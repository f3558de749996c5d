"""A sound and a notice for what is new: once, and never for what stood there before."""

from datetime import timedelta

import msgspec
import pytest

from client_api.stream_events import (
    AccountReadinessChanged,
    AccountSessionChanged,
    RequestClosed,
    RequestOpened,
)
from client_api.wire import (
    OpenRequest,
    ReadinessState,
    RequestCloseReason,
    RequestId,
    Role,
    Session,
    SessionId,
    SessionStatus,
    SessionType,
    SideReadiness,
)
from desktop.viewmodels.dashboard_alerts import NEWS_FOR, AlertKind
from desktop.viewmodels.dashboard_state import NewsKind
from tests.fakes.clock import settle
from tests.fakes.service import FakeService
from tests.unit.viewmodels.test_dashboard_page import Dashboard, dashboard


def opened(here: Dashboard, number: int, *, ago_s: float = 0.0) -> OpenRequest:
    """Open a request on the service and tell the account's stream of it."""
    here.service.add_request()
    example = here.service.requests_.popitem()[1]
    at = here.clock.now() - timedelta(seconds=ago_s)
    request = msgspec.structs.replace(example, id=RequestId(f"r-{number}"), opened_at=at)
    here.service.requests_[request.id] = request
    here.service.tell_account(RequestOpened(at, request))
    return request


def ready(here: Dashboard, role: Role, state: ReadinessState = ReadinessState.READY) -> None:
    session = here.state.active[0].session
    here.service.tell_account(AccountReadinessChanged(here.clock.now(), session, role, state))


async def test_a_new_request_is_announced_once_with_what_its_row_shows() -> None:
    async with dashboard(Role.MECHANIC) as here:
        request = opened(here, 1)
        here.service.tell_account(RequestOpened(here.clock.now(), request))
        await settle()
        await here.clock.advance(40)

        (alert,) = here.alerts.announced
        assert (alert.kind, alert.vehicle, alert.name) == (
            AlertKind.NEW_REQUEST,
            request.vehicle,
            "",
        )


async def test_each_of_several_requests_is_announced() -> None:
    async with dashboard(Role.MECHANIC) as here:
        for number in (1, 2, 3):
            opened(here, number)
        await settle()

        assert here.alerts.kinds == [AlertKind.NEW_REQUEST] * 3


async def test_what_stood_there_at_the_first_load_is_not_announced() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        await here.clock.advance(40)

        assert len(here.state.requests) == 1
        assert here.alerts.announced == []
        assert here.news() is None


async def test_what_arrives_while_the_first_lists_are_fetched_is_not_announced() -> None:
    here = Dashboard(Role.MECHANIC)
    here.service.hold("requests")
    here.page.open()
    await settle()
    opened(here, 1)
    await settle()

    here.service.release("requests")
    await settle()

    assert len(here.state.requests) == 1
    assert here.alerts.announced == []
    here.page.close()
    await settle()


async def test_an_outage_makes_no_known_row_new() -> None:
    async with dashboard(Role.MECHANIC) as here:
        request = opened(here, 1)
        await settle()

        here.service.is_down = True
        await here.clock.advance(11)
        here.service.is_down = False
        await here.clock.advance(11)
        # The stream resumes and brings again what it is not sure we heard.
        here.service.tell_account(RequestOpened(request.opened_at, request))
        await settle()

        assert here.alerts.kinds == [AlertKind.NEW_REQUEST]


async def test_what_a_resumed_stream_brings_late_is_shown_and_not_announced() -> None:
    async with dashboard(Role.MECHANIC) as here:
        opened(here, 1, ago_s=NEWS_FOR.total_seconds() + 1)
        await settle()
        await here.clock.advance(31)

        assert len(here.state.requests) == 1
        assert here.alerts.announced == []


async def test_a_request_whose_event_was_lost_is_announced_by_the_next_lists() -> None:
    async with dashboard(Role.MECHANIC) as here:
        here.service.add_request()
        await here.clock.advance(31)

        assert here.alerts.kinds == [AlertKind.NEW_REQUEST]


async def test_a_request_that_is_gone_again_is_announced_no_second_time() -> None:
    async with dashboard(Role.MECHANIC) as here:
        request = opened(here, 1)
        await settle()
        closed = RequestClosed(here.clock.now(), request.id, RequestCloseReason.ACCEPTED)
        here.service.tell_account(closed)
        await settle()
        here.service.tell_account(RequestOpened(here.clock.now(), request))
        await settle()

        assert here.alerts.kinds == [AlertKind.NEW_REQUEST]


async def test_the_customer_is_told_once_that_the_request_was_accepted() -> None:
    async with dashboard(Role.CUSTOMER) as here:
        waiting = here.service.add_session()
        here.service.change(waiting.id, status=SessionStatus.PENDING, counterpart=None)
        await settle()
        for _ in range(2):
            here.service.tell_account(AccountSessionChanged(here.clock.now(), waiting))
            await settle()

        (alert,) = here.alerts.announced
        assert (alert.kind, alert.name) == (AlertKind.MECHANIC_FOUND, "Dana Roy")


async def test_a_mechanics_own_accept_is_not_announced() -> None:
    async with dashboard(Role.MECHANIC, FakeService.add_request) as here:
        accept = here.state.requests[0].accept
        assert accept is not None

        accept()
        await settle()

        assert len(here.state.active) == 1
        assert here.alerts.announced == []


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MECHANIC])
async def test_the_other_side_is_announced_when_it_is_ready_and_not_at_each_check(
    role: Role,
) -> None:
    other = Role.MECHANIC if role is Role.CUSTOMER else Role.CUSTOMER

    async with dashboard(role, _waiting_alone) as here:
        ready(here, role)
        ready(here, other, ReadinessState.CHECKING)
        await settle()
        assert here.alerts.announced == []

        ready(here, other)
        ready(here, other, ReadinessState.CHECKING)
        ready(here, other)
        await settle()

        assert here.alerts.kinds == [AlertKind.OTHER_SIDE_READY]
        assert here.news() is NewsKind.OTHER_SIDE_READY


async def test_who_was_ready_at_the_first_load_is_not_announced() -> None:
    async with dashboard(Role.CUSTOMER, _mechanic_waits) as here:
        ready(here, Role.MECHANIC)
        await settle()

        assert here.state.active[0].their_readiness is ReadinessState.READY
        assert here.alerts.announced == []


async def test_nobody_is_called_into_a_chat_or_a_running_session() -> None:
    async with dashboard(Role.CUSTOMER, _waiting_alone) as here:
        session = here.state.active[0].session
        here.service.change(session, type=SessionType.CHAT)
        await settle()
        ready(here, Role.MECHANIC)
        await settle()
        here.service.change(session, type=SessionType.VIDEO, status=SessionStatus.LIVE)
        await settle()

        assert here.alerts.announced == []


async def test_a_closed_dashboard_announces_nothing() -> None:
    async with dashboard(Role.MECHANIC) as here:
        here.page.close()
        await settle()
        opened(here, 1)
        await here.clock.advance(40)

        assert here.alerts.announced == []


def _waiting_alone(service: FakeService) -> Session:
    return _with_mechanic(service, ReadinessState.ABSENT)


def _mechanic_waits(service: FakeService) -> Session:
    return _with_mechanic(service, ReadinessState.READY)


def _with_mechanic(service: FakeService, state: ReadinessState) -> Session:
    session = service.add_session()
    both = session.readiness
    side = SideReadiness(state, None)
    other = SideReadiness(ReadinessState.ABSENT, None)
    changed = msgspec.structs.replace(session, readiness=type(both)(customer=other, mechanic=side))
    service.sessions_[SessionId(session.id)] = changed
    return changed
