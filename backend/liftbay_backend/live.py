"""What lives beside the HTTP requests: the rooms, the watch over them, and the durable work."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request

from liftbay_backend.core import Core
from liftbay_backend.domain.duties import Duties
from liftbay_backend.rooms.ports import RoomService
from liftbay_backend.services.room_watch import RoomWatch
from liftbay_backend.services.setbacks import Setbacks

START_PATIENCE_SECONDS: Final = 1.5


@dataclass(frozen=True, slots=True)
class Live:
    """The parts that calls need on top of the core.

    Attributes:
        start_patience_seconds: how long a start waits for the media server to see both; clients
            see each other some milliseconds before the room API does.
        settlements_wanted: set after an end, so that its settlement need not wait for a tick.
        setbacks: rows whose work failed lately.
        duties: what this instance looks after, among those that live.
    """

    core: Core
    rooms: RoomService
    watch: RoomWatch
    start_patience_seconds: float
    duties: Duties
    settlements_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    setbacks: Setbacks = field(default_factory=Setbacks)


def build_live(
    core: Core, rooms: RoomService, *, start_patience_seconds: float = START_PATIENCE_SECONDS
) -> Live:
    """Put the parts together; nothing runs and nothing is connected yet."""
    duties = Duties(core.settings.instance_id)
    return Live(core, rooms, RoomWatch(core, rooms), start_patience_seconds, duties)


async def live_of(request: Request) -> Live:
    """Return the live parts of the app that serves this request."""
    live = request.app.state.live
    assert isinstance(live, Live)
    return live


LiveDep = Annotated[Live, Depends(live_of)]
