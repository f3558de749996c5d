"""A microphone that a process of its own opens and sends here, for a short look at it.

PortAudio's list is frozen in a process that has a microphone open, so one that was plugged in
since cannot be opened beside it. The process can: it begins with the list as it is now. It ends
when it is closed, also in the middle of an open that hangs.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import numpy as np

from preflight.devices.audio_fifo import AudioFifo
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock, DeviceInfo
from preflight.devices.ports import OpenFault
from preflight.devices.sounddevice_microphone import FIFO_MS, PortAudioReader
from preflight.devices.source_thread import DeviceGone, OpenFailed, OpenGuard
from preflight.devices.threaded_microphone import ThreadedMicrophone

COMMAND = (sys.executable, "-m", "preflight.devices.microphone_elsewhere")
_READ_WAIT_S = 0.1
_END_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """The first line that the process writes; blocks of int16 follow where it is no fault."""

    channels: int = 1
    own_rate_hz: int | None = None
    fault: OpenFault | None = None


def microphone_elsewhere(
    info: DeviceInfo, guard: OpenGuard, command: Sequence[str] = COMMAND
) -> ThreadedMicrophone:
    """Make a closed source of the PortAudio device that ``info.name`` names."""
    return _Elsewhere(info, ElsewhereReader([*command, info.name]), guard)


class ElsewhereReader:
    """Reads what a process sends; killing it is what closes the device."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._is_killed = False
        self._fifo = AudioFifo(FIFO_MS)
        self._opened = Opened()
        self._ended = threading.Event()

    @property
    def channels(self) -> int:
        return self._opened.channels

    @property
    def own_rate_hz(self) -> int | None:
        return self._opened.own_rate_hz

    @property
    def overflows(self) -> int:
        return self._fifo.overruns

    def open(self) -> None:
        """Start the process and wait for its word.

        Raises:
            OpenFailed: it says why, ended without a word, or was killed before it began.
        """
        process = self._start()
        assert process.stdout is not None
        try:
            self._opened = msgspec.json.decode(process.stdout.readline(), type=Opened)
        except msgspec.MsgspecError as error:
            raise OpenFailed(OpenFault.REFUSED, "the process ended without a word") from error
        if self._opened.fault is not None:
            raise OpenFailed(self._opened.fault, "as the process says")
        threading.Thread(
            target=self._pump, args=(process,), name="microphone elsewhere", daemon=True
        ).start()

    def read(self, stop: threading.Event) -> AudioBlock | None:
        block = self._fifo.pop(_READ_WAIT_S)
        if block is None and self._ended.is_set():
            raise DeviceGone(OpenFault.UNPLUGGED, "the process ended")
        return block

    def kill(self) -> None:
        """End the process, also in the middle of an open: whoever waits for its word gets none."""
        with self._starting:
            self._is_killed = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        # One that is stuck in its driver ends when the driver lets it; who closes must not wait.
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_WAIT_S)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._starting:
            if self._is_killed:
                raise OpenFailed(OpenFault.REFUSED, "closed before it began")
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    # Windows would flash a console window.
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as error:
                raise OpenFailed(OpenFault.REFUSED, type(error).__name__) from error
            return self._process

    def _pump(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        size = BLOCK_SAMPLES * self._opened.channels * 2
        try:
            while len(data := process.stdout.read(size)) == size:
                samples = np.frombuffer(data, np.int16).reshape(BLOCK_SAMPLES, -1)
                self._fifo.push(AudioBlock(samples, time.monotonic_ns()))
        except (OSError, ValueError):
            # The pipe was closed with the process.
            pass
        self._ended.set()


class _Elsewhere(ThreadedMicrophone):
    """A microphone whose hanging driver can be ended."""

    def __init__(self, info: DeviceInfo, reader: ElsewhereReader, guard: OpenGuard) -> None:
        super().__init__(info, reader, guard)
        self._elsewhere = reader

    def close(self) -> None:
        self._elsewhere.kill()
        super().close()


def main(name: str) -> None:
    """Open the device of this name and write what it gives until nobody reads any more."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    out = sys.stdout.buffer
    reader = PortAudioReader(name)
    try:
        reader.open()
    except OpenFailed as failed:
        out.write(msgspec.json.encode(Opened(fault=failed.fault)) + b"\n")
        return
    try:
        out.write(msgspec.json.encode(Opened(reader.channels, reader.own_rate_hz)) + b"\n")
        out.flush()
        never = threading.Event()
        while True:
            block = reader.read(never)
            if block is not None:
                out.write(block.samples.tobytes())
                out.flush()
    except (BrokenPipeError, DeviceGone):
        pass
    finally:
        reader.close()


def _end_with_parent() -> None:
    """A parent that was killed closes our input: no microphone stays open behind its back."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
