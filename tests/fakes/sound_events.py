"""What a real PulseAudio server says of itself, with its time: the event that we are to notice."""

import subprocess
import threading
import time
from types import TracebackType

from tests.fakes.lateness import Lateness

_PATIENCE_S = 20.0


class SoundEvents:
    """Listens to the server that the environment names, for as long as the context lasts.

    Beside that it measures how late this machine is: what everything is due by, plus `late_s`, is
    when it has to be there on a crowded one.
    """

    def __init__(self) -> None:
        self._told: list[tuple[float, str]] = []
        self._lateness = Lateness()

    def __enter__(self) -> "SoundEvents":
        self._process = subprocess.Popen(
            ["pactl", "subscribe"], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._lateness.__enter__()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        # It says nothing once it listens: cause something until it has told of it.
        end_s = time.monotonic() + _PATIENCE_S
        while not self._told:
            assert time.monotonic() < end_s, "pactl tells nothing"
            subprocess.run(["pactl", "info"], check=True, capture_output=True, timeout=30)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lateness.__exit__(kind, error, trace)
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def at(self, what: str, since_s: float) -> float:
        """Return when something like ``'remove' on source`` was told, by the monotonic clock."""
        end_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end_s:
            for told_s, line in tuple(self._told):
                if told_s >= since_s and what in line:
                    return told_s
            time.sleep(0.01)
        raise AssertionError(f"the server never said: {what}")

    def times(self, what: str) -> list[float]:
        """Return when each line like ``'new' on source-output`` was told until now."""
        return [told_s for told_s, line in tuple(self._told) if what in line]

    def late_s(self, since_s: float, until_s: float) -> float:
        """Return for how long in all this process was not let run between two times."""
        return self._lateness.between(since_s, until_s)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.append((time.monotonic(), line.strip()))
