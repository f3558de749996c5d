"""One call by two Liftbay clients, and the same call by two browsers, measured alike.

Both go through a LiveKit server of the same build and configuration, each client on an Xvfb
display of its own. A window of 20 s begins 8 s after the first 720p picture. What is measured as
glass to glass stands in glass_to_glass.py.
"""

import asyncio
import statistics
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from livekit import api

from benchmarks.browser_peer import BrowserPeer, PageConfig
from benchmarks.display import Display
from benchmarks.glass import Glass, Sight, delays_ms
from benchmarks.glass_to_glass import numbered_delays_ms
from benchmarks.material import CLIP_S
from benchmarks.process_tree import Cost, CostMeter
from desktop.app.demo.journey import Journey, JourneyOptions
from desktop.app.demo.media_server import MediaServer
from desktop.app.demo.processes import ClientProcess
from desktop.app.demo.stages import Side
from liftbay_backend.rooms.livekit_rooms import LiveKitRooms
from liftbay_backend.rooms.ports import RoomPolicy

SETTLE_S = 8.0
WINDOW_S = 20.0
REPORTED_WITHIN_S = 2.0
ENOUGH = 100
ROOM_POLICY = RoomPolicy(
    max_participants=4, empty_timeout_seconds=300, departure_timeout_seconds=60
)
"""The rest of a room is the service's own, for both pairs."""
SECRET = "a-secret-of-32-characters-or-more-for-the-benchmark"  # noqa: S105 - loopback only


