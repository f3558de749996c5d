"""What became of a session: findings, money, rating, next steps; the settlement live."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import Final, TypeAlias
from uuid import uuid4

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError, ErrorCode, Refused, Unreachable
from client_api.records import Rating, Summary
from client_api.wire import IdempotencyKey, Role, SessionId, WorkState
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.trouble import Trouble, trouble_of

AskPath: TypeAlias = Callable[[str], Awaitable[Path | None]]
"""Asks the user where to save a file of the suggested name; None when they think better of it."""

MOST_STARS: Final = 5
_SETTLED: Final = frozenset({WorkState.DONE, WorkState.FAILED, WorkState.NOT_DUE})
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 8.0


class RatingStage(Enum):
    """How far the customer's rating is."""

    OPEN = auto()
    SENDING = auto()
    SENT = auto()


class PdfStage(Enum):
    """How far saving the report is."""

    NONE = auto()
    SAVING = auto()
    SAVED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class SummaryState:
    """What the summary shows.

    Attributes:
        summary: the service's report; None until it came.
        is_settling: money and next steps may still change.
        stars: how many the customer chose, 0 for none yet.
        pick_star: one command per star, empty where nothing can be rated (any more).
    """

    phase: Phase = Phase.LOADING
    trouble: Trouble | None = None
    summary: Summary | None = None
    is_settling: bool = False
    stars: int = 0
    comment: str = ""
    rating: RatingStage = RatingStage.OPEN
    rating_trouble: Trouble | None = None
    pdf: PdfStage = PdfStage.NONE
    pdf_trouble: Trouble | None = None
    pick_star: tuple[On[int], ...] = ()
    write_comment: Callable[[str], object] | None = None
    send_rating: Command | None = None
    save_pdf: Command | None = None
    dashboard: Command | None = None
    retry: Command | None = None


class SummaryPage:
    """Fetches the report of one session until it is settled, takes the rating, saves the PDF."""

    def __init__(
        self,
        api: ServiceApi,
        shell: Shell,
        session: SessionId,
        *,
        ask_path: AskPath,
        clock: Clock,
        spawn: Spawn,
    ) -> None:
        self._api = api
        self._shell = shell
        self._session = session
        self._ask_path = ask_path
        self._clock = clock
        self._tasks = PageTasks(spawn)
        self._rating_intent: tuple[Rating, IdempotencyKey] | None = None
        self.state: Observable[SummaryState] = Observable(
            SummaryState(dashboard=shell.go_dashboard)
        )

    def open(self) -> None:
        """Fetch the report, and again until the settlement is done."""
        self._tasks.start(self._follow(), name="summary")

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    def retry(self) -> None:
        """Fetch again after a failure."""
        self._change(phase=Phase.LOADING, trouble=None, retry=None)
        self.open()

    def pick_star(self, stars: int) -> None:
        """Choose how many stars, 1 to 5."""
        self._change(stars=min(max(stars, 1), MOST_STARS), rating_trouble=None)

    def write_comment(self, text: str) -> None:
        """Take what the customer writes beside the stars."""
        self._change(comment=text)

    def send_rating(self) -> None:
        """Send stars and comment."""
        now = self.state.value
        rating = Rating(stars=now.stars, comment=now.comment.strip() or None)
        if self._rating_intent is None or self._rating_intent[0] != rating:
            self._rating_intent = (rating, IdempotencyKey(str(uuid4())))
        self._tasks.start(self._rate(*self._rating_intent), name="summary rating")

    def save_pdf(self) -> None:
        """Save the report as a PDF where the user says."""
        self._tasks.start(self._save_pdf(), name="summary pdf")

    async def _follow(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                summary = await self._api.summary(self._session)
            except ClientError as error:
                if not self._may_wait(error):
                    self._failed(error)
                    return
            else:
                self._show(summary)
                if not self.state.value.is_settling:
                    return
            await self._clock.sleep(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    def _may_wait(self, error: ClientError) -> bool:
        """True while asking again may help: the end is a moment old, or a line dropped later."""
        if isinstance(error, Refused):
            return error.code is ErrorCode.SESSION_NOT_ENDED
        return isinstance(error, Unreachable) and self.state.value.summary is not None

    def _show(self, summary: Summary) -> None:
        settlement = summary.settlement
        given = summary.rating
        self._change(
            phase=Phase.READY,
            trouble=None,
            summary=summary,
            is_settling=settlement is None or settlement.state not in _SETTLED,
        )
        if given is not None:
            self._change(stars=given.stars, comment=given.comment or "", rating=RatingStage.SENT)

    async def _rate(self, rating: Rating, key: IdempotencyKey) -> None:
        self._change(rating=RatingStage.SENDING, rating_trouble=None)
        try:
            await self._api.rate(self._session, rating, key=key)
        except ClientError as error:
            self._change(rating=RatingStage.OPEN, rating_trouble=trouble_of(error))
        else:
            self._change(rating=RatingStage.SENT)

    async def _save_pdf(self) -> None:
        path = await self._ask_path(f"liftbay-{self._session[:8]}.pdf")
        if path is None:
            return
        self._change(pdf=PdfStage.SAVING, pdf_trouble=None)
        try:
            content = await self._api.summary_pdf(self._session)
        except ClientError as error:
            self._change(pdf=PdfStage.FAILED, pdf_trouble=trouble_of(error))
            return
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError:
            self._change(pdf=PdfStage.FAILED)
            return
        self._change(pdf=PdfStage.SAVED)

    def _failed(self, error: ClientError) -> None:
        trouble = trouble_of(error)
        if trouble.is_sign_in:
            self._shell.leave(SignedOutWhy.EXPIRED)
            return
        self._change(phase=Phase.FAILED, trouble=trouble, retry=self.retry)

    def _change(self, **changes: object) -> None:
        state = replace(self.state.value, **changes)  # type: ignore[arg-type]  # fields by name
        summary = state.summary
        rates = summary is not None and summary.my_role is Role.CUSTOMER and _was_held(summary)
        is_open = rates and state.rating is RatingStage.OPEN
        stars = tuple(On(self.pick_star, number) for number in range(1, MOST_STARS + 1))
        can_save = summary is not None and state.pdf is not PdfStage.SAVING
        self.state.set(
            replace(
                state,
                pick_star=stars if is_open else (),
                write_comment=self.write_comment if is_open else None,
                send_rating=self.send_rating if is_open and state.stars else None,
                save_pdf=self.save_pdf if can_save else None,
            )
        )


def _was_held(summary: Summary) -> bool:
    return summary.started_at is not None
