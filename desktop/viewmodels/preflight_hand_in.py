"""The report of a passing run on its way to the service, and what came of it. Pure."""

from collections.abc import Callable

from client_api.errors import ClientError
from client_api.wire import PreflightVerdict, ReportId
from desktop.viewmodels.page_tasks import PageTasks
from desktop.viewmodels.preflight_desk import PreflightDesk


class HandIn:
    """Hands the report in as soon as the gate passes, and keeps the service's word on it.

    Always true: without a passing gate there is neither a verdict nor a refusal.
    """

    def __init__(
        self,
        desk: PreflightDesk,
        tasks: PageTasks,
        *,
        wanted: bool,
        on_change: Callable[[], None],
        on_accepted: Callable[[], None],
    ) -> None:
        """Make it.

        Args:
            wanted: False where nobody waits for a report, as without a session.
            on_change: called after every change.
            on_accepted: called once the service took a report that passes.
        """
        self._desk = desk
        self._tasks = tasks
        self._wanted = wanted
        self._on_change = on_change
        self._on_accepted = on_accepted
        self._passes = False
        self.verdict: PreflightVerdict | None = None
        self.refused: ClientError | None = None
        self.sending = False

    @property
    def accepted(self) -> bool:
        """Whether the service took the report, and it passes there as well."""
        return self.verdict is not None and self.verdict.passed

    def follow(self, *, gate_passes: bool) -> None:
        """Take how the gate stands now: hand in, or forget what was about another run."""
        self._passes = gate_passes
        if not gate_passes:
            self.verdict = None
            self.refused = None
        elif self.verdict is None and not self.sending and self.refused is None:
            self._send()

    def forget_verdict(self) -> None:
        """A device was changed: the verdict is about another one."""
        self.verdict = None

    def fail(self, error: ClientError) -> None:
        """A join was refused: the report is handed in again, by hand."""
        self.verdict = None
        self.refused = error

    def again(self) -> None:
        """Hand the report in again."""
        self.refused = None
        self._send()

    async def renew(self) -> ReportId | None:
        """Return a report to join with, a fresh one where it must be; None where none passes.

        Raises:
            ClientError: the service refused it or cannot be reached.
        """
        verdict = await self._desk.passed_report()
        self.verdict = verdict if self._passes else None
        return verdict.report_id if self.accepted else None

    def _send(self) -> None:
        if not self._wanted or self.sending:
            return
        self.sending = True
        self._on_change()
        self._tasks.start(self._hand_in(), name="preflight report")

    async def _hand_in(self) -> None:
        try:
            verdict = await self._desk.passed_report()
        except ClientError as error:
            # The gate may have fallen while the report was on its way; then neither counts.
            self.refused = error if self._passes else None
        else:
            if self._passes:
                self.verdict = verdict
                if verdict.passed:
                    self.refused = None
                    self._on_accepted()
        finally:
            self.sending = False
            self._on_change()
