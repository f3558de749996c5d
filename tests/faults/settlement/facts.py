"""What there is of every session, in our rows, at Stripe and at the CRM: read in one go."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import select, text

from liftbay_backend.db.engine import Database
from liftbay_backend.db.models import (
    AccountEventRow,
    CrmRecordRow,
    LedgerEntryRow,
    PaymentRow,
    RefundRow,
    SessionEventRow,
    SettlementRow,
    UpsellRow,
)
from tests.fakes.crm_receiver import CrmReceiver
from tests.fakes.ledger_audit import QUESTIONS, faults_of_the_books
from tests.fakes.stripe_server import StripeServer


@dataclass(slots=True)
class Facts:
    """Of one session.

    Attributes:
        moved_cents: to the mechanic, less what was taken back, as Stripe knows it.
        given_cents: back to the customer, as Stripe knows it.
        owed_cents: to the mechanic, as the ledger knows it.
        kept_by_crm: ids and bodies of the records that the CRM has, as they came.
        told: how often in a row the end of the settlement was told in the session's stream, and
            to accounts; one that is open again because a refund's money does not move is told anew.
    """

    settlement: SettlementRow | None = None
    transfers: int = 0
    moved_cents: int = 0
    given_cents: int = 0
    owed_cents: int = 0
    refunds: list[RefundRow] = field(default_factory=list)
    records: list[CrmRecordRow] = field(default_factory=list)
    kept_by_crm: dict[str, dict[str, Any]] = field(default_factory=dict)
    upsells: list[str] = field(default_factory=list)
    told: int = 0
    told_accounts: int = 0


async def facts_of(database: Database, stripe: StripeServer, crm: CrmReceiver) -> dict[str, Facts]:
    """Return them by session id; the books must be in order."""
    found: defaultdict[str, Facts] = defaultdict(Facts)
    intents: dict[str, str] = {}
    answers: dict[str, list[Any]] = {}
    async with database.reading() as db:

        async def rows(what: Any) -> Any:
            return (await db.execute(select(what))).scalars()

        for settlement in await rows(SettlementRow):
            found[settlement.session_id].settlement = settlement
        for payment in await rows(PaymentRow):
            intents[payment.provider_payment_id] = payment.session_id
        for entry in await rows(LedgerEntryRow):
            if entry.account.startswith("owed:"):
                found[entry.session_id].owed_cents += entry.amount_cents
        for refund in await rows(RefundRow):
            found[refund.session_id].refunds.append(refund)
        for record in await rows(CrmRecordRow):
            found[record.session_id].records.append(record)
        for upsell in await rows(UpsellRow):
            found[upsell.session_id].upsells.append(upsell.code)
        streams: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for event in sorted(await rows(SessionEventRow), key=lambda one: one.seq):
            if event.kind == "settlement":
                streams[event.session_id, ""].append(_says_done(event))
        for event in sorted(await rows(AccountEventRow), key=lambda one: one.seq):
            if event.kind == "settlement":
                streams[event.session_id, event.audience].append(_says_done(event))
        for query in QUESTIONS.values():
            answers[query] = [tuple(row) for row in (await db.execute(text(query))).all()]
    for (session_id, audience), told in streams.items():
        if audience:
            found[session_id].told_accounts += _most_in_a_row(told)
        else:
            found[session_id].told = _most_in_a_row(told)
    assert faults_of_the_books(answers.__getitem__) == []
    for transfer in stripe.transfers.values():
        found[transfer["transfer_group"]].transfers += 1
        found[transfer["transfer_group"]].moved_cents += transfer["amount"]
    for reversal in stripe.reversals.values():
        group = stripe.transfers[reversal["transfer"]]["transfer_group"]
        found[group].moved_cents -= reversal["amount"]
    for given in stripe.refunds.values():
        found[intents[given["payment_intent"]]].given_cents += given["amount"]
    for name, body in crm.records.items():
        found[body["data"]["session_id"]].kept_by_crm[name] = body
    return found


def _says_done(event: SessionEventRow | AccountEventRow) -> bool:
    return bool((event.data or {})["settlement"]["state"] == "done")


def _most_in_a_row(done: Sequence[bool]) -> int:
    return max((len(list(run)) for is_done, run in groupby(done) if is_done), default=0)
