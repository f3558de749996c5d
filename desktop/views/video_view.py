"""Paints one stream of pictures, uncopied, and nothing else of the call.

Each new picture is taken from a mailbox of one and painted once; without a new picture nothing is
repainted. Smooth scaling is used as long as it stays cheap: a picture of 1280 x 720 shown 1:1
costs 0.3 ms, scaled to 930 x 523 smoothly 3 ms, enlarged to 1600 x 900 smoothly 9 ms (one core,
no GPU), so a view that finds it too dear goes over to fast scaling until its size changes.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time_ns

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.viewmodels.picture_geometry import Fit, Placement, place
from desktop.viewmodels.pictures import Detach, PictureMailbox, PixelFormat, VideoPicture
from desktop.views.widgets.drawn_once import DrawnOnce
from desktop.views.widgets.round_corners import RoundCorners

SMOOTH_BUDGET_NS = 4_500_000
"""What smooth scaling may cost per picture on average: half of what the main thread may spend."""

_AVERAGE_OVER = 8
_DIM = QColor(0, 0, 0, 190)
_GROUND = QColor("#0C0E12")
_CARD = QColor("#14181F")
_AVATAR = QColor("#2E3542")
_TEXT = QColor("#EEF1F5")
_SECONDARY = QColor("#D3D9E2")


@dataclass(frozen=True, slots=True)
class Caption:
    """Two lines in the middle of the view: what there is to know, and what comes next."""

    title: str
    detail: str = ""


class VideoView(QWidget):
    """Shows the newest picture of a mailbox, letterboxed or filling, or an avatar, or a caption.

    Always true: the picture on the screen keeps its proportions; ``to_picture`` and
    ``to_window`` answer for the picture that is painted now; a hidden view takes nothing.

    Signals:
        wakened: a picture lies in the mailbox; from any thread, handled on Qt's.
    """

    wakened = Signal()

    def __init__(self, parent: QWidget | None = None, *, fit: Fit = Fit.LETTERBOX) -> None:
        super().__init__(parent)
        self._fit = fit
        self._mailbox: PictureMailbox | None = None
        self._detach: Detach | None = None
        self._picture: VideoPicture | None = None
        self._image: QImage | None = None
        self._unpainted = False
        self._mirrored = False
        self._corners: RoundCorners | None = None
        self._drawn = DrawnOnce()
        self._changes = 0
        self._ground = _GROUND
        self._avatar: str | None = None
        self._caption: Caption | None = None
        self._placeholder: Caption | None = None
        self._covered_px = 0
        self._painted = 0
        self._smooth = True
        self._smooth_cost_ns = 0.0
        self.on_painted: Callable[[VideoPicture], None] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.wakened.connect(self._on_wakened)

    @property
    def painted_count(self) -> int:
        """How many different pictures reached the screen."""
        return self._painted

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """Width and height of the upright picture that is shown; None without one."""
        if self._picture is None:
            return None
        size = self._picture.full_size
        return size[::-1] if self._picture.rotation_degrees in (90, 270) else size

    @property
    def scales_smoothly(self) -> bool:
        """False once smooth scaling turned out too dear at this size."""
        return self._smooth

    def show_from(self, mailbox: PictureMailbox | None) -> None:
        """Show the pictures of a mailbox from now on; None keeps the last picture."""
        if mailbox is self._mailbox:
            return
        if self._detach is not None:
            self._detach()
        self._mailbox = mailbox
        self._detach = mailbox.attach(_wake_of(self)) if mailbox is not None else None
        if self._detach is not None:
            # The mailbox outlives this view; the closure holds no reference to it.
            self.destroyed.connect(self._detach)

    def clear(self) -> None:
        """Forget the picture, so that nobody's last picture stays on the screen."""
        self._picture = self._image = None
        self._unpainted = False
        self._change()

    def set_mirrored(self, mirrored: bool) -> None:
        """Flip left to right on this screen only: people know themselves from the mirror."""
        if mirrored != self._mirrored:
            self._mirrored = mirrored
            self._change()

    def set_corner_radius(self, radius_px: int, *, border: bool = False) -> None:
        """Round the corners; what lies behind the view shows in them."""
        self._corners = RoundCorners(radius_px, border=border) if radius_px else None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, radius_px == 0)
        self._change()

    def set_avatar(self, initials: str | None) -> None:
        """Show initials in a circle instead of the picture; None shows the picture again."""
        if initials != self._avatar:
            self._avatar = initials
            self._change()

    def set_caption(self, caption: Caption | None) -> None:
        """Dim the last picture (or avatar) and write over it; None undoes that."""
        if caption != self._caption:
            self._caption = caption
            self._change()

    def set_placeholder(self, placeholder: Caption | None) -> None:
        """Say something as long as there is neither a picture nor an avatar."""
        if placeholder != self._placeholder:
            self._placeholder = placeholder
            self._change()

    def set_covered(self, right_px: int) -> None:
        """Centre words and avatars in what a panel leaves free; the picture stays where it is."""
        if right_px != self._covered_px:
            self._covered_px = right_px
            self._change()

    def placement(self) -> Placement:
        """Where the picture lies in the view; empty without a picture."""
        picture = self._picture
        if picture is None:
            return place(0, 0, 0, 0)
        return place(
            *picture.full_size,
            self.width(),
            self.height(),
            fit=self._fit,
            rotation_degrees=picture.rotation_degrees,
            mirrored=self._mirrored,
        )

    def to_picture(self, position: QPointF) -> tuple[float, float] | None:
        """Turn a point of the view into a point 0..1 of the picture; None beside it."""
        return self.placement().to_picture(position.x(), position.y())

    def to_window(self, x: float, y: float) -> QPointF:
        """Turn a point 0..1 of the picture into a point of the view."""
        return QPointF(*self.placement().to_window(x, y))

    def picture_on_screen(self) -> tuple[int, int, int, int]:
        """Return left, top, width and height of the picture, in pixels of the screen."""
        placement = self.placement()
        corner = self.mapToGlobal(QPointF(placement.left, placement.top))
        left_top = round(corner.x()), round(corner.y())
        return (*left_top, round(placement.width), round(placement.height))

    def _change(self) -> None:
        self._changes += 1
        self.update()

    # --- painting -------------------------------------------------------------------------

    def _on_wakened(self) -> None:
        if self._mailbox is None or not self.isVisible():
            return
        picture = self._mailbox.take()
        if picture is not None:
            self._picture = picture
            self._image = _wrap(picture)
            self._unpainted = True
            self._say_wanted(picture)
            self._change()

    def _say_wanted(self, picture: VideoPicture) -> None:
        """Ask for pictures in the size they are shown in, where that is smaller."""
        assert self._mailbox is not None
        placement = self.placement()
        size = round(placement.width), round(placement.height)
        width, height = picture.full_size
        as_sent = picture.rotation_degrees == 0 and self.devicePixelRatioF() == 1.0
        smaller = 0 < size[0] < width and 0 < size[1] < height
        self._mailbox.want(size if as_sent and smaller else None)

    def _paint_picture(self, painter: QPainter, image: QImage, placement: Placement) -> None:
        target = QRectF(placement.left, placement.top, placement.width, placement.height)
        exact = (round(target.width()), round(target.height())) == (image.width(), image.height())
        smooth = self._smooth and not exact
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        # Asking for a thread's time takes 25 µs on a virtual machine.
        measured = smooth and self._unpainted
        started = thread_time_ns() if measured else 0
        flip = placement.mirrored != self._has_mirrored_pixels
        if not flip and placement.rotation_degrees == 0:
            if exact:
                painter.drawImage(target.topLeft().toPoint(), image)
            else:
                painter.drawImage(target, image)
        else:
            painter.save()
            painter.translate(target.center())
            painter.scale(-1 if flip else 1, 1)
            painter.rotate(placement.rotation_degrees)
            upright = placement.rotation_degrees in (0, 180)
            width, height = (
                (target.width(), target.height()) if upright else (target.height(), target.width())
            )
            painter.drawImage(QRectF(-width / 2, -height / 2, width, height), image)
            painter.restore()
        if measured:
            spent = thread_time_ns() - started
            self._smooth_cost_ns += (spent - self._smooth_cost_ns) / _AVERAGE_OVER
            self._smooth = self._smooth_cost_ns <= SMOOTH_BUDGET_NS

    @property
    def _has_mirrored_pixels(self) -> bool:
        return self._picture is not None and self._picture.mirrored

    def _paint_bars(self, painter: QPainter, placement: Placement) -> None:
        # Only what the picture leaves free: filling under it would cost a second pass.
        top, left = round(placement.top), round(placement.left)
        right, bottom = round(left + placement.width), round(top + placement.height)
        if top > 0:
            painter.fillRect(0, 0, self.width(), top + 1, self._ground)
            painter.fillRect(0, bottom - 1, self.width(), self.height() - bottom + 1, self._ground)
        if left > 0:
            painter.fillRect(0, 0, left + 1, self.height(), self._ground)
            painter.fillRect(right - 1, 0, self.width() - right + 1, self.height(), self._ground)

    def _paint_avatar(self, painter: QPainter, initials: str) -> None:
        painter.fillRect(self.rect(), _CARD)
        edge = min(160.0, min(self.width() - self._covered_px, self.height()) * 0.5)
        circle = QRectF(0, 0, edge, edge)
        circle.moveCenter(QRectF(self.rect()).adjusted(0, 0, -self._covered_px, 0).center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_AVATAR)
        painter.drawEllipse(circle)
        font = QFont(self.font())
        font.setPixelSize(max(12, round(edge * 0.36)))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(_TEXT)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials)

    def _paint_caption(self, painter: QPainter, caption: Caption) -> None:
        if self._image is not None or self._avatar is not None:
            painter.fillRect(self.rect(), _DIM)
        middle = self.height() / 2
        free = max(0, self.width() - self._covered_px - 32)
        font = QFont(self.font())
        font.setPixelSize(20)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(_TEXT)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        title = QRectF(16, middle - 34, free, 30)
        painter.drawText(title, flags | Qt.AlignmentFlag.AlignBottom, caption.title)
        font.setPixelSize(14)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(_SECONDARY)
        detail = QRectF(16, middle + 8, free, 60)
        painter.drawText(detail, flags | Qt.AlignmentFlag.AlignTop, caption.detail)

    def _paint_contents(self, painter: QPainter) -> None:
        if self._image is not None and self._avatar is None:
            placement = self.placement()
            self._paint_bars(painter, placement)
            self._paint_picture(painter, self._image, placement)
        elif self._avatar is not None:
            self._paint_avatar(painter, self._avatar)
        else:
            painter.fillRect(self.rect(), self._ground)
        words = self._caption
        if words is None and self._image is None and self._avatar is None:
            words = self._placeholder
        if words is not None:
            self._paint_caption(painter, words)

    def _paint_rounded(self, painter: QPainter) -> None:
        assert self._corners is not None
        self._paint_contents(painter)
        self._corners.cut(painter, self.size())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._corners is not None:
            # It lies over another view and is repainted with every picture of that one.
            self._drawn.paint(self, self._changes, self._paint_rounded)
        else:
            painter = QPainter(self)
            self._paint_contents(painter)
            painter.end()
        if self._image is not None and self._avatar is None and self._unpainted:
            self._unpainted = False
            self._painted += 1
            if self.on_painted is not None and self._picture is not None:
                self.on_painted(self._picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._smooth, self._smooth_cost_ns = True, 0.0
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_wakened()

    def hideEvent(self, event: QHideEvent) -> None:
        # A hidden view must not show a picture of long ago for an instant when it comes back.
        self._picture = self._image = None
        self._unpainted = False
        self._changes += 1
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)


def _wrap(picture: VideoPicture) -> QImage:
    formats = {
        PixelFormat.BGRA: QImage.Format.Format_RGB32,
        PixelFormat.BGR: QImage.Format.Format_BGR888,
    }
    return QImage(
        memoryview(picture.data).cast("B"),
        picture.width,
        picture.height,
        picture.bytes_per_line,
        formats[picture.pixels],
    )


def _wake_of(view: VideoView) -> Callable[[], None]:
    """Return what media threads call for a new picture; harmless once the view is gone."""
    wakened = view.wakened

    def wake() -> None:
        # A media thread may be on its way here while Qt deletes the view.
        with contextlib.suppress(RuntimeError):
            wakened.emit()

    return wake
