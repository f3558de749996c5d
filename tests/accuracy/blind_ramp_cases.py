"""P01 to P03, P10 and H01, blind: senders that swing, and lines that give way for a while.

Written from the catalogue and the made call's own parameters (`MadeRamp`), without a look at what
is worked out of its statistics. Those of the older set climb once and stay; these swing as
congestion control does, stumble, and share the line with somebody who comes and goes.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from preflight.probe.trial_figures import figures_of
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, blind_cases_of
from tests.accuracy.media_ramp_cases import MadeRamp, ramp
from tests.accuracy.tally import Case

SEED = 8_400_000


@dataclass(frozen=True, slots=True)
class Swinging(MadeRamp):
    """A call that swings below what it could have.

    Attributes:
        swing: share of the rate that the sender gives up, again and again.
        period_s: how often.
        dip_s: when somebody takes half of the line for two seconds; negative: never.
    """

    swing: float = 0.0
    period_s: float = 2.5
    dip_s: float = -9.0

    def rtp_kbps(self, at_s: float) -> float:
        """Return what is sent: a saw's tooth below the line's rate."""
        # The class of slots is made anew, so that super() would not find it.
        steady = MadeRamp.rtp_kbps(self, at_s)
        tooth = 1 - self.swing * (1 - math.modf(at_s / self.period_s)[0])
        dip = 0.5 if self.dip_s <= at_s < self.dip_s + 2 else 1.0
        return steady * tooth * dip


def _swinging(rng: random.Random, **more: Any) -> Swinging:
    return Swinging(
        swing=rng.uniform(0, 0.12),
        period_s=rng.uniform(0.8, 2.5),
        dip_s=rng.choice((-9.0, rng.uniform(2, 9))),
        seconds=rng.uniform(13, 18),
        **more,
    )


def _up(low: float, high: float) -> Make:
    """A line's rate in whole packets, of which the best three seconds show most."""
    return lambda rng: ramp("media.uplink_low", rng, _swinging(rng, up=rng.uniform(low, high)))


def _down(low: float, high: float) -> Make:
    return lambda rng: ramp("media.downlink_low", rng, _swinging(rng, down=rng.uniform(low, high)))


def _both_narrow(rng: random.Random) -> Found:
    """The upload is as narrow as what comes back: it says nothing of the download."""
    rate = rng.uniform(350, 850)
    return ramp("media.downlink_low", rng, _swinging(rng, up=rate, down=rate * 3))


def _sharp(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        made = Swinging(
            sharp_s=rng.uniform(low, high),
            seconds=18.0,
            swing=rng.uniform(0, 0.03),
            period_s=rng.uniform(0.6, 1.2),
        )
        return ramp("media.ramp_slow", rng, made)

    return make


def _never_sharp(rng: random.Random) -> Found:
    return ramp("media.ramp_slow", rng, _swinging(rng, up=rng.uniform(300, 1050)))


def _limited(up: tuple[float, float], share: tuple[float, float]) -> Make:
    def make(rng: random.Random) -> Found:
        made = _swinging(rng, limited=rng.uniform(*share), up=rng.uniform(*up))
        return ramp("media.bandwidth_limited", rng, made)

    return make


def _encodes(low: float, high: float, cpu: tuple[float, float] = (0.0, 0.0)) -> Make:
    def make(rng: random.Random) -> Found:
        made = _swinging(
            rng,
            encode_ms=rng.uniform(low, high),
            scale=rng.choice((1.0, 0.75, 0.5, 0.33)),
            cpu=rng.uniform(*cpu),
        )
        told = figures_of(made.totals(rng), [])
        return {name: told[name] for name in ("encode_ms", "cpu_limited_percent")}

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what a swing could carry over a limit is not made."""
    yield from blind_cases_of(
        "media.uplink_low",
        SEED,
        (("wide", _up(1550, 6000)),),
        (("narrow", WARNED, _up(900, 1030)), ("too narrow", FAILED, _up(200, 640))),
    )
    yield from blind_cases_of(
        "media.downlink_low",
        SEED + 20_000,
        (("wide", _down(1700, 12_000)),),
        (("narrow", WARNED, _down(900, 1030)), ("too narrow", FAILED, _down(200, 640))),
        (("narrow both ways", UNKNOWN, _both_narrow),),
    )
    yield from blind_cases_of(
        "media.ramp_slow",
        SEED + 40_000,
        (("soon", _sharp(1.5, 6.5)),),
        (("late", WARNED, _sharp(9, 13)),),
        (("never", UNKNOWN, _never_sharp),),
    )
    yield from blind_cases_of(
        "media.bandwidth_limited",
        SEED + 60_000,
        (
            ("free", _limited((1700, 4000), (0, 0.08))),
            ("wide enough, and held back", _limited((1700, 4000), (0.13, 1.0))),
        ),
        (
            ("narrow, and held back", WARNED, _limited((900, 1030), (0.13, 1.0))),
            ("too narrow, now and then", WARNED, _limited((200, 640), (0.13, 0.46))),
            ("too narrow, mostly", FAILED, _limited((200, 640), (0.55, 1.0))),
        ),
    )
    yield from blind_cases_of(
        "host.cpu_encode",
        SEED + 80_000,
        (("quick", _encodes(2, 13.5)),),
        (
            ("slow", WARNED, _encodes(16.5, 23.5)),
            ("held back a little", WARNED, _encodes(4, 13, (0.02, 0.17))),
            ("too slow", FAILED, _encodes(27, 60)),
            ("held back much", FAILED, _encodes(4, 13, (0.24, 0.9))),
        ),
    )
