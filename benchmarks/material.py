"""The clips and the two tones that all four clients of the benchmark use."""

import wave
from pathlib import Path

import numpy as np

from preflight.devices.opencv import cv2
from preflight.devices.time_code import write_time_code

WIDTH, HEIGHT, FPS = 1280, 720, 30
CLIP_FRAMES = 120
CLIP_S = CLIP_FRAMES / FPS
RATE_HZ = 48_000
TONE_S = 10.0
ON_S, OFF_S = 0.3, 0.2


def make_clip(source: Path, target: Path, fps: int = FPS, *, numbered: bool = False) -> None:
    """Write the first 4 s of ``source`` as raw Y4M: nobody pays for decoding it.

    Args:
        fps: 30, 15 or 10: the source has 30, of which every picture, every second or every
            third is taken.
        numbered: draw each picture's number into it, from 0, where Liftbay draws the capture
            time, in the same layout: as if it were that many microseconds.

    Raises:
        ValueError: the source cannot be read or has another size.
    """
    reader = cv2.VideoCapture(str(source))
    frames = written = 0
    with target.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        while frames < CLIP_FRAMES:
            there, picture = reader.read()
            if not there:
                break
            if picture.shape[:2] != (HEIGHT, WIDTH):
                picture = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
            if frames % (FPS // fps) == 0:
                pixels = np.ascontiguousarray(picture, np.uint8)
                if numbered:
                    write_time_code(pixels, written * 1000)
                written += 1
                out.write(b"FRAME\n")
                out.write(cv2.cvtColor(pixels, cv2.COLOR_BGR2YUV_I420).tobytes())
            frames += 1
    reader.release()
    if frames == 0:
        raise ValueError(f"{source} gave no picture")


def make_tone(target: Path, pitch_hz: float) -> None:
    """Write a tone of 10 s, 300 ms on and 200 ms off so that noise suppression leaves it."""
    at = np.arange(int(RATE_HZ * TONE_S)) / RATE_HZ
    gate = (at % (ON_S + OFF_S)) < ON_S
    noise = np.random.default_rng(1).normal(0.0, 0.0005, at.size)
    samples = 0.25 * np.sin(2 * np.pi * pitch_hz * at) * gate + noise
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
