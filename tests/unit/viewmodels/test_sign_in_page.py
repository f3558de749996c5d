"""Signing in and up: through the right door, with the fields checked, failures in one place."""

import asyncio
from collections.abc import Callable

import pytest

from client_api.errors import ClientError, ErrorCode
from client_api.secret import Secret
from client_api.sign_in import SignedIn
from client_api.tasks import spawn
from client_api.wire import Role, SessionId
from desktop.viewmodels.shell import Page, Shell, SignedOutWhy
from desktop.viewmodels.sign_in_page import FieldTrouble, SignInPage, check_email
from desktop.viewmodels.sign_up_page import SignUpPage
from desktop.viewmodels.trouble import Trouble
from tests.fakes.clock import settle
from tests.fakes.service import FakeService, refusal, unreachable
from tests.fakes.wire_samples import sample_me
from tests.unit.viewmodels.shells import signed_in_shell


class FakeDoor:
    """Lets in, or refuses as told, and remembers through which door somebody came."""

    def __init__(self, *failures: ClientError) -> None:
        self.failures = list(failures)
        self.came: list[tuple[str, str, str]] = []

    async def sign_in_customer(self, email: str, password: Secret) -> SignedIn:
        return self._let_in("customer", email, password, Role.CUSTOMER)

    async def sign_in_mechanic(self, email: str, password: Secret) -> SignedIn:
        return self._let_in("mechanic", email, password, Role.MECHANIC)

    async def sign_up(self, name: str, email: str, password: Secret) -> SignedIn:
        return self._let_in(f"new:{name}", email, password, Role.CUSTOMER)

    def _let_in(self, door: str, email: str, password: Secret, role: Role) -> SignedIn:
        self.came.append((door, email, password.reveal()))
        if self.failures:
            raise self.failures.pop(0)
        return SignedIn(role)


def sign_in(door: FakeDoor, role: Role = Role.CUSTOMER) -> tuple[SignInPage, Shell]:
    shell = Shell()
    return SignInPage(door, FakeService(role=role), shell, spawn=spawn), shell


async def test_a_customer_comes_in_and_sees_the_dashboard() -> None:
    door = FakeDoor()
    page, shell = sign_in(door)

    page.submit(" sam@example.test ", "correct horse")
    await settle()

    assert door.came == [("customer", "sam@example.test", "correct horse")]
    state = shell.state.value
    assert (state.page, state.role, state.name) == (Page.DASHBOARD, Role.CUSTOMER, "Sam Okafor")
    assert shell.me is not None


async def test_a_mechanic_comes_in_through_their_own_door_alone() -> None:
    door = FakeDoor()
    page, shell = sign_in(door, Role.MECHANIC)

    page.choose_role(Role.MECHANIC)
    page.submit("dana@example.test", "secret")
    await settle()

    assert [came[0] for came in door.came] == ["mechanic"]
    assert shell.state.value.role is Role.MECHANIC
    assert shell.state.value.go_earnings is not None


async def test_a_wrong_password_is_told_and_may_be_tried_again() -> None:
    door = FakeDoor(refusal(ErrorCode.AUTH_INVALID_CREDENTIALS, 401))
    page, shell = sign_in(door)

    page.submit("sam@example.test", "wrong")
    await settle()

    state = page.state.value
    assert state.trouble is not None
    assert state.trouble.kind is ErrorCode.AUTH_INVALID_CREDENTIALS
    assert state.submit is not None
    assert "wrong" not in repr(state)
    assert shell.state.value.page is Page.SIGN_IN


async def test_a_service_that_is_down_is_told() -> None:
    page, _ = sign_in(FakeDoor(unreachable()))

    page.submit("sam@example.test", "secret")
    await settle()

    trouble = page.state.value.trouble
    assert trouble is not None
    assert trouble.is_connection


async def test_while_signing_in_nothing_can_be_pressed_twice() -> None:
    door = FakeDoor()
    page, _ = sign_in(door)

    page.submit("sam@example.test", "secret")
    await asyncio.sleep(0)

    assert page.state.value.submit is None
    await settle()
    page.close()
    page.submit("sam@example.test", "secret")
    assert len(door.came) == 1


async def test_fields_with_gaps_are_named_and_nothing_is_sent() -> None:
    door = FakeDoor()
    page, _ = sign_in(door)

    page.submit("sam", "")
    await settle()

    state = page.state.value
    assert state.email_trouble is FieldTrouble.NOT_AN_ADDRESS
    assert state.password_trouble is FieldTrouble.EMPTY
    assert door.came == []


