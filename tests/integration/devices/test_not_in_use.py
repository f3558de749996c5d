"""Microphones that nobody uses come and go on a real PulseAudio server, in the whole preflight."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from tests.conftest import lives
from tests.fakes.pulse_server import VirtualSound
from tests.fakes.sound_events import SoundEvents

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
NOTICED_WITHIN_S = 2.0
PATIENCE_S = 60.0
"""What takes 3 s takes many times that on a crowded machine."""


class Preflight:
    """The process, and the lists of microphones that it tells, each with its time."""

    def __init__(self, microphone: str) -> None:
        command = [sys.executable, "-u", "-m", "tests.integration.devices.listed_process"]
        self.process = subprocess.Popen(
            [*command, microphone],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        self._lists: queue.SimpleQueue[tuple[float, list[str]]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def until(self, holds: Callable[[list[str]], bool]) -> float:
        """Wait for such a list; return when it was told, by the monotonic clock."""
        while True:
            at_s, names = self._lists.get(timeout=PATIENCE_S)
            if holds(names):
                return at_s

    def listeners(self) -> list[psutil.Process]:
        """The processes that it has listen to the server."""
        children = psutil.Process(self.process.pid).children()
        return [each for each in children if each.cmdline()[1:] == ["subscribe"]]

    def leave(self) -> None:
        """Let it close the preflight and end by itself."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._thread.join()
        assert self.process.stdout is not None
        assert self.process.stdin is not None
        self.process.stdout.close()
        self.process.stdin.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            at_s, *names = line.split()
            self._lists.put((float(at_s), names))


@pytest.fixture
def preflight(sound: VirtualSound) -> Iterator[Preflight]:
    made = Preflight(sound.people["customer"].microphone)
    yield made
    made.close()


def test_one_that_is_pulled_leaves_the_list_and_one_that_is_plugged_in_comes_within_2_s(
    sound: VirtualSound, preflight: Preflight
) -> None:
    """Thrice, counted from the server's own event: a hint from elsewhere may help out once."""
    used, other = (sound.people[name].microphone for name in ("customer", "mechanic"))
    preflight.until(lambda names: {used, other} <= set(names))
    with SoundEvents() as events:
        for _ in range(3):
            time.sleep(1)
            began_s = time.monotonic()
            sound.unplug_microphone("mechanic")
            gone_s = preflight.until(lambda names: used in names and other not in names)
            event_s = events.at("'remove' on source #", since_s=began_s)
            assert gone_s - event_s < NOTICED_WITHIN_S + events.late_s(event_s, gone_s)

            time.sleep(1)
            began_s = time.monotonic()
            sound.plug_microphone("mechanic")
            there_s = preflight.until(lambda names: {used, other} <= set(names))
            event_s = events.at("'new' on source #", since_s=began_s)
            assert there_s - event_s < NOTICED_WITHIN_S + events.late_s(event_s, there_s)


def test_who_listens_to_the_server_ends_with_the_preflight(preflight: Preflight) -> None:
    preflight.until(bool)
    listeners = preflight.listeners()

    preflight.leave()

    assert len(listeners) == 1
    assert not lives(listeners[0])


def test_who_listens_does_not_outlive_a_killed_preflight(preflight: Preflight) -> None:
    """Nobody is left to end it then, and pactl goes on although nobody reads what it prints."""
    preflight.until(bool)
    listeners = preflight.listeners()

    preflight.process.kill()
    preflight.process.wait()
    end_s = time.monotonic() + PATIENCE_S
    while lives(listeners[0]) and time.monotonic() < end_s:
        time.sleep(0.05)

    assert len(listeners) == 1
    assert not lives(listeners[0])
