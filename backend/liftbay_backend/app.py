"""The app factory: the one place that knows every port and its adapter. No app at import time."""

import asyncio
import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import SQLAlchemyError
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from liftbay_backend import routers
from liftbay_backend.auth.keys import load_signing_key
from liftbay_backend.auth.limits import Limits
from liftbay_backend.auth.passwords import Passwords
from liftbay_backend.auth.tokens import Tokens
from liftbay_backend.clock import Clock, SystemClock
from liftbay_backend.connections import Service
from liftbay_backend.core import Core
from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import NEWER_SCHEMA, is_current, is_newer, migrate
from liftbay_backend.db.storage_faults import storage_reason
from liftbay_backend.db.triggers import TriggerMismatch, verify_triggers
from liftbay_backend.events import OpenStreams
from liftbay_backend.files.store import FileStore, open_store
from liftbay_backend.files.turns import Turns
from liftbay_backend.health import Health, keep_probing_database, probe_database
from liftbay_backend.lifecycle import start_background, stop_background
from liftbay_backend.live import build_live
from liftbay_backend.middleware import MAX_BODY_BYTES, RequestScope
from liftbay_backend.notify import listen_for_wakeups
from liftbay_backend.openapi.served import install_openapi
from liftbay_backend.payments.instant import InstantPayments
from liftbay_backend.payments.port import PaymentProvider
from liftbay_backend.policy import hold_to_policies
from liftbay_backend.problems import install_problem_handlers
from liftbay_backend.rooms.livekit_rooms import LiveKitRooms
from liftbay_backend.rooms.ports import RoomService
from liftbay_backend.routers.auth import install_auth_handler
from liftbay_backend.settings import VERSION, Settings, SettingsError
from liftbay_backend.tasks import Tasks
from liftbay_backend.timekeeping import keep_by_database, set_by_database
from liftbay_backend.wakeup import Wakeup
from liftbay_backend.work import Works


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    rooms: RoomService | None = None,
    payments: PaymentProvider | None = None,
    passwords: Passwords | None = None,
    files: FileStore | None = None,
) -> FastAPI:
    """Build the service. Nothing runs and no file but the signing key is touched before its start.

    Args:
        settings: read once by the caller.
        clock: service time; by default one that follows the database's.
        rooms: the media server; LiveKit by default.
        payments: the provider; by default Stripe where the settings name it, else the built-in
            test provider.
        passwords: the password hasher, cheaper in tests.
        files: where shared files lie; what the settings name by default.

    Raises:
        SettingsError: the signing key cannot be used.
    """
    service_clock = clock if clock is not None else SystemClock()
    database = Database(settings.sqlalchemy_url)
    wakeup = Wakeup()
    core = Core(
        settings=settings,
        clock=service_clock,
        database=database,
        works=Works(database, service_clock, wakeup),
        wakeup=wakeup,
        plans=settings.plans,
        tokens=Tokens(settings, load_signing_key(settings), service_clock),
        passwords=passwords if passwords is not None else Passwords(),
        limits=_limits(settings),
        files=files if files is not None else open_store(settings),
        payments=payments if payments is not None else _payments(settings),
        health=Health(),
        tasks=Tasks(),
    )
    app = Service(
        title="Liftbay", version=VERSION, lifespan=_lifespan, docs_url=None, openapi_url=None
    )
    app.state.core = core
    app.state.live = build_live(core, rooms if rooms is not None else _livekit(settings))
    app.state.streams = OpenStreams(settings.streams_per_account)
    app.state.uploads = Turns(settings.uploads_per_account, settings.uploads_at_once)
    app.state.draining = asyncio.Event()
    app.state.stopping = asyncio.Event()
    # A redirect would be no problem+json, and lead where the caller's own Host header says.
    app.router.redirect_slashes = False
    install_problem_handlers(app)
    install_auth_handler(app)
    for router in _all_routers():
        app.router.routes.extend(router.routes)
    hold_to_policies(app)
    install_openapi(app)
    app.add_middleware(RequestScope, most_upload_bytes=settings.file_max_bytes + MAX_BODY_BYTES)
    if settings.trusted_proxies:
        # Around everything else, so that nobody sees the balancer's address for the caller's.
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    core: Core = app.state.core
    app.state.draining.clear()
    app.state.stopping.clear()
    try:
        await _prepare_database(core)
        await _take_the_time(core)
        await probe_database(core.database, core.health)
        _spawn_watchers(core)
        background = await start_background(app.state.live)
        try:
            yield
        finally:
            end_streams(app)
            await stop_background(background)
    finally:
        await core.tasks.close()
        core.files.close()
        await core.payments.close()
        await core.limits.close()
        await core.database.close()


