"""What runs beside the HTTP requests, from the start of the service to its stop.

Loops, none of which keeps anything: the tick claims what falls due, one moves money that waits,
the watch looks at rooms, the keeper renews this instance's lease, resumes dead ones' work and
sweeps up what was lost, and shared files that are over go. All they act on is rows, so a killed
service loses nothing. Of several instances each has its share of the rooms, and one ticks
(`domain.duties`). They are no DBOS schedules because a tick a second would leave 86,400
workflow rows a day and come up to two seconds late.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from liftbay_backend.core import Core
from liftbay_backend.crm.webhook import CrmWebhook
from liftbay_backend.db.engine import UNAVAILABLE
from liftbay_backend.db.storage_faults import StorageFault, storage_reason
from liftbay_backend.domain.ids import SessionId
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import DurableWork
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.sole_owner import OwnedElsewhere
from liftbay_backend.durable.transfers import BookTransfers, TransferProvider
from liftbay_backend.live import Live
from liftbay_backend.rooms.ports import RoomsUnavailable
from liftbay_backend.services import crm_records, due
from liftbay_backend.services.archiving import archive_old_sessions
from liftbay_backend.services.file_upkeep import tidy_files
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.services.preflight_runs import look_at_probe, open_probes
from liftbay_backend.services.search_texts import fill_search_texts
from liftbay_backend.settings import SettingsError

LOOK_SECONDS: Final = 1.0
KEEP_SECONDS: Final = 5.0
SWEEP_EVERY: Final = 12
FORGET_EVERY: Final = 720
TIDY_SECONDS: Final = 60.0
FILL_SECONDS: Final = 600.0
ROUND_SECONDS: Final = 2.0
"""How long a stop waits for the rounds that have begun."""
LOOKS_AT_ONCE: Final = 16
LOOKS_IN_A_ROW: Final = 4
"""So many rooms are asked at a time; the others follow over `LOOKS_SPREAD_SECONDS`, so that a
round is no burst that every request of that moment waits for."""
LOOKS_SPREAD_SECONDS: Final = 0.8
_ANY_ROOM: Final = "health-probe"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Background:
    """The running loops and the engine; made by `start_background`."""

    live: Live
    durable: DurableWork
    loops: tuple[asyncio.Task[None], ...]
    stopping: asyncio.Event


async def start_background(live: Live) -> Background:
    """Launch the durable engine, sweep up, and start the loops.

    Raises:
        SettingsError: another process works on the embedded data folder, or it cannot be used.
    """
    core = live.core
    durable = DurableWork(
        core,
        Settling(core, _transfers(core)),
        CrmDelivery(core, CrmWebhook.from_settings(core.settings)),
    )
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
    await _guarded("duties", lambda: learn_duties(live, durable))
    await _guarded("instances", durable.compare_instances)
    await _sweep(live, durable)
    # Also at a start: a service that is restarted more often than hourly would never do so.
    await _guarded("forget", lambda: forget_old_proofs(core))
    await _guarded("archive", lambda: archive_old_sessions(live))
    tick_seconds = core.settings.tick_seconds
    stopping = asyncio.Event()
    loops = (
        core.tasks.spawn(
            _in_turn(stopping, live, "tick", lambda: tick(live, durable), tick_seconds),
            name="tick",
        ),
        core.tasks.spawn(_move_money(stopping, live, durable), name="money"),
        core.tasks.spawn(_settle_when_wanted(stopping, live, durable), name="settle-when-wanted"),
        core.tasks.spawn(_watch_rooms(stopping, live), name="room-watch"),
        # Not the watch's work: a media server that hangs must not hold up whose signs are kept.
        core.tasks.spawn(
            _repeat(stopping, "signs", live.watch.keep_signs, LOOK_SECONDS), name="signs"
        ),
        core.tasks.spawn(_keep(stopping, live, durable), name="durable-keeper"),
        # Not the keeper's work: a store that is slow must not keep the lease from being renewed.
        core.tasks.spawn(
            _repeat(stopping, "files", lambda: tidy_files(core), TIDY_SECONDS), name="files"
        ),
        core.tasks.spawn(
            _repeat(stopping, "search_texts", lambda: fill_search_texts(core), FILL_SECONDS),
            name="search-texts",
        ),
    )
    return Background(live, durable, loops, stopping)


def _transfers(core: Core) -> TransferProvider:
    """Return who moves mechanics' money: whoever takes the customers'."""
    if core.settings.stripe_api_key is None:
        return BookTransfers(core.database, core.clock)
    from liftbay_backend.durable.stripe_transfers import StripeTransfers
    from liftbay_backend.payments.stripe_payments import StripePayments

    assert isinstance(core.payments, StripePayments)
    return StripeTransfers(core.payments.account)


async def stop_background(background: Background | None) -> None:
    """End the loops, then the engine, then the connections to the media server."""
    if background is None:
        return
    # A round that has begun is let finish: one that is cut off in a transaction leaves a connection
    # behind which has to be thrown away.
    background.stopping.set()
    background.live.settlements_wanted.set()
    _, late = await asyncio.wait(background.loops, timeout=ROUND_SECONDS)
    for loop in late:
        loop.cancel()
    await asyncio.gather(*background.loops, return_exceptions=True)
    await _guarded("signs", background.live.watch.keep_signs)
    await background.durable.stop()
    await background.live.rooms.close()


async def tick(live: Live, durable: DurableWork) -> None:
    """Do everything that is due now; what fails in one kind of work holds up no other kind."""
    for name, work in (
        ("end", lambda: due.end_sessions_at_zero(live)),
        ("expire_requests", lambda: due.expire_requests(live)),
        ("open_scheduled", lambda: due.open_scheduled(live)),
        ("expire_no_shows", lambda: due.expire_no_shows(live)),
        ("lapse_readiness", lambda: due.lapse_readiness(live)),
        ("settle", lambda: due.start_settlements(live, durable.start)),
        ("crm", lambda: crm_records.start_deliveries(live, durable.start_delivery)),
        ("close_rooms", lambda: due.close_rooms(live)),
    ):
        await _guarded(name, work)


async def learn_duties(live: Live, durable: DurableWork) -> None:
    """Take over which instances live, and so what is this one's to look after."""
    live.duties.living_are(await durable.living_executors())


