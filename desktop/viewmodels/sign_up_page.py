"""Sign-up: a customer makes an account. Mechanics get theirs from the operator."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from client_api.api import ServiceApi
from client_api.errors import ClientError, ErrorCode
from client_api.secret import Secret
from desktop.viewmodels.command import Command
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell
from desktop.viewmodels.sign_in_page import FieldTrouble, SignInDoor, check_email
from desktop.viewmodels.trouble import Trouble, trouble_of

SHORTEST_PASSWORD: Final = 8

SubmitSignUp: TypeAlias = Callable[[str, str, str], object]
"""Takes name, e-mail and password."""


@dataclass(frozen=True, slots=True)
class SignUpState:
    """What the sign-up page shows. ``must_confirm``: a mail with a link is on its way."""

    is_busy: bool = False
    name_trouble: FieldTrouble | None = None
    email_trouble: FieldTrouble | None = None
    password_trouble: FieldTrouble | None = None
    trouble: Trouble | None = None
    must_confirm: bool = False
    submit: SubmitSignUp | None = None
    back: Command | None = None


class SignUpPage:
    """Makes an account and lets the shell go on to the dashboard."""

    def __init__(self, door: SignInDoor, api: ServiceApi, shell: Shell, *, spawn: Spawn) -> None:
        self._door = door
        self._api = api
        self._shell = shell
        self._tasks = PageTasks(spawn)
        self.state: Observable[SignUpState] = Observable(
            SignUpState(submit=self.submit, back=shell.go_sign_in)
        )

    def submit(self, name: str, email: str, password: str) -> None:
        """Check the fields and try to make the account."""
        name, email = name.strip(), email.strip()
        name_trouble = None if name else FieldTrouble.EMPTY
        email_trouble = check_email(email)
        password_trouble = None
        if len(password) < SHORTEST_PASSWORD:
            password_trouble = FieldTrouble.TOO_SHORT if password else FieldTrouble.EMPTY
        self._change(
            name_trouble=name_trouble,
            email_trouble=email_trouble,
            password_trouble=password_trouble,
            trouble=None,
        )
        if not (name_trouble or email_trouble or password_trouble):
            self._tasks.start(self._sign_up(name, email, Secret(password)), name="sign up")

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    async def _sign_up(self, name: str, email: str, password: Secret) -> None:
        self._change(is_busy=True, submit=None)
        try:
            signed_in = await self._door.sign_up(name, email, password)
            me = await self._api.me()
        except ClientError as error:
            trouble = trouble_of(error)
            if trouble.kind is ErrorCode.AUTH_CONFIRMATION_DUE:
                self._change(is_busy=False, must_confirm=True)
                return
            self._change(is_busy=False, submit=self.submit, trouble=trouble)
            return
        self._shell.enter(me, signed_in.role)

    def _change(self, **changes: object) -> None:
        self.state.set(replace(self.state.value, **changes))  # type: ignore[arg-type]  # replace() takes fields by name
