"""P01 to P03, P10, P11, P14, P16 and H01: made calls, read out of made statistics of the SDK.

A sender's rate grows to what the line carries or to the cap; the numbers that the SDK would tell of
both sides are written second by second, with noise, and read by the probe's own readers. Truth is
the line's: its rate in whole packets 6 % clear of a limit, the second in which the picture was
sharp, shares of the encoder's want, the first picture, painted times in pictures that were scaled
and blurred, the selected pair among others, and the encoder's true time for a whole picture.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from preflight.analysis.media_path import PathTotals
from preflight.analysis.round_trip import SeenPicture, delay_ms
from preflight.checks.media.bench import LONGEST_S
from preflight.devices.time_code import read_time_code, write_time_code
from preflight.probe.path_stats import path_of, totals_of
from preflight.probe.trial_figures import figures_of
from tests.accuracy import media_freeze_cases
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_stats import Came, Local, Sent, path_reports, stats_of_a, stats_of_b
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case

SEED = 390_000
PACKET = 1100
AROUND = 38
STREAM_KBPS = 125.0
CAP_KBPS = 3500.0


@dataclass(frozen=True, slots=True)
class MadeRamp:
    """A call over a line.

    Attributes:
        up, down: what the line carries each way, kbit/s of whole packets.
        sharp_s: when the sender reaches 1,275 kbit/s, where the line lets it.
        seconds: how long the call lasts.
        limited, cpu: shares of the time after 8 s, and of all, in which the encoder lacked
            bandwidth or processor.
        encode_ms: of a whole picture; ``scale`` shrinks the picture that is sent.
        freezes: spread over the call, beside one with each change of the size.
        smaller_at_s: when the picture becomes smaller.
    """

    up: float = 3200.0
    down: float = 9000.0
    sharp_s: float = 3.0
    jumps: bool = False
    seconds: float = LONGEST_S
    limited: float = 0.0
    cpu: float = 0.0
    encode_ms: float = 8.0
    scale: float = 1.0
    first_frame_s: float | None = 0.4
    freezes: int = 0
    smaller_at_s: tuple[float, ...] = ()

    def rtp_kbps(self, at_s: float) -> float:
        """Return what is sent of pictures and sound, headers included."""
        if self.jumps:
            wanted = 800.0 if at_s < self.sharp_s else CAP_KBPS
        else:
            wanted = min(CAP_KBPS, 300 * (1275 / 300) ** (at_s / self.sharp_s))
        free = (self.up - STREAM_KBPS) * PACKET / (PACKET + AROUND)
        return max(20.0, min(wanted, free))

    def totals(self, rng: random.Random) -> list[PathTotals]:
        """Return the readings that the probe takes, about one a second."""
        sent, came, found, at_s = Sent(), Came(), list[PathTotals](), 0.0
        while True:
            found.append(totals_of(at_s, stats_of_a(sent), stats_of_b(came)))
            if at_s >= self.seconds:
                return found
            step = rng.uniform(0.99, 1.08)
            self._send(rng, sent, came, at_s, min(at_s + step, self.seconds + 0.05))
            at_s = min(at_s + step, self.seconds + 0.05)

    def _send(
        self, rng: random.Random, sent: Sent, came: Came, since_s: float, at_s: float
    ) -> None:
        parts = 20
        each_s = (at_s - since_s) / parts
        kilobits = sum(self.rtp_kbps(since_s + each_s * (n + 0.5)) * each_s for n in range(parts))
        size = round(kilobits * 125 * rng.uniform(0.985, 1.015))
        packets = size // PACKET
        sent.picture_bytes += size
        sent.picture_packets += packets
        # A full queue drops pictures and the loss stream alike.
        offered = kilobits / (at_s - since_s) * (PACKET + AROUND) / PACKET + STREAM_KBPS
        got = round(size * min(1.0, self.down / offered))
        if self.first_frame_s is not None:
            came.picture_bytes += got
            came.picture_packets += got // PACKET
            came.picture_lost += (size - got) // PACKET
            came.decoded += round(25 * (at_s - since_s)) if at_s > self.first_frame_s else 0
            came.freezes = self._freezes(at_s)
        frames = round(rng.uniform(20, 30) * (at_s - since_s))
        sent.frames += frames
        # A frame's time scatters; the smaller picture takes a little more than its share.
        sent.encode_s += frames * self.encode_ms / 1000 * self.scale**2 * rng.uniform(0.95, 1.05)
        scale = self.scale * 0.75 ** sum(at_s >= each for each in self.smaller_at_s)
        sent.width, sent.height = round(1280 * scale), round(720 * scale)
        sent.bandwidth_s += self.limited * max(0.0, at_s - max(8.0, since_s)) if at_s > 8 else 0.0
        sent.cpu_s += self.cpu * (at_s - since_s)
        sent.rtt_s = rng.uniform(0.02, 0.05)

    def _freezes(self, at_s: float) -> int:
        each_s = self.seconds / (self.freezes + 1)
        of_line = sum(at_s >= each_s * (n + 1) for n in range(self.freezes))
        # A key picture of the new size takes the line most of a second.
        return of_line + sum(at_s >= each + 0.9 for each in self.smaller_at_s)

    async def figures(self, rng: random.Random, loop: MadeTimeLoop) -> Figures:
        await loop.sleep(self.seconds)
        path = path_of(stats_of_a(Sent()))
        first = self.first_frame_s
        return {
            "joined": True,
            "first_frame_ms": None if first is None else first * 1000,
            **path,
            **figures_of(self.totals(rng), []),
        }


def ramp(code: str, rng: random.Random, made: MadeRamp) -> Found:
    """Ask a check of a call."""
    return media_figures(code, MadeCall(trial=lambda loop: made.figures(rng, loop)))


def _up(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        made = MadeRamp(up=rng.uniform(low, high), sharp_s=rng.uniform(1.5, 8))
        return ramp("media.uplink_low", rng, made)

    return make


def _down(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        made = MadeRamp(up=rng.uniform(2400, 6000), down=rng.uniform(low, high), sharp_s=2.5)
        return ramp("media.downlink_low", rng, made)

    return make


def _up_is_narrow(rng: random.Random) -> Found:
    made = MadeRamp(up=rng.uniform(300, 1000), down=rng.uniform(3000, 50_000))
    return ramp("media.downlink_low", rng, made)


def _sharp(low: float, high: float, *, jumps: bool = False, up: float = 3300.0) -> Make:
    def make(rng: random.Random) -> Found:
        made = MadeRamp(up=up, sharp_s=rng.uniform(low, high), jumps=jumps, seconds=16.0)
        return ramp("media.ramp_slow", rng, made)

    return make


def _limited(up: tuple[float, float], share: tuple[float, float], *, seconds: float = 16.0) -> Make:
    """Hold back the encoder as a line of that rate does, which is sent 3.5 Mbit/s."""
    return lambda rng: ramp(
        "media.bandwidth_limited",
        rng,
        MadeRamp(limited=rng.uniform(*share), seconds=seconds, up=rng.uniform(*up)),
    )


def _first_frame(low_s: float, high_s: float, freezes: tuple[int, ...] = (0,)) -> Make:
    """Freezes of the line stay two readings away from changes of the size (decision 0058)."""

    def make(rng: random.Random) -> Found:
        while True:
            # An encoder looks for seconds before it changes the size again (5 s in our own calls).
            first_s = rng.uniform(2, 8)
            sizes = (first_s, first_s + rng.uniform(1.5, 6))
            made = MadeRamp(
                first_frame_s=rng.uniform(low_s, high_s),
                freezes=rng.choice(freezes),
                smaller_at_s=sizes[: rng.randint(0, len(sizes))],
            )
            stops = [made.seconds / (made.freezes + 1) * (n + 1) for n in range(made.freezes)]
            if all(abs(at - stop) > 2.2 for at in made.smaller_at_s for stop in stops):
                return ramp("media.video_stuck", rng, made)

    return make


def _never_a_frame(rng: random.Random) -> Found:
    return ramp("media.video_stuck", rng, MadeRamp(first_frame_s=None))


def _encodes(low: float, high: float, cpu: tuple[float, float] = (0.0, 0.0)) -> Make:
    """H01 by the very figures that the bench of the machine takes of a call."""

    def make(rng: random.Random) -> Found:
        made = MadeRamp(
            encode_ms=rng.uniform(low, high),
            scale=rng.choice((1.0, 0.75, 0.5)),
            cpu=rng.uniform(*cpu),
            seconds=rng.uniform(6, 16),
        )
        told = figures_of(made.totals(rng), [])
        return {name: told[name] for name in ("encode_ms", "cpu_limited_percent")}

    return make


# --- P14 and P16 -------------------------------------------------------------------------------


def _seen(rng: random.Random, delay_s: float, jitter_s: float) -> list[SeenPicture]:
    """Paint times into pictures, shrink and blur them as a codec does, and read them again."""
    noise = np.random.default_rng(rng.randrange(1 << 30))
    found: list[SeenPicture] = []
    for number in range(24):
        captured_ns = 7_000_000_000_000 + number * 40_000_000
        picture = noise.integers(40, 200, (360, 640), dtype=np.uint8)
        write_time_code(picture, captured_ns)
        step = rng.choice((1, 1, 2))
        small = picture[::step, ::step].astype(np.float64)
        small = np.clip(small * rng.uniform(0.8, 1.1) + noise.normal(0, 9, small.shape), 0, 255)
        at_ns = captured_ns + round((delay_s + rng.expovariate(1) * jitter_s) * 1e9)
        code = read_time_code(small.astype(np.uint8), at_ns)
        found.append(
            SeenPicture(at_ns / 1e9, float(small.mean()), None if code is None else code // 1000)
        )
    return found


def _delayed(low_s: float, high_s: float) -> Make:
    def make(rng: random.Random) -> Found:
        jitter_s = rng.uniform(0, 0.008)
        seen = _seen(rng, rng.uniform(low_s, high_s) - 0.69 * jitter_s, jitter_s)

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(6)
            median, high = delay_ms(seen) or (None, None)
            return {"joined": True, "delay_ms": median, "delay_p95_ms": high}

        return media_figures("media.delay", MadeCall(trial=trial))

    return make


_DIRECT = (Local("udp", 0), Local("udp", 1), Local("udp", 2))
_DETOURS = (
    Local("tcp", 0, tcp=0),
    Local("tcp", 2, tcp=1),
    Local("tcp", 1, tcp=2),
    Local("udp", 3, relay=0),
    Local("udp", 3, relay=1),
    Local("udp", 3, relay=2),
    Local("tcp", 3, relay=2),
    Local("tcp", 2, tcp=0),
)


def _pair(chosen: tuple[Local, ...], others: tuple[Local, ...]) -> Make:
    def make(rng: random.Random) -> Found:
        beside = tuple(rng.sample(others, rng.randint(0, 3)))
        reports = path_reports(rng.choice(chosen), beside, place=rng.randint(0, 3))
        rng.shuffle(reports)

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(6)
            return {"joined": True, **path_of(stats_of_a(Sent(), reports))}

        return media_figures("media.udp_blocked", MadeCall(trial=trial))

    return make


def cases() -> Iterator[Case]:
    """Yield the cases of these checks."""
    yield from cases_of(
        "media.uplink_low",
        SEED,
        (("plenty", _up(1700, 9000)), ("enough", _up(1175, 1700))),
        (("slow", WARNED, _up(745, 1030)), ("very slow", FAILED, _up(160, 655))),
    )
    yield from cases_of(
        "media.downlink_low",
        SEED + 10_000,
        (("enough", _down(1175, 9000)),),
        (("slow", WARNED, _down(745, 1030)), ("very slow", FAILED, _down(160, 655))),
        (("the way up is the narrow one", UNKNOWN, _up_is_narrow),),
    )
    yield from cases_of(
        "media.ramp_slow",
        SEED + 20_000,
        (("soon", _sharp(0.8, 6.4)),),
        (
            ("late", WARNED, _sharp(9.2, 13.0)),
            ("very late", FAILED, _sharp(15.02, 15.1, jumps=True)),
        ),
        (("never", UNKNOWN, _sharp(3, 9, up=900.0)),),
    )
    yield from cases_of(
        "media.bandwidth_limited",
        SEED + 30_000,
        (
            ("a free line", _limited((3300, 9000), (0, 0.07))),
            ("a line for a call, but not for all that is sent", _limited((1175, 3000), (0.3, 1))),
            ("a slow line, and a small picture", _limited((160, 1030), (0, 0.07))),
        ),
        (
            ("slow, and held back", WARNED, _limited((745, 1030), (0.13, 1))),
            ("very slow, held back now and then", WARNED, _limited((160, 655), (0.13, 0.45))),
            ("very slow, and held back", FAILED, _limited((160, 655), (0.55, 1))),
        ),
        (("too short a call", UNKNOWN, _limited((300, 3000), (0, 1), seconds=6.0)),),
    )
    yield from cases_of(
        "media.video_stuck",
        SEED + 40_000,
        (("at once", _first_frame(0.1, 2.85)),),
        (
            ("late", WARNED, _first_frame(3.15, 7.7)),
            ("frozen now and then", WARNED, _first_frame(0.1, 2.8, (1, 2, 5))),
            ("very late", FAILED, _first_frame(8.2, 12)),
            ("never", FAILED, _never_a_frame),
        ),
    )
    yield from media_freeze_cases.cases()
    yield from cases_of(
        "media.delay",
        SEED + 50_000,
        (("soon", _delayed(0.02, 0.235)),),
        (("late", WARNED, _delayed(0.265, 0.48)), ("very late", FAILED, _delayed(0.52, 2.0))),
    )
    yield from cases_of(
        "media.udp_blocked",
        SEED + 60_000,
        (("direct", _pair(_DIRECT, _DETOURS)),),
        (("a detour", WARNED, _pair(_DETOURS, (*_DIRECT, *_DETOURS[:3]))),),
    )
    yield from cases_of(
        "host.cpu_encode",
        SEED + 70_000,
        (("quick", _encodes(1, 13.8)),),
        (
            ("slow", WARNED, _encodes(16.2, 23.2)),
            ("very slow", FAILED, _encodes(26.8, 60)),
            ("short of processor", WARNED, _encodes(4, 12, (0.02, 0.17))),
            ("very short of it", FAILED, _encodes(4, 12, (0.23, 0.9))),
        ),
    )
