"""The parts of a report that support reads: verdict, faults, differences, plots, facts.

A card comes with its heading; `fill` puts the rest into it, a little a step.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.viewmodels.find_report_page import EarlierRow, ShownReport
from desktop.views.check_words import found_word, remedy, title
from desktop.views.fact_words import fact_name, rule_name, stage_name, value_name
from desktop.views.figure_words import plain_value
from desktop.views.group_card import StateIcon
from desktop.views.report_words import (
    advised,
    difference,
    ended_words,
    figure_name,
    figure_value,
    figures_line,
    in_the_way,
    is_worse,
    numbered,
    passed_words,
    telling_words,
    verdict_words,
    when_words,
)
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_L, GAP_M, GAP_S, Card, hbox, vbox
from desktop.views.widgets.long_column import LongColumn
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.plot import LinePlot, StageBars
from desktop.views.widgets.text import Text, TextRole, rule
from preflight.model import CheckState, MeasuredValue
from preflight.support import lines
from preflight.support.reading import Pairs, ReadCheck
from preflight.verdicts.catalogue import BY_CODE

_BAD = (CheckState.FAILED, CheckState.WARNED)
_NAME_PX = 190


class VerdictCard(Card):
    """The code, whether this machine may join, and what to ask for first."""

    def __init__(self, shown: ShownReport, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        code = Text(shown.code, TextRole.CODE)
        code.setProperty("big", "true")
        code.setObjectName("found_code")
        code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words, tone, icon_name = verdict_words(shown)
        # With a parent from the start: what is shown without one is a window for a moment.
        pill = Pill("", parent=self)
        pill.show_status(words, tone, icon_name)
        top = hbox(gap=GAP_L)
        top.addWidget(code, 1)
        top.addWidget(pill)
        kind = self.tr("Before a session") if shown.from_session else self.tr("Diagnosis")
        report = shown.report
        told = [
            kind,
            self.tr("arrived {when}").format(when=when_words(shown.arrived_at)),
            self.tr("{ended} after {seconds} s").format(
                ended=ended_words(report.ended_by), seconds=round(report.duration_s)
            ),
            self.tr("kept until {when}").format(when=when_words(shown.expires_at)),
        ]
        self.body.addLayout(top)
        self.body.addWidget(Text(" · ".join(told), TextRole.DIM, wrap=True))
        for line, role in (
            (in_the_way(shown), TextRole.STRONG),
            (advised(shown), TextRole.BODY),
        ):
            if line:
                self.body.addWidget(Text(line, role, wrap=True))
        telling = Text(telling_words(shown.telling), wrap=True, parent=self)
        telling.setObjectName("telling")
        telling.set_tone(Tone.WARN if any(map(is_worse, shown.telling)) else Tone.OK)
        telling.setVisible(bool(shown.telling))
        self.body.addWidget(telling)
        if not shown.from_session:
            note = self.tr("Sent by the person’s own program: nobody has checked these figures.")
            self.body.addWidget(Text(note, TextRole.DIM, wrap=True))


class FaultsCard(Card):
    """What is wrong, with the figures, the limits and the remedy; gating checks first."""

    def __init__(self, checks: tuple[ReadCheck, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._checks = checks
        self.body.addWidget(Text(self.tr("What to look at"), TextRole.SECTION))

    def fill(self) -> Iterator[None]:
        """Add a row a step."""
        wrong = [check for check in self._checks if check.result.state in _BAD]
        wrong.sort(key=lambda one: (not one.result.gating, one.result.state is not _BAD[0]))
        rows = LongColumn(gap=GAP_M)
        self.body.addWidget(rows)
        for place, check in enumerate(wrong):
            if place:
                rows.add(rule())
            rows.add(_FaultRow(check))
            yield
        if not wrong:
            self.body.addWidget(Text(self.tr("No check warns or fails."), TextRole.DIM))


class _FaultRow(QWidget):
    def __init__(self, check: ReadCheck) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        result = check.result
        icon = StateIcon()
        advised = not result.gating and result.state is CheckState.FAILED
        icon.show_state(CheckState.WARNED if advised else result.state)
        words = vbox(gap=2)
        parts = dict.fromkeys((result.no, title(result.code), result.code))
        heading = " · ".join(filter(None, parts))
        words.addWidget(Text(heading, TextRole.STRONG, wrap=True))
        for line, role in ((remedy(result), TextRole.BODY), (figures_line(check), TextRole.DIM)):
            if line:
                words.addWidget(Text(line, role, wrap=True))
        row = hbox(gap=GAP_M)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        state = found_word(result.state, gating=result.gating)
        row.addWidget(Text(state, TextRole.DIM), 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)


class CompareCard(Card):
    """This run beside the median of the machine's earlier ones, and those runs."""

    def __init__(self, shown: ShownReport, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown = shown
        self.body.addWidget(Text(self.tr("Beside this machine’s earlier runs"), TextRole.SECTION))

    def fill(self) -> Iterator[None]:
        """Add the figures in one step, then an earlier run a step."""
        shown = self._shown
        if not shown.earlier:
            self.body.addWidget(
                Text(self.tr("This machine sent no other report in 30 days."), TextRole.DIM)
            )
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_L)
        grid.setVerticalSpacing(GAP_S)
        heads = ("", self.tr("Now"), self.tr("Usual (median)"), self.tr("Difference"))
        for column, head in enumerate(heads):
            grid.addWidget(Text(head, TextRole.DIM), 0, column)
        for row, one in enumerate(shown.compared, 1):
            told = Text(difference(one), wrap=True)
            if one in shown.telling:
                told.set_tone(Tone.WARN if is_worse(one) else Tone.OK)
            grid.addWidget(Text(figure_name(one.name)), row, 0)
            grid.addWidget(Text(figure_value(one.name, one.now)), row, 1)
            grid.addWidget(Text(figure_value(one.name, one.usual), TextRole.DIM), row, 2)
            grid.addWidget(told, row, 3)
        grid.setColumnStretch(3, 1)
        if shown.compared:
            self.body.addLayout(grid)
            self.body.addWidget(rule())
        yield
        rows = LongColumn(gap=GAP_M)
        self.body.addWidget(rows)
        for run in shown.earlier:
            rows.add(_EarlierRow(run))
            yield


