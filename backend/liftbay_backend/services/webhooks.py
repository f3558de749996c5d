"""Webhooks of the media server: verified, taken once, and followed by a look at the room."""

import structlog

from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import WebhookEventRow
from liftbay_backend.live import Live
from liftbay_backend.rooms.ports import (
    RoomEvent,
    RoomsUnavailable,
    run_of_room,
    session_of_room,
)
from liftbay_backend.services.preflight_runs import note_probe

PROVIDER = "livekit"
_JOINED = "participant_joined"
_WORTH_A_LOOK = frozenset(
    {_JOINED, "participant_left", "participant_connection_aborted", "room_finished"}
)
_log = structlog.get_logger(__name__)


async def take_webhook(live: Live, event: RoomEvent) -> bool:
    """Act on a webhook's first delivery.

    Late and reordered webhooks do no harm: they only make the service look, and what counts is
    the participant list. When the list cannot be read, the next look of the watch catches up.

    Returns:
        Whether this was its first delivery.
    """
    if event.kind not in _WORTH_A_LOOK:
        return True
    async with live.core.works.begin() as work:
        row = {"provider": PROVIDER, "event_id": event.id, "received_at": work.now}
        if not await insert_once(work.db, WebhookEventRow, row):
            return False
    run_id = run_of_room(event.room)
    if run_id is not None and event.kind == _JOINED:
        await note_probe(live.core, run_id)
    session_id = session_of_room(event.room)
    if session_id is not None:
        try:
            await live.watch.look(session_id)
        except RoomsUnavailable as error:
            _log.info("webhook.look_failed", kind=event.kind, detail=error.detail)
    return True
