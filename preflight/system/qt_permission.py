"""What Qt knows of permissions: the truth on macOS, always "granted" on Linux."""

from PySide6.QtCore import QCameraPermission, QCoreApplication, QMicrophonePermission


def permission_status(what: str) -> str:
    """Return "Granted", "Denied" or "Undetermined" for "camera" or "microphone".

    Qt thread only, with an application object in place.
    """
    app = QCoreApplication.instance()
    if app is None:
        return "Undetermined"
    permission = QCameraPermission() if what == "camera" else QMicrophonePermission()
    return str(app.checkPermission(permission).name)
