"""Measure how long the phases of a preflight take beside their slowest checks.

    python -m benchmarks.preflight [--rounds 3] [--return] [--json [FILE]]

A real service and a real LiveKit server on loopback, a made camera (pattern) and a made microphone
(a voice in a file); everything else is the program's own. Prints each phase with its slowest check
and the ratio of the two. A phase of one check has a ratio of 1 by what it is: waits before and
after it show in the run's ratio. A check of devices, network or media path that has no verdict
breaks a bound too: what gave up took no honest time. ``--return`` adds the short look of a return
to a running call; ``--json`` keeps the figures (benchmarks/results/preflight.json). Waits that are
not needed show as a ratio above 1.15 (a phase) or 1.1 (the whole run). Ends with 1 where any round
broke a bound, and names it.
"""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.figures import machine
from client_api.client import LiftbayClient
from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.sign_in import SignIn
from client_api.transport import Transport
from desktop.app.demo.media_server import find_or_build
from desktop.app.demo.processes import Rig
from preflight.devices.catalogue import SystemCatalogue
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.system.probe import system_probe
from tests.accuracy.round_trip_cases import voice_sound
from tests.fakes.sound_files import write_wav
from tests.fakes.stores import MemorySecretStore

RESULTS: Final = Path(__file__).resolve().parent / "results" / "preflight.json"
GATE_WITHIN_S, ALL_WITHIN_S = 15.0, 60.0
PHASE_RATIO, RUN_RATIO = 1.15, 1.1
RETURN_WITHIN_S = 3.0
VOICE_S: Final = 30.0
SERIAL: Mapping[str, Sequence[str]] = {
    "devices": ("media.mic_roundtrip", "media.camera_roundtrip"),
    "quality": ("media.server_quality",),
    "drills": ("media.reconnect", "media.relay_blocked", "media.turn_tls_blocked"),
    "tcp": ("media.tcp_blocked",),
    "tcp rate": ("media.protocol_choice",),
}
"""What follows the ramp, phase by phase."""
NO_WAIT: Final = ("not_asked", "too_short")
"""A person who was not asked, and P10 where a quick line's ramp is over as the time that it counts
begins (8 s): both are unknown at once."""
MEASURED: Final = ("camera", "microphone", "network", "media")
"""Groups that can be measured on a machine without a loudspeaker and a screen."""


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """One phase of a run.

    Attributes:
        wall_ms: from the first start to the last verdict.
        slowest: code of its slowest check.
        slowest_ms: from that check's start, with its wait, to its verdict.
        checks: how many it has.
    """

    name: str
    wall_ms: float
    slowest: str
    slowest_ms: float
    checks: int = 1

    @property
    def ratio(self) -> float:
        """How much longer the phase took than its slowest check; 1 is the best."""
        return self.wall_ms / max(1.0, self.slowest_ms)


@dataclass(frozen=True, slots=True)
class RoundTimes:
    """One whole preflight.

    Attributes:
        gate_s: until Join could be decided on.
        all_s: until everything had ended.
        passed: whether the gate passed: what failed took no honest time.
        untold: codes of devices, network and media path that ended without a verdict.
    """

    gate_s: float
    all_s: float
    passed: bool
    phases: Sequence[PhaseTime]
    untold: Sequence[str] = ()

    @property
    def serial_s(self) -> float:
        """How long the phases' slowest checks take one after the other."""
        return sum(phase.slowest_ms for phase in self.phases) / 1000

    @property
    def ratio(self) -> float:
        """How much longer the run took than that; 1 is the best."""
        return self.all_s / max(0.001, self.serial_s)

    def broken(self) -> list[str]:
        """Name the bounds that were not kept."""
        bounds = [
            (not self.passed, "the gate did not pass"),
            (self.gate_s >= GATE_WITHIN_S, f"gate after {self.gate_s:.1f} s"),
            (self.all_s >= ALL_WITHIN_S, f"run of {self.all_s:.1f} s"),
            (self.ratio > RUN_RATIO, f"run ratio {self.ratio:.3f}"),
            *(
                (phase.ratio > PHASE_RATIO, f"{phase.name} ratio {phase.ratio:.3f}")
                for phase in self.phases
            ),
            *((True, f"no verdict of {code}") for code in self.untold),
        ]
        return [words for is_broken, words in bounds if is_broken]

    def figures(self) -> dict[str, Any]:
        """Return the figures for a file."""
        return {
            "gate_s": round(self.gate_s, 2),
            "run_s": round(self.all_s, 2),
            "serial_s": round(self.serial_s, 2),
            "ratio": round(self.ratio, 3),
            "passed": self.passed,
            "phases": {
                phase.name: {
                    "s": round(phase.wall_ms / 1000, 2),
                    "checks": phase.checks,
                    "slowest": phase.slowest,
                    "ratio": round(phase.ratio, 3),
                }
                for phase in self.phases
            },
            "broken": self.broken(),
        }


def phase_times(checks: Sequence[Mapping[str, Any]]) -> list[PhaseTime]:
    """Return the serial phases of one report's checks; what was not measured now is left out.

    The catalogue's phases 2 to 4 (docs/preflight_checks.md, section 1), with what has to wait for
    one another within them apart: one room takes one drill at a time. Each phase's checks run
    together.
    """
    ran = [check for check in checks if check["state"] not in ("skipped", "pending", "running")]
    gate = [check for check in ran if check["gating"]]
    path = [check for check in ran if check["group"] == "media"]
    later = {code for codes in SERIAL.values() for code in codes}
    phases = {"gate": gate, "ramp": [check for check in path if check["code"] not in later]}
    for name, codes in SERIAL.items():
        phases[name] = [check for check in path if check["code"] in codes]
    return [_phase(name, part) for name, part in phases.items() if part]


