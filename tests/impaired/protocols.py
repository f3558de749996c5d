"""What a call over TCP is like beside one over UDP, on a lossy line (docs/decisions/0057).

``python -m tests.impaired.protocols`` makes twelve calls of sound, picture and small packets and
prints a line for each: two over UDP and two over TCP on each line. It takes six minutes and needs
root. The call itself is made by another such process at the client's end of the line.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from livekit import rtc

from preflight.devices.tone_microphone import gated_tone
from preflight.probe.path_stats import path_of
from tests.fakes.livekit_server import LiveKitServer
from tests.impaired.house import media_server
from tests.impaired.link import ImpairedLink
from tests.impaired.settings import both

LINES = ((25.0, 0.03), (25.0, 0.10), (75.0, 0.03))
"""Delay of each way in ms, and the share that is lost."""
WAYS = ("udp", "tcp", "udp", "tcp")
SETTLE_S = 5.0
MEASURE_S = 15.0
WITHIN_S = 90.0
EVERY_S = 0.02
RATE_HZ = 48_000
BLOCK = 480
FPS = 15
SIZE = (640, 360)
_OPTIONS = rtc.RoomOptions(single_peer_connection=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What B got of A in one call.

    Attributes:
        packets_p50_ms, packets_p95_ms: how long the small packets were on their way.
        sound_held_ms: for how long the jitter buffer held the sound, on average.
        concealed_percent: of the sound, made up because it was not there.
        pictures: that were shown in `MEASURE_S` and two seconds, of `FPS` a second.
    """

    protocol: str
    packets_p50_ms: int
    packets_p95_ms: int
    lost_percent: float
    sound_held_ms: int
    concealed_percent: float
    pictures: int


