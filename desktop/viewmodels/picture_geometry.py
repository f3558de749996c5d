"""Where a picture lies in its window, and which point of it a click meets.

Annotations, the time code and pointers use points 0..1 **of the picture**, not of the window:
both sides letterbox and crop differently, but see the same bolt. Pure.
"""

from dataclasses import dataclass
from enum import Enum


class Fit(Enum):
    """LETTERBOX shows the whole picture with bars; FILL covers the window and crops."""

    LETTERBOX = "letterbox"
    FILL = "fill"


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture laid out in a window.

    Attributes:
        left, top, width, height: where the upright picture lies, in window pixels; beyond the
            window's edges with FILL.
        rotation_degrees: clockwise turn between the stored and the upright picture.
        mirrored: flipped left to right on this screen only.
    """

    left: float
    top: float
    width: float
    height: float
    rotation_degrees: int = 0
    mirrored: bool = False

    def to_picture(self, x: float, y: float) -> tuple[float, float] | None:
        """Turn a window point into a point 0..1 of the stored picture; None in the bars."""
        if self.width <= 0 or self.height <= 0:
            return None
        u = (x - self.left) / self.width
        v = (y - self.top) / self.height
        if not (0.0 <= u <= 1.0 and 0.0 <= v <= 1.0):
            return None
        if self.mirrored:
            u = 1.0 - u
        match self.rotation_degrees:
            case 90:
                return v, 1.0 - u
            case 180:
                return 1.0 - u, 1.0 - v
            case 270:
                return 1.0 - v, u
            case _:
                return u, v

    def to_window(self, px: float, py: float) -> tuple[float, float]:
        """Turn a point 0..1 of the stored picture into a window point."""
        match self.rotation_degrees:
            case 90:
                u, v = 1.0 - py, px
            case 180:
                u, v = 1.0 - px, 1.0 - py
            case 270:
                u, v = py, 1.0 - px
            case _:
                u, v = px, py
        if self.mirrored:
            u = 1.0 - u
        return self.left + u * self.width, self.top + v * self.height


def place(
    picture_width: int,
    picture_height: int,
    window_width: int,
    window_height: int,
    *,
    fit: Fit = Fit.LETTERBOX,
    rotation_degrees: int = 0,
    mirrored: bool = False,
) -> Placement:
    """Lay a picture out in the middle of a window, its proportions kept.

    An empty picture or window gives an empty placement.
    """
    if rotation_degrees in (90, 270):
        picture_width, picture_height = picture_height, picture_width
    if min(picture_width, picture_height, window_width, window_height) <= 0:
        return Placement(0.0, 0.0, 0.0, 0.0, rotation_degrees, mirrored)
    across = window_width / picture_width
    down = window_height / picture_height
    scale = min(across, down) if fit is Fit.LETTERBOX else max(across, down)
    width, height = picture_width * scale, picture_height * scale
    return Placement(
        left=(window_width - width) / 2,
        top=(window_height - height) / 2,
        width=width,
        height=height,
        rotation_degrees=rotation_degrees,
        mirrored=mirrored,
    )
