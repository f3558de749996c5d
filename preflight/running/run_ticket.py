"""The begun run at the service: one nonce and one probe room, used for one report.

Pure.
"""

import asyncio
import logging

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.wire import PreflightRun, PreflightTrigger, ProbeRoom, SessionId
from preflight.verdicts.gate import GATE_VERSION

_log = logging.getLogger(__name__)

GOOD_FOR_S = 540.0
"""The service keeps a run for 10 minutes. Counted on our monotonic clock, because a wrong wall
clock would begin run after run."""


class RunTicket:
    """Begins a run when one is needed, and never two at once."""

    def __init__(
        self, api: ServiceApi, clock: Clock, session: SessionId | None, trigger: PreflightTrigger
    ) -> None:
        self._api = api
        self._clock = clock
        self._session = session
        self._trigger = trigger
        self._run: PreflightRun | None = None
        self._begun_ns = 0
        self._shown: PreflightRun | None = None
        self._begin = asyncio.Lock()

    @property
    def run(self) -> PreflightRun | None:
        """The run that is still good for a report; None when one must be begun first."""
        age_s = (self._clock.monotonic_ns() - self._begun_ns) / 1e9
        return self._run if age_s < GOOD_FOR_S else None

    @property
    def shown(self) -> PreflightRun | None:
        """The run whose probe room was given out last: the one the service saw us in."""
        return self._shown

    def forget(self) -> None:
        """The run was used or refused: the next one who asks begins another."""
        self._run = None

    async def get(self) -> PreflightRun:
        """Return the run, begun if necessary.

        Raises:
            ClientError: the service refused or cannot be reached.
        """
        async with self._begin:
            run = self.run
            if run is None:
                run = await self._api.begin_preflight(session=self._session, trigger=self._trigger)
                if run.gate_version != GATE_VERSION:
                    # The service's verdict is what counts; ours only shows it beforehand.
                    _log.info("judged by gate %s, shown by %s", run.gate_version, GATE_VERSION)
                self._run = run
                self._begun_ns = self._clock.monotonic_ns()
            return run

    async def room(self) -> ProbeRoom | None:
        """Return the probe room; None for callers whom the service does not know."""
        run = await self.get()
        self._shown = run
        return run.probe if run.run_id is not None else None
