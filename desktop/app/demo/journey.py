"""Run the demo: service, media server, two clients, and what they observed as a timeline.

The runner drives nothing: with ``headless`` each client's driver presses its own widgets, with a
display a person does. It listens to what the clients report and judges at the end.
"""

import contextlib
import json
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from desktop.app.demo import timeline
from desktop.app.demo.clocks import (
    ASKED_AT,
    ClockReading,
    clock_complaints,
    clocks_told,
    judged,
    pairs_of,
)
from desktop.app.demo.media_server import find_or_build
from desktop.app.demo.pace import Pace
from desktop.app.demo.processes import (
    Account,
    ClientProcess,
    DemoError,
    Rig,
    backend_command,
    made_up_account,
)
from desktop.app.demo.running_server import RunningServer
from desktop.app.demo.stages import REQUIRED, Side, Stage, StageSeen

Say = Callable[[str], None]
FactListener = Callable[[ClientProcess, dict[str, Any]], None]

HEADLESS_DEADLINE_S = 150.0
GUIDED_DEADLINE_S = 3600.0
TONES_HZ = {Side.CUSTOMER: 440.0, Side.MECHANIC: 660.0}


@dataclass(frozen=True, slots=True)
class JourneyOptions:
    """How to run it.

    Attributes:
        headless: drive both clients through their widgets; else a person does.
        cameras, microphones: device choice by side, as on the command line; None lets the
            client choose (the first real device).
        measure_s: length of the measured part of the call; 0 skips it.
        time_code: whether capture times are written into the pictures.
        costly_figures: whether stalls are measured, and the sound each second: what a
            measurement of the call's own cost must do without.
        required: stages that must be seen; all of the journey's unless told otherwise.
        service_environment: settings of the service on top of the demo's.
        script: what the drivers do: ``journey`` or ``until_ended`` (nobody presses End).
        media_server: one that runs already; None starts the demo's own.
        within_s: how long the journey itself may take; None asks for no pace.
        platform: Qt platform of headless clients; ``xcb`` with ``displays`` for the benchmark.
    """

    headless: bool
    output: Path
    cameras: dict[Side, str | None]
    microphones: dict[Side, str | None]
    speakers: dict[Side, str | None] = field(default_factory=dict)
    measure_s: float = timeline.SHORTEST_WINDOW_S
    time_code: bool = True
    costly_figures: bool = True
    pictures: bool = True
    required: dict[Stage, tuple[Side, ...]] = field(default_factory=lambda: dict(REQUIRED))
    service_environment: dict[str, str] = field(default_factory=dict)
    script: str = "journey"
    media_server: RunningServer | None = None
    platform: str = "offscreen"
    client_environment: dict[Side, dict[str, str]] = field(default_factory=dict)
    theme: dict[Side, str] = field(default_factory=dict)
    deadline_s: float = HEADLESS_DEADLINE_S
    within_s: float | None = None
    on_fact: FactListener | None = None
    """Told every fact of every client, on that client's reader thread (the benchmark)."""


@dataclass(slots=True)
class JourneyResult:
    """What came of it: the judged timeline, and both sides' complaints in words."""

    told: dict[str, Any]
    complaints: list[str]

    @property
    def ok(self) -> bool:
        """True when every stage really happened."""
        return not self.complaints


