"""Nobody's devices are opened for a session that cannot be joined."""

import asyncio

import pytest

from client_api.errors import ErrorCode
from client_api.tasks import spawn
from client_api.wire import Role, Session
from desktop.viewmodels.entrance_page import EntrancePage
from desktop.viewmodels.shell import Page, Shell
from tests.fakes.service import FakeService, refusal
from tests.fakes.wire_samples import sample_me, sample_session


def knowing(session: Session) -> FakeService:
    return FakeService(sessions_={session.id: session})


def entrance(service: FakeService, shell: Shell) -> EntrancePage:
    return EntrancePage(service, shell, sample_session().id, spawn=spawn)


def signed_in() -> Shell:
    shell = Shell()
    shell.enter(sample_me(), Role.CUSTOMER)
    return shell


async def asked(page: EntrancePage) -> None:
    page.open()
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_waiting_video_session_lets_us_in() -> None:
    service = knowing(sample_session())
    page = entrance(service, signed_in())

    await asked(page)

    assert page.state.value.session == sample_session()
    assert page.state.value.trouble is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "chat"}, ErrorCode.SESSION_NOT_VIDEO),
        ({"status": "completed"}, ErrorCode.SESSION_ENDED),
        ({"status": "cancelled"}, ErrorCode.SESSION_ENDED),
    ],
)
async def test_a_session_that_cannot_be_joined_says_so(
    changes: dict[str, str], code: ErrorCode
) -> None:
    service = knowing(sample_session(**changes))
    page = entrance(service, signed_in())

    await asked(page)

    assert page.state.value.session is None
    assert page.state.value.trouble is not None
    assert page.state.value.trouble.kind is code
    assert page.state.value.retry is None


async def test_a_session_nobody_knows_says_so_and_leads_back() -> None:
    shell = signed_in()
    page = entrance(FakeService(), shell)

    await asked(page)

    assert page.state.value.trouble is not None
    assert page.state.value.trouble.kind is ErrorCode.SESSION_NOT_FOUND
    assert page.state.value.back is not None
    page.state.value.back()
    assert shell.state.value.page is Page.DASHBOARD


async def test_an_ended_session_offers_its_summary() -> None:
    shell = signed_in()
    service = knowing(sample_session(status="completed"))
    page = entrance(service, shell)

    await asked(page)
    see = page.state.value.see_summary
    assert see is not None
    see()

    assert shell.state.value.page is Page.SUMMARY


async def test_a_program_that_is_too_old_is_told_before_a_device_is_opened() -> None:
    service = knowing(sample_session())
    service.fail_next("require_current", refusal(ErrorCode.HOST_OUTDATED, 426))
    page = entrance(service, signed_in())

    await asked(page)

    state = page.state.value
    assert state.session is None
    assert state.trouble is not None
    assert state.trouble.kind is ErrorCode.HOST_OUTDATED
    assert state.retry is None
    assert state.back is not None
