"""The dashboard of a customer or a mechanic: what to do now on top, live, without a refresh."""

from typing import assert_never

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from client_api.wire import Role
from desktop.viewmodels.dashboard_state import (
    DashboardState,
    IgnoredSetting,
    News,
    NewsKind,
    PastRow,
    Phase,
    RequestCard,
    SessionRow,
    Setting,
)
from desktop.viewmodels.observable import Observable
from desktop.views.bind import bind
from desktop.views.past_row import PastRowView
from desktop.views.request_card import RequestCardView
from desktop.views.session_card import SessionCard
from desktop.views.texts import trouble_words
from desktop.views.theme import Tone
from desktop.views.widgets.banner import Banner
from desktop.views.widgets.button import MIN_HIT_PX, Button, ButtonKind
from desktop.views.widgets.card import (
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XL,
    GAP_XXL,
    Card,
    SectionHeader,
    hbox,
    plain,
    scroller,
    vbox,
)
from desktop.views.widgets.empty import EmptyState
from desktop.views.widgets.keyed_list import KeyedList
from desktop.views.widgets.notice import NoticeHost
from desktop.views.widgets.skeleton import Skeleton
from desktop.views.widgets.text import Text, TextRole

STACKED_BELOW_PX = 1100
_SIDE_PX = 420


