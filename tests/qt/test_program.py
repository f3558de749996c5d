"""The program as it is put together, against a service whose answers the test writes by hand."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from client_api.clock import SystemClock
from client_api.secret import MemorySecretStore
from client_api.tasks import Tasks
from client_api.wire import Role, SessionEndReason, SessionId
from desktop.app.adapters import Adapters, OwnedRoom
from desktop.app.bootstrap import build_app
from desktop.app.profile import open_profile
from desktop.app.program import Program
from desktop.app.settings import Settings
from desktop.viewmodels.pictures import PictureMailbox
from preflight.devices.ports import DeviceCatalogue
from tests.fakes.http_service import HttpService, Received, Reply, http_service, ok, problem
from tests.fakes.wire_samples import contract, sample_me

PATIENCE_S = 10.0


def no_room(_clock: object, _camera: PictureMailbox, _screen: PictureMailbox) -> OwnedRoom:
    raise AssertionError("nothing here opens a room")


def no_devices(_settings: Settings) -> DeviceCatalogue:
    raise AssertionError("nothing here opens a device")


@asynccontextmanager
async def running(
    qapp: QApplication, folder: Path, service: HttpService
) -> AsyncGenerator[Program, None]:
    """Run the program on a profile in ``folder``; nobody is signed in."""
    profile = open_profile("test", folder)
    profile.make()
    adapters = Adapters(SystemClock(), MemorySecretStore(), no_room, no_devices)
    program = build_app(qapp, profile, Settings(service_url=service.url), adapters)
    tasks = Tasks()
    tasks.spawn(program.run(), name="run the program")
    try:
        await until(program.window.isVisible)
        yield program
    finally:
        await program.close()
        await tasks.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)


async def test_an_end_left_by_one_person_is_not_sent_as_another(
    qapp: QApplication, tmp_path: Path
) -> None:
    is_down = True

    def answer(request: Received) -> Reply:
        if is_down:
            return problem("server.unavailable", 503)
        return ok(contract("session_end")) if request.path.endswith("/end") else Reply(404)

    async with http_service() as service, running(qapp, tmp_path, service) as program:
        service.otherwise = answer

        def ends() -> list[Received]:
            return [one for one in service.received if one.path.endswith("/end")]

        program.shell.enter(sample_me(), Role.CUSTOMER)
        await program.outbox.end(
            SessionId("s-1"),
            SessionEndReason.ENDED_BY_CUSTOMER,
            pressed_at=SystemClock().now(),
            attempt=None,
        )
        await until(lambda: len(ends()) > 0)
        program.shell.sign_out()
        program.shell.enter(sample_me("me_mechanic"), Role.MECHANIC)
        is_down = False
        while_another_is_here = len(ends())
        # Whatever the outbox would send, it sends at once after a sign-in.
        await asyncio.sleep(0.2)
        assert len(ends()) == while_another_is_here

        program.shell.sign_out()
        program.shell.enter(sample_me(), Role.CUSTOMER)

        await until(lambda: len(ends()) > while_another_is_here)
        assert len({one.headers["idempotency-key"] for one in ends()}) == 1
