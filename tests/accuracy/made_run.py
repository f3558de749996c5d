"""One whole preflight over made devices, in made time, cut down to the check that is counted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from preflight.memory.machine_file import MachineMemory, load_memory, save_memory
from preflight.model import CheckResult, CheckState, Measured, RunProgress
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.system.network_place import NetworkPlace
from preflight.system.ports import SystemProbe
from preflight.system.sound_ports import OutputFacts
from preflight.system.surroundings import Surroundings
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.kinds import Found
from tests.accuracy.made_devices import CameraTable, MadeCatalogue, MadePulse, no_cameras
from tests.accuracy.made_portaudio import MadePortAudio
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.fakes.devices import FakeSystem
from tests.fakes.hotplug import FakeHotplug
from tests.fakes.local_machine import FakeMachine
from tests.fakes.local_network import FakeHints, FakeLocalNetwork
from tests.fakes.media_probe import FakeMediaProbe
from tests.fakes.network_probe import FakeNetworkProbe
from tests.fakes.outputs import FakeOutputs, FakeScreen

T = TypeVar("T")
HINT_AFTER_S = 0.3
"""How long the system's hint waits for further changes (`qt_hotplug.DEBOUNCE_MS`)."""
_WATCHED = (("camera.", "camera.unplugged"), ("mic.", "mic.unplugged"))
"""Without it nobody notices that a device is gone, and no other one is taken."""
BAD = (CheckState.WARNED, CheckState.FAILED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page was told of the check, and when."""

    at_s: float
    state: CheckState
    measured: Measured


@dataclass
class MadeRun:
    """A machine with its devices, and the preflight that looks at them.

    Attributes:
        also: other checks that are run beside it.
        search_s: how long a look for loudspeakers takes.
        told: everything that a page was told of the check.
    """

    loop: MadeTimeLoop
    code: str
    folder: Path
    catalogue: MadeCatalogue
    pulse: MadePulse
    system: SystemProbe
    outputs: OutputFacts
    also: Sequence[str] = ()
    search_s: float = 0.0
    hotplug: FakeHotplug = field(default_factory=FakeHotplug)
    told: list[Told] = field(default_factory=list)
    _preflight: Preflight | None = None
    _hint: asyncio.TimerHandle | None = None

    @property
    def preflight(self) -> Preflight:
        """The run that was begun."""
        assert self._preflight is not None
        return self._preflight

    @property
    def result(self) -> CheckResult:
        """The check as it stands."""
        return next(each for each in self.preflight.progress.checks if each.code == self.code)

    def remember(self, memory: MachineMemory) -> None:
        """Have an earlier run's memory."""
        save_memory(self.folder, memory)

    async def remember_camera(self) -> None:
        """Have the camera in use be the one of a run that passed."""
        # What was said a moment ago is still being written.
        await self.loop.sleep(0.1)
        memory = load_memory(self.folder)
        save_memory(self.folder, replace(memory, camera=self.preflight.devices.camera))

    async def begin(self, seconds: float, **wishes: Any) -> None:
        """Begin, and let so much time pass."""
        watched = (each for begins, each in _WATCHED if self.code.startswith(begins))
        only = {self.code, *watched, *self.also}
        self._preflight = Preflight(self._parts(), only=only, **wishes)
        self._preflight.start(self._changed)
        await self.loop.sleep(seconds)

    async def end(self) -> None:
        """End the run, so that another can begin."""
        if self._preflight is not None:
            await self._preflight.close()

    def changed(self) -> None:
        """Have the system say that devices came or went: a while after the last of them."""
        if self._hint is not None:
            self._hint.cancel()
        self._hint = self.loop.call_later(HINT_AFTER_S, self.hotplug.hint)

    def bad_since(self, since_s: float) -> Told | None:
        """Return what was told first, since then, that is a fault; None: nothing."""
        return next(
            (each for each in self.told if each.at_s >= since_s and each.state in BAD), None
        )

    def calm_since(self, since_s: float) -> CheckState:
        """Return the fault that was told since then, else how the check stands now."""
        found = self.bad_since(since_s)
        return self.result.state if found is None else found.state

    def _changed(self, progress: RunProgress) -> None:
        found = next(each for each in progress.checks if each.code == self.code)
        if not self.told or (self.told[-1].state, self.told[-1].measured) != (
            found.state,
            found.measured,
        ):
            self.told.append(Told(self.loop.time(), found.state, found.measured))

    async def _offload(self, call: Callable[[], T]) -> T:
        if self.search_s and getattr(call, "__name__", "") == "speakers":
            await self.loop.sleep(self.search_s)
        return call()

    def _parts(self) -> PreflightParts:
        loop, screen = self.loop, FakeScreen()
        return PreflightParts(
            catalogue=self.catalogue,
            system=self.system,
            clock=loop,
            service_url="http://service.test",
            folder=self.folder,
            make_probe=lambda: FakeNetworkProbe(loop),
            make_media_probe=lambda: FakeMediaProbe(loop),
            identity=lambda: "eth0 10.0.0.2",
            surroundings=lambda: Surroundings({"liftbay": "0.1.0"}, {"os": "Test"}, "", ""),
            local_network=FakeLocalNetwork(),
            network_hints=FakeHints(),
            machine=FakeMachine(),
            network_place=lambda: NetworkPlace("192.168.1.1 02:fc:00:00:00:05", "Garage"),
            outputs=self.outputs,
            screen=screen,
            screen_eye=screen,
            hotplug=self.hotplug,
            offload=self._offload,
        )


Play: TypeAlias = Callable[[MadeRun], Awaitable[Found]]


def played(
    code: str,
    play: Play,
    *,
    cameras: CameraTable | None = None,
    pulse: MadePulse | None = None,
    system: SystemProbe | None = None,
    outputs: OutputFacts | None = None,
    library: MadePortAudio | None = None,
    also: Sequence[str] = (),
    **choices: str | None,
) -> Found:
    """Let something happen to a made machine, and return what ``play`` says of the check.

    Args:
        library: stands for PortAudio where there is no sound server.
        also: other checks that are run beside it.
        choices: as on the command line, e.g. ``camera_choice``.
    """

    async def work(loop: MadeTimeLoop) -> Found:
        sound = pulse or MadePulse()
        sound.busy = sound.busy or library is not None
        catalogue = MadeCatalogue(loop, cameras=cameras, pulse=sound, **choices)
        with made_folder({}) as folder:
            async with _ended(
                MadeRun(
                    loop,
                    code,
                    folder,
                    catalogue,
                    sound,
                    system or FakeSystem(),
                    outputs or FakeOutputs(),
                    also,
                )
            ) as run:
                return await play(run)

    with ExitStack() as stack:
        stack.enter_context(no_cameras() if cameras is None else cameras.listed())
        stack.enter_context((library or MadePortAudio()).listed())
        return in_made_time(work)


@asynccontextmanager
async def _ended(run: MadeRun) -> AsyncIterator[MadeRun]:
    try:
        yield run
    finally:
        await run.end()
        run.catalogue.close_all()
        await run.loop.sleep(0.1)
