"""Measures by the product's own probes what the forwarder counted as well. Prints Markdown.

    python -m tests.impaired.agreement [--runs 3]

Round trips and jitter of the gate's samples against the line's log, and the loss of trial calls
against the share of packets that the line lost on the way up, and of the picture's that did not
come down. Root's rights; about six minutes for three runs.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from preflight.analysis.round_trips import settled_jitter_ms
from preflight.checks.media.bench import CAP_KBPS
from preflight.model import Measured
from preflight.probe.media_probe import ProcessMediaProbe
from preflight.probe.network_probe import ProcessProbe
from tests.impaired.house import media_server, probe_room, probes_over, service
from tests.impaired.link import ImpairedLink
from tests.impaired.packets import UDP
from tests.impaired.settings import UP, both

RTTS_MS = (50.0, 250.0, 350.0, 800.0)
JITTERS_MS = (0.0, 12.0, 45.0)
LOSSES = (0.0, 0.03, 0.10)
TRIAL_S = 12.0
SAMPLES, BUDGET_S = 11, 12.0


def _figure(measured: Measured, name: str) -> float:
    value = measured.get(name)
    return float(value) if isinstance(value, int | float) else float("nan")


async def _samples(
    link: ImpairedLink, probe: ProcessProbe, url: str
) -> tuple[Measured, float, float]:
    """Return the gate's figures, and the line's own median and jitter over the same looks."""
    mark = link.mark()
    look = await probe.look_at_health(url, samples=SAMPLES, budget_s=BUDGET_S)
    exchanges = link.packets(mark).exchanges(int(url.rsplit(":", 1)[1]))
    median = statistics.median(each.total_ms for each in exchanges)
    # The first look opens the connection and counts in nothing.
    jitter = settled_jitter_ms([each.line_ms for each in exchanges[1:]])
    return look.measured, median, jitter


async def round_trips(link: ImpairedLink, url: str, runs: int) -> list[str]:
    """Return the rows for round trips and for jitter."""
    rows = ["| line | measured, ms | the line's own, ms |", "|---|---|---|"]
    probe = ProcessProbe(probes_over(link))
    await probe.ready(for_room=False)
    try:
        for rtt_ms in RTTS_MS:
            link.set(both(delay_ms=rtt_ms / 2))
            found = [await _samples(link, probe, url) for _ in range(runs)]
            told = [_figure(measured, "rtt_median_ms") for measured, _, _ in found]
            rows.append(_row(f"round trip {rtt_ms:.0f} ms", told, [own for _, own, _ in found]))
        for jitter_ms in JITTERS_MS:
            link.set(both(delay_ms=100, jitter_ms=jitter_ms))
            found = [await _samples(link, probe, url) for _ in range(runs)]
            told = [_figure(measured, "jitter_ms") for measured, _, _ in found]
            name = f"200 ms, deviation {jitter_ms:.0f} ms each way: jitter"
            rows.append(_row(name, told, [own for _, _, own in found]))
    finally:
        await probe.end()
    return rows


async def losses(link: ImpairedLink, runs: int) -> list[str]:
    """Return the rows for loss, of trial calls over 15 ms each way."""
    rows = ["| lost each way | | told, % | lost by the line, % |", "|---|---|---|---|"]
    with media_server(link) as sfu:
        for loss in LOSSES:
            found: list[tuple[Measured, float, float]] = []
            for _ in range(runs):
                link.set(both(delay_ms=15, loss=loss))
                probe = ProcessMediaProbe(probes_over(link))
                await probe.ready()
                try:
                    mark = link.mark()
                    room = await probe_room(sfu)
                    look = await probe.trial(room, max_s=TRIAL_S, cap_kbps=CAP_KBPS)
                    packets = link.packets(mark)
                finally:
                    await probe.end()
                    link.set(both())
                up = packets.of(UP, protocol=UDP).lost_share()
                missing, every = packets.picture_missing(_figure(look.measured, "seconds") / 2)
                found.append((look.measured, 100 * up, 100 * missing / every))
            up_told = [_figure(measured, "loss_up_percent") for measured, _, _ in found]
            rows.append(_row(f"{100 * loss:.0f} % | up", up_told, [up for _, up, _ in found], 2))
            down_told = [_figure(measured, "loss_down_percent") for measured, _, _ in found]
            down_own = [down for _, _, down in found]
            rows.append(_row(f"{100 * loss:.0f} % | down", down_told, down_own, 2))
    return rows


def _row(name: str, told: Sequence[float], own: Sequence[float], digits: int = 1) -> str:
    def listed(values: Sequence[float]) -> str:
        return ", ".join(f"{value:.{digits}f}" for value in values)

    return f"| {name} | {listed(told)} | {listed(own)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="tests.impaired.agreement", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args(arguments).runs
    with ImpairedLink(seed=12) as link, tempfile.TemporaryDirectory() as folder:
        with service(link, Path(folder)) as running:
            rows = asyncio.run(round_trips(link, running.url, runs))
        rows += ["", *asyncio.run(losses(link, runs))]
    sys.stdout.write("\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
