"""The only module that imports OpenCV; everyone else takes ``cv2`` from here.

OpenCV's wheel points two environment variables at a Qt of its own when it is imported. Left
like that, PySide6 looks for its platform plugin there and a window never opens, so both are put
back as they were. Options that OpenCV reads at import or at the first capture are set before.
"""

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_qt_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

# A camera that stops delivering must not hold the capture thread for OpenCV's default of 10 s.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
# With hardware transforms some Windows cameras need 4 to 20 s to open.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# A missing or busy camera is an answer for us, not a line on the person's terminal.
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import cv2  # noqa: E402 - the variables above count only before this import
from cv2_enumerate_cameras import enumerate_cameras  # noqa: E402 - it imports cv2 itself

for _name, _value in _qt_before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

# A picture's conversion takes about a millisecond. Spread over OpenCV's pool it is done no sooner
# next to an encoder and a decoder, and the pool's threads spin while they wait.
cv2.setNumThreads(1)

__all__ = ["cv2", "enumerate_cameras"]
