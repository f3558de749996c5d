"""Measures what the trial call says of lines whose rate is known: docs/calibration.md.

    python -m tests.impaired.calibrate [--runs 3] [--rates 300,1100] [--limit up|down|both]
                                       [--json FILE]

Prints the table as Markdown. Half a minute for each run.
"""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from preflight.checks.media.bench import CAP_KBPS, LONGEST_S
from preflight.probe.media_probe import ProcessMediaProbe, TrialLook
from preflight.verdicts.recommendation import rung_for
from tests.fakes.livekit_server import LiveKitServer
from tests.impaired.house import media_server, probe_room, probes_over
from tests.impaired.link import ImpairedLink
from tests.impaired.packets import Kind
from tests.impaired.settings import DOWN, UP, Line, Way

RATES_KBPS = (200, 300, 700, 1100, 1600, 2200, 2900, 4000)
DELAY_MS = 15.0
QUEUE_MS = 200.0
"""A home line: 30 ms there and back, and a router that lets a fifth of a second wait."""


@dataclass(frozen=True, slots=True)
class Run:
    """One trial call over a line.

    Attributes:
        set_kbps: what the line was set to carry, whole IP packets.
        uplink_kbps, downlink_kbps: what the trial call said.
        line_up_kbps, line_down_kbps: RTP that the forwarder let through in the last 5 s.
        loss_percent: dropped by the line on the way up, of all that came, in the last 5 s.
    """

    set_kbps: float
    uplink_kbps: float
    downlink_kbps: float
    line_up_kbps: float
    line_down_kbps: float
    loss_percent: float
    seconds: float
    uplink_series: Sequence[float | None]
    figures: dict[str, object]


def limited(rate_kbps: float | None, which: str) -> Line:
    """Return a home line that carries ``rate_kbps`` in the named direction or directions."""
    free = Way(delay_ms=DELAY_MS)
    narrow = Way(delay_ms=DELAY_MS, rate_kbps=rate_kbps, queue_ms=QUEUE_MS)
    return Line(narrow if which in (UP, "both") else free, narrow if which != UP else free)


async def run_once(link: ImpairedLink, sfu: LiveKitServer, rate_kbps: float, which: str) -> Run:
    """Make one trial call over the line as a preflight makes it."""
    link.set(limited(rate_kbps, which))
    probe = ProcessMediaProbe(probes_over(link))
    await probe.ready()
    try:
        room = await probe_room(sfu)
        mark = link.mark()
        look = await probe.trial(room, max_s=LONGEST_S, cap_kbps=CAP_KBPS)
        packets = link.packets(mark)
    finally:
        await probe.end()
    last = packets.last_seconds(5.0)
    up = last.of(UP)
    return Run(
        set_kbps=rate_kbps,
        uplink_kbps=_figure(look, "uplink_kbps"),
        downlink_kbps=_figure(look, "downlink_kbps"),
        line_up_kbps=up.of(kind=Kind.RTP).kbps(),
        line_down_kbps=last.of(DOWN, kind=Kind.RTP).kbps(),
        loss_percent=100 * up.lost_share(),
        seconds=_figure(look, "seconds"),
        uplink_series=look.series.get("uplink_kbps", ()),
        figures=dict(look.measured),
    )


def _figure(look: TrialLook, name: str) -> float:
    value = look.measured.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def table(runs: Sequence[Run], which: str) -> str:
    """Return the runs as Markdown, one row for each rate."""
    lines = [
        "| set kbit/s | measured, median (all) | of set | RTP on the line | lost up | rung |",
        "|---|---|---|---|---|---|",
    ]
    for rate in dict.fromkeys(run.set_kbps for run in runs):
        some = [run for run in runs if run.set_kbps == rate]
        told = [run.downlink_kbps if which == DOWN else run.uplink_kbps for run in some]
        line = [run.line_down_kbps if which == DOWN else run.line_up_kbps for run in some]
        middle = statistics.median(told)
        each = ", ".join(f"{value:,.0f}" for value in sorted(told))
        lost = statistics.median(run.loss_percent for run in some)
        lines.append(
            f"| {rate:,.0f} | {middle:,.0f} ({each}) | {100 * middle / rate:.0f} % "
            f"| {statistics.median(line):,.0f} | {lost:.1f} % | {rung_for(middle)} |"
        )
    return "\n".join(lines)


async def calibrate(rates: Sequence[float], runs: int, which: str, *, seed: int) -> list[Run]:
    """Measure each rate several times, all rates once before any a second time."""
    found: list[Run] = []
    with ImpairedLink(seed=seed) as link, media_server(link) as sfu:
        for number in range(runs):
            for rate in rates:
                run = await run_once(link, sfu, rate, which)
                found.append(run)
                words = f"{run.uplink_kbps:.0f} up, {run.downlink_kbps:.0f} down"
                print(f"{number + 1}. {rate:.0f}: {words} in {run.seconds:.0f} s", file=sys.stderr)
    return found


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.impaired.calibrate")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rates", default=",".join(map(str, RATES_KBPS)))
    parser.add_argument("--limit", choices=("up", "down", "both"), default="up")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args(arguments)
    rates = [float(word) for word in told.rates.split(",")]
    runs = asyncio.run(calibrate(rates, told.runs, told.limit, seed=told.seed))
    if told.json is not None:
        told.json.write_text(json.dumps([asdict(run) for run in runs], indent=1))
    print(table(runs, told.limit))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
