"""A preflight on the screen, over fake devices, network and service, in virtual time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from client_api.clock import Clock
from client_api.errors import ClientError, ErrorCode
from client_api.stream_events import ReadinessChanged, SessionEvent
from client_api.wire import (
    Readiness,
    ReadinessState,
    Role,
    Session,
    SessionId,
    SideReadiness,
)
from desktop.app.entry import Entry
from desktop.app.last_call import LastCall
from desktop.app.preflight_run import PreflightRun
from desktop.app.profile import open_profile
from desktop.call.setup import MediaWishes
from desktop.call.states import CallState, Idle
from desktop.viewmodels.preflight_state import PreflightPageState
from desktop.viewmodels.shell import Shell
from preflight.devices.frames import DeviceId
from preflight.devices.ports import ProvenDevices
from preflight.parts import PreflightParts
from tests.fakes.offload import at_once
from tests.fakes.preflight_bench import Bench, preflight_bench
from tests.fakes.preflight_service import FakePreflightService
from tests.fakes.wire_samples import sample_me, sample_session

if TYPE_CHECKING:
    from desktop.app.program import Program


class FakeSessionService(FakePreflightService):
    """With what a page asks beside the checks: readiness told, and the session's events.

    Attributes:
        told: every readiness with its rung, as it was told.
        unheard: what `put_readiness` raises, while set.
        known: what got through last.
        hold: while set, `put_readiness` waits for it.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.told: list[tuple[ReadinessState, int | None]] = []
        self.unheard: ClientError | None = None
        self.known = ReadinessState.ABSENT
        self.hold: asyncio.Event | None = None
        self._happened: list[SessionEvent] = []
        self._streams: list[asyncio.Queue[SessionEvent | ClientError]] = []

    async def put_readiness(
        self, session: SessionId, state: ReadinessState, *, rung: int | None = None
    ) -> Readiness:
        self.told.append((state, rung))
        if self.hold is not None:
            await self.hold.wait()
        if self.unheard is not None:
            raise self.unheard
        self.known = state
        return self.sides

    async def session_events(
        self, session: SessionId, *, last_event_id: int | None = None
    ) -> AsyncGenerator[SessionEvent, None]:
        """Tell everything from the first event on, as the service does."""
        stream: asyncio.Queue[SessionEvent | ClientError] = asyncio.Queue()
        for before in self._happened:
            stream.put_nowait(before)
        self._streams.append(stream)
        while True:
            event = await stream.get()
            if isinstance(event, ClientError):
                raise event
            yield event

    @property
    def last_told(self) -> tuple[ReadinessState, int | None]:
        """What was told last."""
        return self.told[-1]

    def happen(self, event: SessionEvent | ClientError) -> None:
        """Let something happen in the session, or its streams fail."""
        if not isinstance(event, ClientError):
            self._happened.append(event)
        for stream in self._streams:
            stream.put_nowait(event)

    def mechanic_is(self, state: ReadinessState, rung: int | None, *, at_s: float = 0) -> None:
        """Let the mechanic say how far they are, so many seconds after the session was read."""
        at = sample_session().clock.server_now + timedelta(seconds=at_s)
        self.sides = Readiness(self.sides.customer, SideReadiness(state, rung, in_room=False))
        self.happen(ReadinessChanged(at, Role.MECHANIC, state, rung))


@dataclass(slots=True)
class _Actor:
    state: CallState


@dataclass(slots=True)
class _CallParts:
    actor: _Actor
    catalogue: Any


@dataclass(slots=True)
class _Transport:
    base_url: str


@dataclass(slots=True)
class _Adapters:
    bench: Bench

    @property
    def clock(self) -> Clock:
        return self.bench.clock

    def parts(self, *_: object) -> PreflightParts:
        return self.bench.parts()


