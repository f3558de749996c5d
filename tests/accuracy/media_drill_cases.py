"""P15, P17, P20 and P21: drills in a made call.

The probe's own drills run in made time over made rooms. Truth: what the call server said of both,
how long a reconnect and its gap took, 0.3 s clear of a limit, which pair was taken and how many
packets came through it, and by which protocol more arrived.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

from livekit import rtc

from preflight.analysis.media_path import PathTotals
from preflight.analysis.round_trip import SeenPicture
from preflight.probe.drills import Drills
from preflight.probe.protocol import Drill
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_stats import Came, Local, Sent, path_reports, stats_of_a, stats_of_b
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case
from tests.fakes.media_probe import GOOD_TRIAL

SEED = 500_000
_KINDS = rtc.SimulateScenarioKind
Quality = rtc.ConnectionQuality


# --- rooms -------------------------------------------------------------------------------------


class MadeRoom:
    """One side's room: events come when the case says so."""

    def __init__(self) -> None:
        self.local_participant = SimpleNamespace(identity="me")
        self.remote_participants: dict[str, Any] = {}
        self.returns_s: dict[int, float | None] = {}
        self.stats: Callable[[], rtc.RtcStats] = lambda: rtc.RtcStats([], [])
        self._heard: dict[str, Callable[..., None]] = {}

    def on(self, event: str, call: Callable[..., None]) -> None:
        self._heard[event] = call

    def tell(self, event: str, *words: object) -> None:
        self._heard[event](*words)

    async def simulate_scenario(self, scenario: int) -> None:
        after_s = self.returns_s.get(scenario)
        if after_s is not None:
            asyncio.get_running_loop().call_later(after_s, self.tell, "reconnected")

    async def get_rtc_stats(self) -> rtc.RtcStats:
        return self.stats()


class MadeSending:
    """What A sends, muted or not."""

    muted = False
    forgets = False

    def mute(self, *, on: bool) -> None:
        self.muted = on and not self.forgets


class MadePair:
    """Both rooms of a call with its drills, and the pictures that B sees."""

    def __init__(self, loop: MadeTimeLoop) -> None:
        self._loop = loop
        self.a, self.b, self.sending = MadeRoom(), MadeRoom(), MadeSending()
        self.gap: tuple[float, float] = (0.0, 0.0)
        self._began = loop.time()
        self.drills = Drills(cast(Any, self.a), cast(Any, self.b), cast(Any, self))
        self.drills.begin(cast(Any, self.sending), [PathTotals(0.0)])

    def since(self, at_s: float) -> list[SeenPicture]:
        found, now = list[SeenPicture](), self._loop.time()
        step = 1 / 25
        for number in range(int(at_s / step), int(now / step)):
            at = number * step
            if at >= at_s and not self.gap[0] <= at - self._began < self.gap[1]:
                found.append(SeenPicture(at, 100.0, None))
        return found


def drilled(code: str, prepare: Callable[[random.Random, MadePair], None]) -> Make:
    def made(rng: random.Random) -> Found:
        pairs: list[MadePair] = []

        async def drill(loop: MadeTimeLoop, wanted: Drill) -> Figures:
            if not pairs or wanted.drill != "tcp_rate":
                pairs.append(MadePair(loop))
                prepare(rng, pairs[-1])
            return await pairs[-1].drills.run(wanted)

        offered: Figures = {"told": True, "turn_offered": False, "turn_tls_offered": False}
        call = MadeCall(drill=drill, offered={**offered, "tcp_offered": True})
        return media_figures(code, call)

    return made


def _quality(*several: tuple[int, int]) -> Make:
    def prepare(rng: random.Random, pair: MadePair) -> None:
        loop = asyncio.get_running_loop()
        for room, quality in zip((pair.a, pair.b), rng.choice(several), strict=True):
            at_s = rng.uniform(0.0, 4.7)
            person = room.local_participant
            loop.call_later(at_s, room.tell, "connection_quality_changed", person, quality)
            # What is said of the other participant is no word on this one.
            other = Quality.QUALITY_LOST if rng.random() < 0.5 else Quality.QUALITY_POOR
            loop.call_later(at_s / 2, room.tell, "connection_quality_changed", object(), other)

    return drilled("media.server_quality", prepare)


def _silent(_rng: random.Random, _pair: MadePair) -> None:
    """A server that says nothing in time."""


def _back(
    low_s: float, high_s: float, *, gap: tuple[float, float] = (0.1, 2.0), mutes: bool = True
) -> Make:
    def prepare(rng: random.Random, pair: MadePair) -> None:
        slow, quick = rng.uniform(low_s, high_s), rng.uniform(0.1, max(0.11, min(1.5, low_s)))
        several = [slow, quick]
        rng.shuffle(several)
        pair.a.returns_s = {
            _KINDS.SIMULATE_SIGNAL_RECONNECT: several[0],
            _KINDS.SIMULATE_FULL_RECONNECT: several[1],
        }
        began = rng.uniform(0.0, 0.3)
        pair.gap = (began, began + rng.uniform(*gap))
        pair.sending.forgets = not mutes
        track = SimpleNamespace(muted=mutes, kind=rtc.TrackKind.KIND_AUDIO)
        pair.b.remote_participants["a"] = SimpleNamespace(track_publications={"1": track})

    return drilled("media.reconnect", prepare)


