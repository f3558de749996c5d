"""The clock's columns of a session row, written as one value; `session_view` reads them."""

from liftbay_backend.db.models import SessionRow
from liftbay_backend.domain.session_clock import SessionClock


def store_clock(session: SessionRow, clock: SessionClock) -> bool:
    """Write a clock into its locked row; tells whether it is a new revision."""
    changed = clock.revision != session.clock_revision
    session.clock_revision = clock.revision
    session.clock_state = clock.state
    session.total_seconds = clock.total_seconds
    session.started_at = clock.started_at
    session.ends_at = clock.ends_at
    session.held_remaining_seconds = clock.held_remaining_seconds
    session.paused_seconds = clock.paused_seconds
    session.paused_at = clock.paused_at
    session.resumed_at = clock.resumed_at
    return changed
