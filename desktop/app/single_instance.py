"""One client per profile: a second start hands its session link to the first and ends.

`QLockFile` decides who is first (it notices a dead owner), a local socket carries the link.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.app.profile import Profile

log = logging.getLogger(__name__)

HANDOVER_DEADLINE_MS = 3000
LINK_LIMIT_BYTES = 256


class SingleInstance(QObject):
    """Owns the profile's lock and its socket.

    ``on_link`` is called on the Qt thread with the session id another start was given, or an
    empty text when it only wants this window to show itself.
    """

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self._profile = profile
        self._lock = QLockFile(str(profile.lock_file))
        # Our own check of the owner's process is enough; never steal a lock by its age.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None
        self._on_link: Callable[[str], None] = lambda _link: None

    def acquire(self) -> bool:
        """Become the profile's one instance; False when another one lives."""
        if not self._lock.tryLock(0):
            return False
        # The socket of a crashed instance stays in the file system.
        QLocalServer.removeServer(self._profile.socket_name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(self._profile.socket_name):
            log.error("links from other starts cannot be taken: %s", self._server.errorString())
        return True

    def listen(self, on_link: Callable[[str], None]) -> None:
        """Deliver links to ``on_link`` from now on."""
        self._on_link = on_link

    def hand_over(self, session: str) -> bool:
        """Give ``session`` to the running instance; False when it does not take it in 3 s."""
        socket = QLocalSocket()
        socket.connectToServer(self._profile.socket_name)
        if not socket.waitForConnected(HANDOVER_DEADLINE_MS):
            return False
        socket.write(session.encode()[:LINK_LIMIT_BYTES] + b"\n")
        done = socket.waitForBytesWritten(HANDOVER_DEADLINE_MS)
        socket.disconnectFromServer()
        return bool(done)

    def release(self) -> None:
        """Let the next start be the one instance."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _on_connection(self) -> None:
        assert self._server is not None
        socket = self._server.nextPendingConnection()

        def read() -> None:
            if socket.canReadLine():
                line = bytes(socket.readLine(LINK_LIMIT_BYTES + 2).data())
                self._on_link(line.decode(errors="replace").strip())
                socket.disconnectFromServer()

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)
        if socket.bytesAvailable():
            read()
