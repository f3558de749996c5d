"""A session that is to come or runs: with whom, about what, how it stands, what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from client_api.wire import PaymentStatus, ReadinessState, Role, SessionStatus, SessionType
from desktop.viewmodels.dashboard_state import SessionRow
from desktop.views.phrases import ago, countdown, joined, plan_minutes, their_readiness, vehicle
from desktop.views.theme import Tone
from desktop.views.widgets.avatar import Avatar
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_L, GAP_M, GAP_XS, Card, hbox, vbox
from desktop.views.widgets.pill import Pill
from desktop.views.widgets.text import PartsText, Text, TextRole

_AVATAR_PX = 56
_LONGEST_CONCERN = 160


class SessionCard(Card):
    """Shows a ``SessionRow``. Its buttons are called ``join_session`` and ``cancel_session``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._avatar = Avatar(edge_px=_AVATAR_PX)
        self._name = Text(role=TextRole.NAME)
        self._status = Pill()
        self._about = Text(wrap=True)
        self._details = PartsText(TextRole.DIM)
        self._join = Button("", name="join_session", kind=ButtonKind.PRIMARY, big=True)
        self._cancel = Button("", name="cancel_session", kind=ButtonKind.GHOST)
        top = hbox(gap=GAP_M)
        top.addWidget(self._name)
        top.addWidget(self._status)
        top.addStretch(1)
        words = vbox(gap=GAP_XS)
        words.addLayout(top)
        words.addWidget(self._about)
        words.addWidget(self._details)
        row = hbox(gap=GAP_L)
        row.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._join)
        self.body.addLayout(row)

    def render_row(self, row: SessionRow) -> None:
        """Show a row; showing the same one again changes nothing."""
        self.setProperty("session", row.session)
        nobody = self.tr("Looking for a mechanic")
        self._avatar.show_name(row.name)
        self._name.setText(row.name or nobody)
        self._status.show_status(*self._status_of(row))
        self._about.setText(joined(vehicle(row.vehicle), shortened(row.concern)))
        self._details.show_parts(*self._details_of(row))
        live = row.status in (SessionStatus.LIVE, SessionStatus.RECONNECTING)
        verb = self.tr("Return to call") if live else self.tr("Join session")
        self._join.set_words(verb, f"{verb}, {row.name}")
        self._join.offer(row.join)
        give_back = row.my_role is Role.MECHANIC
        undo = self.tr("Give back") if give_back else self.tr("Cancel")
        self._cancel.set_words(undo, f"{undo}, {row.name or vehicle(row.vehicle)}")
        self._cancel.offer(row.cancel)

    def _status_of(self, row: SessionRow) -> tuple[str, Tone, str]:
        they_wait = row.their_readiness in (ReadinessState.READY, ReadinessState.IN_CALL)
        if row.type is SessionType.CHAT:
            return self.tr("Chat on the web"), Tone.NEUTRAL, "chat"
        match row.status:
            case SessionStatus.LIVE:
                left = countdown(row.left_s or 0)
                return self.tr("Live · {left} left").format(left=left), Tone.OK, "dot"
            case SessionStatus.RECONNECTING:
                return self.tr("Reconnecting"), Tone.WARN, "refresh"
            case SessionStatus.WAITING if they_wait:
                return self.tr("Waiting for you"), Tone.WARN, "clock"
            case SessionStatus.WAITING:
                return self.tr("Ready to join"), Tone.OK, "check-circle"
            case SessionStatus.PENDING if row.payment is PaymentStatus.DUE:
                return self.tr("Payment due"), Tone.WARN, "money"
            case SessionStatus.PENDING:
                return self.tr("Sent to mechanics"), Tone.NEUTRAL, "search"
            case _:
                return self.tr("Booked"), Tone.NEUTRAL, "calendar"

    def _details_of(self, row: SessionRow) -> tuple[str, ...]:
        other = Role.MECHANIC if row.my_role is Role.CUSTOMER else Role.CUSTOMER
        since = ago(row.age_s)
        if since and row.status is SessionStatus.PENDING:
            since = self.tr("asked {ago}").format(ago=since)
        elif since:
            since = self.tr("accepted {ago}").format(ago=since)
        return (
            plan_minutes(row.plan, row.type, row.minutes),
            their_readiness(row.their_readiness, other),
            since,
        )


def shortened(text: str) -> str:
    """Return what fits on a card: one paragraph, cut at a word when it is long."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_CONCERN:
        return line
    return line[:_LONGEST_CONCERN].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
