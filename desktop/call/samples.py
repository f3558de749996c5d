"""Quality samples of a running call: gathered in memory, handed over for keeping now and then."""

from collections.abc import Awaitable, Callable
from typing import Final

from client_api.records import QualitySample
from client_api.wire import AttemptId, SessionId

A_BATCH: Final = 15
"""One a second. A third of the requests of a call would be samples if they went with every poll of
the clock, and each is a commit of the service's (docs/capacity.md)."""
MOST: Final = 60
"""Kept while nobody takes them."""
Keep = Callable[[SessionId, AttemptId, tuple[QualitySample, ...]], Awaitable[None]]


class GatheredSamples:
    """The samples that were not handed over yet; those of a call that is left go at its end."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._samples: list[QualitySample] = []
        self._call: tuple[SessionId, AttemptId] | None = None

    def begin(self) -> None:
        """Forget what another call left."""
        self._samples.clear()
        self._call = None

    def add(self, sample: QualitySample) -> None:
        """Take a sample; the oldest goes where there are too many."""
        self._samples.append(sample)
        del self._samples[:-MOST]

    async def keep_batch(self, session: SessionId, attempt: AttemptId) -> None:
        """Hand over what gathered, once it is a batch."""
        self._call = (session, attempt)
        if len(self._samples) >= A_BATCH:
            await self._hand_over(session, attempt)

    async def keep_rest(self, attempt: AttemptId) -> None:
        """Hand over what is left of a call."""
        if self._call is not None and self._call[1] == attempt and self._samples:
            await self._hand_over(*self._call)

    async def _hand_over(self, session: SessionId, attempt: AttemptId) -> None:
        samples = tuple(self._samples)
        self._samples.clear()
        await self._keep(session, attempt, samples)
