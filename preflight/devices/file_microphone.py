"""``file:PATH`` as a microphone: a WAV file of 16-bit samples, looped in real time."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from preflight.devices.frames import (
    BLOCK_SAMPLES,
    SAMPLE_RATE_HZ,
    DeviceId,
    DeviceInfo,
    DeviceKind,
)
from preflight.devices.ports import OpenFault
from preflight.devices.source_thread import OpenFailed, OpenGuard
from preflight.devices.threaded_microphone import ThreadedMicrophone
from preflight.devices.tone_microphone import LoopReader

_MAX_SECONDS = 60
"""The whole file is held in memory; a minute of stereo is 11 MB."""


def file_microphone(path: Path, guard: OpenGuard) -> ThreadedMicrophone:
    """Make a closed source of the file; what is wrong with it shows when it is opened."""
    info = DeviceInfo(DeviceId(f"file:{path}"), path.name, DeviceKind.FILE)
    return ThreadedMicrophone(info, LoopReader(lambda: read_wav(path)), guard)


def read_wav(path: Path) -> npt.NDArray[np.int16]:
    """Read a WAV file as int16, shape (samples, 1 or 2), at 48 kHz.

    Another rate is resampled by straight lines: good enough for a test's sound.

    Raises:
        OpenFailed: not there, not a WAV file of 16 bits, or shorter than 10 ms.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate_hz, channels = file.getframerate(), file.getnchannels()
            if file.getsampwidth() != 2 or channels not in (1, 2):
                raise OpenFailed(OpenFault.REFUSED, f"{path.name} is not 16-bit mono or stereo")
            data = file.readframes(min(file.getnframes(), rate_hz * _MAX_SECONDS))
    except FileNotFoundError as missing:
        raise OpenFailed(OpenFault.NOT_FOUND, f"there is no file {path.name}") from missing
    except PermissionError as denied:
        raise OpenFailed(OpenFault.DENIED, f"{path.name} may not be read") from denied
    except (wave.Error, EOFError, OSError) as broken:
        raise OpenFailed(OpenFault.REFUSED, f"{path.name} is no WAV file: {broken}") from broken
    samples = np.frombuffer(data, "<i2").reshape(-1, channels).astype(np.int16)
    if rate_hz != SAMPLE_RATE_HZ and len(samples):
        samples = _resample(samples, rate_hz)
    if len(samples) < BLOCK_SAMPLES:
        raise OpenFailed(OpenFault.NO_DATA, f"{path.name} is shorter than 10 ms")
    return samples


def _resample(samples: npt.NDArray[np.int16], rate_hz: int) -> npt.NDArray[np.int16]:
    count = len(samples) * SAMPLE_RATE_HZ // rate_hz
    at = np.arange(count) * (rate_hz / SAMPLE_RATE_HZ)
    columns = [np.interp(at, np.arange(len(samples)), column) for column in samples.T]
    return np.round(np.stack(columns, axis=1)).astype(np.int16)
