"""P18 and P19: joins by a relay, through the probe's own participant over a made room.

Truth: whether the selected pair was such a relay, and whether packets came through it.
"""

import asyncio
import random
from collections.abc import Iterator
from unittest.mock import patch

from livekit import rtc

from preflight.probe import relay_join
from tests.accuracy.asked_media import Figures, MadeCall, media_figures
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.made_stats import Came, Local, path_reports, stats_of_b
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case
from tests.fakes.media_probe import GOOD_TRIAL

SEED = 500_000


# --- P18 and P19 -------------------------------------------------------------------------------


class RelayRoom:
    """A room that is joined by a relay, or not."""

    takes_s: float | None = 0.3
    local = Local("udp", 3, relay=0)
    per_s = 60.0
    began = 0.0

    async def connect(self, _url: str, _token: str, _options: object) -> None:
        await asyncio.sleep(60.0 if self.takes_s is None else self.takes_s)
        if self.takes_s is None:
            raise rtc.ConnectError("timed out")
        type(self).began = asyncio.get_running_loop().time()

    async def disconnect(self) -> None:
        """Nothing is left."""

    async def get_rtc_stats(self) -> rtc.RtcStats:
        packets = round((asyncio.get_running_loop().time() - self.began) * self.per_s)
        reports = path_reports(self.local, (Local("udp", 0), Local("tcp", 2, tcp=1)))
        came = stats_of_b(Came(picture_packets=packets, picture_bytes=packets * 900))
        return rtc.RtcStats(reports, came.subscriber_stats)


def _relay(
    code: str,
    local: tuple[Local, ...],
    *,
    joins: bool = True,
    per_s: tuple[float, float] = (20, 300),
    offered: bool = True,
    udp: bool = True,
) -> Make:
    def made(rng: random.Random) -> Found:
        room = type(
            "Room",
            (RelayRoom,),
            {
                "takes_s": rng.uniform(0.1, 2.5) if joins else None,
                "local": rng.choice(local),
                "per_s": rng.uniform(*per_s),
            },
        )
        servers = [rtc.IceServer(urls=["turn:turn.test:3478"])] if offered else []
        told = relay_join.Offered(True, servers, servers, tcp=True, udp=True)

        async def offer(_url: str, _token: str) -> relay_join.Offered:
            return told

        async def trial(loop: MadeTimeLoop) -> Figures:
            await loop.sleep(5)
            return {**GOOD_TRIAL, "udp": udp}

        with patch.object(rtc, "Room", room), patch.object(relay_join, "offer", offer):
            from preflight.probe import main

            with patch.object(main, "LIBRARY_REST_S", 0.0):
                return media_figures(code, MadeCall(trial))

    return made


_UDP_RELAY, _TLS_RELAY = Local("udp", 3, relay=0), Local("udp", 3, relay=2)
_NO_RELAY = (Local("udp", 0), Local("udp", 2), Local("tcp", 2, tcp=1))


def _relay_cases(code: str, seed: int, right: Local, wrong: Local) -> Iterator[Case]:
    tls = code == "media.turn_tls_blocked"
    ill = WARNED if tls else FAILED
    yield from cases_of(
        code,
        seed,
        (("through", _relay(code, (right,))),),
        (
            ("another way", ill, _relay(code, (*_NO_RELAY, wrong))),
            ("nothing comes through", ill, _relay(code, (right,), per_s=(0, 5))),
            ("no connection", ill, _relay(code, (right,), joins=False)),
            *(
                (("and no UDP", FAILED, _relay(code, (wrong,), joins=False, udp=False)),)
                if tls
                else ()
            ),
        ),
        (("not offered", UNTOLD, _relay(code, (right,), offered=False)),),
    )


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from _relay_cases(
        "media.relay_blocked", SEED + 40_000, _UDP_RELAY, Local("udp", 3, relay=1)
    )
    yield from _relay_cases("media.turn_tls_blocked", SEED + 50_000, _TLS_RELAY, _UDP_RELAY)
