"""The way of the person's own sound and pictures into the probe process, for P12 and P13.

The preflight listens on loopback for one connection that knows the key; the key travels inside a
command on the probe's standard input. Devices put in what they deliver and never wait: what does
not fit pushes the oldest out, so memory stays below two pictures or one second of sound. Nothing
is stored, and nothing is sent once `DeviceFeed.close` was called.
"""

import hmac
import secrets
import socket
import threading
from collections import deque

import numpy as np

from preflight.devices.frames import AudioBlock, CameraFrame, is_picture
from preflight.devices.opencv import cv2
from preflight.probe.feed_format import HEAD, HEIGHT, KEY_SYMBOLS, WIDTH

_KEPT_PICTURES = 2
_KEPT_BLOCKS = 100
_LOOK_EVERY_S = 0.1
_STUCK_S = 1.0


class DeviceFeed:
    """Sends to one reader what a device delivers; made, used and closed on any thread.

    Attributes:
        port: on loopback.
        key: what the reader must say first; never logged.
    """

    def __init__(self) -> None:
        self.key = secrets.token_hex(KEY_SYMBOLS // 2)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1)
        self._listener.settimeout(_LOOK_EVERY_S)
        self.port: int = self._listener.getsockname()[1]
        self._news = threading.Condition()
        self._waiting: deque[tuple[int, bytes]] = deque(maxlen=_KEPT_BLOCKS)
        self._closed = False
        threading.Thread(target=self._serve, name="device feed", daemon=True).start()

    def take_picture(self, frame: CameraFrame) -> None:
        """Take a camera's picture; called on its own thread, about 1 ms at 1280x720."""
        if not is_picture(frame.pixels):
            return
        small = cv2.resize(frame.pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        self._put(
            frame.captured_ns, cv2.cvtColor(small, cv2.COLOR_BGR2YUV_I420).tobytes(), _KEPT_PICTURES
        )

    def take_block(self, block: AudioBlock) -> None:
        """Take a microphone's 10 ms; called on its own thread. Channels are mixed, as in a call."""
        mono = block.samples.astype(np.float32).mean(axis=1).round().astype("<i2")
        self._put(block.captured_ns, mono.tobytes(), _KEPT_BLOCKS)

    def _put(self, captured_ns: int, data: bytes, keep: int) -> None:
        with self._news:
            while len(self._waiting) >= keep:
                self._waiting.popleft()
            self._waiting.append((captured_ns, data))
            self._news.notify()

    def close(self) -> None:
        """Send nothing more; the thread ends by itself within a moment. Idempotent."""
        with self._news:
            self._closed = True
            self._waiting.clear()
            self._news.notify()

    def _serve(self) -> None:
        with self._listener:
            reader = self._accept()
        if reader is None:
            return
        with reader:
            try:
                self._send_all(reader)
            except OSError:
                # The reader is gone or stuck: so is the measurement.
                return

    def _accept(self) -> socket.socket | None:
        while not self._closed:
            try:
                found, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return None
            found.settimeout(_STUCK_S)
            if _knows(found, self.key):
                return found
            found.close()
        return None

    def _send_all(self, reader: socket.socket) -> None:
        while True:
            with self._news:
                while not self._waiting and not self._closed:
                    self._news.wait()
                if self._closed:
                    return
                captured_ns, data = self._waiting.popleft()
            reader.sendall(HEAD.pack(captured_ns, len(data)) + data)


def _knows(reader: socket.socket, key: str) -> bool:
    said = b""
    try:
        while len(said) < KEY_SYMBOLS:
            more = reader.recv(KEY_SYMBOLS - len(said))
            if not more:
                return False
            said += more
    except OSError:
        return False
    return hmac.compare_digest(said, key.encode())
