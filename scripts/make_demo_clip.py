"""Draw the demo clip: a look into an engine bay, 1280x720 at 30 frames per second, 6 seconds.

    python -m scripts.make_demo_clip                          resources/clips/demo-customer.mp4
    python -m scripts.make_demo_clip --output clip.mjpeg      Motion JPEG, for a browser's
                                                              --use-file-for-fake-video-capture

Everything is drawn here: no photograph, nobody's picture. The last frame runs into the first.
"""

import argparse
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2

WIDTH, HEIGHT, FPS, SECONDS = 1280, 720, 30, 6
_FRAMES = FPS * SECONDS
_MARGIN = 24
_SEED = 20261122
_DEFAULT = Path(__file__).resolve().parent.parent / "resources" / "clips" / "demo-customer.mp4"
_JPEG_QUALITY = 88
_NOISE_MEAN, _NOISE_SD = 0.4, 0.3


Picture = npt.NDArray[np.uint8]
Point = tuple[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the demo clip.")
    parser.add_argument("--output", type=Path, default=_DEFAULT, help="*.mp4, *.avi or *.mjpeg")
    parser.add_argument("--copy-of", type=Path, help="convert this clip instead of drawing")
    arguments = parser.parse_args()
    frames = read_frames(arguments.copy_of) if arguments.copy_of else draw_frames()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    count = write_clip(arguments.output, frames)
    size_kb = arguments.output.stat().st_size // 1024
    print(f"{arguments.output}: {count} frames, {size_kb} KB")


def draw_frames() -> Iterator[Picture]:
    """Draw the frames one after the other: uint8, shape (720, 1280, 3), B, G, R."""
    random = np.random.default_rng(_SEED)
    bay = draw_bay(random)
    for number in range(_FRAMES):
        turn = 2 * math.pi * number / _FRAMES
        frame = bay.copy()
        _draw_belt_drive(frame, number)
        _draw_fan(frame, number)
        _draw_hand_lamp(frame, turn)
        yield _hold_by_hand(frame, turn, random)


def read_frames(path: Path) -> Iterator[Picture]:
    """Decode a clip."""
    clip = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        while True:
            read, frame = clip.read()
            if not read:
                return
            yield np.ascontiguousarray(frame, dtype=np.uint8)
    finally:
        clip.release()


def write_clip(path: Path, frames: Iterable[Picture]) -> int:
    """Encode: MPEG-4 (.mp4), Motion JPEG in AVI (.avi) or bare JPEGs one after the other."""
    count = 0
    if path.suffix == ".mjpeg":
        with path.open("wb") as file:
            for frame in frames:
                _, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
                file.write(data.tobytes())
                count += 1
        return count
    codec = "mp4v" if path.suffix == ".mp4" else "MJPG"
    fourcc = cv2.VideoWriter.fourcc(*codec)
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, FPS, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise SystemExit(f"OpenCV cannot write {codec} into {path}")
    for frame in frames:
        writer.write(frame)
        count += 1
    writer.release()
    return count


def draw_bay(random: np.random.Generator) -> Picture:
    """Draw what stands still, with a margin for the movement of the hand."""
    width, height = WIDTH + 2 * _MARGIN, HEIGHT + 2 * _MARGIN
    dirt = random.normal(0, 1, (height // 20, width // 20)).astype(np.float32)
    soft = cv2.resize(dirt, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.8)
    light = np.linspace(1.15, 0.75, height, dtype=np.float32)[:, np.newaxis]
    grey = (78 + 12 * soft + 1.2 * fine) * light
    tint = np.array([0.98, 1.0, 0.97], np.float32)
    bay: Picture = np.clip(grey[:, :, np.newaxis] * tint, 20, 235).astype(np.uint8)
    _draw_body(bay)
    _draw_engine(bay)
    _draw_battery(bay)
    _draw_reservoir(bay)
    _draw_hoses(bay)
    return bay


def _draw_body(bay: Picture) -> None:
    red = (46, 40, 150)
    right, bottom = bay.shape[1], bay.shape[0]
    left_wing = np.array([[0, 0], [150, 0], [96, bottom], [0, bottom]])
    right_wing = np.array([[right - 150, 0], [right, 0], [right, bottom], [right - 96, bottom]])
    for wing in (left_wing, right_wing):
        cv2.fillPoly(bay, [wing], red, cv2.LINE_AA)
        cv2.polylines(bay, [wing], True, (30, 26, 96), 4, cv2.LINE_AA)
    cv2.rectangle(bay, (140, 0), (right - 140, 58), (58, 60, 64), -1)
    for x in range(180, right - 160, 90):
        cv2.circle(bay, (x, 30), 9, (140, 144, 148), -1, cv2.LINE_AA)
        cv2.circle(bay, (x, 30), 4, (70, 72, 76), -1, cv2.LINE_AA)


def _draw_engine(bay: Picture) -> None:
    cv2.rectangle(bay, (420, 120), (920, 420), (96, 100, 104), -1)
    cv2.rectangle(bay, (420, 120), (920, 420), (44, 46, 48), 4)
    cv2.rectangle(bay, (450, 150), (890, 290), (40, 42, 46), -1)
    for x in range(470, 880, 28):
        cv2.line(bay, (x, 160), (x, 280), (62, 66, 70), 6, cv2.LINE_AA)
    cv2.rectangle(bay, (560, 190), (780, 250), (28, 30, 33), -1)
    _text(bay, "16V  TURBO", (580, 232), 1.0, (206, 210, 214))
    for x in range(470, 900, 110):
        cv2.circle(bay, (x, 350), 34, (60, 63, 66), -1, cv2.LINE_AA)
        cv2.circle(bay, (x, 350), 22, (168, 172, 176), -1, cv2.LINE_AA)
        cv2.circle(bay, (x, 350), 10, (50, 52, 54), -1, cv2.LINE_AA)
    cv2.circle(bay, (860, 180), 30, (20, 150, 205), -1, cv2.LINE_AA)
    _text(bay, "OIL", (840, 187), 0.6, (20, 24, 28))


def _draw_battery(bay: Picture) -> None:
    cv2.rectangle(bay, (1010, 130), (1220, 300), (34, 34, 36), -1)
    cv2.rectangle(bay, (1010, 130), (1220, 176), (52, 52, 56), -1)
    cv2.circle(bay, (1046, 153), 15, (60, 60, 200), -1, cv2.LINE_AA)
    cv2.circle(bay, (1186, 153), 15, (160, 162, 166), -1, cv2.LINE_AA)
    cv2.rectangle(bay, (1030, 200), (1200, 280), (196, 200, 204), -1)
    _text(bay, "12V 70Ah", (1042, 250), 0.9, (40, 42, 46))


def _draw_reservoir(bay: Picture) -> None:
    cv2.rectangle(bay, (180, 120), (360, 290), (206, 214, 216), -1)
    cv2.rectangle(bay, (184, 200), (356, 286), (196, 176, 96), -1)
    cv2.rectangle(bay, (180, 120), (360, 290), (120, 124, 128), 3)
    cv2.circle(bay, (270, 112), 36, (38, 40, 42), -1, cv2.LINE_AA)
    for label, y in (("MAX", 180), ("MIN", 262)):
        cv2.line(bay, (300, y), (350, y), (60, 64, 68), 3)
        _text(bay, label, (240, y + 7), 0.6, (60, 64, 68))


def _draw_hoses(bay: Picture) -> None:
    hoses: tuple[tuple[tuple[Point, ...], int], ...] = (
        (((360, 260), (400, 380), (520, 470), (680, 452)), 26),
        (((1010, 160), (960, 90), (860, 84), (700, 110)), 12),
        (((920, 330), (1010, 380), (1100, 360), (1180, 420)), 22),
    )
    for points, thick in hoses:
        curve = np.array(_smooth(points))
        cv2.polylines(bay, [curve], False, (26, 27, 29), thick, cv2.LINE_AA)
        cv2.polylines(bay, [curve - 3], False, (66, 69, 73), max(2, thick // 5), cv2.LINE_AA)


def _draw_belt_drive(frame: Picture, number: int) -> None:
    pulleys = ((300, 560, 88, 5), (520, 620, 56, 4), (700, 548, 66, 6))
    belt = np.array([[300, 470], [700, 480], [752, 508], [752, 588], [520, 678], [300, 650]])
    cv2.polylines(frame, [belt], True, (24, 25, 27), 14, cv2.LINE_AA)
    for x, y, radius, spokes in pulleys:
        cv2.circle(frame, (x, y), radius, (52, 54, 58), -1, cv2.LINE_AA)
        cv2.circle(frame, (x, y), radius - 12, (150, 154, 158), -1, cv2.LINE_AA)
        # A whole number of spokes' steps in the clip, so that its end fits its start.
        turn = 2 * math.pi / spokes * 16 * number / _FRAMES
        for spoke in range(spokes):
            angle = turn + 2 * math.pi * spoke / spokes
            length = radius - 18
            tip = (round(x + length * math.cos(angle)), round(y + length * math.sin(angle)))
            cv2.line(frame, (x, y), tip, (74, 77, 81), 11, cv2.LINE_AA)
        cv2.circle(frame, (x, y), radius // 4, (44, 46, 49), -1, cv2.LINE_AA)


def _draw_fan(frame: Picture, number: int) -> None:
    x, y, radius, blades = 1010, 570, 120, 7
    cv2.circle(frame, (x, y), radius + 10, (36, 38, 40), -1, cv2.LINE_AA)
    cv2.circle(frame, (x, y), radius, (70, 73, 77), -1, cv2.LINE_AA)
    turn = 2 * math.pi / blades * 24 * number / _FRAMES
    for blade in range(blades):
        angle = turn + 2 * math.pi * blade / blades
        outline = [(x, y)]
        for part, reach in ((0.0, 0.95), (0.28, 0.97), (0.45, 0.4)):
            length = radius * reach
            outline.append(
                (
                    round(x + length * math.cos(angle + part)),
                    round(y + length * math.sin(angle + part)),
                )
            )
        cv2.fillPoly(frame, [np.array(outline)], (122, 126, 130), cv2.LINE_AA)
    cv2.circle(frame, (x, y), 30, (40, 42, 45), -1, cv2.LINE_AA)


def _draw_hand_lamp(frame: Picture, turn: float) -> None:
    """A spot of light that wanders, as a customer's lamp does."""
    centre_x = 660 + 240 * math.cos(turn)
    centre_y = 330 + 90 * math.sin(2 * turn)
    step = 8
    rows = np.arange(0, frame.shape[0], step, dtype=np.float32)[:, np.newaxis]
    columns = np.arange(0, frame.shape[1], step, dtype=np.float32)
    distance = ((columns - centre_x) / 300) ** 2 + ((rows - centre_y) / 220) ** 2
    glow = 1.0 + 0.2 * np.exp(-distance)
    size = (frame.shape[1], frame.shape[0])
    full = cv2.resize(glow.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    frame[:] = np.minimum(frame * full[:, :, np.newaxis], 238).astype(np.uint8)


def _hold_by_hand(frame: Picture, turn: float, random: np.random.Generator) -> Picture:
    # Whole pixels: the encoder finds such a movement exactly, and the clip stays small.
    x = _MARGIN + round(7 * math.sin(turn) + 2 * math.sin(3 * turn))
    y = _MARGIN + round(5 * math.cos(2 * turn))
    view = frame[y : y + HEIGHT, x : x + WIDTH]
    noise = random.normal(_NOISE_MEAN, _NOISE_SD, (HEIGHT, WIDTH, 1))
    return np.add(view, np.clip(noise, 0, 4).astype(np.uint8))


def _smooth(points: tuple[Point, ...]) -> list[Point]:
    """Points of the Bezier curve through the first and last of four."""
    curve = []
    for step in range(33):
        t = step / 32
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x = sum(w * p[0] for w, p in zip(weights, points, strict=True))
        y = sum(w * p[1] for w, p in zip(weights, points, strict=True))
        curve.append((round(x), round(y)))
    return curve


def _text(
    picture: Picture, text: str, at: Point, scale: float, colour: tuple[int, int, int]
) -> None:
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 2, cv2.LINE_AA)


if __name__ == "__main__":
    main()