def _away(rng: random.Random, pair: MadePair) -> None:
    """A call that does not come back from one of the two breaks."""
    pair.a.returns_s = {
        _KINDS.SIMULATE_SIGNAL_RECONNECT: rng.choice((None, rng.uniform(0.1, 4))),
        _KINDS.SIMULATE_FULL_RECONNECT: None,
    }


def _over(local: tuple[Local, ...], per_s: tuple[float, float], *, returns: bool = True) -> Make:
    """A call that was moved to TCP: by which pair it goes then, and how much sound comes."""

    def prepare(rng: random.Random, pair: MadePair) -> None:
        loop = cast(MadeTimeLoop, asyncio.get_running_loop())
        began, rate = loop.time(), rng.uniform(*per_s)
        pair.a.returns_s = {_KINDS.SIMULATE_FORCE_TCP: rng.uniform(0.1, 2.0) if returns else None}
        reports = path_reports(rng.choice(local), (Local("udp", 0),), place=rng.randint(0, 1))
        pair.a.stats = lambda: stats_of_a(Sent(), reports)
        first = rng.randint(0, 500)

        def came() -> rtc.RtcStats:
            packets = first + round((loop.time() - began) * rate)
            return stats_of_b(Came(sound_packets=packets, sound_bytes=90 * packets))

        pair.b.stats = came

    return drilled("media.tcp_blocked", prepare)


# --- P21 ---------------------------------------------------------------------------------------


def _rates(tcp_share: tuple[float, float], lost: tuple[float, float]) -> Make:
    """The same call over both protocols: what came by TCP as a share of UDP, and UDP's loss."""

    def made(rng: random.Random) -> Found:
        udp_kbps, share, loss = rng.uniform(300, 2500), rng.uniform(*tcp_share), rng.uniform(*lost)

        def totals(at_s: float, kbps: float, lost_share: float) -> PathTotals:
            packets = round(kbps * 125 * at_s / 1100)
            gone = round(packets * lost_share / (1 - lost_share))
            return PathTotals(
                at_s,
                received_bytes=round(kbps * 125 * at_s),
                received_packets=packets,
                lost_down=gone,
                picture_packets=packets,
                picture_lost=gone,
            )

        async def drill(loop: MadeTimeLoop, wanted: Drill) -> Figures:
            if wanted.drill == "tcp":
                await loop.sleep(1)
                return {"tcp": True, "tcp_packets": 60}
            pair = MadePair(loop)
            over_udp = [
                totals(n, udp_kbps * rng.uniform(0.99, 1.01), loss / 100) for n in range(10)
            ]
            pair.drills.begin(cast(Any, pair.sending), over_udp)
            began = loop.time()

            def came() -> rtc.RtcStats:
                size = round(udp_kbps * share * 125 * (loop.time() - began))
                return stats_of_b(Came(picture_bytes=size, picture_packets=size // 1100))

            pair.b.stats = came
            return await pair.drills.run(wanted)

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(5)
            return {**GOOD_TRIAL, "loss_down_percent": loss}

        offered: Figures = {"told": True, "tcp_offered": True, "turn_offered": False}
        return media_figures("media.protocol_choice", MadeCall(trial, drill, offered=offered))

    return made


def cases() -> Iterator[Case]:
    """Yield the cases of these checks."""
    good, best = Quality.QUALITY_GOOD, Quality.QUALITY_EXCELLENT
    poor, lost = Quality.QUALITY_POOR, Quality.QUALITY_LOST
    yield from cases_of(
        "media.server_quality",
        SEED + 20_000,
        (("well", _quality((good, best), (best, best), (good, good))),),
        (
            ("poor", WARNED, _quality((poor, best), (good, poor), (poor, poor))),
            ("lost", FAILED, _quality((lost, best), (poor, lost), (lost, lost))),
        ),
        (("nothing said", UNKNOWN, drilled("media.server_quality", _silent)),),
    )
    yield from cases_of(
        "media.tcp_blocked",
        SEED + 30_000,
        (
            (
                "through",
                _over(
                    (
                        Local("tcp", 0),
                        Local("tcp", 2, tcp=1),
                        Local("udp", 3, relay=1),
                        Local("udp", 3, relay=2),
                    ),
                    (20, 60),
                ),
            ),
        ),
        (
            (
                "it stays on UDP",
                FAILED,
                _over((Local("udp", 0), Local("udp", 1), Local("udp", 3, relay=0)), (20, 60)),
            ),
            ("nothing comes", FAILED, _over((Local("tcp", 2, tcp=1),), (0, 5))),
            ("it does not come back", FAILED, _over((Local("tcp", 0),), (40, 60), returns=False)),
        ),
    )
    yield from cases_of(
        "media.reconnect",
        SEED + 60_000,
        (("soon", _back(0.1, 4.7)),),
        (
            ("late", WARNED, _back(5.3, 11.5)),
            ("a long gap", WARNED, _back(0.2, 3.0, gap=(5.4, 6.0))),
            ("not muted any more", WARNED, _back(0.2, 3.0, mutes=False)),
            ("away", FAILED, drilled("media.reconnect", _away)),
        ),
    )
    yield from cases_of(
        "media.protocol_choice",
        SEED + 70_000,
        (("little loss", _rates((0.3, 3.0), (0.0, 1.9))),),
        (
            ("TCP brings more", WARNED, _rates((1.3, 3.0), (2.1, 20))),
            ("TCP loses less", WARNED, _rates((0.5, 1.1), (2.3, 20))),
        ),
    )
