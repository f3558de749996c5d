"""The client as a process: profile, logs, crash hooks, the loop, and the way out."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from client_api.clock import SystemClock
from client_api.wire import SessionId
from desktop.app import loop as qt_loop
from desktop.app import settings as settings_file
from desktop.app.adapters import Adapters, real_adapters
from desktop.app.bootstrap import build_app
from desktop.app.collector import GarbageCollector
from desktop.app.crash import CrashReporter
from desktop.app.footprint import settle_heap
from desktop.app.logs import set_up as set_up_logs
from desktop.app.profile import Profile
from desktop.app.program import Program
from desktop.app.settings import LaunchOptions, Settings
from desktop.app.single_instance import SingleInstance
from desktop.views.language import install_language

_log = logging.getLogger(__name__)

EXIT_FAILED = 1

Go = Callable[[Program], Awaitable[int]]


class ClientProcess:
    """What one client process sets up before there is a program, and takes down after it.

    Raises:
        OSError: the profile's folder cannot be used.
    """

    def __init__(self, profile: Profile, *, verbose: bool) -> None:
        profile.make()
        set_up_logs(profile.logs, verbose=verbose)
        self.profile = profile
        self.crashes = CrashReporter(profile.logs, SystemClock())
        self.crashes.install()
        self.application = QApplication(sys.argv[:1])
        self.application.setApplicationName("Liftbay")
        self.application.setQuitOnLastWindowClosed(False)
        self._collector = GarbageCollector(self.application)

    def run(
        self, settings: Settings, adapters: Adapters, go: Go, *, session: SessionId | None = None
    ) -> int:
        """Build the program and run ``go`` on the loop; return its exit status."""
        self._translate(settings.language)
        made: list[Program] = []

        async def start(loop: asyncio.AbstractEventLoop) -> int:
            self.crashes.watch(loop)
            program = build_app(self.application, self.profile, settings, adapters, session=session)
            made.append(program)
            settle_heap()
            self._collector.start()
            return await go(program)

        def request_stop() -> None:
            for program in made:
                program.request_stop()

        async def clean_up() -> None:
            for program in made:
                await program.close()
            # See loop.SDK_SETTLE_S: the SDK's threads need a moment after the last room.
            await asyncio.sleep(qt_loop.SDK_SETTLE_S)

        try:
            return qt_loop.run(self.application, start, request_stop, clean_up)
        finally:
            self._collector.stop()

    def _translate(self, language: str) -> None:
        locale = QLocale.system() if language == "system" else QLocale(language)
        install_language(self.application, locale)
        own = QTranslator(self.application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # The words of Qt's own dialogs.
        if own.load(locale, "qtbase", "_", folder):
            self.application.installTranslator(own)


def run_client(profile: Profile, options: LaunchOptions, *, verbose: bool) -> int:
    """Run the client until its window is gone; return the exit status."""
    try:
        process = ClientProcess(profile, verbose=verbose)
    except OSError as error:
        print(f"Liftbay cannot use its folder {profile.root}: {error.strerror}", file=sys.stderr)
        return EXIT_FAILED
    instance = SingleInstance(profile)
    if not instance.acquire():
        handed = instance.hand_over(options.session or "")
        if not handed:
            print("Liftbay is open already, but does not answer; close it first", file=sys.stderr)
        return 0 if handed else EXIT_FAILED
    settings = options.over(settings_file.load(profile.settings_file))

    async def go(program: Program) -> int:
        instance.listen(program.open_link)
        return await program.run()

    try:
        session = SessionId(options.session) if options.session else None
        return process.run(settings, real_adapters(profile), go, session=session)
    finally:
        instance.release()
