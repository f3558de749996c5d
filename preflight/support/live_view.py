"""The live view of a diagnosis in a terminal: groups with their counts, and what is wrong."""

from dataclasses import replace
from typing import TextIO

from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from preflight.model import CheckResult, CheckState, Group, RunProgress
from preflight.support.told_figures import figure
from preflight.support.words import Lines, sentence
from preflight.verdicts.figures import finite

_STYLE = {
    CheckState.PASSED: "green",
    CheckState.WARNED: "yellow",
    CheckState.FAILED: "bold red",
    CheckState.RUNNING: "cyan",
}
_KEY_FIGURES = (
    ("camera.fps_low", "fps"),
    ("camera.low_light", "luma_mean"),
    ("mic.level_low", "level_dbfs"),
    ("mic.noise_high", "floor_dbfs"),
    ("speaker.delay", "delay_ms"),
    ("net.rtt_high", "rtt_median_ms"),
    ("net.jitter_high", "jitter_ms"),
    ("media.uplink_low", "uplink_kbps"),
    ("media.downlink_low", "downlink_kbps"),
    ("host.cpu_busy", "busy_percent"),
)
_BAD = (CheckState.FAILED, CheckState.WARNED)
_BAR_COLUMNS = 40


class LiveView:
    """Draws the run over itself while it goes on; at its end every verdict stands as a line.

    Args:
        words: the terminal.
        lines: says all verdicts once the drawing is over.
    """

    def __init__(self, words: TextIO, lines: Lines) -> None:
        self._lines = lines
        self._newest: RunProgress | None = None
        self._live = Live(
            console=Console(file=words, highlight=False), auto_refresh=False, transient=True
        )
        self._live.start()

    def tell(self, progress: RunProgress) -> None:
        """Draw the run as it stands."""
        self._newest = progress
        self._live.update(_drawn(progress), refresh=True)

    def close(self) -> None:
        """Take the drawing away and leave the lines."""
        self._live.stop()
        if self._newest is not None:
            # What is wrong stands last, where the eye is when the run is over.
            checks = sorted(self._newest.checks, key=_weight)
            self._lines.tell(replace(self._newest, checks=tuple(checks)))


def _drawn(progress: RunProgress) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for group in Group:
        checks = [check for check in progress.checks if check.group is group]
        if not checks:
            continue
        done = sum(check.state.final for check in checks)
        table.add_row(
            Text(group.value.capitalize(), "bold"),
            f"{done} of {len(checks)}",
            _measured(checks),
            _running(checks),
        )
    bad = [Text(sentence(check), _style(check)) for check in progress.checks if check.state in _BAD]
    ended = sum(check.state.final for check in progress.checks)
    bar = ProgressBar(total=len(progress.checks) or 1, completed=ended, width=_BAR_COLUMNS)
    return Stack(table, *bad, bar)


def _measured(checks: list[CheckResult]) -> str:
    """Return the group's own figures as they stand; what is wrong has its limit on its line."""
    found = {check.code: check for check in checks if check.state.final}
    told = [
        (field, finite(found[code].measured.get(field)))
        for code, field in _KEY_FIGURES
        if code in found
    ]
    return "; ".join(figure(field, value) for field, value in told if value is not None)


def _weight(check: CheckResult) -> int:
    if check.state not in _BAD:
        return 0
    return 1 + check.gating + (check.state is CheckState.FAILED and check.gating)


def _style(check: CheckResult) -> str:
    """Return a colour; advice is never as red as what holds Join back."""
    advised = not check.gating and check.state is CheckState.FAILED
    return _STYLE[CheckState.WARNED if advised else check.state]


def _running(checks: list[CheckResult]) -> Text:
    codes = [check.code for check in checks if check.state is CheckState.RUNNING]
    return Text(", ".join(codes), _STYLE[CheckState.RUNNING], overflow="ellipsis", no_wrap=True)
