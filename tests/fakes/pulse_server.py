"""A private PulseAudio server with made microphones and loudspeakers, for tests and the demo.

``VirtualSound`` needs no test runner: make it, ``start()`` it, give ``environment`` to the
processes that shall live in it, ``stop()`` it. Each person gets a microphone (a remapped
monitor of a null sink: what is played into the sink is what that microphone hears) and a
loudspeaker (a null sink whose monitor tells what was played).
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_START_S = 10.0
_STOP_S = 3.0
_COMMAND_S = 5.0


@dataclass(frozen=True, slots=True)
class VirtualPerson:
    """The names of one person's devices on the server.

    Attributes:
        microphone: Pulse source to open as the microphone.
        feed: sink; what is played into it is heard by the microphone.
        speaker: sink to open as the loudspeaker.
        heard: monitor source of the loudspeaker.
    """

    microphone: str
    feed: str
    speaker: str
    heard: str


class VirtualSound:
    """Owns one PulseAudio process and its folder; ends both."""

    def __init__(self, people: Sequence[str] = ("customer", "mechanic")) -> None:
        self.people = {
            name: VirtualPerson(
                f"{name}_microphone", f"{name}_feed", f"{name}_speaker", f"{name}_speaker.monitor"
            )
            for name in people
        }
        self._folder: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._modules: dict[str, int] = {}

    @staticmethod
    def possible() -> bool:
        """True where PulseAudio and its tools are installed."""
        return all(shutil.which(name) for name in ("pulseaudio", "pactl", "pacat"))

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead a process to this server and to no other."""
        folder = self._running_folder()
        return {
            "PULSE_SERVER": f"unix:{folder / 'native'}",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
        }

    @property
    def pid(self) -> int:
        """Process id of the server."""
        assert self._server is not None, "the sound server is not started"
        return self._server.pid

    def start(self) -> None:
        """Start the server and make everybody's devices; returns when they are there."""
        folder = Path(tempfile.mkdtemp(prefix="liftbay-sound-"))
        self._folder = folder
        log = (folder / "server.log").open("wb")
        with log:
            self._server = subprocess.Popen(
                [
                    "pulseaudio",
                    "-n",
                    "--daemonize=no",
                    "--exit-idle-time=-1",
                    "--use-pid-file=no",
                    "--high-priority=no",
                    "--realtime=no",
                    "-L",
                    f"module-native-protocol-unix socket={folder / 'native'} auth-anonymous=1",
                ],
                env={
                    **{k: v for k, v in os.environ.items() if not k.startswith("PULSE_")},
                    "HOME": str(folder),
                    "XDG_RUNTIME_DIR": str(folder),
                    "DBUS_SESSION_BUS_ADDRESS": "disabled:",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self._await_answer()
            for name, person in self.people.items():
                self._make_person(name, person)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server by its process id and remove its folder. Idempotent."""
        server, self._server = self._server, None
        if server is not None:
            server.terminate()
            try:
                server.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(_STOP_S)
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        self._modules.clear()

    def unplug_microphone(self, person: str) -> None:
        """Remove the person's microphone, as pulling the cable does."""
        self._pactl("unload-module", str(self._modules.pop(f"{person}:microphone")))

    def plug_microphone(self, person: str) -> None:
        """Make the person's microphone (again)."""
        devices = self.people[person]
        self._modules[f"{person}:microphone"] = self._load(
            "module-remap-source",
            f"source_name={devices.microphone}",
            f"master={devices.feed}.monitor",
            "channels=1",
            f"source_properties=device.description={person}-microphone",
        )

    def unplug_speaker(self, person: str) -> None:
        """Remove the person's loudspeaker."""
        self._pactl("unload-module", str(self._modules.pop(f"{person}:speaker")))

    def plug_speaker(self, person: str) -> None:
        """Make the person's loudspeaker (again)."""
        self._make_sink(person, "speaker", self.people[person].speaker, channels=2)

    def mute_microphone(self, person: str, muted: bool) -> None:
        """Press the system's mute switch of the microphone."""
        self._pactl("set-source-mute", self.people[person].microphone, "1" if muted else "0")

    def turn(self, sink: str, *, volume_percent: int, muted: bool) -> None:
        """Turn a loudspeaker up or down in the system, and press its mute switch."""
        self._pactl("set-sink-volume", sink, f"{volume_percent}%")
        self._pactl("set-sink-mute", sink, "1" if muted else "0")

    def move_streams(self, source: str) -> None:
        """Move every recording stream to another source, as servers do when one vanishes."""
        for row in json.loads(self._pactl("--format=json", "list", "source-outputs")):
            # A remapped source records from its master itself; that stream cannot be moved.
            if row.get("properties", {}).get("application.process.id"):
                self._pactl("move-source-output", str(row["index"]), source)

    @contextlib.contextmanager
    def speaking(self, person: str, wav: Path) -> Iterator[None]:
        """Play a WAV file into the person's microphone while the block runs."""
        with self._process(
            "paplay", "--latency-msec=20", f"--device={self.people[person].feed}", str(wav)
        ):
            yield

    def record(self, source: str, seconds: float) -> bytes:
        """Record a source: 48 kHz, 16 bits, mono."""
        wanted = int(48_000 * seconds) * 2
        command = [
            "pacat",
            "--record",
            f"--device={source}",
            "--rate=48000",
            "--channels=1",
            "--format=s16le",
            "--raw",
            "--latency-msec=20",
        ]
        with subprocess.Popen(
            command,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            data = process.stdout.read(wanted)
            process.terminate()
        return data

    def _make_person(self, name: str, person: VirtualPerson) -> None:
        self._make_sink(name, "feed", person.feed, channels=1)
        self.plug_speaker(name)
        self.plug_microphone(name)

    def _make_sink(self, person: str, role: str, sink: str, channels: int) -> None:
        self._modules[f"{person}:{role}"] = self._load(
            "module-null-sink",
            f"sink_name={sink}",
            "rate=48000",
            f"channels={channels}",
            # Else the sink works in steps of 2 s, and so does the microphone made of it.
            "norewinds=1",
            f"sink_properties=device.description={person}-{role}",
        )

    def _load(self, *words: str) -> int:
        return int(self._pactl("load-module", *words))

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self._pactl("info")
                return
            except (subprocess.SubprocessError, OSError):
                server = self._server
                if server is None or server.poll() is not None or time.monotonic() > deadline:
                    log = (self._running_folder() / "server.log").read_text("utf-8", "replace")
                    raise RuntimeError(f"PulseAudio did not start:\n{log}") from None
                time.sleep(0.05)

    def _pactl(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment},
            check=True,
            capture_output=True,
            text=True,
            timeout=_COMMAND_S,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout

    @contextlib.contextmanager
    def _process(self, *command: str) -> Iterator[None]:
        process = subprocess.Popen(
            command, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(_STOP_S)

    def _running_folder(self) -> Path:
        assert self._folder is not None, "the sound server is not started"
        return self._folder