class _Call:
    """A sends, B counts; both in this process, on one clock."""

    def __init__(self) -> None:
        self.a, self.b = rtc.Room(), rtc.Room()
        self.sound = rtc.AudioSource(RATE_HZ, 1, queue_size_ms=100)
        self.picture = rtc.VideoSource(*SIZE)
        self.late_ms: list[float] = []
        self._streams: list[rtc.AudioStream | rtc.VideoStream] = []
        self.b.on("data_received", self._on_packet)
        self.b.on("track_subscribed", self._on_track)

    async def join(self, url: str, tokens: tuple[str, str], way: str) -> None:
        """Connect both; over TCP by the SDK's drill, which a client has no other means for."""
        back = {room: asyncio.Event() for room in (self.a, self.b)}
        for room, token in zip((self.a, self.b), tokens, strict=True):
            room.on("reconnected", back[room].set)
            await room.connect(url, token, _OPTIONS)
        if way == "udp":
            return
        for room in back:
            await room.simulate_scenario(rtc.SimulateScenarioKind.SIMULATE_FORCE_TCP)
        for came in back.values():
            await asyncio.wait_for(came.wait(), 20)
        await asyncio.sleep(1)

    async def publish(self) -> None:
        """Send sound as a call does, and a picture of 800 kbit/s at most."""
        microphone = rtc.LocalAudioTrack.create_audio_track("microphone", self.sound)
        camera = rtc.LocalVideoTrack.create_video_track("camera", self.picture)
        as_sound = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False, red=True
        )
        as_picture = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA,
            simulcast=False,
            video_encoding=rtc.VideoEncoding(max_bitrate=800_000, max_framerate=FPS),
        )
        await self.a.local_participant.publish_track(microphone, as_sound)
        await self.a.local_participant.publish_track(camera, as_picture)

    async def speak(self) -> None:
        """Speak without end."""
        blocks = gated_tone(220.0)[:, 0].reshape(-1, BLOCK)
        while True:
            for block in blocks:
                await self.sound.capture_frame(rtc.AudioFrame(block.tobytes(), RATE_HZ, 1, BLOCK))

    async def move(self) -> None:
        """Show a texture that moves, without end."""
        width, height = SIZE
        tiles = np.random.default_rng(2).integers(0, 255, (height // 4, width // 4, 4), np.uint8)
        texture = tiles.repeat(4, 0).repeat(4, 1)
        for number in range(10**9):
            moved = np.roll(texture, 4 * number, 1).tobytes()
            self.picture.capture_frame(
                rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, moved)
            )
            await asyncio.sleep(1 / FPS)

    async def inbound(self) -> dict[str, Any]:
        """Return what B counted of its incoming streams, by their kind."""
        found: dict[str, Any] = {}
        for report in (await self.b.get_rtc_stats()).subscriber_stats:
            if report.HasField("inbound_rtp"):
                found[report.inbound_rtp.stream.kind] = report.inbound_rtp.inbound
        return found

    def _on_packet(self, packet: rtc.DataPacket) -> None:
        self.late_ms.append((time.monotonic() - float(packet.data.rstrip(b"x"))) * 1000)

    def _on_track(self, track: rtc.Track, *_: object) -> None:
        is_sound = track.kind == rtc.TrackKind.KIND_AUDIO
        stream = rtc.AudioStream(track) if is_sound else rtc.VideoStream(track, capacity=1)
        self._streams.append(stream)


async def near(url: str, tokens: tuple[str, str], way: str) -> Told:
    """Make one call at this end of the line and measure it."""
    call = _Call()
    await call.join(url, tokens, way)
    await call.publish()
    sending = [asyncio.create_task(each) for each in (call.speak(), call.move())]
    await asyncio.sleep(SETTLE_S)
    before, sent = await call.inbound(), 0
    call.late_ms.clear()
    end_s = time.monotonic() + MEASURE_S
    while time.monotonic() < end_s:
        packet = f"{time.monotonic():.6f}".ljust(100, "x").encode()
        await call.a.local_participant.publish_data(packet, reliable=False)
        sent += 1
        await asyncio.sleep(EVERY_S)
    # The last ones are still on their way.
    await asyncio.sleep(2)
    after = await call.inbound()
    for task in sending:
        task.cancel()

    def grown(kind: str, name: str) -> float:
        return float(getattr(after[kind], name) - getattr(before[kind], name))

    late_ms = np.array(call.late_ms)
    return Told(
        protocol=str(path_of(await call.a.get_rtc_stats()).get("protocol")),
        packets_p50_ms=round(float(np.percentile(late_ms, 50))),
        packets_p95_ms=round(float(np.percentile(late_ms, 95))),
        lost_percent=round(100 * (1 - len(late_ms) / sent), 1),
        sound_held_ms=round(
            1000
            * grown("audio", "jitter_buffer_delay")
            / grown("audio", "jitter_buffer_emitted_count")
        ),
        concealed_percent=round(
            100 * grown("audio", "concealed_samples") / grown("audio", "total_samples_received"), 2
        ),
        pictures=round(grown("video", "frames_decoded")),
    )


async def far() -> None:
    """Make the calls over each line and print what came of them."""
    with ImpairedLink(seed=5) as link, media_server(link) as sfu:
        for delay_ms, loss in LINES:
            for way in WAYS:
                link.set(both(delay_ms=delay_ms, loss=loss))
                told = await _one_call(link, sfu, way)
                say(f"{2 * delay_ms:.0f} ms, {loss:.0%} lost, {way}: {told}")


async def _one_call(link: ImpairedLink, sfu: LiveKitServer, way: str) -> str:
    room = f"room-{uuid.uuid4()}"
    await sfu.create_room(room)
    tokens = [sfu.token(room, who) for who in ("a", "b")]
    here = (sys.executable, "-m", "tests.impaired.protocols", "--near", sfu.url, *tokens, way)
    process = await asyncio.create_subprocess_exec(
        *link.client_command(here), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()
        return "no call came about in time"
    return out.decode().strip()


def say(words: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure; ``--near`` makes one call at this end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--near", nargs=4, metavar=("URL", "A", "B", "WAY"))
    asked = parser.parse_args().near
    if asked is None:
        asyncio.run(far())
        return
    url, a, b, way = asked
    say(json.dumps(asdict(asyncio.run(near(url, (a, b), way)))))
    # The library's threads would hold the process up.
    os._exit(0)


if __name__ == "__main__":
    main()
