"""The servers at the far end of a line: a real LiveKit server, the real service, and made ones.

This machine reaches them beside the line, at the same addresses as the client does over it.
"""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client_api.secret import Secret
from client_api.wire import ProbeRoom
from desktop.app.demo.media_server import MediaServer, Place, free_ports
from desktop.app.demo.processes import ServiceProcess
from preflight.probe.network_probe import MakeProcess
from preflight.probe.process import ProbeProcess, probe_command
from tests.fakes.livekit_server import LiveKitServer, find_binary
from tests.impaired.link import ImpairedLink


def place_of(link: ImpairedLink) -> Place:
    """Return the servers' end of a line as a place where servers run."""
    return Place(link.plan.server, "wan0", link.server_command(()))


def probes_over(link: ImpairedLink) -> MakeProcess:
    """Return what makes the product's own probe processes at the client's end."""
    return lambda kind: ProbeProcess(link.client_command(probe_command(kind)))


def media_server(link: ImpairedLink) -> LiveKitServer:
    """Return a LiveKit server at the far end, not started."""
    return LiveKitServer(place=place_of(link))


async def probe_room(sfu: LiveKitServer) -> ProbeRoom:
    """Make a probe room with its tokens, as the service does."""
    name = f"probe-{uuid.uuid4()}"
    await sfu.create_room(name)
    tokens = {who: Secret(sfu.token(name, f"probe-{who}")) for who in ("a", "b", "join", "relay")}
    return ProbeRoom(url=sfu.url, room=name, tokens=tokens)


@contextmanager
def service(
    link: ImpairedLink, folder: Path, *, clock_offset_s: float = 0.0
) -> Iterator[ServiceProcess]:
    """Run the real service with a media server of its own at the far end.

    Args:
        clock_offset_s: by how much the service's clock is wrong, whatever this machine's says.
    """
    place = place_of(link)
    media = MediaServer(
        find_binary(), folder / "livekit", api_key="devkey", api_secret="s" * 40, place=place
    )
    entry: tuple[str, ...] = tuple(place.entry)
    if clock_offset_s:
        entry += (sys.executable, "-m", "tests.impaired.wrong_clock", str(clock_offset_s))
    at = Place(place.address, place.interface, entry)
    running = ServiceProcess(folder, media, free_ports(1)[0], {}, at)
    media.start()
    try:
        running.start()
        yield running
    finally:
        try:
            running.stop()
        finally:
            media.kill()
