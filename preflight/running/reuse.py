"""What of this machine's last run counts in this one, and what this one leaves for the next.

Knows the parts of the fingerprint of both; the decisions are in `preflight.memory.freshness`.
"""

from collections.abc import Callable, Coroutine, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from client_api.clock import Clock
from preflight.checks.media.bench import EarlierPath, MediaBench
from preflight.checks.media.steps import Step
from preflight.checks.network.bench import NetworkBench
from preflight.memory.fingerprint import Fingerprint, Seen, plain_parts
from preflight.memory.freshness import PathThen, media_path_counts
from preflight.memory.kept_run import KeptRun, KeptTrial, load_kept, save_kept
from preflight.memory.machine_file import Machine
from preflight.model import CheckResult
from preflight.offload import Offload
from preflight.parts import DeviceLists
from preflight.probe.media_probe import TrialLook
from preflight.system.network_place import NetworkPlace
from preflight.system.surroundings import Surroundings
from preflight.verdicts.recommendation import Recommendation, recommend

_CALL_SERVER = frozenset({"call_server"})


class Reuse:
    """One run's view of the one before.

    Args:
        place: reads which network this is; may block.
        service_url: address of the service.
    """

    def __init__(
        self,
        machine: Machine,
        folder: Path | None,
        clock: Clock,
        offload: Offload,
        place: Callable[[], NetworkPlace],
        service_url: str,
    ) -> None:
        self._machine = machine
        self._folder = folder
        self._clock = clock
        self._offload = offload
        self._read_place = place
        self._service_url = service_url
        self._kept: KeptRun | None = None
        self._place = NetworkPlace()
        self._surroundings: Surroundings | None = None
        self._results: Callable[[], Iterable[CheckResult]] = tuple
        self._fingerprint: Callable[[], Fingerprint | None] = lambda: None

    def watch(
        self,
        results: Callable[[], Iterable[CheckResult]],
        devices: Callable[[], DeviceLists],
        network: NetworkBench,
    ) -> None:
        """Take what a fingerprint is made of; call it before `read`."""
        self._results = results
        self._fingerprint = partial(self._look, devices, network)

    async def read(self) -> None:
        """Read what the last run left, and where this machine is."""
        self._kept = await self._offload(lambda: load_kept(self._folder))
        await self.look_around()

    async def look_around(self) -> None:
        """Look which network this is; an answer that fails is no answer."""
        self._place = await self._offload(self._read_place)

    def know(self, surroundings: Surroundings) -> None:
        """Take the versions and the machine, once they are read."""
        self._surroundings = surroundings

    @property
    def fingerprint(self) -> Fingerprint | None:
        """This moment's; None before the machine's key is read."""
        return self._fingerprint()

    def trial(self) -> EarlierPath | None:
        """Return the last run's trial call with its age, if it still counts."""
        kept, now = self._kept, self._fingerprint()
        if kept is None or kept.trial is None or now is None:
            return None
        trial = kept.trial
        counts = media_path_counts(
            PathThen(trial.at, trial.rtt_median_ms),
            now=self._clock.now(),
            changed=now.changed(Fingerprint(trial.parts)) - self._untold(now),
            rtt_median_ms=_rtt_median_ms(self._results()),
        )
        if not counts:
            return None
        age = self._clock.now() - trial.at
        # A file from another version may name a step that is made no more.
        steps = {step.value: step for step in Step}
        return EarlierPath(
            TrialLook(trial.measured, trial.series),
            {steps[name]: told for name, told in trial.outcomes.items() if name in steps},
            max(0.0, age.total_seconds()),
        )

    def nothing_changed(self) -> bool:
        """Say whether devices, network, versions and power are those of the last run.

        What only one of the two looked at tells nothing.
        """
        now = self._fingerprint()
        if self._kept is None or now is None:
            return False
        known = now.parts.keys() & self._kept.parts.keys()
        return now.changed(Fingerprint(self._kept.parts)).isdisjoint(known)

    def limits(self) -> Recommendation:
        """Return what may be sent: by this run, or by the last where its media path still counts.

        Who joins at once, or returns, has measured none.
        """
        found = recommend(self._results())
        kept = None if self._kept is None else self._kept.limits
        is_unmeasured = "uplink_unknown" in found.because
        return kept if kept is not None and is_unmeasured and self.trial() is not None else found

    def keep(self, media: MediaBench) -> Coroutine[Any, Any, None]:
        """Take this run down for the next; await it to have it written."""
        now = self._fingerprint()
        if now is None:
            return _nothing()
        earlier = self._kept
        trial = None if earlier is None else earlier.trial
        if media.look is not None and media.reused_age_s is None:
            at = self._clock.now() - timedelta(seconds=media.age_s)
            look, rtt_ms = media.look, _rtt_median_ms(self._results())
            outcomes = {step.value: told for step, told in media.outcomes.items()}
            trial = KeptTrial(at, rtt_ms, now.parts, look.measured, look.series, outcomes)
        self._kept = KeptRun(now.parts, trial, self.limits())
        return self._save(self._kept)

    async def _save(self, run: KeptRun) -> None:
        await self._offload(partial(save_kept, self._folder, run))

    def _untold(self, now: Fingerprint) -> frozenset[str]:
        """A return begins no run at the service, so it is not told the call server's address."""
        return _CALL_SERVER - now.parts.keys()

    def _look(
        self, devices: Callable[[], DeviceLists], network: NetworkBench
    ) -> Fingerprint | None:
        found, known = devices(), self._surroundings
        advice = network.advice
        seen = Seen(
            app="" if known is None else known.app.get("liftbay", ""),
            os_build="" if known is None else str(known.host.get("os_build", "")),
            camera=found.camera,
            microphone=found.microphone,
            speaker=found.speaker,
            route=f"{network.identity or ''} {self._place.gateway}",
            wifi=self._place.wifi,
            vpn=advice.vpn_part,
            proxy=advice.proxy_part,
            service=self._service_url,
            call_server=advice.call_server_url,
            power="" if known is None else str(known.host.get("power", "")),
        )
        return self._machine.fingerprint(plain_parts(seen))


def _rtt_median_ms(results: Iterable[CheckResult]) -> float | None:
    for result in results:
        if result.code == "net.rtt_high":
            value = result.measured.get("rtt_median_ms")
            return float(value) if isinstance(value, int | float) else None
    return None


async def _nothing() -> None:
    """Nothing is known yet, so nothing is kept."""
