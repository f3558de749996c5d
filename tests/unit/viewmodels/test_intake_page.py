"""The intake keeps its draft, warns about a VIN, and pays once for one intent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from client_api.errors import ErrorCode, UnreachableReason
from client_api.tasks import spawn
from client_api.wire import IdempotencyKey, Intake, IntakeStarted, Payment, PaymentStatus
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.intake_page import IntakeField, IntakePage
from desktop.viewmodels.shell import Page
from desktop.viewmodels.sign_in_page import FieldTrouble
from desktop.viewmodels.vin import VinDoubt, vin_doubt
from tests.fakes.clock import FakeClock, settle
from tests.fakes.service import FakeService, refusal, unreachable
from tests.fakes.stores import MemoryDraftStore
from tests.unit.viewmodels.shells import signed_in_shell


class KeepingService(FakeService):
    """Remembers with which key each intake came."""

    def __init__(self) -> None:
        super().__init__()
        self.intakes: list[tuple[Intake, IdempotencyKey | None]] = []
        self.checkout_url: str | None = None

    async def start_intake(
        self, intake: Intake, *, key: IdempotencyKey | None = None
    ) -> IntakeStarted:
        self.intakes.append((intake, key))
        started = await FakeService.start_intake(self, intake, key=key)
        if self.checkout_url is None:
            return started
        return IntakeStarted(started.session, Payment(PaymentStatus.DUE, self.checkout_url))


class Form:
    """An intake page with all it talks to."""

    def __init__(self, drafts: MemoryDraftStore | None = None) -> None:
        self.service = KeepingService()
        self.shell = signed_in_shell()
        self.shell.go_intake()
        self.drafts = drafts or MemoryDraftStore()
        self.page = IntakePage(
            self.service, self.shell, self.drafts, clock=FakeClock(), spawn=spawn
        )

    def fill(self) -> None:
        for field, text in (
            (IntakeField.YEAR, "2016"),
            (IntakeField.MAKE, " Honda "),
            (IntakeField.MODEL, "Civic"),
            (IntakeField.VIN, "2hgfc2f5 9gh500001"),
            (IntakeField.ODOMETER, "88 000"),
            (IntakeField.CONCERN, "Squeal on cold start"),
        ):
            self.page.edit(field, text)


@asynccontextmanager
async def form(drafts: MemoryDraftStore | None = None) -> AsyncIterator[Form]:
    made = Form(drafts)
    made.page.open()
    await settle()
    try:
        yield made
    finally:
        made.page.close()
        await settle()


async def test_the_price_is_the_services_and_the_longest_plan_is_chosen_at_first() -> None:
    async with form() as here:
        state = here.page.state.value

        assert state.phase is Phase.READY
        assert [offer.plan.value for offer in state.plans] == ["video15", "diagnostic"]
        assert state.chosen is not None
        assert (state.chosen.plan.value, state.chosen.price_cents) == ("diagnostic", 4999)


async def test_a_full_draft_is_sent_as_typed_and_leads_to_the_dashboard() -> None:
    async with form() as here:
        here.fill()

        here.page.submit()
        await settle()

        ((intake, key),) = here.service.intakes
        assert key is not None
        assert (intake.vehicle.year, intake.vehicle.make) == (2016, "Honda")
        assert intake.vehicle.vin == "2HGFC2F59GH500001"
        assert (intake.vehicle.plate, intake.vehicle.odometer_km) == (None, 88000)
        assert here.shell.state.value.page is Page.DASHBOARD
        assert here.drafts.load().get("concern") is None


async def test_gaps_are_shown_only_after_sending_was_tried_and_nothing_is_sent() -> None:
    async with form() as here:
        before = here.page.state.value.troubles

        here.page.submit()
        await settle()

        after = here.page.state.value
        assert before == ()
        assert after.trouble_of(IntakeField.YEAR) is FieldTrouble.EMPTY
        assert after.trouble_of(IntakeField.CONCERN) is FieldTrouble.EMPTY
        assert after.trouble_of(IntakeField.VIN) is None
        assert here.service.intakes == []


@pytest.mark.parametrize(
    ("field", "text", "trouble"),
    [
        (IntakeField.YEAR, "twenty", FieldTrouble.NOT_A_NUMBER),
        (IntakeField.YEAR, "1850", FieldTrouble.OUT_OF_RANGE),
        (IntakeField.YEAR, "2100", FieldTrouble.OUT_OF_RANGE),
        (IntakeField.ODOMETER, "many", FieldTrouble.NOT_A_NUMBER),
        (IntakeField.ODOMETER, "9,000,000", FieldTrouble.OUT_OF_RANGE),
        (IntakeField.CONCERN, "bad", FieldTrouble.TOO_SHORT),
        (IntakeField.PLAN, "", FieldTrouble.EMPTY),
    ],
)
async def test_what_cannot_be_sent_is_named(
    field: IntakeField, text: str, trouble: FieldTrouble
) -> None:
    async with form() as here:
        here.fill()
        here.page.edit(field, text)

        here.page.submit()
        await settle()

        assert here.page.state.value.trouble_of(field) is trouble
        assert here.service.intakes == []


async def test_a_lost_answer_is_repeated_with_the_same_key_and_a_change_with_a_new_one() -> None:
    async with form() as here:
        here.fill()
        here.service.fail_next("start_intake", unreachable(), unreachable())
        here.page.submit()
        await settle()
        trouble = here.page.state.value.trouble
        assert trouble is not None
        assert trouble.kind is UnreachableReason.NO_CONNECTION

        here.page.submit()
        await settle()
        here.page.edit(IntakeField.MODEL, "Accord")
        here.page.submit()
        await settle()

        keys = [key for _, key in here.service.intakes]
        assert keys[0] == keys[1] != keys[2]


async def test_while_it_is_sent_nothing_can_be_changed_or_sent_again() -> None:
    async with form() as here:
        here.fill()
        here.service.hold("start_intake")

        here.page.submit()
        await settle()

        state = here.page.state.value
        assert state.is_busy
        assert (state.submit, state.edit) == (None, None)
        here.service.release("start_intake")
        await settle()


async def test_a_draft_survives_leaving_the_page() -> None:
    drafts = MemoryDraftStore()
    async with form(drafts) as first:
        first.page.edit(IntakeField.MAKE, "Mazda")
        first.page.edit(IntakeField.MAKE, "Mazda")
        back = first.page.state.value.back
        assert back is not None
        back()

    async with form(drafts) as second:
        assert second.page.state.value.text(IntakeField.MAKE) == "Mazda"
        assert first.shell.state.value.page is Page.DASHBOARD


async def test_a_payment_in_the_browser_is_pointed_to() -> None:
    async with form() as here:
        here.fill()
        here.service.checkout_url = "https://pay.example/1"

        here.page.submit()
        await settle()

        state = here.page.state.value
        assert state.checkout_url == "https://pay.example/1"
        assert state.submit is None
        assert here.shell.state.value.page is Page.INTAKE


async def test_plans_that_cannot_be_fetched_may_be_tried_again() -> None:
    here = Form()
    here.service.fail_next("plans", unreachable())
    here.page.open()
    await settle()
    failed = here.page.state.value
    assert failed.phase is Phase.FAILED
    assert failed.submit is None
    assert failed.retry is not None

    failed.retry()
    await settle()

    assert here.page.state.value.phase is Phase.READY
    here.page.close()


async def test_an_expired_sign_in_leads_to_the_sign_in_page() -> None:
    async with form() as here:
        here.fill()
        here.service.fail_next("start_intake", refusal(ErrorCode.AUTH_EXPIRED, 401))

        here.page.submit()
        await settle()

        assert here.shell.state.value.page is Page.SIGN_IN


@pytest.mark.parametrize(
    ("vin", "doubt"),
    [
        ("", None),
        ("1M8GDM9AXKP042788", None),
        ("1m8gdm9a xkp-042788", None),
        ("11111111111111111", None),
        ("1M8GDM9A1KP042788", VinDoubt.CHECK_DIGIT),
        ("1M8GDM9AXKP04278", VinDoubt.TOO_SHORT),
        ("1M8GDM9AXKP0427889", VinDoubt.TOO_LONG),
        ("IM8GDM9AXKP042788", VinDoubt.WRONG_LETTER),
    ],
)
def test_a_vin_is_doubted_by_its_form_and_check_digit(vin: str, doubt: VinDoubt | None) -> None:
    assert vin_doubt(vin) is doubt


async def test_a_doubtful_vin_is_sent_all_the_same() -> None:
    async with form() as here:
        here.fill()
        here.page.edit(IntakeField.VIN, "WVWZZZ1JZXW000001")
        assert here.page.state.value.vin_doubt is VinDoubt.CHECK_DIGIT

        here.page.submit()
        await settle()

        assert len(here.service.intakes) == 1