def _phase(name: str, checks: Sequence[Mapping[str, Any]]) -> PhaseTime:
    first = min(check["started_ms"] for check in checks)
    last = max(check["started_ms"] + check["duration_ms"] for check in checks)
    slowest = max(checks, key=lambda check: check["duration_ms"])
    return PhaseTime(name, last - first, slowest["code"], slowest["duration_ms"], len(checks))


def untold(checks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the checks of `MEASURED` groups that ended without a verdict, with their reasons.

    What is left out on purpose (skipped) is none of them, nor what waited for nothing.
    """
    return [
        f"{check['code']} ({check['reason']})"
        for check in checks
        if check["group"] in MEASURED
        and check["state"] == "unknown"
        and check["reason"] not in NO_WAIT
    ]


def main() -> int:
    """Run the rounds; 0 when every run kept its times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--return", dest="returns", action="store_true")
    parser.add_argument("--json", type=Path, nargs="?", const=RESULTS, metavar="FILE")
    options = parser.parse_args()
    here = machine()
    with tempfile.TemporaryDirectory(prefix="liftbay-bench-") as folder:
        rig = Rig(Path(folder), find_or_build(print))
        rig.start()
        try:
            rounds, returns_s = asyncio.run(_rounds(rig.service.url, Path(folder), options))
        finally:
            rig.stop()
    if options.json is not None:
        options.json.write_text(json.dumps(written(here, rounds, returns_s), indent=1) + "\n")
    return ended(rounds, returns_s)


def written(
    here: Mapping[str, Any], rounds: Sequence[RoundTimes], returns_s: Sequence[float]
) -> dict[str, Any]:
    """Return what is kept of the rounds, beside the machine they ran on."""
    return {
        "machine": dict(here),
        "rounds": [each.figures() for each in rounds],
        "returns_s": [round(each, 2) for each in returns_s],
    }


def ended(rounds: Sequence[RoundTimes], returns_s: Sequence[float]) -> int:
    """Say which bounds were broken; 1 where any was, or where nothing was measured."""
    said = [f"round {n}: {words}" for n, each in enumerate(rounds, 1) for words in each.broken()]
    said += [f"return of {each:.1f} s" for each in returns_s if each >= RETURN_WITHIN_S]
    for words in said:
        print(f"bound broken: {words}", flush=True)
    return 1 if said or not rounds else 0


async def _rounds(
    url: str, folder: Path, options: argparse.Namespace
) -> tuple[list[RoundTimes], list[float]]:
    clock = SystemClock()
    transport = Transport(url, clock)
    sign_in = SignIn(transport, MemorySecretStore(), clock)
    api = LiftbayClient(transport, clock)
    await sign_in.sign_up("Bench Person", "bench@example.test", Secret(secrets.token_urlsafe(12)))
    try:
        # A folder of its own for each: nothing is reused, and no window is short.
        rounds = [
            await _round(url, folder / f"run-{number}", api) for number in range(options.rounds)
        ]
        count = options.rounds if options.returns else 0
        returns_s = [await _return(url, folder / "run-0") for _ in range(count)]
    finally:
        await sign_in.close()
        await transport.close()
    return rounds, returns_s


async def _round(url: str, folder: Path, api: LiftbayClient) -> RoundTimes:
    preflight = Preflight(_parts(url, folder), api=api)
    began = time.perf_counter()
    preflight.start(lambda _: None)
    await preflight.decided()
    gate_s = time.perf_counter() - began
    await preflight.finished()
    all_s = time.perf_counter() - began
    await preflight.passed_report()
    report = preflight.report()
    proven = await preflight.handover()
    await preflight.close()
    for device in (proven.camera, proven.microphone, proven.speaker):
        await asyncio.to_thread(device.close)
    checks = report["checks"]
    passed = report["gate"]["passed"]
    found = RoundTimes(gate_s, all_s, passed, phase_times(checks), untold(checks))
    for phase in found.phases:
        print(
            f"{phase.name:8} {phase.wall_ms / 1000:6.2f} s; slowest {phase.slowest} "
            f"{phase.slowest_ms / 1000:.2f} s of {phase.checks}; ratio {phase.ratio:.2f}"
        )
    print(f"run      {all_s:6.2f} s; serial phases {found.serial_s:.2f} s; ratio {found.ratio:.2f}")
    print(f"gate decided after {gate_s:.2f} s; passed: {found.passed}", flush=True)
    return found


async def _return(url: str, folder: Path) -> float:
    preflight = Preflight(_parts(url, folder), quick=True)
    began = time.perf_counter()
    preflight.start(lambda _: None)
    stood = await preflight.stands()
    took_s = time.perf_counter() - began
    print(f"return {took_s:5.2f} s; nothing changed: {stood}", flush=True)
    await preflight.close()
    return took_s


def _parts(url: str, folder: Path) -> PreflightParts:
    folder.mkdir(exist_ok=True)
    voice = write_wav(folder / "voice.wav", voice_sound(np.random.default_rng(7), VOICE_S))
    catalogue = SystemCatalogue(
        camera_choice="pattern", microphone_choice=f"file:{voice}", speaker_choice="null"
    )
    return PreflightParts(catalogue, system_probe(), SystemClock(), url, folder=folder)


if __name__ == "__main__":
    sys.exit(main())