class Journey:
    """One run. ``run()`` leaves no process behind, whatever happens, Ctrl-C included."""

    def __init__(self, options: JourneyOptions, say: Say) -> None:
        self._options = options
        self._say = say
        self._seen: list[StageSeen] = []
        self._figures: dict[str, dict[str, Any]] = {}
        self._clocks: dict[int, dict[str, ClockReading]] = {}
        self._session_id: str | None = None
        self._failures: list[str] = []
        self._started_ns = 0
        self._changed = threading.Condition()
        self._interrupted = False
        self.rig: Rig | None = None
        self.clients: dict[Side, ClientProcess] = {}

    def run(self) -> JourneyResult:
        """Run to the end and write ``timeline.json``.

        Raises:
            DemoError, MediaServerError: the processes did not come up, or one could not be
                ended.
        """
        output = self._options.output
        output.mkdir(parents=True, exist_ok=True)
        # What an earlier demo left, and nothing else: the folder may be somebody's own.
        for left in ("[0-9][0-9]-*--*.png", "timeline.json", "*-crash-*.txt"):
            for old in output.glob(left):
                old.unlink()
        with tempfile.TemporaryDirectory(prefix="liftbay-demo-") as folder, self._signals():
            try:
                result = self._run(Path(folder))
            finally:
                still_there = self._stop()
                self._keep_logs(Path(folder))
        if still_there:
            raise DemoError("; ".join(still_there))
        return result

    def _run(self, folder: Path) -> JourneyResult:
        # Not after a build of minutes.
        backend_command()
        running = self._options.media_server
        media = running or find_or_build(self._say)
        said = (
            f"using the media server at {running.url}" if running else "starting the media server"
        )
        self._say(f"{said}; starting the service")
        environment = {"LIFTBAY_BILLABLE_MINIMUM_SECONDS": "10"} | dict(
            self._options.service_environment
        )
        self.rig = Rig(folder, media, service_environment=environment)
        self.rig.start()
        self._say("the demo's service counts a session as billable from 10 s (product: 60 s)")
        mechanic = made_up_account("Dana Roy", "dana@demo.example")
        customer = made_up_account("Sam Okafor", "sam@demo.example")
        self.rig.service.create_mechanic(mechanic)
        self._started_ns = time.monotonic_ns()
        for side, account in ((Side.CUSTOMER, customer), (Side.MECHANIC, mechanic)):
            client = ClientProcess(side.value, self._plan(side, account, folder), folder)
            client.on_fact = self._on_fact
            self.clients[side] = client
        for side, client in self.clients.items():
            client.start(self._environment(side))
        self._wait()
        pace = Pace(
            took_s=(time.monotonic_ns() - self._started_ns) / 1e9,
            within_s=self._options.within_s,
            load_per_core=load_per_core(),
        )
        session = self._session()
        wrong = self._failures + timeline.complaints(
            self._seen,
            self._figures,
            session,
            self._tones(),
            required=self._options.required,
            coded=self._coded(),
            measured=Stage.MEASURED in self._options.required,
            window_s=self._options.measure_s,
            stalls=self._options.costly_figures,
        )
        wrong += pace.complaints()
        clocks = pairs_of(self._clocks)
        if Stage.LIVE in self._options.required:
            wrong += clock_complaints(judged(clocks, is_busy=pace.is_busy))
        for side, client in self.clients.items():
            if client.status not in (0, None):
                wrong.append(f"the {side.value}'s client ended with status {client.status}")
        told = timeline.write(
            self._options.output / "timeline.json",
            self._seen,
            self._figures,
            session,
            wrong,
            journey=pace.told(),
            clocks=clocks_told(clocks, is_busy=pace.is_busy),
        )
        return JourneyResult(told, wrong)

    def _plan(self, side: Side, account: Account, folder: Path) -> dict[str, Any]:
        options = self._options
        assert self.rig is not None
        return {
            "side": side.value,
            "service_url": self.rig.service.url,
            "name": account.name,
            "email": account.email,
            "password": account.password,
            "camera": options.cameras.get(side),
            "microphone": options.microphones.get(side),
            "speaker": options.speakers.get(side),
            "time_code": options.time_code,
            "drive": options.headless,
            "script": options.script,
            "measure_s": options.measure_s,
            "costly_figures": options.costly_figures,
            "pictures": str(options.output.resolve()) if options.pictures else None,
            "profile_root": str(folder / "profiles"),
            "theme": options.theme.get(side, "dark" if side is Side.MECHANIC else "light"),
            "window": None if options.headless else _half_of_the_screen(side),
            "peer_tone_hz": self._tones().get(
                (Side.MECHANIC if side is Side.CUSTOMER else Side.CUSTOMER).value
            ),
        }

    def _environment(self, side: Side) -> dict[str, str]:
        environment = dict(self._options.client_environment.get(side, {}))
        if self._options.headless:
            environment.setdefault("QT_QPA_PLATFORM", self._options.platform)
        return environment

    def _tones(self) -> dict[str, float]:
        tones: dict[str, float] = {}
        for side, choice in self._options.microphones.items():
            if choice and choice.startswith("tone:"):
                tones[side.value] = float(choice.removeprefix("tone:"))
        return tones

    def _coded(self) -> frozenset[str]:
        """Sides whose own camera is a demo source, which can carry its capture time."""
        if not self._options.time_code:
            return frozenset()
        made = ("pattern", "file:")
        return frozenset(
            side.value
            for side, choice in self._options.cameras.items()
            if choice and choice.startswith(made)
        )

    def _on_fact(self, side: str, fact: dict[str, Any]) -> None:
        """Take one line of a client; runs on that client's reader thread. Never raises.

        That thread must live on: nobody else empties the client's pipe.
        """
        try:
            if self._options.on_fact is not None:
                self._options.on_fact(self.clients[Side(side)], fact)
            self._take_fact(side, fact)
        except Exception as error:
            with self._changed:
                self._failures.append(
                    f"{side}: the fact {fact.get('fact')!r} was not taken: "
                    f"{type(error).__name__}: {error}"
                )
                self._changed.notify_all()

    def _take_fact(self, side: str, fact: dict[str, Any]) -> None:
        with self._changed:
            match fact.get("fact"):
                case "stage":
                    at_ms = (int(fact["at_ns"]) - self._started_ns) / 1e6
                    self._seen.append(StageSeen(str(fact["name"]), side, at_ms))
                    self._say(f"{at_ms / 1000:6.1f} s  {side:<9} {fact['name'].replace('_', ' ')}")
                    self._take_pictures(str(fact["name"]), side)
                    self._ask_clocks(Stage(fact["name"]))
                case "clock":
                    reading = ClockReading(fact["at_ns"], fact["remaining_s"], fact["running"])
                    self._clocks.setdefault(int(fact["id"]), {})[side] = reading
                case "figures":
                    self._figures[side] = dict(fact["figures"])
                case "session":
                    self._session_id = str(fact["id"])
                case "failed":
                    self._failures.append(f"{side}: {fact['why']}")
                case _:
                    pass
            self._changed.notify_all()

    def _take_pictures(self, stage: str, side: str) -> None:
        """Have both sides photograph their windows at this moment."""
        if not self._options.pictures:
            return
        name = f"{len(self._seen):02d}-{side}-{stage.replace('_', '-')}"
        for client in self.clients.values():
            client.send(json.dumps({"do": "picture", "name": name}))

    def _ask_clocks(self, stage: Stage) -> None:
        """Have both sides read their clocks at this moment."""
        if stage not in ASKED_AT:
            return
        for client in self.clients.values():
            client.send(json.dumps({"do": "clock", "id": len(self._seen)}))

    def _wait(self) -> None:
        """Wait until both clients ended, one failed, or time is up."""
        deadline = time.monotonic() + self._options.deadline_s
        while time.monotonic() < deadline and not self._interrupted:
            states = [client.status for client in self.clients.values()]
            if all(state is not None for state in states):
                return
            broken = any(state not in (None, 0) for state in states) or self._failures
            if broken:
                # The other side cannot go on alone; give it a moment to report.
                deadline = min(deadline, time.monotonic() + 3.0)
            with self._changed:
                self._changed.wait(timeout=0.2)
        if self._interrupted:
            self._failures.append("interrupted")
            raise KeyboardInterrupt
        if not self._failures and all(c.status in (None, 0) for c in self.clients.values()):
            self._failures.append(f"not finished within {self._options.deadline_s:.0f} s")

    def _session(self) -> dict[str, Any]:
        if self._session_id is None or self.rig is None:
            return {"id": None, "status": None, "payouts": [], "crm_records": [], "upsells": []}
        return self.rig.service.session(self._session_id)

    def _stop(self) -> list[str]:
        """End every process, each on its own; return in words which could not be ended."""
        stops: list[tuple[str, Callable[[], None]]] = [
            (f"the {side.value}'s client", client.stop) for side, client in self.clients.items()
        ]
        if self.rig is not None:
            stops.append(("the service or its media server", self.rig.stop))
        left: list[str] = []
        for name, stop in stops:
            try:
                stop()
            except Exception as error:
                left.append(f"{name} could not be ended: {type(error).__name__}: {error}")
        for words in left:
            # The run may fail for another reason, and nobody else says these.
            with contextlib.suppress(OSError):
                self._say(words)
        return left

    def _keep_logs(self, folder: Path) -> None:
        """Logs stay beside the pictures: they are redacted, and needed when something failed."""
        for log in [*folder.glob("*.log"), *folder.glob("livekit/*.log")]:
            shutil.copy(log, self._options.output / log.name)
        for side in Side:
            logs = folder / "profiles" / f"demo-{side.value}" / "logs"
            for log in [*logs.glob("liftbay.log"), *logs.glob("crash-*.txt")]:
                shutil.copy(log, self._options.output / f"{side.value}-{log.name}")

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM end the wait, and so all processes in order."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupt(_number: int, _frame: object) -> None:
            self._interrupted = True

        old = {sign: signal.signal(sign, interrupt) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for sign, handler in old.items():
                signal.signal(sign, handler)


def load_per_core() -> float:
    """Return how much this machine had to do in the last minute, for each of its cores."""
    return psutil.getloadavg()[0] / (os.cpu_count() or 1)


def _half_of_the_screen(side: Side) -> dict[str, Any]:
    """Say on which half the window goes; the client knows the screen's size."""
    return {"half": "left" if side is Side.CUSTOMER else "right"}
