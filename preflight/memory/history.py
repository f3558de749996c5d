"""The figures of this machine's last runs, and how the newest run differs from them.

Numbers alone are kept, at most 50 runs of them: no name, no address, no picture. They stay on
this machine; a report says the difference to their median.
"""

import contextlib
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from preflight.model import CheckResult
from preflight.verdicts.figures import finite
from preflight.whole_file import write_whole

FILE_NAME = "preflight-history.json"
RUNS_KEPT = 50
LEAST_RUNS = 3
"""With fewer runs nothing is usual yet."""
TOLD_FROM_PERCENT = 25
"""A smaller change is how lines and rooms are; own choice."""
TIMES_FROM_PERCENT = 200
"""From here on ``4 times`` says more than ``300 % above``."""
TOLD_FROM_DB = 6
"""Twice or half as loud; own choice."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that is followed from run to run.

    Attributes:
        name: of the figure, unit included; unique among the figures.
        code: the check that measures it.
        title: what people call it, in English.
        more_is_better: whether a smaller value is the worse one.
        device: whose figure it is where a made device (a clip, a tone) would spoil it.
    """

    name: str
    code: str
    title: str
    more_is_better: bool
    device: str | None = None

    @property
    def is_level(self) -> bool:
        """True for dBFS, whose differences are no percentages."""
        return self.name.endswith("_dbfs")


FIGURES: tuple[Figure, ...] = (
    Figure("rtt_median_ms", "net.rtt_high", "answer time", more_is_better=False),
    Figure("jitter_ms", "net.jitter_high", "unevenness of the answers", more_is_better=False),
    Figure("uplink_kbps", "media.uplink_low", "upload", more_is_better=True),
    Figure("downlink_kbps", "media.downlink_low", "download", more_is_better=True),
    Figure("loss_up_percent", "media.loss", "loss on the way up", more_is_better=False),
    Figure("fps", "camera.fps_low", "pictures a second", more_is_better=True, device="camera"),
    Figure("luma_mean", "camera.black", "brightness", more_is_better=True, device="camera"),
    Figure("voice_dbfs", "mic.silent", "voice", more_is_better=True, device="microphone"),
)
"""What `previous` compares, most telling first."""
BY_NAME: Mapping[str, Figure] = {figure.name: figure for figure in FIGURES}


class Run(msgspec.Struct, frozen=True):
    """One run's figures; ``run`` names it, so that a run is kept once."""

    run: str
    at_utc: str
    figures: dict[str, float]


class _Kept(msgspec.Struct, frozen=True):
    machine_id: str
    runs: list[Run]


def figures_of(results: Iterable[CheckResult], made: Iterable[str] = ()) -> dict[str, float]:
    """Return the figures that a run measured.

    Args:
        made: roles whose device is a clip, a pattern or a tone: that says nothing of the machine.
    """
    measured = {result.code: result.measured for result in results}
    found: dict[str, float] = {}
    for figure in FIGURES:
        value = finite(measured.get(figure.code, {}).get(figure.name))
        if value is not None and (figure.device is None or figure.device not in made):
            found[figure.name] = round(value, 3)
    return found


def compare(now: Mapping[str, float], runs: Sequence[Run]) -> dict[str, Any] | None:
    """Return the report's ``previous``: this run beside the median of earlier ones.

    ``change_percent`` is of the usual value and None where that is 0 or a level; None in all
    while there are fewer than `LEAST_RUNS` runs.
    """
    if len(runs) < LEAST_RUNS:
        return None
    figures: dict[str, Any] = {}
    for figure in FIGURES:
        earlier = [run.figures[figure.name] for run in runs if figure.name in run.figures]
        if figure.name not in now or len(earlier) < LEAST_RUNS:
            continue
        figures[figure.name] = difference(figure, now[figure.name], earlier)
    return {"runs": len(runs), "since_utc": runs[0].at_utc, "figures": figures}


def difference(figure: Figure, value: float, earlier: Sequence[float]) -> dict[str, Any]:
    """Return one figure beside the median of its earlier values, of which there is at least one."""
    usual = statistics.median(earlier)
    percent = None if figure.is_level or usual <= 0 else round((value - usual) / usual * 100)
    return {
        "now": value,
        "usual": round(usual, 3),
        "change": round(value - usual, 3),
        "change_percent": percent,
        "runs": len(earlier),
    }


def is_worth_telling(figure: Figure, change: float, percent: float | None) -> bool:
    """Say whether a person should hear of a difference."""
    if figure.is_level:
        return abs(change) >= TOLD_FROM_DB
    return percent is not None and abs(percent) >= TOLD_FROM_PERCENT


def trend_words(previous: Mapping[str, Any] | None) -> list[str]:
    """Return a report's telling differences as words: ``upload 60 % below your usual``."""
    told: list[str] = []
    for name, found in (previous or {}).get("figures", {}).items():
        figure = BY_NAME.get(name)
        if figure is None or not is_worth_telling(figure, found["change"], found["change_percent"]):
            continue
        told.append(f"{figure.title} {_how_far(figure, found)} your usual")
    return told


def _how_far(figure: Figure, found: Mapping[str, Any]) -> str:
    side = "above" if found["change"] > 0 else "below"
    if figure.is_level:
        return f"{abs(found['change']):.0f} dB {side}"
    percent = found["change_percent"]
    if percent >= TIMES_FROM_PERCENT:
        return f"{1 + percent / 100:.0f} times"
    return f"{abs(percent)} % {side}"


def load_runs(folder: Path | None, machine_id: str) -> tuple[Run, ...]:
    """Read the runs of this machine, oldest first; none where there is no file. May block.

    A machine whose id was reset begins anew.
    """
    if folder is None:
        return ()
    with contextlib.suppress(OSError, ValueError):
        kept = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=_Kept)
        if kept.machine_id == machine_id:
            return tuple(kept.runs[-RUNS_KEPT:])
    return ()


def keep_run(folder: Path, machine_id: str, newest: Run) -> None:
    """Add a run, or replace it by its newer state; the oldest one makes room. May block.

    Raises:
        OSError: the disk is full or not writable.
    """
    if not newest.figures:
        return
    others = [run for run in load_runs(folder, machine_id) if run.run != newest.run]
    kept = _Kept(machine_id, [*others, newest][-RUNS_KEPT:])
    write_whole(folder / FILE_NAME, msgspec.json.encode(kept))
