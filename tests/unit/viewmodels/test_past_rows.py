"""What history says of a session that is over."""

import pytest

from client_api.wire import PaymentStatus, Session, SessionStatus, WorkState
from desktop.viewmodels.command import On
from desktop.viewmodels.dashboard_state import PastRow, past_row
from tests.fakes.wire_samples import mechanic_session, sample_session

SETTLED = {"state": "done", "crm_state": "delivered", "upsell_count": 0}
PAID_OUT = {**SETTLED, "payout_cents": 3499, "payout_state": "paid"}


def row(session: Session) -> PastRow:
    return past_row(session, On(lambda _: None, session.id))


@pytest.mark.parametrize(
    ("payment", "shown"),
    [("refunded", SessionStatus.REFUNDED), ("paid", SessionStatus.COMPLETED)],
)
def test_a_session_is_shown_as_refunded_while_its_money_is_back(
    payment: str, shown: SessionStatus
) -> None:
    """A whole refund may come to nothing later, and the status cannot go back."""
    past = row(sample_session(status="refunded", payment_status=payment))

    assert (past.status, past.payment) == (shown, PaymentStatus(payment))


def test_the_mechanic_of_a_refund_that_came_to_nothing_sees_the_payout() -> None:
    past = row(mechanic_session(status="refunded", payment_status="paid", settlement=PAID_OUT))

    assert (past.status, past.payout) == (SessionStatus.COMPLETED, WorkState.PAID)
    assert past.amount_cents == 3499


def test_a_customers_row_shows_the_price_and_needs_no_figure_of_the_mechanics() -> None:
    hidden = {**SETTLED, "payout_cents": None, "payout_state": None}

    past = row(sample_session(status="completed", settlement=hidden))

    assert (past.amount_cents, past.payout) == (4999, None)
