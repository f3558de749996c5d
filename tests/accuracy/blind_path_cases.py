"""P16 to P19, blind: whole listings of candidates, as the SDK tells them of a call.

Written from the catalogue, the statistics' own fields (livekit.rtc) and W3C's webrtc-stats,
without a look at what reads them. A listing has candidates of both sides, pairs of every state,
nominated ones that are not used any more, and two transports where there are two connections.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from unittest.mock import patch

from livekit import rtc

from preflight.probe import main, relay_join
from preflight.probe.path_stats import path_of
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import FAILED, SKIPPED, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_stats import Came, Sent, stats_of_a, stats_of_b
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.media_drill_cases import MadePair, drilled
from tests.accuracy.tally import Case
from tests.fakes.media_probe import GOOD_TRIAL

SEED = 8_700_000
HOST, SRFLX, PRFLX, RELAY = range(4)
OVER_UDP, OVER_TCP, OVER_TLS = range(3)
SUCCEEDED = 4


@dataclass(frozen=True)
class Way:
    """One local candidate: its protocol, kind, and how it speaks to its relay."""

    protocol: str
    kind: int
    relay: int = OVER_UDP


_BY_UDP = (Way("udp", HOST), Way("udp", SRFLX), Way("udp", PRFLX))
_BY_TCP = (Way("tcp", HOST), Way("tcp", PRFLX), Way("tcp", SRFLX))
_RELAYED = tuple(Way("udp", RELAY, over) for over in (OVER_UDP, OVER_TCP, OVER_TLS))


def _listing(rng: random.Random, used: Way, beside: Sequence[Way]) -> list[Any]:
    """Return every report of a connection that goes by ``used``."""
    ways = [used, *beside]
    rng.shuffle(ways)
    reports: list[Any] = []
    for number, way in enumerate(ways):
        mark = f"{rng.randrange(16**8):08x}"
        three: list[Any] = [rtc.stats.RtcStats() for _ in range(3)]
        mine, theirs, pair = three
        for report, name in ((mine, "local_candidate"), (theirs, "remote_candidate")):
            told = getattr(report, name)
            told.rtc.id = f"I{name[0]}{mark}"
            told.candidate.transport_id = "T01"
            told.candidate.priority = rng.randrange(2**31)
            told.candidate.protocol = way.protocol
            told.candidate.port = rng.choice((443, 7881, 50_123))
        mine.local_candidate.candidate.candidate_type = way.kind
        # The server's own address is a plain one, whatever this side's is.
        theirs.remote_candidate.candidate.candidate_type = HOST
        if way.kind == RELAY:
            mine.local_candidate.candidate.relay_protocol = way.relay
            mine.local_candidate.candidate.url = "turn:turn.test"
        if way.protocol == "tcp":
            mine.local_candidate.candidate.tcp_type = rng.randrange(3)
        is_used = way is used
        found = pair.candidate_pair.candidate_pair
        pair.candidate_pair.rtc.id = f"CP{mark}_{number}" if not is_used else "CPused"
        found.transport_id = "T01"
        found.local_candidate_id = mine.local_candidate.rtc.id
        found.remote_candidate_id = theirs.remote_candidate.rtc.id
        found.state = SUCCEEDED if is_used else rng.choice((0, 1, 2, 3, SUCCEEDED))
        found.nominated = is_used or (found.state == SUCCEEDED and rng.random() < 0.5)
        found.responses_received = 9 if is_used else rng.choice((0, 60))
        found.bytes_sent = rng.randrange(10**7)
        found.current_round_trip_time = 0.04 if is_used else 0.002
        reports += [mine, theirs, pair]
    transport = rtc.stats.RtcStats()
    transport.transport.rtc.id = "T01"
    transport.transport.transport.selected_candidate_pair_id = "CPused"
    transport.transport.transport.selected_candidate_pair_changes = rng.randint(1, 4)
    reports.append(transport)
    rng.shuffle(reports)
    return reports


def _pick(rng: random.Random, used: Sequence[Way], others: Sequence[Way]) -> list[Any]:
    way = rng.choice(used)
    rest = [each for each in others if each != way]
    return _listing(rng, way, rng.sample(rest, rng.randint(1, min(3, len(rest)))))


_EVERY = (*_BY_UDP, *_BY_TCP, *_RELAYED)


def _natural(used: Sequence[Way]) -> Make:
    """P16: how the call came through by itself."""

    def make(rng: random.Random) -> Found:
        reports = _pick(rng, used, _EVERY)

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(7)
            return {"joined": True, **path_of(stats_of_a(Sent(), reports))}

        return media_figures("media.udp_blocked", MadeCall(trial=trial))

    return make


def _forced(used: Sequence[Way], low_hz: float, high_hz: float) -> Make:
    """P17: after the call was moved to TCP, so many packets of sound come."""

    def prepare(rng: random.Random, pair: MadePair) -> None:
        loop = cast(MadeTimeLoop, asyncio.get_running_loop())
        began, rate = loop.time(), rng.uniform(low_hz, high_hz)
        scenario = rtc.SimulateScenarioKind.SIMULATE_FORCE_TCP
        pair.a.returns_s = {scenario: rng.uniform(0.1, 1.5)}
        reports = _pick(rng, used, _EVERY)
        pair.a.stats = lambda: stats_of_a(Sent(), reports)

        def came() -> rtc.RtcStats:
            packets = 40 + round((loop.time() - began) * rate)
            return stats_of_b(Came(sound_packets=packets, sound_bytes=110 * packets))

        pair.b.stats = came

    return drilled("media.tcp_blocked", prepare)


class _Room:
    """A room that is joined by a relay alone."""

    reports: tuple[Any, ...] = ()
    rate = 100.0
    joins_s: float | None = 0.5
    began = 0.0

    async def connect(self, _url: str, _token: str, _options: object) -> None:
        await asyncio.sleep(60.0 if self.joins_s is None else self.joins_s)
        type(self).began = asyncio.get_running_loop().time()

    async def disconnect(self) -> None:
        """Nothing is left."""

    async def get_rtc_stats(self) -> rtc.RtcStats:
        packets = round((asyncio.get_running_loop().time() - self.began) * self.rate)
        came = stats_of_b(Came(picture_packets=packets, picture_bytes=packets * 950))
        return rtc.RtcStats(list(self.reports), came.subscriber_stats)


def _relay(
    code: str,
    used: Sequence[Way],
    rate: tuple[float, float] = (40, 400),
    *,
    joins: bool = True,
    urls: Sequence[str] = ("turn:turn.test:3478?transport=udp", "turns:turn.test:443"),
    udp: bool = True,
) -> Make:
    """P18 and P19: a join by the relays that the server offers."""

    def make(rng: random.Random) -> Found:
        room = type(
            "Room",
            (_Room,),
            {
                "reports": tuple(_pick(rng, used, _RELAYED)),
                "rate": rng.uniform(*rate),
                "joins_s": rng.uniform(0.2, 2) if joins else None,
            },
        )
        plain = [rtc.IceServer(urls=[each]) for each in urls if each.startswith("turn:")]
        secure = [rtc.IceServer(urls=[each]) for each in urls if each.startswith("turns:")]
        told = relay_join.Offered(True, plain, secure, tcp=True, udp=True)

        async def offer(_url: str, _token: str) -> relay_join.Offered:
            return told

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(6)
            return {**GOOD_TRIAL, "udp": udp}

        with (
            patch.object(rtc, "Room", room),
            patch.object(relay_join, "offer", offer),
            patch.object(main, "LIBRARY_REST_S", 0.0),
        ):
            return media_figures(code, MadeCall(trial))

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "media.udp_blocked",
        SEED,
        (("UDP", _natural(_BY_UDP)),),
        (("TCP", WARNED, _natural(_BY_TCP)), ("a relay", WARNED, _natural(_RELAYED))),
    )
    yield from blind_cases_of(
        "media.tcp_blocked",
        SEED + 20_000,
        (("it comes by TCP", _forced(_BY_TCP, 25, 60)),),
        (
            ("it still goes by UDP", FAILED, _forced(_BY_UDP, 25, 60)),
            ("nothing comes", FAILED, _forced(_BY_TCP, 0, 3)),
        ),
    )
    for number, (code, right, ill) in enumerate(
        (
            ("media.relay_blocked", _RELAYED[:1], FAILED),
            ("media.turn_tls_blocked", _RELAYED[2:], WARNED),
        )
    ):
        wrong = tuple(each for each in _RELAYED if each not in right)
        yield from blind_cases_of(
            code,
            SEED + 40_000 + 20_000 * number,
            (("through it", _relay(code, right)),),
            (
                ("by another relay", ill, _relay(code, wrong)),
                ("past it", ill, _relay(code, _BY_UDP)),
                ("hardly anything comes", ill, _relay(code, right, (0, 4))),
                ("no connection", ill, _relay(code, right, joins=False)),
                *(
                    [("nor by UDP", FAILED, _relay(code, right, joins=False, udp=False))]
                    if ill is WARNED
                    else []
                ),
            ),
            (("not offered", SKIPPED, _relay(code, right, urls=())),),
        )
