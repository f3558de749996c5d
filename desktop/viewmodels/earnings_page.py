"""What a mechanic earned: paid out, still owed, and each session's share."""

from dataclasses import dataclass, replace

from client_api.api import ServiceApi
from client_api.errors import ClientError
from client_api.records import Earnings
from desktop.viewmodels.command import Command
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of


@dataclass(frozen=True, slots=True)
class EarningsState:
    """What the earnings show; the figures are the service's."""

    phase: Phase = Phase.LOADING
    trouble: Trouble | None = None
    earnings: Earnings | None = None
    retry: Command | None = None


class EarningsPage:
    """Fetches the earnings once; they change rarely while one looks at them."""

    def __init__(self, api: ServiceApi, shell: Shell, *, spawn: Spawn) -> None:
        self._api = api
        self._shell = shell
        self._tasks = PageTasks(spawn)
        self.state: Observable[EarningsState] = Observable(EarningsState())

    def open(self) -> None:
        """Fetch the earnings."""
        self._tasks.start(self._fetch(), name="earnings")

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    def retry(self) -> None:
        """Fetch again after a failure."""
        self.state.set(EarningsState())
        self.open()

    async def _fetch(self) -> None:
        try:
            earnings = await self._api.earnings()
        except ClientError as error:
            trouble = trouble_of(error)
            if trouble.is_sign_in:
                self._shell.leave(SignedOutWhy.EXPIRED)
                return
            failed = EarningsState(Phase.FAILED, trouble, retry=self.retry)
            self.state.set(failed)
            return
        self.state.set(replace(EarningsState(Phase.READY), earnings=earnings))