def begin_to_stop(app: FastAPI) -> None:
    """Tell balancers to send nothing more here; everything goes on for those who are here."""
    app.state.draining.set()


def end_streams(app: FastAPI) -> None:
    """Let every event stream end, so that a stopping server need not wait for its readers."""
    begin_to_stop(app)
    app.state.stopping.set()
    app.state.core.wakeup.wake_all()


def _spawn_watchers(core: Core) -> None:
    core.tasks.spawn(keep_probing_database(core.database, core.health), name="database-probe")
    if isinstance(core.clock, SystemClock):
        core.tasks.spawn(keep_by_database(core.clock, core.database), name="timekeeping")
    if not core.database.is_sqlite:
        core.tasks.spawn(
            listen_for_wakeups(core.settings, core.wakeup, core.database), name="wakeup-listener"
        )


async def _prepare_database(core: Core) -> None:
    """Migrate the embedded database; an operator's own is only checked."""
    try:
        if core.database.is_sqlite:
            core.settings.data_dir.mkdir(parents=True, exist_ok=True)
            await migrate(core.database)
            return
        async with core.database.reader.connect() as connection:
            if await connection.run_sync(is_newer):
                raise SettingsError(NEWER_SCHEMA)
            if not await connection.run_sync(is_current):
                raise SettingsError("the database's schema is old; run: liftbay-backend migrate")
            await connection.run_sync(verify_triggers)
    except TriggerMismatch as mismatch:
        raise SettingsError(
            f"the status trigger {mismatch} differs; run: liftbay-backend migrate"
        ) from None
    except (SQLAlchemyError, OSError) as error:
        # The driver's message may hold the address with its password.
        raise SettingsError(f"the database cannot be used: {storage_reason(error)}") from error


async def _take_the_time(core: Core) -> None:
    """Set the service's clock by the database's, before anything is dated."""
    if not isinstance(core.clock, SystemClock):
        return
    try:
        await set_by_database(core.clock, core.database)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise SettingsError(f"the database does not answer: {storage_reason(error)}") from error


def _payments(settings: Settings) -> PaymentProvider:
    if settings.stripe_api_key is None:
        return InstantPayments()
    # Imported where it is used: the library costs 0.6 s.
    from liftbay_backend.payments.stripe_account import StripeAccount
    from liftbay_backend.payments.stripe_payments import StripePayments

    return StripePayments(StripeAccount.from_settings(settings))


def _limits(settings: Settings) -> Limits:
    url = settings.redis_url
    return Limits(None if url is None else url.get_secret_value())


def _livekit(settings: Settings) -> LiveKitRooms:
    return LiveKitRooms(
        settings.livekit_url,
        settings.livekit_api_key,
        settings.livekit_api_secret.get_secret_value(),
    )


def _all_routers() -> list[APIRouter]:
    """Collect the `router` of every module in `routers`, in the order of their names."""
    found = []
    for module in sorted(pkgutil.iter_modules(routers.__path__), key=lambda one: one.name):
        router = getattr(
            importlib.import_module(f"{routers.__name__}.{module.name}"), "router", None
        )
        if isinstance(router, APIRouter):
            found.append(router)
    return found
