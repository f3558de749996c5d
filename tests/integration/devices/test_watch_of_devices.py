"""``liftbay diagnose --watch`` on a real PulseAudio server: it names what goes unused."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.pulse_server import VirtualSound
from tests.fakes.sound_events import SoundEvents

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
TOLD_WITHIN_S = 2.0
PATIENCE_S = 60.0


class Watch:
    """The process, and what it says, each line with its time."""

    def __init__(self, folder: Path, microphone: str) -> None:
        words = ["--watch", "--only", "mic.no_data", "--microphone", microphone]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "desktop.app.cli", "diagnose", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_DATA_HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"},
        )
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def until(self, words: str) -> float:
        """Wait for a line with these words; return when it came, by the monotonic clock."""
        while True:
            at_s, line = self._lines.get(timeout=PATIENCE_S)
            self.said.append(line)
            if words in line:
                return at_s

    def end(self) -> None:
        """End it as Ctrl+C does, and read what it said until then."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
        self._thread.join()
        while not self._lines.empty():
            self.said.append(self._lines.get()[1])

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put((time.monotonic(), line.rstrip()))


@pytest.fixture
def watch(sound: VirtualSound, tmp_path: Path) -> Iterator[Watch]:
    made = Watch(tmp_path, sound.people["customer"].microphone)
    yield made
    made.close()


def test_a_microphone_that_nobody_uses_is_named_within_2_s_as_it_goes(
    sound: VirtualSound, watch: Watch
) -> None:
    # A crowded machine may lose blocks of the one in use, which is not asked about here.
    watch.until("M05  ")
    # The first look of what tells of changes is over by then.
    time.sleep(2)
    with SoundEvents() as events:
        for _ in range(2):
            began_s = time.monotonic()
            sound.unplug_microphone("mechanic")
            told_s = watch.until("mechanic-microphone was unplugged. It was not in use.")
            event_s = events.at("'remove' on source #", since_s=began_s)
            assert told_s - event_s < TOLD_WITHIN_S + events.late_s(event_s, told_s)
            sound.plug_microphone("mechanic")
            time.sleep(2)
    watch.end()

    told = [line for line in watch.said if "was unplugged" in line]
    assert len(told) == 2, "each time once"
