"""The service as a process: a socket, uvicorn, signals and the line that says it is ready."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from signal import SIGINT, SIGTERM
from types import FrameType
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from liftbay_backend.app import begin_to_stop, create_app, end_streams
from liftbay_backend.data_folder import prepare_storage
from liftbay_backend.logs import configure_logging
from liftbay_backend.settings import Settings

GRACE_SECONDS: Final = 5
KEPT_ALIVE_SECONDS: Final = 75
"""Longer than a client (30 s) or a balancer (60 s) keeps an idle connection: whoever sends the
requests must be the one to close it, or a request meets a closed door."""
STOP_WITHIN_SECONDS: Final = 25
"""From the end of the drain to the end of the process, whatever hangs."""
HTTP: Final = "h11"
"""httptools, which uvicorn takes where it is installed, is a little quicker and bounds no head: a
megabyte of address or headers was taken from anybody. h11 ends it at 64 KiB."""
COLLECT_AT: Final = (20_000, 20, 50)
"""Objects that survive, and collections of the younger generation, before one is collected."""
_log = structlog.get_logger(__name__)


class CannotListen(Exception):
    """The address is taken or not ours."""


def serve_until_stopped(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, with settings that `start_check` has nothing against.

    Prints ``ready http://HOST:PORT`` on standard output as soon as requests are answered.

    Raises:
        SettingsError: the data folder, the database or a key in it cannot be used.
        CannotListen: the address cannot be had.
    """
    prepare_storage(settings, make=True)
    configure_logging(settings.log_level.upper())
    listener = _listen(settings.host, settings.port)
    try:
        asyncio.run(_serve(settings, listener))
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


async def _serve(settings: Settings, listener: socket.socket) -> None:
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        # uvicorn hides why a start failed, so the lifespan runs here, around it.
        lifespan="off",
        http=HTTP,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEPT_ALIVE_SECONDS,
        # The app does this itself, for the balancers that the settings name.
        proxy_headers=False,
    )
    server = _Server(
        config,
        app,
        drain_seconds=settings.drain_seconds,
        ready=f"ready {_shown(listener)}",
    )
    async with app.router.lifespan_context(app):
        _settle_memory()
        await server.serve(sockets=[listener])


def _settle_memory() -> None:
    """Take what the start left behind out of the collector's sight.

    A full collection goes over every object, 230,000 after the start, and holds all requests up for
    that long: 170 to 200 ms on the slow machine of docs/capacity.md. What is loaded stays for ever;
    what comes later is collected as ever, in larger portions.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AT)


class _Server(uvicorn.Server):
    """Says when it is ready and when it is not any more, and ends the streams before it waits."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, *, drain_seconds: float, ready: str
    ) -> None:
        super().__init__(config)
        self._app = app
        self._drain_seconds = drain_seconds
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_draining = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal. uvicorn would raise it again afterwards, and end us before our own end.

        A second one ends the drain, or where there is none the wait for requests; after that
        the next is the system's to handle.
        """
        before = {one: signal.signal(one, self._on_signal) for one in (SIGINT, SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # An exception raised here could land where it is swallowed: in a finaliser, say.
        begin_to_stop(self._app)
        if self.should_exit:
            self.force_exit = True
            signal.signal(number, signal.SIG_DFL)
        elif self._is_draining or self._loop is None or self._drain_seconds == 0:
            self.handle_exit(number, frame)
        else:
            self._is_draining = True
            # Whoever asks is still answered; who asks whether to send more hears no.
            loop, exit_ = self._loop, partial(self.handle_exit, number, None)
            loop.call_soon_threadsafe(loop.call_later, self._drain_seconds, exit_)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"{self._ready}\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_within(STOP_WITHIN_SECONDS)
        end_streams(self._app)
        await super().shutdown(sockets)


def end_within(seconds: int) -> None:
    """End the process after so long, even where threads of its libraries would go on for ever.

    DBOS's do while its database is away, and the interpreter waits for them. Nothing is lost: what
    is not done is a row, and the next start goes on with it as after a kill.
    """

    def cut_off() -> None:
        _log.error("serve.stop_cut_off", seconds=seconds)
        sys.stderr.flush()
        os._exit(1)

    timer = threading.Timer(seconds, cut_off)
    timer.name, timer.daemon = "stop-deadline", True
    timer.start()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        # A name with a part of over 63 letters is refused before anybody is asked.
        raise CannotListen(getattr(error, "strerror", None) or "no such name") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise CannotListen(error.strerror or str(error)) from None
    return listener


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