async def look_at_rooms(live: Live, round_number: int = 0) -> None:
    """Look at the rooms whose turn it is, and note whether the media server answers."""
    at_once = asyncio.Semaphore(LOOKS_AT_ONCE)

    async def look(number: int, session_id: SessionId) -> None:
        await asyncio.sleep(LOOKS_SPREAD_SECONDS * (number // LOOKS_IN_A_ROW) / rows)
        async with at_once:
            await live.watch.look(session_id)

    due_now = live.watch.in_turn(await live.watch.unfinished())
    sessions = [one for one in due_now if live.duties.has_turn(one, round_number)]
    await live.watch.recall(sessions)
    runs = [one for one in await open_probes(live.core) if live.duties.has_turn(one, round_number)]
    rows = len(sessions) // LOOKS_IN_A_ROW + 1
    looks: list[Awaitable[object]] = [look(number, one) for number, one in enumerate(sessions)]
    looks += [look_at_probe(live, run) for run in runs]
    if not looks:
        looks.append(live.rooms.participants(_ANY_ROOM))
    results = await asyncio.gather(*looks, return_exceptions=True)
    is_down = any(isinstance(one, RoomsUnavailable) for one in results)
    live.core.health.set("sfu", "down" if is_down else "ok")
    if is_down:
        live.watch.calm_no_longer()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(
            result, (RoomsUnavailable, *UNAVAILABLE)
        ):
            _log.error("room_watch.failed", exc_info=result)
    for result in results:
        if isinstance(result, UNAVAILABLE):
            raise result


async def _sweep(live: Live, durable: DurableWork) -> None:
    await due.start_settlements(live, durable.start)
    await due.sweep_settlements(live, durable.start)


async def _settle_when_wanted(stopping: asyncio.Event, live: Live, durable: DurableWork) -> None:
    while True:
        await live.settlements_wanted.wait()
        if stopping.is_set():
            return
        live.settlements_wanted.clear()
        await _guarded("settle", lambda: due.start_settlements(live, durable.start))


async def _move_money(stopping: asyncio.Event, live: Live, durable: DurableWork) -> None:
    """Apart from the tick: a provider that does not answer must not hold a session's end up."""
    seconds = live.core.settings.tick_seconds
    await _in_turn(
        stopping, live, "money", lambda: due.move_money_again(live, durable.look_again), seconds
    )


async def _watch_rooms(stopping: asyncio.Event, live: Live) -> None:
    for round_number in itertools.count():
        await _guarded("room_watch", partial(look_at_rooms, live, round_number))
        if await _is_over(stopping, LOOK_SECONDS):
            return


async def _keep(stopping: asyncio.Event, live: Live, durable: DurableWork) -> None:
    rounds = 0
    while not await _is_over(stopping, KEEP_SECONDS):
        rounds += 1
        await _guarded("lease", durable.renew_lease)
        await _guarded("duties", lambda: learn_duties(live, durable))
        await _guarded("instances", durable.compare_instances)
        await _guarded("recover", durable.recover)
        if rounds % SWEEP_EVERY == 0:
            await _guarded("sweep", lambda: _sweep(live, durable))
        if rounds % FORGET_EVERY == 0:
            await _guarded("forget", lambda: forget_old_proofs(live.core))
            await _guarded("archive", lambda: archive_old_sessions(live))


async def _repeat(
    stopping: asyncio.Event, name: str, run: Callable[[], Awaitable[object]], seconds: float
) -> None:
    while True:
        await _guarded(name, run)
        if await _is_over(stopping, seconds):
            return


async def _in_turn(
    stopping: asyncio.Event,
    live: Live,
    name: str,
    run: Callable[[], Awaitable[object]],
    seconds: float,
) -> None:
    """Do what one instance is enough for, in the rounds that are this one's."""
    for round_number in itertools.count():
        if live.duties.has_turn(name, round_number):
            await _guarded(name, run)
        if await _is_over(stopping, seconds):
            return


async def _is_over(stopping: asyncio.Event, seconds: float) -> bool:
    """Rest so long, or until the service stops; return whether it does."""
    try:
        async with asyncio.timeout(seconds):
            return await stopping.wait()
    except TimeoutError:
        return False


async def _guarded(name: str, run: Callable[[], Awaitable[object]]) -> None:
    """Let one failed round be a line in the log and not the end of the loop."""
    try:
        await run()
    except UNAVAILABLE as error:
        # Every loop meets it every second while the database restarts; a traceback says no more.
        _log.warning("background.database_away", loop=name, error=type(error).__name__)
    except Exception as error:
        _log.error("background.failed", loop=name, exc_info=error)
