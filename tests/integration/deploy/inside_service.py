"""An instance in the network of deploy/compose.yaml, as far as it speaks with the media servers.

Usage: python inside_service.py, with an instance's settings in the environment. It opens a room as
the service does, waits until the media server has told it so, and says both in a line of JSON.
"""

import asyncio
import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "backend")]

from aiohttp import web  # noqa: E402  # the path to it comes first

from liftbay_backend.rooms.livekit_rooms import LiveKitRooms  # noqa: E402  # as above
from liftbay_backend.rooms.ports import RoomPolicy, RoomsUnavailable  # noqa: E402  # as above
from liftbay_backend.settings_reading import load_settings  # noqa: E402  # as above

WITHIN_SECONDS = 60


async def main() -> None:
    settings = load_settings()
    rooms = LiveKitRooms(
        settings.livekit_url,
        settings.livekit_api_key,
        settings.livekit_api_secret.get_secret_value(),
    )
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/api/livekit/webhook":
            event = rooms.read_webhook(await request.text(), request.headers["Authorization"])
            told.put_nowait({"event": event.kind, "room": event.room})
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            try:
                await rooms.ensure_room("session-of-the-test", RoomPolicy(3, 60, 20))
                break
            except RoomsUnavailable as error:
                sys.stderr.write(f"{error.detail}\n")
                await asyncio.sleep(0.2)
        sys.stdout.write(json.dumps(await told.get()) + "\n")
    await rooms.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
