"""A preflight page on a fake preflight, and what it did to the world."""

from collections.abc import Callable

from client_api.errors import ClientError
from client_api.tasks import Tasks
from client_api.wire import ReadinessState, ReportId, Session
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import GroupRow, PreflightPageState
from preflight.model import Group
from tests.fakes.preflight_desk import FakePreflightDesk


class PreflightStage:
    """A page on a fake preflight, and what it did to the world."""

    def __init__(
        self,
        session: Session | None = None,
        *,
        beeps: Callable[[], int] = lambda: 2,
        answer: ReadinessState | ClientError | None = None,
    ) -> None:
        self.desk = FakePreflightDesk()
        self.tasks = Tasks()
        self.told: list[ReadinessState] = []
        self.joined: list[ReportId] = []
        self.left = 0
        self.answer = answer
        self.page = PreflightPage(
            session=session,
            desk=self.desk,
            preview=PictureMailbox(),
            spawn=self.tasks.spawn,
            on_join=self.joined.append,
            on_leave=self._on_leave,
            tell_readiness=self._tell,
            pick_beeps=beeps,
        )

    @property
    def state(self) -> PreflightPageState:
        return self.page.state.value

    def now(self) -> PreflightPageState:
        """The same, for values that mypy would believe to stand still."""
        return self.page.state.value

    def row(self, group: Group) -> GroupRow:
        return next(row for row in self.state.groups if row.group is group)

    def _on_leave(self) -> None:
        self.left += 1

    async def _tell(self, state: ReadinessState) -> ReadinessState | None:
        self.told.append(state)
        if isinstance(self.answer, ClientError):
            raise self.answer
        return self.answer
