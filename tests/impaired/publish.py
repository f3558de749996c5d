"""Publishes at a rung over a line of just that rung's rate, as a call does: what does it lose?

    python -m tests.impaired.publish [--seconds 14] [--rungs 1,2,3,4,5,6] [--share 1.0]

Prints Markdown. Lost and late are the forwarder's, over the last eight seconds: a call looks for
its rate in the first ones.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import numpy as np
from livekit import rtc

from desktop.media.publish_options import camera_options, microphone_options, room_options
from preflight.probe.trial_sending import cloud
from preflight.verdicts.recommendation import LADDER, Recommendation, Rung
from tests.impaired.calibrate import limited
from tests.impaired.house import media_server, probe_room
from tests.impaired.link import ImpairedLink
from tests.impaired.packet_log import PacketLog
from tests.impaired.packets import Kind
from tests.impaired.settings import UP

SETTLED_S = 8.0
_RATE_HZ, _BLOCK = 48_000, 480


def recommended(rung: Rung) -> Recommendation:
    """Return what a call at this rung is told."""
    return Recommendation(
        rung.number, rung.width, rung.height, rung.fps, rung.bitrate_kbps, False, ()
    )


async def publish(url: str, tokens: Sequence[str], rung: Rung, seconds: float) -> None:
    """Send pictures and sound from one participant to another like a call, and end the process."""
    a, b = rtc.Room(), rtc.Room()
    await asyncio.gather(
        *(
            room.connect(url, token, room_options())
            for room, token in zip((a, b), tokens, strict=True)
        )
    )
    pictures = rtc.VideoSource(rung.width, rung.height)
    sound = rtc.AudioSource(_RATE_HZ, 1, 100)
    camera = rtc.LocalVideoTrack.create_video_track("camera", pictures)
    microphone = rtc.LocalAudioTrack.create_audio_track("microphone", sound)
    sending = asyncio.gather(_pictures(pictures, rung), _sound(sound))
    await a.local_participant.publish_track(camera, camera_options(recommended(rung)))
    await a.local_participant.publish_track(microphone, microphone_options())
    await asyncio.wait([sending], timeout=seconds)
    if sending.done():
        # It goes on for ever unless something is wrong.
        sending.result()
    # Past the interpreter's tear-down, in which the native library may abort.
    os._exit(0)


async def _pictures(source: rtc.VideoSource, rung: Rung) -> None:
    width, height = rung.width, rung.height
    texture = cloud(height * 2, width)
    data = np.full(width * height * 3 // 2, 128, dtype=np.uint8)
    number, began = 0, time.perf_counter()
    while True:
        top = number * 2 % height
        data[: width * height] = texture[top : top + height].reshape(-1)
        frame = rtc.VideoFrame(
            width, height, rtc.VideoBufferType.I420, memoryview(data.data).cast("B")
        )
        source.capture_frame(frame)
        number += 1
        await asyncio.sleep(max(0.0, began + number / rung.fps - time.perf_counter()))


async def _sound(source: rtc.AudioSource) -> None:
    noise = (np.random.default_rng(3).standard_normal(_BLOCK) * 900).astype(np.int16)
    while True:
        await source.capture_frame(rtc.AudioFrame(noise.tobytes(), _RATE_HZ, 1, _BLOCK))


async def measure(rungs: Sequence[Rung], seconds: float, share: float) -> str:
    """Return the table; the lines have ``share`` of their rungs' rates."""
    lines = [
        "| rung | line, kbit/s | picture | sent, kbit/s | lost up | late p50 / p95, ms |",
        "|---|---|---|---|---|---|",
    ]
    with ImpairedLink() as link, media_server(link) as sfu:
        for rung in rungs:
            rate_kbps = share * rung.uplink_kbps
            link.set(limited(rate_kbps, UP))
            room = await probe_room(sfu)
            given = json.dumps(
                {
                    "url": room.url,
                    "tokens": [room.tokens[who].reveal() for who in ("a", "b")],
                    "rung": asdict(rung),
                    "seconds": seconds,
                }
            )
            mark = link.mark()
            command = link.client_command([sys.executable, "-m", "tests.impaired.publish", "--be"])
            # Nothing else runs on this loop.
            run = partial(subprocess.run, command, input=given, text=True, check=True)
            await asyncio.to_thread(run)
            lines.append(_row(rung, rate_kbps, link.packets(mark)))
    return "\n".join(lines)


def _row(rung: Rung, rate_kbps: float, packets: PacketLog) -> str:
    up = packets.of(UP)
    media = up.of(kind=Kind.RTP).last_seconds(SETTLED_S)
    p50, p95 = np.percentile(media.delays_ms(), [50, 95])
    return (
        f"| {rung.number} | {rate_kbps:,.0f} | {rung.width}x{rung.height}, {rung.fps} fps, "
        f"{rung.bitrate_kbps} kbit/s | {media.kbps():,.0f} | {100 * media.lost_share():.2f} % "
        f"| {p50:.0f} / {p95:.0f} |"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table, or be the two participants."""
    parser = argparse.ArgumentParser(prog="python -m tests.impaired.publish")
    parser.add_argument("--seconds", type=float, default=14.0)
    parser.add_argument("--rungs", default="1,2,3,4,5,6")
    parser.add_argument("--share", type=float, default=1.0, help="of the rung's rate")
    parser.add_argument("--be", action="store_true")
    told = parser.parse_args(arguments)
    if told.be:
        given = json.loads(sys.stdin.read())
        asyncio.run(publish(given["url"], given["tokens"], Rung(**given["rung"]), given["seconds"]))
        return 0
    wanted = {int(word) for word in told.rungs.split(",")}
    rungs = [rung for rung in LADDER if rung.number in wanted]
    sys.stdout.write(asyncio.run(measure(rungs, told.seconds, told.share)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
