"""A preflight page on a fake preflight, and what it did to the world."""

from collections.abc import Callable

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
    ) -> None:
        self.desk = FakePreflightDesk()
        self.tasks = Tasks()
        self.told: list[ReadinessState] = []
        self.joined: list[ReportId] = []
        self.left = 0
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

    def _tell(self, state: ReadinessState) -> None:
        # Saying the same again is free.
        if self.told[-1:] != [state]:
            self.told.append(state)
