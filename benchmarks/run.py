"""Measure a call by two Liftbay clients beside the same call by two browsers, and print ratios.

    python -m benchmarks.run [--rounds 5] [--fps 30] [--browser-codec h264] [--output FILE]

Writes ``benchmarks/results/latest.json`` and a table. Each round holds four calls in turn:
Liftbay and browser for cost (no codes), then both for latency (the same blocks in the picture:
Liftbay draws capture times, the browsers' clip has numbers; see glass_to_glass.py). Calls
below 24 fps, below 1280x720 or limited by the encoder are thrown away, counted, and repeated
once. A machine that cannot hold two browsers at 24 fps gives no result at 30; ``--fps 15`` asks
all four for half as many pictures and writes ``at-15-fps.json``. The browsers publish the codec
that Liftbay publishes, unless ``--browser-codec vp8`` asks for livekit-client's own choice.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from benchmarks.browser_peer import BrowserPeerError
from benchmarks.calls import ClientFigures, browser_call, liftbay_call
from benchmarks.display import DisplayError
from benchmarks.material import make_clip, make_tone
from desktop.app.demo.media_server import MediaServerError, find_or_build
from desktop.app.demo.processes import DemoError
from desktop.app.demo.stages import Side

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
CLIP = ROOT / "resources" / "clips" / "demo-customer.mp4"

BUDGETS = {
    "cpu": 0.75,
    "memory": 0.6,
    "join_to_first_frame": 0.7,
    "glass_to_glass_p50": 0.8,
    "glass_to_glass_p95": 0.7,
}
"""Highest ratio Liftbay over browser that we accept; fps must not be lower (ratio >= 0.99)."""
FPS_FLOOR = 0.99

Call = Callable[[bool, int], list[ClientFigures]]


def main() -> int:
    """Run all rounds; 0 when every ratio is within its budget."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fps", type=int, choices=(30, 15, 10), default=30)
    parser.add_argument("--browser-codec", choices=("h264", "vp8"), default="h264")
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    fps: int = options.fps
    output: Path = options.output or RESULTS / (
        "latest.json" if fps == 30 else f"at-{fps}-fps.json"
    )
    binary = find_or_build(_say)
    kept: dict[tuple[str, bool], list[list[ClientFigures]]] = {}
    thrown: dict[str, int] = {"liftbay": 0, "browser": 0}
    with tempfile.TemporaryDirectory(prefix="liftbay-bench-") as name:
        folder = Path(name)
        clip, numbered = folder / "clip.y4m", folder / "numbered.y4m"
        make_clip(CLIP, clip, fps)
        make_clip(CLIP, numbered, fps, numbered=True)
        tones = {Side.CUSTOMER: folder / "440.wav", Side.MECHANIC: folder / "660.wav"}
        make_tone(tones[Side.CUSTOMER], 440.0)
        make_tone(tones[Side.MECHANIC], 660.0)
        calls: dict[str, Call] = {
            "liftbay": lambda coded, n: liftbay_call(
                folder / f"liftbay-{n}", clip, tones, time_code=coded
            ),
            "browser": lambda coded, n: browser_call(
                folder / f"browser-{n}",
                binary,
                numbered if coded else clip,
                tones,
                reads_numbers=coded,
                fps=fps,
                codec=options.browser_codec,
            ),
        }
        number = 0
        for round_number in range(1, options.rounds + 1):
            for coded in (False, True):
                for who, call in calls.items():
                    number += 1
                    _say(f"round {round_number}, {who}, {'latency' if coded else 'cost'} …")
                    figures = _measure(call, coded, number, thrown, who, fps)
                    if figures is not None:
                        kept.setdefault((who, coded), []).append(figures)
    told = {
        "fps_asked": fps,
        "browser_codec": options.browser_codec,
        **results(kept, thrown, options.rounds),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(told, indent=2) + "\n")
    print(table(told))
    return 0 if within_budgets(told["ratios"]) else 1


def _measure(
    call: Call, coded: bool, number: int, thrown: dict[str, int], who: str, fps: int
) -> list[ClientFigures] | None:
    for attempt in range(2):
        try:
            figures = call(coded, number * 10 + attempt)
        except (
            BrowserPeerError,
            DemoError,
            DisplayError,
            MediaServerError,
            RuntimeError,
        ) as error:
            _say(f"  thrown away: {error}")
            thrown[who] += 1
            continue
        fault = next(filter(None, (one.fault(fps, coded=coded) for one in figures)), None)
        if fault is None:
            return figures
        _say(f"  thrown away: {fault}")
        thrown[who] += 1
    return None


