"""What runs beside the HTTP requests, from the start of the service to its stop.

Three loops, none of which keeps anything: the tick claims what falls due, the watch looks at rooms,
the keeper renews this instance's lease, resumes dead ones' work and sweeps up what was lost. All
they act on is rows, so a killed service loses nothing. They are no DBOS schedules because a tick a
second would leave 86,400 workflow rows a day and come up to two seconds late.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.db.storage_faults import StorageFault, storage_reason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.durable.engine import DurableWork
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.sole_owner import OwnedElsewhere
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.live import Live
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services import due
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.services.preflight_runs import look_at_probe, open_probes
from liftbay_backend.settings import SettingsError

LOOK_SECONDS: Final = 1.0
KEEP_SECONDS: Final = 5.0
SWEEP_EVERY: Final = 12
FORGET_EVERY: Final = 720
LOOKS_AT_ONCE: Final = 16
_ANY_ROOM: Final = "health-probe"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Background:
    """The running loops and the engine; made by `start_background`."""

    live: Live
    durable: DurableWork
    loops: tuple[asyncio.Task[None], ...]


async def start_background(live: Live) -> Background:
    """Launch the durable engine, sweep up, and start the loops.

    Raises:
        SettingsError: another process works on the embedded data folder, or it cannot be used.
    """
    core = live.core
    durable = DurableWork(core, Settling(core, BookTransfers(core.database, core.clock)))
    try:
        await durable.launch()
    except OwnedElsewhere as error:
        raise SettingsError("another liftbay-backend already works on this data folder") from error
    except (StorageFault, SQLAlchemyError) as error:
        await durable.stop()
        reason = str(error) if isinstance(error, StorageFault) else storage_reason(error)
        raise SettingsError(f"the durable work cannot begin: {reason}") from error
    except BaseException:
        await durable.stop()
        raise
    await _sweep(live, durable)
    # Also at a start: a service that is restarted more often than hourly would never do so.
    await _guarded("forget", lambda: forget_old_proofs(core))
    tick_seconds = core.settings.tick_seconds
    loops = (
        core.tasks.spawn(_repeat("tick", lambda: tick(live, durable), tick_seconds), name="tick"),
        core.tasks.spawn(_settle_when_wanted(live, durable), name="settle-when-wanted"),
        core.tasks.spawn(_watch_rooms(live), name="room-watch"),
        core.tasks.spawn(_keep(live, durable), name="durable-keeper"),
    )
    return Background(live, durable, loops)


async def stop_background(background: Background | None) -> None:
    """End the loops, then the engine, then the connections to the media server."""
    if background is None:
        return
    for loop in background.loops:
        loop.cancel()
    await asyncio.gather(*background.loops, return_exceptions=True)
    await background.durable.stop()
    await background.live.rooms.close()


async def tick(live: Live, durable: DurableWork) -> None:
    """Do everything that is due now; what fails in one kind of work holds up no other kind."""
    for name, work in (
        ("end", lambda: due.end_sessions_at_zero(live)),
        ("expire_requests", lambda: due.expire_requests(live)),
        ("open_scheduled", lambda: due.open_scheduled(live)),
        ("expire_no_shows", lambda: due.expire_no_shows(live)),
        ("settle", lambda: due.start_settlements(live, durable.start)),
        ("close_rooms", lambda: due.close_rooms(live)),
    ):
        await _guarded(name, work)


async def look_at_rooms(live: Live) -> None:
    """Look once at every room that matters, and note whether the media server answers."""
    at_once = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def look(session_id: SessionId) -> None:
        async with at_once:
            await live.watch.look(session_id)

    sessions = await live.watch.unfinished()
    runs = await open_probes(live.core)
    looks: list[Awaitable[object]] = [look(one) for one in sessions]
    looks += [look_at_probe(live, run) for run in runs]
    if not looks:
        looks.append(live.rooms.participants(_ANY_ROOM))
    results = await asyncio.gather(*looks, return_exceptions=True)
    is_down = any(isinstance(one, RoomsUnavailable) for one in results)
    live.core.health.set("sfu", "down" if is_down else "ok")
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, RoomsUnavailable):
            _log.error("room_watch.failed", exc_info=result)


async def _sweep(live: Live, durable: DurableWork) -> None:
    await due.start_settlements(live, durable.start)
    await due.sweep_settlements(live, durable.start)
    await due.refund_late_payments(live)


async def _settle_when_wanted(live: Live, durable: DurableWork) -> None:
    while True:
        await live.settlements_wanted.wait()
        live.settlements_wanted.clear()
        await _guarded("settle", lambda: due.start_settlements(live, durable.start))


async def _watch_rooms(live: Live) -> None:
    await _repeat("room_watch", lambda: look_at_rooms(live), LOOK_SECONDS)


async def _keep(live: Live, durable: DurableWork) -> None:
    rounds = 0
    while True:
        await asyncio.sleep(KEEP_SECONDS)
        rounds += 1
        await _guarded("lease", durable.renew_lease)
        await _guarded("recover", durable.recover)
        if rounds % SWEEP_EVERY == 0:
            await _guarded("sweep", lambda: _sweep(live, durable))
        if rounds % FORGET_EVERY == 0:
            await _guarded("forget", lambda: forget_old_proofs(live.core))


async def _repeat(name: str, run: Callable[[], Awaitable[object]], seconds: float) -> None:
    while True:
        await _guarded(name, run)
        await asyncio.sleep(seconds)


async def _guarded(name: str, run: Callable[[], Awaitable[object]]) -> None:
    """Let one failed round be a line in the log and not the end of the loop."""
    try:
        await run()
    except Exception as error:
        _log.error("background.failed", loop=name, exc_info=error)
