"""Where the parts of the call page are: geometry alone, nothing of what they show."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from desktop.views.call_controls import CallControls
from desktop.views.peer_view import PeerView
from desktop.views.self_view import SelfView
from desktop.views.side_panel import PANEL_PX, SidePanel
from desktop.views.video_pills import ClockPill, RunsPill
from desktop.views.video_view import VideoView
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button
from desktop.views.widgets.pill import Pill

OVERLAY_BELOW_PX: Final = 1100
_EDGE_PX: Final = 20
_TOP_PX: Final = 16
_BESIDE_PX: Final = 12
_CONTROLS_ROOM_PX: Final = 104
_SMALL_BELOW_PX: Final = 760


@dataclass(frozen=True, slots=True)
class CallLayout:
    """Places the parts over the picture; a page narrower than OVERLAY_BELOW_PX overlays the panel.

    Every part is a child of the same page. All lengths are device-independent pixels.
    """

    remote: VideoView
    who: RunsPill
    quality: Pill
    clock: ClockPill
    notice: Pill
    own: SelfView
    peer: PeerView
    controls: CallControls
    leave: Button
    panel: SidePanel
    band: Banner

    def arrange(self, whole: QRect) -> None:
        """Place everything in a page of this size; what is hidden takes no room."""
        band_height = 0
        if _is_shown(self.band):
            band_height = max(self.band.sizeHint().height(), 64)
            self.band.setGeometry(0, 0, whole.width(), band_height)
        stage = whole.adjusted(0, band_height, 0, 0)
        free = stage.width()
        if _is_shown(self.panel):
            width = min(PANEL_PX, whole.width())
            self.panel.setGeometry(whole.width() - width, stage.top(), width, stage.height())
            self.panel.raise_()
            free -= width
            if whole.width() >= OVERLAY_BELOW_PX:
                stage.setWidth(free)
        self.remote.setGeometry(stage)
        self.remote.set_covered(stage.width() - free)
        self._arrange_top(stage, free)
        self._arrange_bottom(stage, free)
        self._arrange_corners(stage, free)
        self.band.raise_()

    def _arrange_top(self, stage: QRect, free: int) -> None:
        top = stage.top() + _TOP_PX
        self._share_top(free - 2 * _EDGE_PX - _BESIDE_PX)
        middle = top + self.clock.height() // 2
        self.who.move(stage.left() + _EDGE_PX, middle - self.who.height() // 2)
        self.quality.adjustSize()
        left = self.who.geometry().right() + _BESIDE_PX
        self.quality.move(left, middle - self.quality.height() // 2)
        self.clock.move(stage.left() + free - self.clock.width() - _EDGE_PX, top)
        crowded = left + self.quality.width() > self.clock.x() - _BESIDE_PX
        if crowded:
            beneath = self.who.geometry().bottom() + 8
            self.quality.move(stage.left() + _EDGE_PX, beneath)
        self.notice.adjustSize()
        self.notice.move(
            stage.left() + (free - self.notice.width()) // 2, self.clock.geometry().bottom() + 12
        )

    def _share_top(self, room: int) -> None:
        """Keep the name and the clock apart: what is said beside the time goes first."""
        self.clock.fit(None)
        self.who.fit(None)
        if self.who.width() + self.clock.width() > room:
            self.clock.fit(self.clock.least_px())
            self.who.fit(room - self.clock.width())

    def _arrange_bottom(self, stage: QRect, free: int) -> None:
        size = self.controls.sizeHint()
        left = stage.left() + max(0, (free - size.width()) // 2)
        self.controls.setGeometry(
            left, stage.bottom() - size.height() - _EDGE_PX + 1, size.width(), size.height()
        )
        self.leave.adjustSize()
        self.leave.move(stage.left() + (free - self.leave.width()) // 2, stage.center().y() + 90)

    def _arrange_corners(self, stage: QRect, free: int) -> None:
        for small in (self.own, self.peer):
            small.set_small(stage.width() < _SMALL_BELOW_PX)
        right, bottom = self.own.corner.value
        x = stage.left() + (free - self.own.width() - 18 if right else 18)
        below_top = stage.top() + _TOP_PX + self.clock.height() + 12
        above_controls = stage.bottom() + 1 - _CONTROLS_ROOM_PX - self.own.height()
        self.own.move(x, above_controls if bottom else below_top)
        # On the other side from one's own picture, where that is on top too.
        is_left = right and not bottom
        left, edge = stage.left() + 18, stage.left() + free - self.peer.width() - 18
        beneath = max(below_top, self.quality.geometry().bottom() + 12) if is_left else below_top
        self.peer.move(left if is_left else edge, beneath)


def _is_shown(part: QWidget) -> bool:
    """Tell whether a part would be seen if its page were: True also before the page is shown."""
    page = part.parentWidget()
    return page is not None and part.isVisibleTo(page)
