"""Pictures for the gallery, drawn and no photographs: a person, an engine bay, a workshop."""

from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRadialGradient

from desktop.viewmodels.pictures import PixelFormat, VideoPicture
from preflight.devices.pattern_camera import draw_scene
from scripts.make_demo_clip import draw_frames

WIDTH, HEIGHT = 1280, 720
_SEED = 20261122


def person() -> VideoPicture:
    """Somebody in front of a camera."""
    image = _blank()
    painter = _painter(image)
    ground = QRadialGradient(QPointF(WIDTH * 0.3, HEIGHT * 0.3), WIDTH * 0.8)
    ground.setColorAt(0.0, QColor("#5b6675"))
    ground.setColorAt(0.6, QColor("#232a33"))
    ground.setColorAt(1.0, QColor("#101418"))
    painter.fillRect(image.rect(), ground)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#3d5a80"))
    painter.drawRoundedRect(QRectF(340, 520, 600, 400), 220, 220)
    painter.setBrush(QColor("#b8927a"))
    painter.drawRoundedRect(QRectF(570, 440, 140, 150), 60, 60)
    painter.setBrush(QColor("#3b2a20"))
    painter.drawEllipse(QRectF(480, 110, 320, 330))
    painter.setBrush(QColor("#c9a58b"))
    painter.drawEllipse(QRectF(500, 160, 280, 340))
    painter.setBrush(QColor("#2a1f1a"))
    for x in (575, 677):
        painter.drawEllipse(QRectF(x, 295, 28, 22))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#8d5a4a"), 7))
    painter.drawArc(QRectF(590, 370, 100, 56), 200 * 16, 140 * 16)
    painter.end()
    return _picture(image)


def person_in_the_dark() -> VideoPicture:
    """The same without a lamp."""
    lit = np.frombuffer(person().data, np.uint8).reshape(HEIGHT, WIDTH, 4)
    return _drawn(lit[:, :, :3] // 3)


def covered_lens() -> VideoPicture:
    """What a camera sees through its own lens cover."""
    image = _blank()
    image.fill(QColor("#020202"))
    return _picture(image)


@cache
def engine_bay() -> VideoPicture:
    """What a customer shows to a mechanic: the drawing that the demo's clip begins with."""
    return _drawn(next(draw_frames()))


@cache
def workshop() -> VideoPicture:
    """Where a mechanic sits: the wall that the pattern camera shows."""
    return _drawn(draw_scene(np.random.default_rng(_SEED)))


def _drawn(pixels: npt.NDArray[np.uint8]) -> VideoPicture:
    height, width, _ = pixels.shape
    with_alpha = np.full((height, width, 4), 255, np.uint8)
    with_alpha[:, :, :3] = pixels
    return VideoPicture(
        data=with_alpha.tobytes(),
        width=width,
        height=height,
        pixels=PixelFormat.BGRA,
        bytes_per_line=4 * width,
        captured_ns=0,
    )


def _blank() -> QImage:
    return QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)


def _painter(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _picture(image: QImage) -> VideoPicture:
    return VideoPicture(
        data=bytes(image.constBits()),
        width=image.width(),
        height=image.height(),
        pixels=PixelFormat.BGRA,
        bytes_per_line=image.bytesPerLine(),
        captured_ns=0,
    )