@pytest.mark.parametrize(
    ("email", "trouble"),
    [
        ("", FieldTrouble.EMPTY),
        ("sam@", FieldTrouble.NOT_AN_ADDRESS),
        ("@example.test", FieldTrouble.NOT_AN_ADDRESS),
        ("sam@example", FieldTrouble.NOT_AN_ADDRESS),
        ("sam o@example.test", FieldTrouble.NOT_AN_ADDRESS),
        ("sam@example.test", None),
    ],
)
def test_an_address_is_checked_at_first_sight(email: str, trouble: FieldTrouble | None) -> None:
    assert check_email(email) is trouble


async def test_a_new_customer_is_signed_in_at_once() -> None:
    door, shell = FakeDoor(), Shell()
    page = SignUpPage(door, FakeService(), shell, spawn=spawn)

    page.submit(" Sam Okafor ", "sam@example.test", "long enough")
    await settle()

    assert door.came == [("new:Sam Okafor", "sam@example.test", "long enough")]
    assert shell.state.value.page is Page.DASHBOARD
    page.close()


async def test_an_account_that_exists_is_told() -> None:
    door = FakeDoor(refusal(ErrorCode.AUTH_ACCOUNT_EXISTS, 422))
    page = SignUpPage(door, FakeService(), Shell(), spawn=spawn)

    page.submit("Sam", "sam@example.test", "long enough")
    await settle()

    state = page.state.value
    assert state.trouble == Trouble(ErrorCode.AUTH_ACCOUNT_EXISTS)
    assert state.submit is not None


async def test_a_mail_to_confirm_is_no_failure() -> None:
    door = FakeDoor(refusal(ErrorCode.AUTH_CONFIRMATION_DUE, 401))
    page = SignUpPage(door, FakeService(), Shell(), spawn=spawn)

    page.submit("Sam", "sam@example.test", "long enough")
    await settle()

    state = page.state.value
    assert state.must_confirm
    assert state.trouble is None


@pytest.mark.parametrize(
    ("password", "trouble"), [("", FieldTrouble.EMPTY), ("short", FieldTrouble.TOO_SHORT)]
)
async def test_a_weak_password_is_not_sent(password: str, trouble: FieldTrouble) -> None:
    door = FakeDoor()
    page = SignUpPage(door, FakeService(), Shell(), spawn=spawn)

    page.submit("", "", password)
    await settle()

    state = page.state.value
    assert state.name_trouble is FieldTrouble.EMPTY
    assert state.password_trouble is trouble
    assert door.came == []


def test_nobody_gets_past_the_sign_in_without_one() -> None:
    shell = Shell()

    shell.go_call(SessionId("s-1"))

    assert shell.state.value.page is Page.SIGN_IN


def test_diagnostics_and_sign_up_need_no_sign_in() -> None:
    shell = Shell()

    shell.go_diagnostics()
    diagnostics = shell.state.value.page
    shell.go_sign_up()
    sign_up = shell.state.value.page
    shell.back()

    assert (diagnostics, sign_up) == (Page.DIAGNOSTICS, Page.SIGN_UP)
    assert shell.state.value.page is Page.SIGN_IN


def test_the_way_through_the_pages_keeps_the_session_where_it_matters() -> None:
    shell = signed_in_shell(Role.MECHANIC)
    session = SessionId("s-1")

    seen = []
    steps: tuple[Callable[[], None], ...] = (
        lambda: shell.go_preflight(session),
        lambda: shell.go_call(session),
        lambda: shell.go_summary(session),
        shell.go_history,
        shell.go_earnings,
        shell.go_intake,
        shell.back,
    )
    for step in steps:
        step()
        state = shell.state.value
        seen.append((state.page, state.session, state.has_header))

    assert seen == [
        (Page.PREFLIGHT, session, False),
        (Page.CALL, session, False),
        (Page.SUMMARY, session, True),
        (Page.HISTORY, None, True),
        (Page.EARNINGS, None, True),
        (Page.INTAKE, None, True),
        (Page.DASHBOARD, None, True),
    ]


