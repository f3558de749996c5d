"""The intake: vehicle, what is wrong, plan, confirm, on one page.

The draft is kept as typed, field by field, until it was paid for. The price is the service's.
One intent has one idempotency key: pressing again after a lost answer pays once; a changed draft
is another intent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol
from uuid import uuid4

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError
from client_api.wire import (
    IdempotencyKey,
    Intake,
    PaymentStatus,
    Plan,
    PlanOffer,
    SessionType,
    Urgency,
    Vehicle,
)
from desktop.viewmodels.command import Command
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.shell import Shell, SignedOutWhy
from desktop.viewmodels.sign_in_page import FieldTrouble
from desktop.viewmodels.trouble import Trouble, trouble_of
from desktop.viewmodels.vin import VinDoubt, tidy_vin, vin_doubt

OLDEST_YEAR: Final = 1900
MOST_KM: Final = 3_000_000
SHORTEST_CONCERN: Final = 8


class IntakeField(StrEnum):
    """The fields of the form; also the names in a kept draft."""

    YEAR = "year"
    MAKE = "make"
    MODEL = "model"
    VIN = "vin"
    PLATE = "plate"
    ODOMETER = "odometer"
    CONCERN = "concern"
    URGENCY = "urgency"
    PLAN = "plan"


class DraftStore(Protocol):
    """Keeps what was typed between two starts. Quick: called on every change."""

    def load(self) -> Mapping[str, str]:
        """Return the kept draft, empty when there is none."""

    def save(self, draft: Mapping[str, str]) -> None:
        """Keep a draft in place of the last."""


@dataclass(frozen=True, slots=True)
class IntakeState:
    """What the intake shows.

    Attributes:
        draft: every field as typed.
        troubles: what keeps the draft from being sent; shown once sending was tried.
        vin_doubt: a warning only.
        chosen: the offer of the chosen plan, with the service's price.
        checkout_url: where to pay in a browser, when the payment needs one.
    """

    phase: Phase = Phase.LOADING
    draft: tuple[tuple[IntakeField, str], ...] = ()
    troubles: tuple[tuple[IntakeField, FieldTrouble], ...] = ()
    vin_doubt: VinDoubt | None = None
    plans: tuple[PlanOffer, ...] = ()
    chosen: PlanOffer | None = None
    trouble: Trouble | None = None
    is_busy: bool = False
    checkout_url: str | None = None
    edit: Callable[[IntakeField, str], object] | None = None
    submit: Command | None = None
    back: Command | None = None
    retry: Command | None = None

    def text(self, field: IntakeField) -> str:
        """Return what stands in a field."""
        return dict(self.draft).get(field, "")

    def trouble_of(self, field: IntakeField) -> FieldTrouble | None:
        """Return what is wrong with a field."""
        return dict(self.troubles).get(field)


class IntakePage:
    """Keeps a draft and turns it into one paid session."""

    def __init__(
        self, api: ServiceApi, shell: Shell, drafts: DraftStore, *, clock: Clock, spawn: Spawn
    ) -> None:
        self._api = api
        self._shell = shell
        self._drafts = drafts
        self._clock = clock
        self._tasks = PageTasks(spawn)
        kept = drafts.load()
        self._draft = {field: kept.get(field.value, "") for field in IntakeField}
        if not self._draft[IntakeField.URGENCY]:
            self._draft[IntakeField.URGENCY] = Urgency.SOON.value
        self._has_tried = False
        self._intent: tuple[Intake, IdempotencyKey] | None = None
        self.state: Observable[IntakeState] = Observable(IntakeState(back=self._leave))
        self._publish()

    def open(self) -> None:
        """Fetch the plans and their prices."""
        self._tasks.start(self._fetch(), name="intake plans")

    def close(self) -> None:
        """End what still runs. A payment that is under way goes on at the service."""
        self._tasks.close()

    def edit(self, field: IntakeField, text: str) -> None:
        """Take what the user typed or chose."""
        if self._draft[field] == text:
            return
        self._draft[field] = text
        self._drafts.save({key.value: value for key, value in self._draft.items()})
        self._publish(trouble=None)

    def submit(self) -> None:
        """Send the intake and pay, once; a draft with gaps shows them instead."""
        self._has_tried = True
        intake = self._intake()
        if intake is None:
            self._publish()
            return
        if self._intent is None or self._intent[0] != intake:
            self._intent = (intake, IdempotencyKey(str(uuid4())))
        self._tasks.start(self._send(*self._intent), name="intake submit")

    def retry(self) -> None:
        """Fetch the plans again after a failure."""
        self._publish(phase=Phase.LOADING, trouble=None)
        self.open()

    async def _fetch(self) -> None:
        try:
            offers = await self._api.plans()
        except ClientError as error:
            self._failed(error, phase=Phase.FAILED)
            return
        plans = tuple(offer for offer in offers if offer.type is SessionType.VIDEO)
        offered = {offer.plan.value for offer in plans}
        if self._draft[IntakeField.PLAN] not in offered and plans:
            dearest = max(plans, key=lambda offer: offer.minutes)
            self._draft[IntakeField.PLAN] = dearest.plan.value
        self._publish(phase=Phase.READY, plans=plans, trouble=None)

    async def _send(self, intake: Intake, key: IdempotencyKey) -> None:
        self._publish(is_busy=True, trouble=None)
        try:
            started = await self._api.start_intake(intake, key=key)
        except ClientError as error:
            self._failed(error, is_busy=False)
            return
        kept = {IntakeField.PLAN, IntakeField.URGENCY}
        self._drafts.save({field.value: self._draft[field] for field in kept})
        if started.payment.status is PaymentStatus.DUE and started.payment.checkout_url:
            self._publish(is_busy=False, checkout_url=started.payment.checkout_url)
            return
        self._shell.go_dashboard()

    def _failed(self, error: ClientError, **changes: object) -> None:
        trouble = trouble_of(error)
        if trouble.is_sign_in:
            self._shell.leave(SignedOutWhy.EXPIRED)
            return
        self._publish(trouble=trouble, **changes)

    def _leave(self) -> None:
        self._shell.go_dashboard()

    def _intake(self) -> Intake | None:
        if self._find_troubles():
            return None
        draft = {field: text.strip() for field, text in self._draft.items()}
        odometer = _number(draft[IntakeField.ODOMETER])
        return Intake(
            plan=Plan(draft[IntakeField.PLAN]),
            vehicle=Vehicle(
                year=int(draft[IntakeField.YEAR]),
                make=draft[IntakeField.MAKE],
                model=draft[IntakeField.MODEL],
                vin=tidy_vin(draft[IntakeField.VIN]) or None,
                plate=draft[IntakeField.PLATE] or None,
                odometer_km=odometer,
            ),
            concern=draft[IntakeField.CONCERN],
            urgency=Urgency(draft[IntakeField.URGENCY]),
        )

    def _find_troubles(self) -> dict[IntakeField, FieldTrouble]:
        found: dict[IntakeField, FieldTrouble] = {}
        draft = {field: text.strip() for field, text in self._draft.items()}
        for field in (IntakeField.YEAR, IntakeField.MAKE, IntakeField.MODEL, IntakeField.CONCERN):
            if not draft[field]:
                found[field] = FieldTrouble.EMPTY
        if draft[IntakeField.YEAR]:
            year = _number(draft[IntakeField.YEAR])
            if year is None:
                found[IntakeField.YEAR] = FieldTrouble.NOT_A_NUMBER
            elif not OLDEST_YEAR <= year <= self._clock.now().year + 2:
                found[IntakeField.YEAR] = FieldTrouble.OUT_OF_RANGE
        if draft[IntakeField.ODOMETER]:
            odometer = _number(draft[IntakeField.ODOMETER])
            if odometer is None:
                found[IntakeField.ODOMETER] = FieldTrouble.NOT_A_NUMBER
            elif odometer > MOST_KM:
                found[IntakeField.ODOMETER] = FieldTrouble.OUT_OF_RANGE
        if draft[IntakeField.CONCERN] and len(draft[IntakeField.CONCERN]) < SHORTEST_CONCERN:
            found[IntakeField.CONCERN] = FieldTrouble.TOO_SHORT
        if not draft[IntakeField.PLAN]:
            found[IntakeField.PLAN] = FieldTrouble.EMPTY
        return found

    def _publish(self, **changes: object) -> None:
        state = replace(self.state.value, **changes)  # type: ignore[arg-type]  # fields by name
        troubles = self._find_troubles() if self._has_tried else {}
        chosen = self._draft[IntakeField.PLAN]
        may_submit = state.phase is Phase.READY and not state.is_busy and not state.checkout_url
        self.state.set(
            replace(
                state,
                draft=tuple(self._draft.items()),
                troubles=tuple(troubles.items()),
                vin_doubt=vin_doubt(self._draft[IntakeField.VIN]),
                chosen=next((offer for offer in state.plans if offer.plan == chosen), None),
                edit=None if state.is_busy else self.edit,
                submit=self.submit if may_submit else None,
                retry=self.retry if state.phase is Phase.FAILED else None,
            )
        )


def _number(text: str) -> int | None:
    """Return a whole number as people type it, with blanks, commas or points between thousands."""
    digits = text.replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    digits = digits.replace(",", "").replace(".", "")
    return int(digits) if digits.isascii() and digits.isdigit() else None