class _EarlierRow(QWidget):
    def __init__(self, run: EarlierRow) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setObjectName("earlier_run")
        icon = StateIcon()
        icon.show_state(CheckState.PASSED if run.passed else CheckState.FAILED)
        known = [
            f"{figure_name(name)} {figure_value(name, value)}"
            for name, value in run.figures
            if value is not None
        ]
        words = " · ".join([when_words(run.arrived_at), passed_words(run), *known])
        code = Button(
            run.code,
            name="open_earlier",
            kind=ButtonKind.LINK,
            accessible=self.tr("Show the report {code}").format(code=run.code),
        )
        code.set_command(run.open)
        row = hbox(gap=GAP_M)
        row.addWidget(icon)
        row.addWidget(Text(words, wrap=True), 1)
        row.addWidget(code)
        self.setLayout(row)


class PlotsCard(Card):
    """Round trips, level, brightness, pictures a second, the test call, and the stages."""

    def __init__(self, shown: ShownReport, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown = shown
        self.body.addWidget(Text(self.tr("Measured over time"), TextRole.SECTION))

    def fill(self) -> Iterator[None]:
        """Add a plot a step."""
        report = self._shown.report
        seconds = self.tr("s")
        kinds = (
            (self.tr("Round trips to the service, ms"), lines.RTT, self.tr("samples"), report.rtt),
            (self.tr("Microphone level, dBFS"), lines.LEVEL, seconds, report.level),
            (self.tr("Brightness, 0 to 255"), lines.LUMA, seconds, report.luma),
            (self.tr("Pictures a second"), lines.FPS, seconds, report.fps),
            (self.tr("Upload of the test call, kbit/s"), lines.UPLINK, seconds, report.uplink),
            (
                self.tr("Download of the test call, kbit/s"),
                lines.DOWNLINK,
                seconds,
                report.downlink,
            ),
        )
        grid = QGridLayout()
        grid.setSpacing(GAP_M)
        self.body.addLayout(grid)
        shown_plots = 0
        for name, axis, unit, series in kinds:
            if not any(value is not None for value in series.y):
                continue
            plot = LinePlot(name, axis, unit, parent=self)
            plot.show_values(series.x, series.y)
            column = vbox(gap=2)
            column.addWidget(Text(name, TextRole.DIM))
            column.addWidget(plot)
            grid.addLayout(column, shown_plots // 2, shown_plots % 2)
            shown_plots += 1
            yield
        stages = StageBars(self.tr("How long each stage took"), parent=self)
        stages.show_bars(
            [(stage_name(one.name), one.start_ms, one.duration_ms) for one in report.stages]
        )
        if report.stages:
            self.body.addWidget(Text(self.tr("How long each stage took"), TextRole.DIM))
        self.body.addWidget(stages)
        if not shown_plots and not report.stages:
            self.body.addWidget(Text(self.tr("Nothing was measured over time."), TextRole.DIM))


class FactsCard(Card):
    """Devices, network, what is recommended, the machine; and what was taken out."""

    def __init__(self, shown: ShownReport, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown = shown

    def fill(self) -> Iterator[None]:
        """Add a row a step."""
        report = self._shown.report
        rows = LongColumn(gap=GAP_M)
        self.body.addWidget(rows)
        sections: tuple[tuple[str, Pairs], ...] = (
            (self.tr("Devices"), report.devices),
            (self.tr("Network"), report.network),
            (self.tr("What is recommended"), report.recommendation),
            (self.tr("Computer and program"), report.machine),
            (
                self.tr("Taken out before it was sent"),
                tuple((rule_name(rule), count) for rule, count in report.taken_out),
            ),
        )
        for heading, pairs in sections:
            if not pairs:
                continue
            title = Text(heading, TextRole.SECTION)
            if rows.rows:
                title.setContentsMargins(0, GAP_M, 0, 0)
            rows.add(title)
            for name, value in pairs:
                rows.add(_FactRow(fact_name(name), _fact_value(value)))
                yield


class _FactRow(QWidget):
    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        label = Text(name, TextRole.DIM, wrap=True)
        label.setFixedWidth(_NAME_PX)
        row = hbox(gap=GAP_M)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Text(value, wrap=True), 1)
        self.setLayout(row)


def _fact_value(value: MeasuredValue | tuple[str, ...]) -> str:
    """Return a fact by locale: codes with their numbers, words of our own in the language."""
    match value:
        case tuple():
            return ", ".join(
                numbered([one]) if one in BY_CODE else value_name(one) for one in value
            )
        case str():
            return value_name(value) or "–"
        case _:
            return plain_value(value)
