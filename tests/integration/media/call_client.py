"""One headless client of a call in a process of its own, driven by JSON lines.

``python -m tests.integration.media.call_client --tone HZ [--qt] [--time-code]`` reads commands
from stdin and writes events and answers to stdout. With ``--qt`` the remote picture is painted by
the product's own VideoView under qasync; without, the mailbox is emptied by a plain loop.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import enum
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.tasks import spawn
from client_api.wire import AttemptId, Role, RoomTicket
from desktop.app.footprint import limit_footprint
from desktop.call.events import QualityMeasured, RoomEvent
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.media.call_metrics import CallMetrics
from desktop.media.livekit_room import LiveKitRoom
from desktop.viewmodels.pictures import PictureMailbox
from preflight.devices.null_speaker import NullSpeaker
from preflight.devices.pattern_camera import pattern_camera
from preflight.devices.source_thread import OpenGuard
from preflight.devices.tone_microphone import tone_microphone
from tests.fakes.loop_stalls import LoopStallMeter


class CallClient:
    """A call without a person: devices, room, a reader of pictures, and commands."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.pictures = PictureMailbox()
        self.screen = PictureMailbox()
        self.room = LiveKitRoom(
            clock=SystemClock(), camera_pictures=self.pictures, screen_pictures=self.screen
        )
        self.metrics = CallMetrics(self.room, LoopStallMeter(), time_code=True)
        self._options = options
        guard = OpenGuard()
        self._media = LocalMedia(
            pattern_camera(guard, time_code=options.time_code),
            tone_microphone(options.tone, guard),
            NullSpeaker(),
        )
        self._over = asyncio.Event()
        self._qualities = 0
        self._last_quality: QualityMeasured | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        self.room.listen(self._on_event)
        assert self._media.camera is not None
        assert self._media.microphone is not None
        self._media.camera.open()
        self._media.microphone.open()
        await self.room.prepare()
        self.metrics.start()
        threading.Thread(target=self._read_commands, args=(loop,), daemon=True).start()
        say({"ready": os.getpid()})
        await self._over.wait()
        await self.room.aclose()
        self.metrics.stop()
        for device in (self._media.camera, self._media.microphone, self._media.speaker):
            if device is not None:
                device.close()
        await asyncio.sleep(0.5)

    def _read_commands(self, loop: asyncio.AbstractEventLoop) -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(self._start_command, json.loads(line))
        loop.call_soon_threadsafe(self._over.set)

    def _start_command(self, command: dict[str, Any]) -> None:
        spawn(self._obey(command), name="command")

    async def _obey(self, command: dict[str, Any]) -> None:
        attempt = AttemptId(str(command.get("attempt", "")))
        answer: Any = None
        match command["do"]:
            case "join":
                ticket = RoomTicket(
                    url=command["url"],
                    token=Secret(command["token"]),
                    room=command["room"],
                    identity=command["identity"],
                    role=Role.CUSTOMER,
                    attempt=attempt,
                )
                wishes = MediaWishes(command.get("microphone", True), command.get("camera", True))
                await self.room.join(attempt, ticket, self._media, wishes)
            case "leave":
                await self.room.leave(attempt)
            case "microphone":
                await self.room.set_microphone(attempt, command["on"])
            case "camera":
                await self.room.set_camera(attempt, command["on"])
            case "share":
                await self.room.set_screen_share(attempt, command["on"])
            case "stall":
                for _ in range(command["count"]):
                    time.sleep(command["ms"] / 1000)  # noqa: ASYNC251 - the stall is the point
                    await asyncio.sleep(0.2)
            case "report":
                answer = self._report()
            case "quit":
                self._over.set()
            case unknown:
                raise ValueError(f"no such command: {unknown}")
        say({"answer": command["do"], "id": command["id"], "value": answer})

    def _report(self) -> dict[str, Any]:
        room = self.room
        counters = room.audio.counters
        return {
            "figures": dataclasses.asdict(self.metrics.figures()),
            "streams": {"video": room.video.open_streams, "sound": counters.open_streams},
            "captured": counters.captured,
            "capture_overruns": counters.capture_overruns,
            "people": {
                identity: dataclasses.asdict(each)
                | {"tone": dataclasses.asdict(room.audio.read_tone(identity))}
                for identity, each in counters.people.items()
            },
            "pictures": {"put": self.pictures.put_count, "dropped": self.pictures.dropped_count},
            "screen": self.screen.put_count,
            "qualities": self._qualities,
            "quality": repr(self._last_quality),
            "runtimes": _runtimes(),
        }

    def _on_event(self, event: RoomEvent) -> None:
        if isinstance(event, QualityMeasured):
            self._qualities += 1
            self._last_quality = event
            return
        fields = {
            each.name: _plain(getattr(event, each.name)) for each in dataclasses.fields(event)
        }
        say({"event": type(event).__name__, **fields})


def _plain(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value


def say(message: dict[str, Any]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def _run_plain(client: CallClient) -> None:
    loop = asyncio.get_running_loop()

    def paint() -> None:
        picture = client.pictures.take()
        if picture is not None:
            client.metrics.on_painted(picture)

    def wake() -> None:
        loop.call_soon_threadsafe(paint)

    detach = client.pictures.attach(wake)
    await client.run()
    detach()


def _run_qt(make: Callable[[], CallClient]) -> None:
    import qasync
    from PySide6.QtWidgets import QApplication

    from desktop.views.video_view import VideoView

    application = QApplication(sys.argv[:1])
    loop = qasync.QEventLoop(application)
    view = VideoView()
    view.resize(1280, 720)

    async def run() -> None:
        client = make()
        view.on_painted = client.metrics.on_painted
        view.show_from(client.pictures)
        view.show()
        await client.run()

    with loop:
        loop.run_until_complete(_whole(run()))


async def _whole(work: Coroutine[Any, Any, None]) -> None:
    await work


def _runtimes() -> int:
    """Count libwebrtc's runtimes in this process: each has one thread of that name."""
    names = []
    for each in Path("/proc/self/task").glob("*/comm"):
        # A thread may end between the listing and the look.
        with contextlib.suppress(OSError):
            names.append(each.read_text())
    return sum(name.startswith("signaling_th") for name in names)


def main() -> None:
    """Run until told to quit or stdin ends."""
    # As the product does: with glibc's own habits each rejoin adds 1.4 MB to the heaps of threads.
    limit_footprint()
    parser = argparse.ArgumentParser()
    parser.add_argument("--qt", action="store_true")
    parser.add_argument("--tone", type=float, required=True)
    parser.add_argument("--time-code", action="store_true")
    parser.add_argument("--log", action="store_true", help="write the log to stderr")
    options = parser.parse_args()
    if options.log:
        logging.basicConfig(level=logging.INFO, format="%(relativeCreated)d %(name)s %(message)s")
    if options.qt:
        _run_qt(lambda: CallClient(options))
    else:

        async def run() -> None:
            await _run_plain(CallClient(options))

        asyncio.run(run())
    sys.stdout.flush()
    # The SDK's threads abort 1 to 2 % of ordinary interpreter exits.
    os._exit(0)


if __name__ == "__main__":
    main()