def test_nothing_leads_out_of_a_call_by_accident() -> None:
    shell = signed_in_shell()

    shell.go_call(SessionId("s-1"))

    state = shell.state.value
    assert (state.go_dashboard, state.go_history, state.sign_out) == (None, None, None)
    assert state.run_diagnostics is None


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MECHANIC, Role.SUPPORT])
def test_whoever_is_signed_in_can_have_this_computer_checked_and_comes_back(role: Role) -> None:
    shell = signed_in_shell(role)
    before = shell.state.value.page
    run_diagnostics = shell.state.value.run_diagnostics
    assert run_diagnostics is not None

    run_diagnostics()
    there = shell.state.value
    shell.back()

    assert there.page is Page.DIAGNOSTICS
    assert not there.has_header
    assert shell.me is not None
    assert shell.state.value.page is before


def test_signing_out_is_told_to_the_program() -> None:
    shell = signed_in_shell()
    heard: list[int] = []
    shell.signed_out.subscribe(heard.append)

    shell.sign_out()

    assert heard == [0, 1]
    assert shell.me is None
    assert shell.state.value.page is Page.SIGN_IN


def test_an_expired_sign_in_is_explained() -> None:
    shell = signed_in_shell()

    shell.leave(SignedOutWhy.EXPIRED)

    page = SignInPage(FakeDoor(), FakeService(), shell, spawn=spawn)
    assert page.state.value.signed_out_why is SignedOutWhy.EXPIRED
    shell.go_sign_in()
    assert shell.state.value.signed_out_why is None


def test_a_program_that_is_too_old_is_told_so_at_the_door() -> None:
    shell = Shell()

    shell.leave(SignedOutWhy.OUTDATED)
    page = SignInPage(FakeDoor(), FakeService(), shell, spawn=spawn)

    assert page.state.value.trouble == Trouble(ErrorCode.HOST_OUTDATED)


def test_a_sign_in_that_turns_out_to_be_over_is_told_on_the_open_page() -> None:
    """At a start the page is there before the service has answered."""
    shell = Shell()
    page = SignInPage(FakeDoor(), FakeService(), shell, spawn=spawn)

    shell.leave(SignedOutWhy.EXPIRED)
    told = page.state.value.signed_out_why
    page.close()
    shell.leave(SignedOutWhy.OUTDATED)

    assert told is SignedOutWhy.EXPIRED
    assert page.state.value.signed_out_why is SignedOutWhy.EXPIRED


# --- back to where they were ----------------------------------------------------------------------

SESSION = SessionId("s-1")


@pytest.mark.parametrize(
    ("go", "page"),
    [
        (lambda shell: shell.go_preflight(SESSION), Page.PREFLIGHT),
        (lambda shell: shell.go_call(SESSION), Page.PREFLIGHT),
        (lambda shell: shell.go_summary(SESSION), Page.SUMMARY),
        (lambda shell: shell.go_intake(), Page.INTAKE),
    ],
    ids=["preflight", "call", "summary", "intake"],
)
def test_whoever_signs_in_again_comes_back_to_where_they_were(
    go: Callable[[Shell], None], page: Page
) -> None:
    shell = Shell()
    shell.enter(sample_me(), Role.CUSTOMER)
    go(shell)
    session = shell.state.value.session
    shell.leave(SignedOutWhy.EXPIRED)
    # The page that was told of it as well says so a second time.
    shell.leave(SignedOutWhy.EXPIRED)

    shell.enter(sample_me(), Role.CUSTOMER)

    assert shell.state.value.page is page
    assert shell.state.value.session == session
    shell.go_dashboard()
    shell.leave()
    shell.enter(sample_me(), Role.CUSTOMER)
    assert shell.state.value.page is Page.DASHBOARD


def test_nobody_is_led_to_where_somebody_else_was() -> None:
    shell = Shell()
    shell.enter(sample_me(), Role.CUSTOMER)
    shell.go_preflight(SESSION)
    shell.leave(SignedOutWhy.EXPIRED)

    shell.enter(sample_me("me_mechanic"), Role.MECHANIC)

    assert shell.state.value.page is Page.DASHBOARD


def test_who_signs_out_begins_at_the_dashboard_again() -> None:
    shell = Shell()
    shell.enter(sample_me(), Role.CUSTOMER)
    shell.go_preflight(SESSION)
    shell.sign_out()

    shell.enter(sample_me(), Role.CUSTOMER)

    assert shell.state.value.page is Page.DASHBOARD


def test_a_service_that_the_settings_name_in_vain_is_told_from_the_first_page_on() -> None:
    page = SignInPage(
        FakeDoor(),
        FakeService(),
        Shell(),
        spawn=spawn,
        service_ignored="settings.service_unreadable",
    )

    assert page.state.value.service_ignored == "settings.service_unreadable"
    page.close()