@dataclass(slots=True)
class FakeProgram:
    """What a preflight needs of the program.

    Attributes:
        actor: holds the state of the last call.
        leftovers: while set, an earlier run still has its devices.
    """

    bench: Bench
    api: FakeSessionService
    folder: Path
    actor: _Actor = field(default_factory=lambda: _Actor(Idle()))
    leftovers: asyncio.Event | None = None
    chosen_speaker: DeviceId | None = None
    shell: Shell = field(default_factory=Shell)

    def __post_init__(self) -> None:
        self.shell.enter(sample_me(), Role.CUSTOMER)
        self.last_call = LastCall(self.folder, self.bench.clock, at_once)
        self.profile = replace(open_profile("test"), root=self.folder)
        self.transport = _Transport("http://service.test")
        self.adapters = _Adapters(self.bench)
        self.window = None

    last_call: LastCall = field(init=False)
    profile: Any = field(init=False)
    transport: _Transport = field(init=False)
    adapters: _Adapters = field(init=False)
    window: None = field(init=False)

    def call_parts(self) -> _CallParts:
        return _CallParts(self.actor, self.bench.catalogue)

    async def until_warm(self) -> None:
        return

    async def wait_for_leftovers(self) -> None:
        if self.leftovers is not None:
            await self.leftovers.wait()


@dataclass(slots=True)
class RunStage:
    """One `PreflightRun`, and where it led.

    Attributes:
        joined: what was handed over to a call.
        turned_away: why the service let nobody join.
    """

    bench: Bench
    session: Session | None = field(default_factory=sample_session)
    joined: list[Entry] = field(default_factory=list)
    turned_away: list[ErrorCode] = field(default_factory=list)
    left: int = 0
    service: FakeSessionService = field(init=False)
    program: FakeProgram = field(init=False)
    runs: list[PreflightRun] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service = FakeSessionService(self.bench.clock)
        self.bench.service = self.service
        self.program = FakeProgram(self.bench, self.service, self.bench.folder)

    def open(self) -> PreflightRun:
        """Open the page; nothing runs before time passes."""
        run = PreflightRun(
            cast("Program", self.program),
            self.session,
            on_join=self.joined.append,
            on_leave=self._on_leave,
            on_turned_away=self.turned_away.append,
        )
        self.runs.append(run)
        run.open()
        return run

    async def run(self, seconds: float = 5.0) -> PreflightRun:
        """Open the page and let time pass."""
        run = self.open()
        await self.bench.clock.advance(seconds)
        return run

    async def join(self, run: PreflightRun) -> ProvenDevices:
        """Press *Join session* and return what was handed over."""
        pressed = self.now(run).join
        assert pressed is not None, self.now(run).hint
        pressed()
        await self.bench.clock.advance(1)
        return self.joined[-1].proven

    async def end_call(
        self,
        *,
        after_s: float = 120,
        wishes: MediaWishes = MediaWishes(),  # noqa: B008 - frozen
    ) -> None:
        """Let the call that was joined last be over: noted, its devices closed."""
        proven = self.joined[-1].proven
        proven.camera.close()
        proven.microphone.close()
        proven.speaker.close()
        assert self.session is not None
        await self.program.last_call.note(self.session.id, lambda: wishes)
        self.bench.clock.move(after_s)

    def now(self, run: PreflightRun) -> PreflightPageState:
        """What the page shows."""
        return run.page.state.value

    async def close(self) -> None:
        """Close every page and whatever was handed over."""
        for run in self.runs:
            await run.close()
        for entry in self.joined:
            proven = entry.proven
            for source in (proven.camera, proven.microphone, proven.speaker):
                source.close()
        await self.bench.clock.advance()

    def _on_leave(self) -> None:
        self.left += 1


@asynccontextmanager
async def run_stage(folder: Path) -> AsyncIterator[RunStage]:
    """A healthy machine, a session that waits, and nobody on the page yet; needs a Qt program."""
    async with preflight_bench(folder) as bench:
        made = RunStage(bench)
        yield made
        await made.close()
