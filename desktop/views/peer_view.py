"""The other side's camera, small, while their shared screen has the big place."""

from PySide6.QtWidgets import QWidget

from desktop.viewmodels.picture_geometry import Fit
from desktop.views.self_view import SELF_HEIGHT_PX, SELF_WIDTH_PX
from desktop.views.video_view import VideoView

_RADIUS_PX = 12


class PeerView(VideoView):
    """As large as one's own picture, but not mirrored and not to be moved."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, fit=Fit.FILL)
        self.setObjectName("peer_view")
        self.setAccessibleName(self.tr("Camera of the other side"))
        self.setFixedSize(SELF_WIDTH_PX, SELF_HEIGHT_PX)
        self.set_corner_radius(_RADIUS_PX, border=True)
        self.hide()

    def set_small(self, small: bool) -> None:
        """Take less room in a small window."""
        scale = 0.7 if small else 1.0
        self.setFixedSize(round(SELF_WIDTH_PX * scale), round(SELF_HEIGHT_PX * scale))
