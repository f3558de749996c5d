"""Pictures for the gallery, painted here: a person at home, a part under a bonnet."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QRadialGradient

from desktop.viewmodels.pictures import PixelFormat, VideoPicture

WIDTH, HEIGHT = 1280, 720


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
    painter.setBrush(QColor("#c9a58b"))
    painter.drawEllipse(QRectF(470, 150, 340, 390))
    painter.end()
    return _picture(image)


def engine_bay() -> VideoPicture:
    """What a customer shows to a mechanic."""
    image = _blank()
    painter = _painter(image)
    ground = QLinearGradient(QPointF(0, 0), QPointF(WIDTH * 0.6, HEIGHT))
    ground.setColorAt(0.0, QColor("#46515e"))
    ground.setColorAt(0.55, QColor("#20262e"))
    ground.setColorAt(1.0, QColor("#0f1317"))
    painter.fillRect(image.rect(), ground)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#4a5563"))
    painter.drawRoundedRect(QRectF(250, 170, 760, 420), 34, 34)
    painter.setBrush(QColor("#272d36"))
    painter.drawRoundedRect(QRectF(330, 230, 240, 160), 18, 18)
    painter.setBrush(QColor("#1d2229"))
    painter.setPen(QPen(QColor("#6b7685"), 18))
    painter.drawEllipse(QRectF(680, 280, 180, 180))
    painter.setPen(QPen(QColor("#8a6d3b"), 8))
    painter.drawLine(QPointF(560, 480), QPointF(740, 456))
    painter.end()
    return _picture(image)


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