class DashboardView(QWidget):
    """Shows a ``DashboardState``; below 1100 px the side column goes under the main one."""

    def __init__(self, state: Observable[DashboardState], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._is_mechanic = state.value.role is Role.MECHANIC
        self._last_news = state.value.news.number if state.value.news else 0
        self._build()
        self._notices = NoticeHost(self)
        bind(self, state, self.render_state)

    def render_state(self, state: DashboardState) -> None:
        """Show a state; showing the same one again changes nothing."""
        is_ready = state.phase is Phase.READY
        self._offline.show_words(
            self.tr("You are offline.") if state.is_offline and is_ready else "",
            self.tr("What you see may be old. It updates by itself once you are back."),
            icon_name="offline",
        )
        self._loading.setVisible(state.phase is Phase.LOADING)
        self._failed.setVisible(state.phase is Phase.FAILED)
        if state.trouble is not None:
            words = trouble_words(state.trouble)
            self._failed.show_words(
                words.headline, words.advice, action=self.tr("Try again"), command=state.retry
            )
        self._active.show_rows(state.active)
        self._no_active.setVisible(is_ready and not state.active)
        self._ahead_header.setVisible(bool(state.ahead))
        self._ahead.show_rows(state.ahead)
        self._past_card.setVisible(is_ready and bool(state.past))
        self._past_header.setVisible(is_ready and bool(state.past))
        self._past.show_rows(state.past)
        self._all.offer(state.all_sessions)
        if self._is_mechanic:
            self._render_requests(state)
        else:
            self._new.set_command(state.new_consultation)
        self._tell(state.news)

    def _render_requests(self, state: DashboardState) -> None:
        self._requests_header.set_count(len(state.requests))
        self._requests.show_rows(state.requests)
        available = state.is_available
        self._no_requests.setVisible(state.phase is Phase.READY and not state.requests)
        self._no_requests.show_words(
            self.tr("No requests right now"),
            self.tr("New ones appear here by themselves, with a notice.")
            if available is not False
            else self.tr("You are away. Switch to available to be offered requests."),
        )
        words = self.tr("Available") if available else self.tr("Away")
        self._available.set_words(
            words,
            self.tr("You are available. Press to go away.")
            if available
            else self.tr("You are away. Press to become available."),
        )
        self._available.set_icon("check-circle" if available else "freeze")
        self._available.setVisible(available is not None)
        self._available.set_command(state.toggle_available)

    def _tell(self, news: News | None) -> None:
        if news is None or news.number <= self._last_news:
            return
        self._last_news = news.number
        match news.kind:
            case NewsKind.FASTER:
                self._notices.show_notice(
                    self.tr("Another mechanic was faster. Nothing was charged to you."), Tone.WARN
                )
            case NewsKind.REQUEST_GONE:
                self._notices.show_notice(self.tr("This request is no longer open."), Tone.WARN)
            case NewsKind.ACCEPTED_BY_ME:
                self._notices.show_notice(
                    self.tr("Accepted. Join {name} when you are ready.").format(name=news.name),
                    Tone.OK,
                )
            case NewsKind.MECHANIC_FOUND:
                self._notices.show_notice(
                    self.tr("{name} takes your session. Join when you are ready.").format(
                        name=news.name
                    ),
                    Tone.OK,
                )
            case NewsKind.OTHER_SIDE_READY:
                self._notices.show_notice(
                    self.tr("{name} is ready. Join when you are.").format(name=news.name), Tone.OK
                )
            case NewsKind.NEW_REQUEST:
                self._notices.show_notice(self.tr("A new request came in."), Tone.NEUTRAL)
            case NewsKind.NOT_DONE:
                if news.trouble is not None:
                    words = trouble_words(news.trouble)
                    self._notices.show_notice(f"{words.headline} {words.advice}", Tone.BAD)
            case NewsKind.SETTING_IGNORED:
                if news.ignored is not None:
                    told = self._ignored_words(news.ignored)
                    self._notices.show_notice(f"{told} ({news.ignored.code})", Tone.WARN)

    def _ignored_words(self, ignored: IgnoredSetting) -> str:
        match ignored.setting:
            case Setting.SERVICE:
                return self.tr(
                    "Your settings name no usable service: the one on this computer is used."
                )
            case Setting.CAMERA:
                return self.tr("Your settings name no usable camera: the first one found is used.")
            case Setting.MICROPHONE:
                return self.tr(
                    "Your settings name no usable microphone: the first one found is used."
                )
            case Setting.SPEAKER:
                return self.tr(
                    "Your settings name no usable loudspeaker: the first one found is used."
                )
            case Setting.THEME:
                return self.tr("Your settings name no known look: the system's is used.")
            case Setting.LANGUAGE:
                return self.tr("Your settings name no known language: the system's is used.")
            case _:
                assert_never(ignored.setting)

    def _build(self) -> None:
        self._offline = Banner(name="offline_banner")
        content = plain()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(GAP_XXL, GAP_XL, GAP_XXL, GAP_XL)
        self._columns.setSpacing(GAP_XL)
        self._side = self._build_requests() if self._is_mechanic else self._build_new()
        self._columns.addWidget(self._build_main(), 1)
        self._columns.addWidget(self._side)
        self._columns.addStretch(0)
        content.setLayout(self._columns)
        outer = vbox(gap=0)
        outer.addWidget(self._offline)
        outer.addWidget(scroller(content, name="dashboard_scroll"), 1)
        self.setLayout(outer)

    def _build_main(self) -> QWidget:
        main = plain()
        column = vbox(gap=GAP_L)
        self._loading = Skeleton(accessible=self.tr("Loading your sessions"))
        self._failed = EmptyState("offline", name="dashboard_failed")
        self._active: KeyedList[SessionRow, SessionCard] = KeyedList(
            key=lambda row: row.session, make=SessionCard, update=SessionCard.render_row
        )
        self._no_active = EmptyState("calendar", name="dashboard_empty")
        self._no_active.show_words(
            self.tr("No session is waiting or live"),
            self.tr("Accept a request, and the session appears here.")
            if self._is_mechanic
            else self.tr("Start a new consultation, and it appears here with everything to do."),
        )
        self._ahead_header = SectionHeader(self.tr("Upcoming"))
        self._ahead: KeyedList[SessionRow, SessionCard] = KeyedList(
            key=lambda row: row.session, make=SessionCard, update=SessionCard.render_row
        )
        self._past_header = SectionHeader(self.tr("Recent"))
        self._past_card = Card()
        self._past: KeyedList[PastRow, PastRowView] = KeyedList(
            key=lambda row: row.session,
            make=PastRowView,
            update=PastRowView.render_row,
            gap=0,
        )
        self._all = Button(self.tr("Show all sessions"), name="all_sessions", kind=ButtonKind.LINK)
        self._past_card.body.setContentsMargins(20, GAP_S, 20, GAP_S)
        self._past_card.body.setSpacing(0)
        self._past_card.body.addWidget(self._past)
        foot = hbox()
        foot.addWidget(self._all)
        foot.addStretch(1)
        self._past_card.body.addLayout(foot)
        header = SectionHeader(self.tr("Active sessions"))
        if self._is_mechanic:
            # As high as the header beside it, which holds a button.
            header.setMinimumHeight(MIN_HIT_PX)
        column.addWidget(header)
        column.addWidget(self._loading)
        column.addWidget(self._failed)
        column.addWidget(self._active)
        column.addWidget(self._no_active)
        column.addWidget(self._ahead_header)
        column.addWidget(self._ahead)
        column.addWidget(self._past_header)
        column.addWidget(self._past_card)
        column.addStretch(1)
        main.setLayout(column)
        return main

    def _build_requests(self) -> QWidget:
        side = plain()
        column = vbox(gap=GAP_L)
        self._requests_header = SectionHeader(self.tr("New requests"))
        self._available = Button("", name="toggle_available")
        top = hbox(gap=GAP_M)
        top.addWidget(self._requests_header, 1)
        top.addWidget(self._available)
        self._requests: KeyedList[RequestCard, RequestCardView] = KeyedList(
            key=lambda row: row.request,
            make=RequestCardView,
            update=RequestCardView.render_card,
        )
        self._no_requests = EmptyState("bell", name="requests_empty")
        column.addLayout(top)
        column.addWidget(self._requests)
        column.addWidget(self._no_requests)
        column.addStretch(1)
        side.setLayout(column)
        return side

    def _build_new(self) -> QWidget:
        side = plain()
        column = vbox(gap=GAP_L)
        card = Card()
        self._new = Button(
            self.tr("New consultation"),
            name="new_consultation",
            kind=ButtonKind.PRIMARY,
            icon_name="plus",
        )
        card.body.addWidget(Text(self.tr("Something wrong with your car?"), TextRole.NAME))
        card.body.addWidget(
            Text(
                self.tr(
                    "Describe it, show it live to a mechanic, and get a clear answer. "
                    "You pay only for a session that took place."
                ),
                TextRole.DIM,
                wrap=True,
            )
        )
        card.body.addWidget(self._new)
        column.addWidget(SectionHeader(self.tr("New consultation")))
        column.addWidget(card)
        column.addStretch(1)
        side.setLayout(column)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = self.width() < STACKED_BELOW_PX
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(down if stacked else across)
        # Stacked, what is left over goes below both; side by side the main column takes it.
        self._columns.setStretch(0, 0 if stacked else 1)
        self._columns.setStretch(2, 1 if stacked else 0)
        self._side.setMinimumWidth(0 if stacked else _SIDE_PX)
        self._side.setMaximumWidth(16_777_215 if stacked else _SIDE_PX)
