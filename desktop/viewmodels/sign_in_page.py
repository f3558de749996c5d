"""Sign-in: customer or mechanic, one password field, and what went wrong in one place.

A password is handed through a command and never kept in a page state.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol, TypeAlias

from client_api.api import ServiceApi
from client_api.errors import ClientError, ErrorCode
from client_api.secret import Secret
from client_api.sign_in import SignedIn
from client_api.wire import Role
from desktop.viewmodels.command import Command
from desktop.viewmodels.observable import Observable, Scope
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, ShellState, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of


class SignInDoor(Protocol):
    """What these pages need of the sign-in; ``client_api.sign_in.SignIn`` offers it.

    Raises, all methods: Refused, Unreachable, BrokenAnswer.
    """

    async def sign_in_customer(self, email: str, password: Secret) -> SignedIn:
        """Sign a customer (or support) in with e-mail and password."""

    async def sign_in_mechanic(self, email: str, password: Secret) -> SignedIn:
        """Sign a mechanic in with e-mail and password."""

    async def sign_up(self, name: str, email: str, password: Secret) -> SignedIn:
        """Make a customer's account and sign in with it."""


class FieldTrouble(Enum):
    """What is wrong with a field, before anything is sent."""

    EMPTY = auto()
    NOT_AN_ADDRESS = auto()
    TOO_SHORT = auto()
    NOT_A_NUMBER = auto()
    OUT_OF_RANGE = auto()


Submit: TypeAlias = Callable[[str, str], object]
"""Takes e-mail and password."""


@dataclass(frozen=True, slots=True)
class SignInState:
    """What the sign-in page shows.

    Attributes:
        service_ignored: a code when the settings name no usable service, so that the default
            one is asked.
    """

    role: Role = Role.CUSTOMER
    is_busy: bool = False
    email_trouble: FieldTrouble | None = None
    password_trouble: FieldTrouble | None = None
    trouble: Trouble | None = None
    signed_out_why: SignedOutWhy | None = None
    service_ignored: str | None = None
    submit: Submit | None = None
    choose_role: Callable[[Role], object] | None = None
    create_account: Command | None = None
    run_diagnostics: Command | None = None


class SignInPage:
    """Signs somebody in and lets the shell take them to their dashboard."""

    def __init__(
        self,
        door: SignInDoor,
        api: ServiceApi,
        shell: Shell,
        *,
        spawn: Spawn,
        service_ignored: str | None = None,
    ) -> None:
        self._door = door
        self._api = api
        self._shell = shell
        self._tasks = PageTasks(spawn)
        self._scope = Scope()
        self.state: Observable[SignInState] = Observable(
            SignInState(
                submit=self.submit,
                choose_role=self.choose_role,
                service_ignored=service_ignored,
                create_account=shell.go_sign_up,
                run_diagnostics=shell.go_diagnostics,
            )
        )
        self._scope.watch(shell.state, self._on_shell)

    def choose_role(self, role: Role) -> None:
        """Sign in as a customer or as a mechanic."""
        self._change(role=role, trouble=None)

    def submit(self, email: str, password: str) -> None:
        """Check the fields and try to sign in."""
        email = email.strip()
        email_trouble = check_email(email)
        password_trouble = None if password else FieldTrouble.EMPTY
        self._change(email_trouble=email_trouble, password_trouble=password_trouble, trouble=None)
        if email_trouble is None and password_trouble is None:
            self._tasks.start(self._sign_in(email, Secret(password)), name="sign in")

    def close(self) -> None:
        """End what still runs."""
        self._scope.close()
        self._tasks.close()

    def _on_shell(self, shell: ShellState) -> None:
        # Also while the page is open: a stored sign-in may turn out to be over after the start.
        why = shell.signed_out_why
        if why is not None:
            outdated = Trouble(ErrorCode.HOST_OUTDATED) if why is SignedOutWhy.OUTDATED else None
            self._change(signed_out_why=why, trouble=outdated)

    async def _sign_in(self, email: str, password: Secret) -> None:
        self._change(is_busy=True, submit=None, choose_role=None)
        mechanic = self.state.value.role is Role.MECHANIC
        sign_in = self._door.sign_in_mechanic if mechanic else self._door.sign_in_customer
        try:
            signed_in = await sign_in(email, password)
            me = await self._api.me()
        except ClientError as error:
            self._change(
                is_busy=False,
                submit=self.submit,
                choose_role=self.choose_role,
                trouble=trouble_of(error),
            )
            return
        self._shell.enter(me, signed_in.role)

    def _change(self, **changes: object) -> None:
        self.state.set(replace(self.state.value, **changes))  # type: ignore[arg-type]  # replace() takes fields by name


def check_email(email: str) -> FieldTrouble | None:
    """Return what is wrong with an e-mail address, at first sight only."""
    if not email:
        return FieldTrouble.EMPTY
    name, at, domain = email.partition("@")
    if not (name and at and "." in domain.strip(".")) or " " in email:
        return FieldTrouble.NOT_AN_ADDRESS
    return None
