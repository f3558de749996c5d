"""Sessions in every state of their money, as versions before 0004 and since have written them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, MetaData

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MADE_MONEY = ("payments", "settlements", "payouts", "ledger_entries", "refunds")
"""Tables that are filled here alone, since their rows must fit each other."""


def fill_money(connection: Connection, tables: MetaData) -> None:
    """Insert people and sessions with books that balance, as the tables were at that time."""

    def insert(into: str, **values: Any) -> None:
        table = tables.tables[into]
        there = {key: value for key, value in values.items() if key in table.columns}
        connection.execute(table.insert().values(there))

    is_new = "refunds" in tables.tables

    for user in ("cust", "mech-user"):
        insert("users", id=user, email=f"{user}@x.test", name=user, is_support=False, created_at=AT)
    insert(
        "mechanics",
        mechanic_id="mech",
        user_id="mech-user",
        name="m",
        is_available=True,
        created_at=AT,
    )
    # session: its payment, and how far its settlement is
    cases = {
        "paid": ("paid", "done", "paid"),
        "failed": ("paid", "failed", "failed"),
        "waiting": ("paid", "running", "pending"),
        "refunding": ("refunding", "running", "not_due"),
        "refunded": ("refunded", "done", "not_due"),
    }
    for name, (payment, state, payout) in cases.items():
        insert(
            "sessions",
            id=name,
            customer_id="cust",
            mechanic_id="mech",
            type="video",
            status="pending",
            plan="diagnostic",
            price_cents=4999,
            extensions_cents=0,
            currency="usd",
            payment_status=payment,
            vehicle={"make": "Honda"},
            concern="c",
            urgency="now",
            created_at=AT,
            clock_state="not_started",
            clock_revision=1,
            total_seconds=3600,
            paused_seconds=0,
            absence_used_seconds=0,
            event_seq=0,
        )
        insert(
            "payments",
            id=f"p-{name}",
            session_id=name,
            kind="plan",
            status=payment,
            amount_cents=4999,
            currency="usd",
            seconds=3600,
            provider="test",
            provider_ref=f"test-{name}",
            refund_reason=None if payment == "paid" else "cancelled",
            created_at=AT,
            paid_at=AT,
            refunded_cents=4999 if payment == "refunded" else 0,
        )
        if is_new and payment == "refunding":
            insert(
                "refunds",
                id=f"r-{name}",
                session_id=name,
                payment_id=f"p-{name}",
                amount_cents=4999,
                currency="usd",
                reason="cancelled",
                state="pending",
                attempt=1,
                created_at=AT,
            )
        insert(
            "settlements",
            session_id=name,
            state=state,
            payout_cents=0 if payout == "not_due" else 3499,
            payout_state=payout,
            crm_state="delivered",
            upsell_count=1,
            retries=0,
            requested_at=AT,
            finished_at=AT if state in ("done", "failed") else None,
        )
        postings = [(f"payment-p-{name}", "platform", "customer:cust", 4999)]
        if payment == "refunded":
            postings.append((f"refund-p-{name}", "customer:cust", "platform", 4999))
        if payout == "paid":
            postings.append((f"payout-{name}", "mechanic:mech", "platform", 3499))
        elif is_new and payout != "not_due":
            postings.append((f"earned-{name}", "owed:mech", "platform", 3499))
        if payout == "paid":
            insert(
                "payouts",
                key=f"payout-{name}-1",
                session_id=name,
                attempt=1,
                mechanic_id="mech",
                amount_cents=3499,
                currency="usd",
                state="done",
                provider_ref="tr-1",
                created_at=AT,
            )
        for posting, to, source, cents in postings:
            for account, sign in ((to, 1), (source, -1)):
                insert(
                    "ledger_entries",
                    posting=posting,
                    account=account,
                    amount_cents=sign * cents,
                    currency="usd",
                    session_id=name,
                    at=AT,
                )
