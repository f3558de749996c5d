"""The service as a process: a socket, uvicorn, signals and the line that says it is ready."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from signal import SIGINT, SIGTERM
from types import FrameType
from typing import Final

import uvicorn

from liftbay_backend.app import create_app, end_streams
from liftbay_backend.data_folder import prepare_storage
from liftbay_backend.logs import configure_logging
from liftbay_backend.settings import Settings, refuse_without_media_server

GRACE_SECONDS: Final = 5


class CannotListen(Exception):
    """The address is taken or not ours."""


def serve_until_stopped(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Prints ``ready http://HOST:PORT`` on standard output as soon as requests are answered.

    Raises:
        SettingsError: the service must not start like this.
        CannotListen: the address cannot be had.
    """
    refuse_without_media_server(settings)
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
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,
    )
    server = _Server(config, on_stop=lambda: end_streams(app), ready=f"ready {_shown(listener)}")
    async with app.router.lifespan_context(app):
        await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it is ready, and lets the streams end before it waits for them."""

    def __init__(self, config: uvicorn.Config, *, on_stop: Callable[[], None], ready: str) -> None:
        super().__init__(config)
        self._on_stop = on_stop
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal. uvicorn would raise it again afterwards, and end us before our own end.

        A second signal is the system's to handle, so an impatient Ctrl-C still works.
        """
        before = {one: signal.signal(one, self._on_signal) for one in (SIGINT, SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler)
        self.handle_exit(number, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"{self._ready}\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)


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
