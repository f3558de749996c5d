"""What became of a session: findings and files left; money, rating, next steps, PDF right."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from client_api.records import Finding, Summary, Upsell
from client_api.wire import Role, SessionStatus
from desktop.viewmodels.dashboard_state import Phase
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.summary_page import PdfStage, RatingStage, SummaryState
from desktop.views.bill_view import BillView
from desktop.views.bind import bind
from desktop.views.page_arrival import PageInTurns
from desktop.views.phrases import (
    Phrases,
    cost_range,
    joined,
    severity,
    short_time,
    vehicle,
)
from desktop.views.texts import session_end_words, trouble_words
from desktop.views.theme import Tone
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import (
    CARD_PAD,
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XL,
    GAP_XS,
    GAP_XXL,
    Card,
    hbox,
    plain,
    scroller,
    vbox,
)
from desktop.views.widgets.empty import EmptyState
from desktop.views.widgets.field import TextField
from desktop.views.widgets.keyed_list import KeyedList
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.skeleton import Skeleton
from desktop.views.widgets.stars import Stars
from desktop.views.widgets.text import Text, TextRole

STACKED_BELOW_PX: Final = 1100
_SIDE_PX: Final = 400
# As wide as the longest word of a language needs: "À surveiller".
_SEVERITY_PX: Final = 124


class SummaryView(PageInTurns):
    """Shows a ``SummaryState``."""

    def __init__(
        self,
        state: Observable[SummaryState],
        parent: QWidget | None = None,
        *,
        in_turns: bool = False,
    ) -> None:
        """Make the page; ``in_turns`` leaves its parts to `build_part`."""
        super().__init__(parent)
        self.setProperty("role", "page")
        self._state = state
        self._build_from(self._build(), in_turns=in_turns)

    def render_state(self, state: SummaryState) -> None:
        """Show a state; showing the same one again changes nothing."""
        summary = state.summary
        self._loading.setVisible(state.phase is Phase.LOADING)
        self._failed.setVisible(state.phase is Phase.FAILED)
        if state.trouble is not None:
            words = trouble_words(state.trouble)
            self._failed.show_words(
                words.headline, words.advice, action=self.tr("Try again"), command=state.retry
            )
        for card in (self._found, self._bill):
            card.setVisible(summary is not None)
        self._dashboard.set_command(state.dashboard)
        self._pdf.offer(state.save_pdf)
        self._show_pdf(state)
        if summary is None:
            self._title.setText(self.tr("Session summary"))
            for card in (self._notes, self._files, self._rate, self._next):
                card.hide()
            return
        self._show_head(summary)
        self._show_findings(summary)
        self._show_files(summary)
        self._bill.render_summary(summary, is_settling=state.is_settling)
        self._show_rating(state, summary)
        self._next.setVisible(bool(summary.upsells))
        self._upsells.show_rows(summary.upsells)

    def _show_head(self, summary: Summary) -> None:
        titles = {
            SessionStatus.COMPLETED: self.tr("Session complete"),
            SessionStatus.CANCELLED: self.tr("Session cancelled"),
            SessionStatus.EXPIRED: self.tr("Session not started"),
            SessionStatus.UNATTENDED: self.tr("No mechanic was free"),
        }
        self._title.setText(titles.get(summary.status, self.tr("Session ended")))
        with_whom = ""
        if summary.counterpart is not None:
            with_whom = self.tr("with {name}").format(name=summary.counterpart.name)
        length = Phrases().minutes(round(summary.duration_seconds / 60))
        how = ""
        if summary.end is not None:
            end_words = session_end_words(summary.end.reason, summary.my_role)
            how = self.tr("{how} at {time}").format(
                how=end_words, time=short_time(summary.end.ended_at.isoformat())
            )
        was_held = summary.started_at is not None
        self._subtitle.setText(
            joined(with_whom, vehicle(summary.vehicle), length if was_held else "", how)
        )

    def _show_findings(self, summary: Summary) -> None:
        self._currency = summary.currency
        self._findings.show_rows(tuple(enumerate(summary.findings)))
        self._no_findings.setVisible(not summary.findings)
        # The last row brings room of its own below it.
        below = GAP_S if summary.findings else CARD_PAD
        self._found.body.setContentsMargins(CARD_PAD, CARD_PAD, CARD_PAD, below)
        self._no_findings.setText(
            self.tr("Nothing was written down in this session.")
            if summary.started_at is not None
            else self.tr("The session did not take place, so nobody looked at the car.")
        )
        self._notes.setVisible(bool(summary.notes_text.strip()))
        self._notes_text.setText(summary.notes_text.strip())

    def _show_files(self, summary: Summary) -> None:
        names = [one.name for one in (*summary.snapshots, *summary.files)]
        self._files.setVisible(bool(names))
        self._file_names.setText("\n".join(names))

    def _show_rating(self, state: SummaryState, summary: Summary) -> None:
        rates = summary.my_role is Role.CUSTOMER and summary.started_at is not None
        self._rate.setVisible(rates)
        self._stars.show_stars(state.stars, state.pick_star)
        self._comment.show_text(state.comment)
        self._comment.edit.setReadOnly(state.write_comment is None)
        trouble = trouble_words(state.rating_trouble).headline if state.rating_trouble else ""
        self._comment.show_trouble(trouble)
        is_sent = state.rating is RatingStage.SENT
        self._comment.set_label(self.tr("Your comment") if is_sent else self.tr("Add a comment"))
        self._comment.setVisible(not is_sent or bool(state.comment))
        self._thanks.show_text(self.tr("Thank you. Your rating was sent.") if is_sent else "")
        self._send.setVisible(not is_sent)
        sending = state.rating is RatingStage.SENDING
        self._send.set_words(self.tr("Sending…") if sending else self.tr("Send rating"))
        self._send.set_command(state.send_rating)

    def _show_pdf(self, state: SummaryState) -> None:
        match state.pdf:
            case PdfStage.SAVED:
                self._pdf_state.show_words(self.tr("Report saved."), tone=Tone.OK)
            case PdfStage.FAILED:
                words = trouble_words(state.pdf_trouble) if state.pdf_trouble else None
                self._pdf_state.show_words(
                    words.headline if words else self.tr("The report could not be written there."),
                    words.advice if words else self.tr("Choose another folder."),
                    tone=Tone.BAD,
                )
            case PdfStage.SAVING:
                self._pdf_state.show_words(self.tr("Saving the report…"), tone=Tone.NEUTRAL)
            case PdfStage.NONE:
                self._pdf_state.show_words("")

    def _build(self) -> Iterator[bool]:
        content = plain()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(GAP_XXL, GAP_XL, GAP_XXL, GAP_XL)
        self._columns.setSpacing(GAP_XL)
        content.setLayout(self._columns)
        outer = vbox()
        outer.addWidget(scroller(content, name="summary_scroll"))
        self.setLayout(outer)
        self._columns.addWidget(self._build_main(), 1)
        yield True
        self._side = self._build_side()
        self._columns.addWidget(self._side)
        self._columns.addStretch(0)
        yield True
        bind(self, self._state, self.render_state)
        yield True

    def _build_main(self) -> QWidget:
        self._title = Text(role=TextRole.TITLE, wrap=True)
        self._subtitle = Text(role=TextRole.DIM, wrap=True)
        self._loading = Skeleton(lines=4, accessible=self.tr("Loading the summary"))
        self._failed = EmptyState("offline", name="summary_failed")
        self._found = Card()
        self._no_findings = Text(role=TextRole.DIM, wrap=True)
        self._currency = "usd"
        self._findings: KeyedList[tuple[int, Finding], FindingRow] = KeyedList(
            key=lambda row: row[0],
            make=FindingRow,
            update=lambda widget, row: widget.render_finding(row[1], self._currency),
            gap=0,
        )
        self._found.body.addWidget(Text(self.tr("What we found"), TextRole.SECTION))
        self._found.body.addWidget(self._findings)
        self._found.body.addWidget(self._no_findings)
        self._notes, self._notes_text = self._text_card(self.tr("Notes of the mechanic"))
        self._files, self._file_names = self._text_card(self.tr("Snapshots and files"))
        main = plain()
        column = vbox(gap=GAP_L)
        head = vbox(gap=GAP_XS)
        head.addWidget(self._title)
        head.addWidget(self._subtitle)
        column.addLayout(head)
        for widget in (
            self._loading,
            self._failed,
            self._found,
            self._notes,
            self._files,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        main.setLayout(column)
        return main

    def _text_card(self, title: str) -> tuple[Card, Text]:
        card = Card()
        text = Text(wrap=True)
        card.body.addWidget(Text(title, TextRole.SECTION))
        card.body.addWidget(text)
        return card, text

    def _build_side(self) -> QWidget:
        self._bill = BillView()
        self._rate = Card()
        self._stars = Stars(name="rating_star")
        self._comment = TextField(self.tr("Add a comment"), name="rating_comment", max_length=1000)
        self._comment.edited.connect(self._on_comment)
        self._thanks = Text(role=TextRole.DIM, wrap=True)
        self._send = Button("", name="send_rating")
        self._rate.body.addWidget(Text(self.tr("How was it?"), TextRole.STRONG))
        for widget in (self._stars, self._comment, self._thanks, self._send):
            self._rate.body.addWidget(widget)
        self._next = Card()
        self._next.body.addWidget(Text(self.tr("Next"), TextRole.STRONG))
        self._upsells: KeyedList[Upsell, UpsellRow] = KeyedList(
            key=lambda row: row.id, make=UpsellRow, update=UpsellRow.render_upsell
        )
        self._next.body.addWidget(self._upsells)
        self._pdf_state = Banner(name="pdf_banner", rounded=True, upright=True)
        self._pdf = Button(self.tr("Save report (PDF)"), name="save_report", icon_name="download")
        self._dashboard = Button(
            self.tr("Dashboard"), name="summary_dashboard", kind=ButtonKind.PRIMARY
        )
        buttons = hbox(gap=GAP_M)
        buttons.addWidget(self._pdf, 1)
        buttons.addWidget(self._dashboard, 1)
        side = plain()
        column = vbox(gap=GAP_L)
        for card in (self._bill, self._rate, self._next, self._pdf_state):
            column.addWidget(card)
        column.addLayout(buttons)
        column.addStretch(1)
        side.setLayout(column)
        return side

    def _on_comment(self, text: str) -> None:
        write = self._state.value.write_comment
        if write is not None:
            write(text)

    def fit(self) -> None:
        """Lay out what depends on the size that the page has now."""
        stacked = self.width() < STACKED_BELOW_PX
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(down if stacked else across)
        # Stacked, what is left over goes below both; side by side the main column takes it.
        self._columns.setStretch(0, 0 if stacked else 1)
        self._columns.setStretch(2, 1 if stacked else 0)
        self._side.setMinimumWidth(0 if stacked else _SIDE_PX)
        self._side.setMaximumWidth(16_777_215 if stacked else _SIDE_PX)


class FindingRow(QFrame):
    """One finding: how urgent, what, and what it may cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "row")
        self._severity = Pill()
        holder = plain()
        holder.setFixedWidth(_SEVERITY_PX)
        inside = hbox(gap=0)
        inside.addWidget(self._severity)
        inside.addStretch(1)
        holder.setLayout(inside)
        self._title = Text(role=TextRole.STRONG, wrap=True)
        self._detail = Text(role=TextRole.DIM, wrap=True)
        self._cost = Text()
        words = vbox(gap=GAP_XS)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        row = hbox(gap=GAP_M, margins=(0, GAP_M, 0, GAP_M))
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._cost, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def render_finding(self, finding: Finding, currency: str) -> None:
        """Show a finding."""
        word, tone, icon_name = severity(finding.severity)
        self._severity.show_status(word, tone, icon_name)
        self._title.setText(finding.title)
        self._detail.show_text(finding.detail)
        self._cost.show_text(cost_range(finding.cost_low_cents, finding.cost_high_cents, currency))


class UpsellRow(QWidget):
    """A next step offered to the customer; it tells what to do and sells nothing by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._title = Text(wrap=True)
        self._detail = Text(role=TextRole.DIM, wrap=True)
        column = vbox(gap=GAP_S)
        column.addWidget(self._title)
        column.addWidget(self._detail)
        self.setLayout(column)

    def render_upsell(self, upsell: Upsell) -> None:
        """Show a next step."""
        self._title.setText(upsell.title)
        self._detail.show_text(upsell.detail)
