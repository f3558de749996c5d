"""Measure how long the phases of a preflight take beside their slowest checks.

    python -m benchmarks.preflight [--rounds 3] [--return]

A real service and a real LiveKit server on loopback, a made camera (pattern) and a made microphone
(tone); everything else is the program's own. Prints each phase with its slowest check and the ratio
of the two; ``--return`` adds the short look of a return to a running call. Waits that are not
needed show as a ratio above 1.15 (a phase) or 1.1 (the whole run).
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from tests.fakes.stores import MemorySecretStore

GATE_WITHIN_S, ALL_WITHIN_S = 15.0, 60.0
SERIAL: Mapping[str, Sequence[str]] = {
    "devices": ("media.mic_roundtrip", "media.camera_roundtrip"),
    "quality": ("media.server_quality",),
    "drills": ("media.reconnect", "media.relay_blocked", "media.turn_tls_blocked"),
    "tcp": ("media.tcp_blocked",),
    "tcp rate": ("media.protocol_choice",),
}
"""What follows the ramp, phase by phase."""


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """One phase of a run.

    Attributes:
        wall_ms: from the first start to the last verdict.
        slowest: code of its slowest check.
        slowest_ms: from that check's start, with its wait, to its verdict.
    """

    name: str
    wall_ms: float
    slowest: str
    slowest_ms: float

    @property
    def ratio(self) -> float:
        """How much longer the phase took than its slowest check; 1 is the best."""
        return self.wall_ms / max(1.0, self.slowest_ms)


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
    return PhaseTime(name, last - first, slowest["code"], slowest["duration_ms"])


def main() -> int:
    """Run the rounds; 0 when every run kept its times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--return", dest="returns", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liftbay-bench-") as folder:
        rig = Rig(Path(folder), find_or_build(print))
        rig.start()
        try:
            kept = asyncio.run(_rounds(rig.service.url, Path(folder), options))
        finally:
            rig.stop()
    return 0 if kept else 1


async def _rounds(url: str, folder: Path, options: argparse.Namespace) -> bool:
    clock = SystemClock()
    transport = Transport(url, clock)
    sign_in = SignIn(transport, MemorySecretStore(), clock)
    api = LiftbayClient(transport, clock)
    await sign_in.sign_up("Bench Person", "bench@example.test", Secret(secrets.token_urlsafe(12)))
    kept = True
    try:
        for number in range(options.rounds):
            # A folder of its own: nothing is reused, and no window is short.
            kept &= await _round(url, folder / f"run-{number}", api)
        if options.returns:
            for _ in range(options.rounds):
                await _return(url, folder / "run-0")
    finally:
        await sign_in.close()
        await transport.close()
    return kept


async def _round(url: str, folder: Path, api: LiftbayClient) -> bool:
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
    phases = phase_times(report["checks"])
    for phase in phases:
        print(
            f"{phase.name:8} {phase.wall_ms / 1000:6.2f} s; slowest {phase.slowest} "
            f"{phase.slowest_ms / 1000:.2f} s; ratio {phase.ratio:.2f}"
        )
    serial_s = sum(phase.slowest_ms for phase in phases) / 1000
    print(f"run      {all_s:6.2f} s; serial phases {serial_s:.2f} s; ratio {all_s / serial_s:.2f}")
    print(f"gate decided after {gate_s:.2f} s; passed: {report['gate']['passed']}", flush=True)
    return gate_s < GATE_WITHIN_S and all_s < ALL_WITHIN_S


async def _return(url: str, folder: Path) -> None:
    preflight = Preflight(_parts(url, folder), quick=True)
    began = time.perf_counter()
    preflight.start(lambda _: None)
    stood = await preflight.stands()
    print(f"return {time.perf_counter() - began:5.2f} s; nothing changed: {stood}", flush=True)
    await preflight.close()


def _parts(url: str, folder: Path) -> PreflightParts:
    catalogue = SystemCatalogue(
        camera_choice="pattern", microphone_choice="tone:440", speaker_choice="null"
    )
    return PreflightParts(catalogue, system_probe(), SystemClock(), url, folder=folder)


if __name__ == "__main__":
    sys.exit(main())
