"""The program as it is put together, against a service whose answers the test writes by hand."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.sign_in import MECHANIC_SECRET
from client_api.tasks import Tasks
from client_api.wire import Role, SessionEndReason, SessionId
from desktop.app.adapters import Adapters
from desktop.app.bootstrap import build_app
from desktop.app.profile import open_profile
from desktop.app.program import Program
from desktop.app.settings import Settings
from desktop.viewmodels.dashboard_page import DashboardPage
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.shell import Page
from desktop.viewmodels.sign_in_page import SignInPage
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import SourceState
from tests.conftest import ExpectedLogs
from tests.fakes.clock import settle
from tests.fakes.contract import response
from tests.fakes.devices import FakeCatalogue
from tests.fakes.http_service import (
    HttpService,
    Received,
    Reply,
    event,
    http_service,
    ok,
    problem,
    stream,
)
from tests.fakes.room import FakeRoom
from tests.fakes.stores import MemorySecretStore
from tests.fakes.wire_samples import sample_me

PATIENCE_S = 10.0
COUNTERPART = {"name": "Sam Okafor", "role": "customer"}


class OwnedFakeRoom(FakeRoom):
    """A room that nobody joins."""

    async def prepare(self) -> None:
        return

    async def aclose(self) -> None:
        return


@asynccontextmanager
async def running(
    qapp: QApplication,
    folder: Path,
    service: HttpService,
    secrets: MemorySecretStore | None = None,
    settings: Settings | None = None,
    catalogue: FakeCatalogue | None = None,
) -> AsyncGenerator[Program, None]:
    """Run the program on a profile in ``folder``, signed in as ``secrets`` say."""
    profile = open_profile("test", folder)
    profile.make()
    clock = SystemClock()
    catalogue = catalogue or FakeCatalogue(clock)
    adapters = Adapters(
        clock,
        secrets or MemorySecretStore(),
        lambda *_: OwnedFakeRoom(),
        lambda _: catalogue,
    )
    wanted = msgspec.structs.replace(settings or Settings(), service_url=service.url)
    program = build_app(qapp, profile, wanted, adapters)
    tasks = Tasks()
    tasks.spawn(program.run(), name="run the program")
    try:
        await until(program.window.isVisible)
        yield program
    finally:
        await program.close()
        await tasks.close()
        # Fake devices are closed from a thread, and their tasks need a turn of the loop to end.
        made = [*catalogue.made_cameras, *catalogue.made_microphones]
        await until(lambda: all(source.closed == source.opened for source in made))
        await settle()


async def shown(program: Program, name: str) -> QWidget:
    """Return the widget of this name once it is to be seen."""

    def found() -> QWidget | None:
        for widget in program.window.findChildren(QWidget, name):
            if widget.isVisible():
                return widget
        return None

    await until(lambda: found() is not None)
    widget = found()
    assert widget is not None
    return widget


def said_by(banner: QWidget) -> str:
    return " ".join(label.text() for label in banner.findChildren(QLabel))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            # No Qt loop runs here: layouts show what they were given only when told.
            QCoreApplication.sendPostedEvents()
            await asyncio.sleep(0.01)


async def test_an_end_left_by_one_person_is_not_sent_as_another(
    qapp: QApplication, tmp_path: Path
) -> None:
    is_down = True

    def answer(request: Received) -> Reply:
        if is_down:
            return problem("server.unavailable", 503)
        return ok(response("session_end")) if request.path.endswith("/end") else Reply(404)

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


async def test_a_setting_that_cannot_be_used_keeps_nobody_out_and_is_told_once(
    qapp: QApplication, tmp_path: Path, expected_logs: ExpectedLogs
) -> None:
    """A settings file or a plan may hold what the command line refuses."""
    expected_logs.allow("device.choice_pitch: the microphone")
    broken = Settings(microphone="tone:nan", theme="light")

    async with (
        http_service() as service,
        running(qapp, tmp_path, service, settings=broken) as program,
    ):
        service.otherwise = lambda request: problem("server.unavailable", 503)
        program.shell.enter(sample_me(), Role.CUSTOMER)

        notice = await shown(program, "notice")

        assert "name no usable microphone" in notice.accessibleName()
        assert "device.choice_pitch" in notice.accessibleName()
        assert program.settings.microphone is None
        program.shell.go_history()
        program.shell.go_dashboard()
        await settle()
        again = program.window.findChildren(QWidget, "notice")
        assert not [one for one in again if one.isVisible()]


async def test_a_new_request_rings_on_the_chosen_loudspeaker_and_leaving_the_page_ends_it(
    qapp: QApplication, tmp_path: Path
) -> None:
    """Through the real stream, page and chime; only the loudspeakers are made up."""
    clock = SystemClock()
    catalogue = FakeCatalogue(clock)
    other = DeviceInfo(DeviceId("headset"), "Headset", DeviceKind.REAL)
    catalogue.speaker_infos = (*catalogue.speaker_infos, other)
    opened = response("requests")["requests"][0] | {"opened_at": response("health")["server_now"]}
    come = asyncio.Event()

    async def answer(request: Received) -> Reply:
        answers = {
            "/api/health": response("health"),
            "/api/mechanics/requests": {"requests": []},
            "/api/sessions": response("sessions") | {"sessions": []},
        }
        if request.path in answers:
            return ok(answers[request.path])
        if request.path != "/api/events":
            return problem("server.unavailable", 503)
        await come.wait()
        told = {"at": opened["opened_at"], "request": opened}
        return stream(event(7, "request.opened", told), hang=True)

    async with (
        http_service() as service,
        running(qapp, tmp_path, service, catalogue=catalogue) as program,
    ):
        service.otherwise = answer
        program.chosen_speaker = other.id
        program.shell.enter(sample_me("me_mechanic"), Role.MECHANIC)
        page = program.page.value
        assert page is not None
        assert isinstance(page.model, DashboardPage)
        model = page.model
        await until(lambda: model.state.value.phase is Phase.READY)
        assert catalogue.made_speakers == []

        come.set()

        await until(lambda: len(catalogue.made_speakers) == 1)
        (speaker,) = catalogue.made_speakers
        assert speaker.info == other
        await until(lambda: speaker.status.state is SourceState.RUNNING)
        program.shell.go_preflight(SessionId("s-1"))
        await until(lambda: speaker.status.state is SourceState.CLOSED)


async def test_a_chosen_loudspeaker_that_is_gone_gives_way_to_the_first(
    qapp: QApplication, tmp_path: Path
) -> None:
    catalogue = FakeCatalogue(SystemClock())

    async with (
        http_service() as service,
        running(qapp, tmp_path, service, catalogue=catalogue) as program,
    ):
        program.chosen_speaker = DeviceId("unplugged")

        program.chime.ring()

        await until(lambda: len(catalogue.made_speakers) == 1)
        assert catalogue.made_speakers[0].info == catalogue.speaker_infos[0]


async def a_mechanic_of_an_earlier_run() -> MemorySecretStore:
    secrets = MemorySecretStore()
    await secrets.save(MECHANIC_SECRET, Secret("kept"))
    return secrets


async def test_a_program_that_is_too_old_says_so_and_keeps_the_sign_in(
    qapp: QApplication, tmp_path: Path
) -> None:
    secrets = await a_mechanic_of_an_earlier_run()

    def answer(request: Received) -> Reply:
        if request.path == "/api/health":
            return ok(response("health") | {"min_client_version": "99.0"})
        return ok(response("me_mechanic") if request.path == "/api/me" else {})

    async with http_service() as service:
        service.otherwise = answer
        async with running(qapp, tmp_path, service, secrets) as program:
            banner = await shown(program, "sign_in_banner")

            said = said_by(banner)
            assert "too old" in said
            assert "install the newest version" in said
            assert program.shell.me is None
            assert await secrets.load(MECHANIC_SECRET) == Secret("kept")
            assert "/api/me" not in {request.path for request in service.received}


@pytest.mark.parametrize(
    ("refused", "kept"),
    [
        (problem("server.unavailable", 503, ("Retry-After", "60")), True),
        (problem("rate.limited", 429, ("Retry-After", "60")), True),
        (problem("auth.expired", 401), False),
    ],
    ids=["starting", "busy", "expired"],
)
async def test_only_an_expired_sign_in_is_forgotten_at_the_start(
    qapp: QApplication, tmp_path: Path, refused: Reply, kept: bool
) -> None:
    secrets = await a_mechanic_of_an_earlier_run()

    def answer(request: Received) -> Reply:
        if request.path == "/api/health":
            return ok(response("health"))
        return refused if request.path == "/api/me" else ok({})

    async with http_service() as service:
        service.otherwise = answer
        async with running(qapp, tmp_path, service, secrets) as program:
            await until(lambda: any(one.path == "/api/me" for one in service.received))
            # What is forgotten is forgotten within moments of the answer.
            await asyncio.sleep(0.3)

            if not kept:
                assert "expired" in said_by(await shown(program, "sign_in_banner"))
            assert (await secrets.load(MECHANIC_SECRET) is not None) is kept
            assert program.shell.me is None


async def test_a_sign_in_that_expires_in_mid_preflight_leads_back_to_it(
    qapp: QApplication, tmp_path: Path
) -> None:
    secrets = await a_mechanic_of_an_earlier_run()
    is_over = False
    session = response("session") | {"my_role": "mechanic", "counterpart": COUNTERPART}

    def answer(request: Received) -> Reply:
        if request.path == "/api/health":
            return ok(response("health"))
        if request.path == "/api/mechanic/login":
            return ok(response("mechanic_login"))
        if is_over:
            return problem("auth.expired", 401)
        answers = {
            "/api/me": response("me_mechanic"),
            "/api/mechanic/refresh": {},
            f"/api/sessions/{session['id']}": session,
        }
        found = answers.get(request.path)
        return problem("server.unavailable", 503) if found is None else ok(found)

    async with http_service() as service:
        service.otherwise = answer
        async with running(qapp, tmp_path, service, secrets) as program:
            await until(lambda: program.shell.me is not None)
            program.shell.go_preflight(session["id"])
            await until(lambda: program.preflight is not None)
            is_over = True

            banner = await shown(program, "sign_in_banner")
            assert "expired" in said_by(banner)
            assert "Sign in again to go on" in said_by(banner)
            assert program.shell.me is None
            is_over = False
            signing_in = program.page.value
            assert signing_in is not None
            assert isinstance(signing_in.model, SignInPage)
            signing_in.model.choose_role(Role.MECHANIC)
            signing_in.model.submit("dana@example.test", "correct horse")

            await until(lambda: program.preflight is not None)
            assert program.shell.state.value.page is Page.PREFLIGHT
            assert program.shell.state.value.session == session["id"]


async def test_a_session_that_ends_while_devices_load_opens_none_of_them(
    qapp: QApplication, tmp_path: Path
) -> None:
    secrets = await a_mechanic_of_an_earlier_run()
    session = response("session") | {"my_role": "mechanic", "counterpart": COUNTERPART}
    asked = 0

    def answer(request: Received) -> Reply:
        nonlocal asked
        if request.path == f"/api/sessions/{session['id']}":
            asked += 1
            # It is there for the entrance, and over when the preflight asks again.
            return ok(session if asked == 1 else session | {"status": "completed"})
        answers = {
            "/api/health": response("health"),
            "/api/me": response("me_mechanic"),
            "/api/mechanic/refresh": {},
        }
        found = answers.get(request.path)
        return problem("server.unavailable", 503) if found is None else ok(found)

    async with http_service() as service:
        service.otherwise = answer
        catalogue = FakeCatalogue(SystemClock())
        async with running(qapp, tmp_path, service, secrets, catalogue=catalogue) as program:
            await until(lambda: program.shell.me is not None)
            program.shell.go_preflight(session["id"])

            summary = await shown(program, "entrance_summary")

            assert asked == 2
            assert summary.isEnabled()
            assert not any(
                widget.isVisible()
                for widget in program.window.findChildren(QWidget, "join_session")
            )
            assert catalogue.made_cameras == []
            assert catalogue.made_microphones == []


async def test_what_cannot_be_closed_keeps_nothing_else_open(
    qapp: QApplication,
    tmp_path: Path,
    expected_logs: ExpectedLogs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_logs.allow("a part of the program could not be closed")
    closed: list[str] = []

    async def fail() -> None:
        raise OSError("the device is gone")

    async with http_service() as service, running(qapp, tmp_path, service) as program:
        monkeypatch.setattr(program.chime, "close", fail)
        for name in ("drafts", "outbox", "transport"):
            part = getattr(program, name)

            async def close(name: str = name, real: Callable[[], Any] = part.close) -> None:
                await real()
                closed.append(name)

            monkeypatch.setattr(part, "close", close)

        await program.close()
        await program.close()

    assert closed == ["drafts", "outbox", "transport"]
