"""The network's probe in memory and virtual time."""

from client_api.clock import Clock
from client_api.wire import ProbeRoom
from preflight.model import Measured
from preflight.probe.network_probe import HealthLook
from preflight.probe.protocol import Question

GOOD_REACH: Measured = {"dns_ok": True, "dns_ms": 2.0, "tcp_ok": True, "tls_ok": True}


class FakeNetworkProbe:
    """A `NetworkProbe` with a line of a settable round trip."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reach_figures: Measured = GOOD_REACH
        self.healthy = True
        self.rtt_ms = 24.0
        self.connects = True
        self.start_s = 0.5
        self.begun = 0
        self.looks = 0
        self.ended = 0
        self.end_s = 0.0
        self.joined_rooms: list[str] = []
        self.advice: dict[Question, Measured | Exception] = {
            "portal": {"portal": False, "answer": "exact"},
            "interception": {"fault": "not_offered"},
            "families": {"family_broken": False, "ipv4_answers": True},
            "large_packets": {"black_hole": False, "stalls": 0},
        }
        self.asked: list[Question] = []
        self.more: Measured = {}

    def begin(self, *, with_room: bool) -> None:
        self.begun += 1

    async def ready(self, *, for_room: bool) -> None:
        await self._clock.sleep(self.start_s)

    async def reach(self, url: str) -> Measured:
        await self._clock.sleep(0.05)
        return self.reach_figures

    async def look_at_health(self, url: str, *, samples: int, budget_s: float) -> HealthLook:
        self.looks += 1
        await self._clock.sleep(samples * (0.1 + self.rtt_ms / 1000))
        return HealthLook(
            {
                "healthy": self.healthy,
                "lost": 0,
                "samples": samples,
                "status": 200,
                "rtt_median_ms": self.rtt_ms,
                **self.more,
            },
            (self.rtt_ms,) * samples,
        )

    async def signal(self, room: ProbeRoom) -> Measured:
        await self._clock.sleep(0.01)
        return {"joined": self.connects, "join_ms": 8.0}

    async def join(self, room: ProbeRoom) -> Measured:
        await self._clock.sleep(0.2)
        self.joined_rooms.append(room.room)
        return {"connected": self.connects, "connect_ms": 200.0}

    async def advice_ready(self) -> None:
        await self._clock.sleep(0.1)

    async def advise(self, question: Question, url: str) -> Measured:
        self.asked.append(question)
        await self._clock.sleep(0.05)
        answer = self.advice[question]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def end(self) -> None:
        if self.end_s:
            await self._clock.sleep(self.end_s)
        self.ended += 1