def results(
    kept: dict[tuple[str, bool], list[list[ClientFigures]]], thrown: dict[str, int], rounds: int
) -> dict[str, Any]:
    """Return machine, runs, ratios (Liftbay over browser, medians) and both sides' figures."""
    sides: dict[str, dict[str, Any]] = {}
    for who in ("liftbay", "browser"):
        cost = [one for pair in kept.get((who, False), []) for one in pair]
        coded = [one for pair in kept.get((who, True), []) for one in pair]
        sides[who] = {
            "cpu_cores": _median([one.cpu_cores for one in cost]),
            "pss_mb": _median([one.pss_mb for one in cost]),
            "fps": _median([one.fps for one in cost]),
            "connect_to_first_frame_ms": _median([one.connect_to_first_frame_ms for one in cost]),
            "glass_to_glass_p50_ms": _median([one.latency_p50_ms for one in coded]),
            "glass_to_glass_p95_ms": _median([one.latency_p95_ms for one in coded]),
            "thrown_away": thrown[who],
            "cost_runs": [one.as_dict() for one in cost],
            "latency_runs": [one.as_dict() for one in coded],
        }
    ours, theirs = sides["liftbay"], sides["browser"]
    ratios = {
        "cpu": _ratio(ours["cpu_cores"], theirs["cpu_cores"]),
        "memory": _ratio(ours["pss_mb"], theirs["pss_mb"]),
        "join_to_first_frame": _ratio(
            ours["connect_to_first_frame_ms"], theirs["connect_to_first_frame_ms"]
        ),
        "glass_to_glass_p50": _ratio(
            ours["glass_to_glass_p50_ms"], theirs["glass_to_glass_p50_ms"]
        ),
        "glass_to_glass_p95": _ratio(
            ours["glass_to_glass_p95_ms"], theirs["glass_to_glass_p95_ms"]
        ),
        "fps": _ratio(ours["fps"], theirs["fps"]),
    }
    return {"machine": machine(), "runs": rounds, "ratios": ratios, **sides}


def machine() -> dict[str, Any]:
    """Describe what this ran on."""
    return {
        "system": platform.system(),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "load_at_end": [round(x, 2) for x in os.getloadavg()],
        "measured_on": time.strftime("%Y-%m-%d"),
    }


def within_budgets(ratios: dict[str, float | None]) -> bool:
    """True when every ratio was measured and keeps to its budget."""
    for name, highest in BUDGETS.items():
        ratio = ratios.get(name)
        if ratio is None or ratio > highest:
            return False
    fps = ratios.get("fps")
    return fps is not None and fps >= FPS_FLOOR


def table(told: dict[str, Any]) -> str:
    """Return the terminal's table."""
    rows = [
        ("CPU (cores)", "cpu_cores", "cpu"),
        ("memory (PSS, MiB)", "pss_mb", "memory"),
        ("join to first frame (ms)", "connect_to_first_frame_ms", "join_to_first_frame"),
        ("glass to glass p50 (ms)", "glass_to_glass_p50_ms", "glass_to_glass_p50"),
        ("glass to glass p95 (ms)", "glass_to_glass_p95_ms", "glass_to_glass_p95"),
        ("frames per second", "fps", "fps"),
    ]
    lines = [f"{'':<26}{'Liftbay':>10}{'browser':>10}{'ratio':>8}{'budget':>8}"]
    for words, figure, ratio in rows:
        budget = f"<={BUDGETS[ratio]}" if ratio in BUDGETS else f">={FPS_FLOOR}"
        lines.append(
            f"{words:<26}{_text(told['liftbay'][figure]):>10}{_text(told['browser'][figure]):>10}"
            f"{_text(told['ratios'][ratio], 2):>8}{budget:>8}"
        )
    thrown = told["liftbay"]["thrown_away"], told["browser"]["thrown_away"]
    lines.append(f"{told['runs']} rounds; thrown away: Liftbay {thrown[0]}, browser {thrown[1]}")
    return "\n".join(lines)


def _median(values: list[float | None]) -> float | None:
    real = [value for value in values if value is not None]
    return statistics.median(real) if real else None


def _ratio(ours: float | None, theirs: float | None) -> float | None:
    return round(ours / theirs, 3) if ours is not None and theirs else None


def _text(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        _say("interrupted; nothing was written")
        sys.exit(130)