@dataclass(frozen=True, slots=True)
class ClientFigures:
    """One client's part of one call; latency only where pictures carried a code.

    Attributes:
        latency_p50_ms, latency_p95_ms: from capture to the screen (glass_to_glass.py).
        painted_p50_ms: as Liftbay's client measures itself, to its painted picture.
        reading_ms_per_s: time of a page's main thread for reading numbers.
    """

    connect_to_first_frame_ms: float | None
    fps: float | None
    width: int
    height: int
    cpu_cores: float
    pss_mb: float
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    encoder_limited: bool
    peak_hz: float | None
    painted_p50_ms: float | None = None
    reading_ms_per_s: float | None = None

    def fault(self, asked_fps: int, *, coded: bool) -> str | None:
        """Why this call does not count, None when it does; below 24 of 30 pictures it does not.

        Args:
            coded: it was made to measure the latency.
        """
        if self.fps is None or self.fps < 0.8 * asked_fps:
            return "no picture" if self.fps is None else f"{self.fps:.1f} of {asked_fps} fps"
        if (self.width, self.height) != (1280, 720):
            return f"{self.width}x{self.height}"
        if self.encoder_limited:
            return "limited by the encoder"
        if coded and self.latency_p50_ms is None:
            return "too few readable codes"
        return None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for the results file."""
        return asdict(self)


def liftbay_call(
    folder: Path, clip: Path, tones: dict[Side, Path], *, time_code: bool
) -> list[ClientFigures]:
    """Run the product's own journey with two clients and return both sides' figures.

    Raises:
        DemoError, MediaServerError, RuntimeError: the call did not happen.
    """
    displays = {side: Display() for side in Side}
    meters: dict[str, CostMeter] = {}
    costs: dict[str, Cost] = {}
    glass: Glass[str] = Glass()

    def on_fact(client: ClientProcess, fact: dict[str, Any]) -> None:
        if fact.get("fact") == "measuring" and client.pid is not None:
            meters[client.side] = CostMeter(client.pid)
            meters[client.side].start()
            if time_code:
                screen = displays[Side(client.side)].screen()
                glass.watch(client.side, screen, tuple(fact["picture"]))
        elif fact.get("name") == "measured" and client.side in meters:
            costs[client.side] = meters[client.side].stop()

    try:
        for display in displays.values():
            display.start()
        options = JourneyOptions(
            headless=True,
            output=folder,
            cameras=dict.fromkeys(Side, f"file:{clip}"),
            microphones={side: f"file:{tones[side]}" for side in Side},
            measure_s=WINDOW_S,
            time_code=time_code,
            costly_figures=time_code,
            pictures=False,
            platform="xcb",
            client_environment={
                side: {"DISPLAY": display.name} for side, display in displays.items()
            },
            on_fact=on_fact,
        )
        result = Journey(options, lambda _line: None).run()
    finally:
        sights = glass.stop()
        for display in displays.values():
            display.stop()
    if not result.ok:
        raise RuntimeError("; ".join(result.complaints))
    return [
        _of_timeline(
            result.told[side.value], costs[side.value], sights.get(side.value, ()), WINDOW_S
        )
        for side in Side
    ]


def _of_timeline(
    told: dict[str, Any], cost: Cost, sights: Sequence[Sight], window_s: float
) -> ClientFigures:
    width, height = told["remote_size"]
    painted = told.get("glass_to_glass_ms")
    latency = _spread(delays_ms(_of_window(sights, window_s)))
    return ClientFigures(
        connect_to_first_frame_ms=told["connect_to_first_frame_ms"],
        fps=told["remote_fps"],
        width=width,
        height=height,
        cpu_cores=cost.cpu_cores,
        pss_mb=cost.pss_mb,
        latency_p50_ms=latency[0],
        latency_p95_ms=latency[1],
        encoder_limited=bool(told.get("encoder_limited")),
        peak_hz=(told.get("remote_audio") or {}).get("peak_hz"),
        painted_p50_ms=painted["p50"] if painted else None,
    )


def _of_window(sights: Sequence[Sight], window_s: float) -> list[Sight]:
    """Return those within so many seconds of the first one: the call goes on after them."""
    return [one for one in sights if one.at_ns - sights[0].at_ns <= window_s * 1e9]


def browser_call(
    folder: Path,
    binary: Path,
    clip: Path,
    tones: dict[Side, Path],
    *,
    reads_numbers: bool,
    fps: int,
    codec: str,
) -> list[ClientFigures]:
    """Run the same call with livekit-client in two Chromiums.

    Args:
        reads_numbers: measure the latency; the clip must be a numbered one.

    Raises:
        BrowserPeerError, MediaServerError: the call did not happen.
    """
    server = MediaServer(binary, folder / "livekit", api_key="bench", api_secret=SECRET)
    displays = {side: Display() for side in Side}
    room = f"bench-{uuid.uuid4()}"
    peers: dict[Side, BrowserPeer] = {}
    glass: Glass[Side] = Glass()
    try:
        server.start()
        _create_room(server, room)
        for side in Side:
            displays[side].start()
            config = PageConfig(
                url=server.url,
                token=_token(room, side),
                reads_numbers=reads_numbers,
                clip=clip,
                tone=tones[side],
                fps=fps,
                codec=codec,
            )
            peers[side] = BrowserPeer(config, folder / side.value, displays[side])
            peers[side].start()
        for peer in peers.values():
            peer.wait_for("firstHdMs", 40.0)
        time.sleep(SETTLE_S)
        meters = {side: CostMeter(peer.pid) for side, peer in peers.items()}
        if reads_numbers:
            for side, peer in peers.items():
                glass.watch(side, displays[side].screen(), tuple(peer.latest["picture"]))
        before = {side: dict(peer.latest) for side, peer in peers.items()}
        for meter in meters.values():
            meter.start()
        time.sleep(WINDOW_S)
        costs = {side: meter.stop() for side, meter in meters.items()}
        after = {side: dict(peer.latest) for side, peer in peers.items()}
        sights = glass.stop()
        if reads_numbers:
            # A page reports once a second: what was seen may have been captured since its last.
            time.sleep(REPORTED_WITHIN_S)
        return [
            _of_page(before[side], after[side], costs[side], _delays_ms(peers, side, sights))
            for side in Side
        ]
    finally:
        glass.stop()
        for peer in peers.values():
            peer.stop()
        for display in displays.values():
            display.stop()
        server.kill()


def _delays_ms(
    peers: Mapping[Side, BrowserPeer], side: Side, sights: Mapping[Side, Sequence[Sight]]
) -> list[float]:
    """Return the delays of the other side's pictures on this one's screen."""
    other = next(each for each in Side if each is not side)
    return numbered_delays_ms(peers[other].captured, sights.get(side, ()), CLIP_S * 1000)


def _of_page(
    before: dict[str, Any], after: dict[str, Any], cost: Cost, seen_ms: Sequence[float]
) -> ClientFigures:
    seconds = (after["atMs"] - before["atMs"]) / 1000
    latency = _spread(seen_ms)
    return ClientFigures(
        connect_to_first_frame_ms=after["connectToFirstFrameMs"],
        fps=(after["framesShown"] - before["framesShown"]) / seconds if seconds > 0 else None,
        width=after["width"],
        height=after["height"],
        cpu_cores=cost.cpu_cores,
        pss_mb=cost.pss_mb,
        latency_p50_ms=latency[0],
        latency_p95_ms=latency[1],
        encoder_limited=after.get("limitedBy") == "cpu",
        peak_hz=(after.get("audio") or {}).get("peakHz"),
        reading_ms_per_s=(
            (after["readingMs"] - before["readingMs"]) / seconds
            if seen_ms and seconds > 0
            else None
        ),
    )


def _spread(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the median and the 95th percentile, of no fewer than 100 values."""
    if len(values) < ENOUGH:
        return None, None
    ordered = sorted(values)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95)]


def _token(room: str, side: Side) -> str:
    grants = api.VideoGrants(room_join=True, room=room, can_publish=True, can_subscribe=True)
    token = api.AccessToken("bench", SECRET).with_identity(side.value).with_grants(grants)
    return str(token.to_jwt())


def _create_room(server: MediaServer, room: str) -> None:
    async def create() -> None:
        rooms = LiveKitRooms(server.url, "bench", SECRET)
        try:
            await rooms.ensure_room(room, ROOM_POLICY)
        finally:
            await rooms.close()

    asyncio.run(create())
