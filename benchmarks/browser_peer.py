"""Run livekit-client in Chromium as one side of a call and collect what the page measures.

Used by the benchmark (two of them) and by the interoperability test (one of them against a
Liftbay client). The page is served from loopback; Chromium runs on an Xvfb display of its own
(benchmarks/display.py): a hidden page is throttled.
"""

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil

from benchmarks.display import Display
from benchmarks.glass_to_glass import Captured

FOLDER = Path(__file__).resolve().parent / "browser"
CLIENT_SCRIPT = FOLDER / "node_modules" / "livekit-client" / "dist" / "livekit-client.umd.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_DEADLINE_S = 20.0


class BrowserPeerError(Exception):
    """The browser or its page did not come up; the text says what is missing."""


@dataclass(slots=True)
class PageConfig:
    """What the page is told.

    Attributes:
        clip: a Y4M or MJPEG file that Chromium's fake camera plays; None for its test pattern.
        tone: a WAV file for its fake microphone; None for its beeps.
        fps: pictures per second that it asks the camera for.
        codec: what it publishes, as livekit-client names it: "h264" or "vp8".
        reads_numbers: whether the page reads the numbers in its own pictures; the clip must
            carry them.
    """

    url: str
    token: str = field(repr=False)
    reads_numbers: bool = False
    clip: Path | None = None
    tone: Path | None = None
    fps: int = 30
    codec: str = "h264"


class BrowserPeer:
    """One Chromium with one page in one room.

    ``latest`` is the page's last report (running totals); ``captured`` gathers its own numbered
    pictures so far.
    """

    def __init__(self, config: PageConfig, folder: Path, display: Display) -> None:
        self.latest: dict[str, Any] = {}
        self.reports: list[dict[str, Any]] = []
        self.captured: list[Captured] = []
        self._config = config
        self._folder = folder
        self._display = display
        self._finish = threading.Event()
        self._shares_screen = threading.Event()
        self._server: ThreadingHTTPServer | None = None
        self._serving: threading.Thread | None = None
        self._browser: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the browser's main process."""
        assert self._browser is not None
        return self._browser.pid

    def start(self) -> None:
        """Serve the page and start the browser on it.

        Raises:
            BrowserPeerError: no browser or no livekit-client on this machine.
        """
        program = next((shutil.which(name) for name in BROWSERS if shutil.which(name)), None)
        if program is None:
            raise BrowserPeerError("no Chromium was found: run `make setup`")
        if not CLIENT_SCRIPT.exists():
            raise BrowserPeerError("livekit-client is missing: run `make setup`")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._serving = threading.Thread(
            target=self._server.serve_forever, name="browser-peer-http", daemon=True
        )
        self._serving.start()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._browser = subprocess.Popen(
            # Without tabs and address field, as an installed web app: room for a whole picture.
            [program, *self._arguments(), f"--app=http://127.0.0.1:{self._server.server_port}/"],
            env=os.environ | {"DISPLAY": self._display.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Chromium's helpers are found and ended as one group.
            start_new_session=True,
        )

    def wait_for(self, key: str, deadline_s: float = START_DEADLINE_S) -> Any:
        """Wait until the page reports a value for ``key`` and return it.

        Raises:
            BrowserPeerError: the page failed, or said nothing in time.
        """
        end = time.monotonic() + deadline_s
        while time.monotonic() < end:
            if self.latest.get("error"):
                raise BrowserPeerError(f"the page failed: {self.latest['error']}")
            value = self.latest.get(key)
            if value:
                return value
            time.sleep(0.1)
        raise BrowserPeerError(f"the page reported no {key} within {deadline_s:.0f} s")

    def processes(self) -> list[psutil.Process]:
        """Return the browser's whole process tree."""
        main = psutil.Process(self.pid)
        return [main, *main.children(recursive=True)]

    def share_screen(self, wanted: bool) -> None:
        """Begin or end sharing the screen; the page does it within about a second and reports
        it as ``sharing``. It is the fake device's: green, with a disc that turns."""
        if wanted:
            self._shares_screen.set()
        else:
            self._shares_screen.clear()

    def stop(self) -> None:
        """Let the page leave the room, then end the browser and the server."""
        self._finish.set()
        if self._browser is not None:
            time.sleep(1.5)
            for sign in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self._browser.pid, sign)
                except ProcessLookupError:
                    break
                try:
                    self._browser.wait(timeout=5)
                    break
                except subprocess.TimeoutExpired:
                    continue
            self._browser.wait(timeout=5)
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._serving is not None:
            self._serving.join(timeout=5)

    def _arguments(self) -> list[str]:
        config = self._config
        arguments = [
            "--no-sandbox",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            "--autoplay-policy=no-user-gesture-required",
            # As nobody's browser does with the page that is looked at; here nobody looks.
            "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows",
            "--window-size=1280,800",
            "--window-position=0,0",
            f"--user-data-dir={self._folder / 'profile'}",
        ]
        if config.clip is not None:
            arguments.append(f"--use-file-for-fake-video-capture={config.clip}")
        if config.tone is not None:
            arguments.append(f"--use-file-for-fake-audio-capture={config.tone}")
        return arguments

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.split("?")[0]
                files = {
                    "/": FOLDER / "peer.html",
                    "/peer.js": FOLDER / "peer.js",
                    "/picture_number.js": FOLDER / "picture_number.js",
                    "/livekit-client.umd.js": CLIENT_SCRIPT,
                }
                if name == "/config":
                    config = peer._config
                    self._answer(
                        {
                            "url": config.url,
                            "token": config.token,
                            "readsNumbers": config.reads_numbers,
                            "fps": config.fps,
                            "codec": config.codec,
                        }
                    )
                elif name in files:
                    kind = "text/html" if name == "/" else "text/javascript"
                    self._send(files[name].read_bytes(), kind)
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", "0"))
                told: dict[str, Any] = json.loads(self.rfile.read(size))
                peer.captured.extend(Captured(*each) for each in told.pop("captured"))
                peer.latest = told
                peer.reports.append(told)
                self._answer(
                    {
                        "finish": peer._finish.is_set(),
                        "shareScreen": peer._shares_screen.is_set(),
                    }
                )

            def _answer(self, body: object) -> None:
                self._send(json.dumps(body).encode(), "application/json")

            def _send(self, body: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - overridden
                """Keep the terminal for the table."""

        return Handler
