"""The summary follows the settlement, takes one rating, and saves the report."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from client_api.errors import ErrorCode, UnreachableReason
from client_api.records import Rating, Summary
from client_api.tasks import spawn
from client_api.wire import IdempotencyKey, Role, SessionId, Settlement, WorkState
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.shell import Page
from desktop.viewmodels.summary_page import PdfStage, RatingStage, SummaryPage, SummaryState
from tests.fakes.clock import FakeClock, settle
from tests.fakes.service import FakeService, refusal, unreachable
from tests.unit.viewmodels.shells import signed_in_shell


class SettlingService(FakeService):
    """A service whose settlement a test moves on, and that remembers ratings."""

    def __init__(self, clock: FakeClock, role: Role) -> None:
        super().__init__(role=role, clock_=clock)
        self.is_settled = True
        self.given: Rating | None = None
        self.ratings: list[tuple[Rating, IdempotencyKey | None]] = []

    async def summary(self, session: SessionId) -> Summary:
        summary = await FakeService.summary(self, session)
        pending = Settlement(WorkState.PENDING, None, WorkState.PENDING, WorkState.PENDING, 0)
        return msgspec.structs.replace(
            summary,
            rating=self.given,
            settlement=summary.settlement if self.is_settled else pending,
        )

    async def rate(
        self, session: SessionId, rating: Rating, *, key: IdempotencyKey | None = None
    ) -> Rating:
        self.ratings.append((rating, key))
        return await FakeService.rate(self, session, rating, key=key)


class Report:
    """A summary page with all it talks to."""

    def __init__(self, role: Role, path: Path | None) -> None:
        self.clock = FakeClock()
        self.service = SettlingService(self.clock, role)
        self.session = self.service.add_session().id
        self.shell = signed_in_shell(role)
        self.shell.go_summary(self.session)
        self.asked: list[str] = []
        self._path = path
        self.page = SummaryPage(
            self.service,
            self.shell,
            self.session,
            ask_path=self._ask_path,
            clock=self.clock,
            spawn=spawn,
        )

    async def _ask_path(self, suggestion: str) -> Path | None:
        self.asked.append(suggestion)
        return self._path

    @property
    def state(self) -> SummaryState:
        return self.page.state.value


@asynccontextmanager
async def report(
    *, role: Role = Role.CUSTOMER, path: Path | None = None, ended: bool = True
) -> AsyncIterator[Report]:
    made = Report(role, path)
    if ended:
        made.service.end_by_service(made.session)
    try:
        yield made
    finally:
        made.page.close()
        await settle()


async def test_a_settled_session_is_shown_and_not_asked_for_again() -> None:
    async with report() as here:
        here.page.open()
        await here.clock.advance(60)

        assert here.state.phase is Phase.READY
        assert here.state.summary is not None
        assert not here.state.is_settling
        assert here.service.calls.count("summary") == 1


async def test_the_settlement_is_followed_until_it_is_done() -> None:
    async with report() as here:
        here.service.is_settled = False
        here.page.open()
        await settle()
        during = here.state
        assert during.is_settling

        here.service.is_settled = True
        await here.clock.advance(2)

        assert not here.state.is_settling


async def test_an_end_that_is_a_moment_old_is_waited_for() -> None:
    async with report(ended=False) as here:
        here.page.open()
        await settle()
        assert here.state.phase is Phase.LOADING

        here.service.end_by_service(here.session)
        await here.clock.advance(2)

        shown = here.state
        assert shown.summary is not None


async def test_a_summary_that_cannot_be_fetched_says_why_and_can_be_tried_again() -> None:
    async with report() as here:
        here.service.fail_next("summary", unreachable())
        here.page.open()
        await settle()
        failed = here.state
        assert failed.trouble is not None
        assert failed.trouble.kind is UnreachableReason.NO_CONNECTION
        assert failed.retry is not None

        failed.retry()
        await settle()

        assert here.state.phase is Phase.READY


async def test_a_dropped_line_while_settling_is_bridged() -> None:
    async with report() as here:
        here.service.is_settled = False
        here.page.open()
        await settle()
        here.service.fail_next("summary", unreachable())

        await here.clock.advance(1)
        here.service.is_settled = True
        await here.clock.advance(10)

        assert here.state.phase is Phase.READY
        assert not here.state.is_settling


async def test_a_rating_is_sent_once_with_its_comment() -> None:
    async with report() as here:
        here.page.open()
        await settle()
        assert here.state.send_rating is None

        here.state.pick_star[3]()
        here.page.write_comment(" Clear and quick. ")
        chosen = here.state
        assert chosen.send_rating is not None
        chosen.send_rating()
        await settle()

        ((rating, key),) = here.service.ratings
        assert rating == Rating(4, "Clear and quick.")
        assert key is not None
        assert here.state.rating is RatingStage.SENT
        assert here.state.pick_star == ()


async def test_a_rating_that_got_lost_is_sent_again_with_the_same_key() -> None:
    async with report() as here:
        here.page.open()
        await settle()
        here.service.fail_next("rate", unreachable())
        here.page.pick_star(9)
        here.page.send_rating()
        await settle()
        assert here.state.rating_trouble is not None

        here.page.send_rating()
        await settle()

        assert here.state.stars == 5
        assert len({key for _, key in here.service.ratings}) == 1


async def test_a_rating_given_before_is_shown_and_final() -> None:
    async with report() as here:
        here.service.given = Rating(5, None)

        here.page.open()
        await settle()

        assert (here.state.stars, here.state.rating) == (5, RatingStage.SENT)
        assert here.state.pick_star == ()


async def test_a_mechanic_rates_nothing() -> None:
    async with report(role=Role.MECHANIC) as here:
        here.page.open()
        await settle()

        assert here.state.pick_star == ()
        assert here.state.send_rating is None


async def test_the_report_is_saved_where_the_user_says(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    async with report(path=target) as here:
        here.page.open()
        await settle()

        here.page.save_pdf()
        while here.state.pdf is not PdfStage.SAVED:
            await settle()

        assert target.read_bytes().startswith(b"%PDF")
        assert here.asked[0].endswith(".pdf")


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    async with report(path=tmp_path / "missing" / "report.pdf") as here:
        here.page.open()
        await settle()

        here.page.save_pdf()
        while here.state.pdf is not PdfStage.FAILED:
            await settle()

        assert here.state.pdf_trouble is None


async def test_a_report_that_cannot_be_fetched_is_told(tmp_path: Path) -> None:
    async with report(path=tmp_path / "report.pdf") as here:
        here.page.open()
        await settle()
        here.service.fail_next("summary_pdf", unreachable())

        here.page.save_pdf()
        await settle()

        assert here.state.pdf is PdfStage.FAILED
        assert here.state.pdf_trouble is not None


async def test_thinking_better_of_saving_changes_nothing() -> None:
    async with report(path=None) as here:
        here.page.open()
        await settle()

        here.page.save_pdf()
        await settle()

        assert here.state.pdf is PdfStage.NONE


async def test_an_expired_sign_in_leads_to_the_sign_in_page() -> None:
    async with report() as here:
        here.service.fail_next("summary", refusal(ErrorCode.AUTH_EXPIRED, 401))

        here.page.open()
        await settle()

        assert here.shell.state.value.page is Page.SIGN_IN
