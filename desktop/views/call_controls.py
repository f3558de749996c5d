"""The controls of a call, bottom centre: microphone, camera, chat, panel, picture, End."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import CallPageState, MediaToggle, PanelTab
from desktop.viewmodels.preflight_desk import DeviceRole
from desktop.views.widgets.button import Button, ButtonKind, ControlButton
from desktop.views.widgets.card import GAP_M, hbox

_PAIR_GAP_PX = 2


class CallControls(QWidget):
    """Shows what can be done now. Controls of later parts are left out rather than dead.

    Signals:
        end_pressed: End was pressed; the page asks before it ends anything.
    """

    end_pressed = Signal()

    def __init__(self, page: CallPage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("call_controls")
        self.setProperty("role", "plain")
        self._page = page
        self._menu: QMenu | None = None
        self._menu_anchor: QWidget = self
        self._menu_roles: tuple[DeviceRole, ...] = ()
        self._devices = page.state.value.devices
        self.microphone = ControlButton("microphone", "", name="toggle_microphone")
        self.camera = ControlButton("camera", "", name="toggle_camera")
        self._microphones = self._arrow("call_choose_microphone", self.tr("Choose microphone"))
        self._cameras = self._arrow("call_choose_camera", self.tr("Choose camera"))
        self._microphones.clicked.connect(self._on_choose_sound)
        self._cameras.clicked.connect(self._on_choose_camera)
        self.chat = ControlButton("chat", self.tr("Chat (C)"), name="toggle_chat", checkable=True)
        self.panel = ControlButton(
            "panel", self.tr("Side panel (P)"), name="toggle_panel", checkable=True
        )
        self.full = ControlButton(
            "expand", self.tr("Picture full (F)"), name="picture_full", checkable=True
        )
        self.end = Button(
            self.tr("End"),
            name="call_end",
            kind=ButtonKind.CONTROL_END,
            icon_name="end",
            accessible=self.tr("End session (Ctrl+E)"),
        )
        self.chat.clicked.connect(lambda: page.toggle_panel(PanelTab.CHAT))
        self.panel.clicked.connect(self._on_panel)
        self.full.clicked.connect(page.toggle_picture_full)
        self.end.clicked.connect(self.end_pressed)
        row = hbox(gap=GAP_M)
        for toggle, arrow in (
            (self.microphone, self._microphones),
            (self.camera, self._cameras),
        ):
            pair = hbox(gap=_PAIR_GAP_PX)
            pair.addWidget(toggle)
            pair.addWidget(arrow)
            row.addLayout(pair)
        for control in (self.chat, self.panel, self.full, self.end):
            row.addWidget(control)
        self.setLayout(row)

    def render_state(self, state: CallPageState) -> None:
        """Show a state; showing the same one again changes nothing."""
        self._render_toggle(
            self.microphone,
            state.microphone,
            ("microphone", "microphone-off"),
            (self.tr("Mute (M)"), self.tr("Unmute (M)"), self.tr("Microphone failed (M)")),
        )
        self._render_toggle(
            self.camera,
            state.camera,
            ("camera", "camera-off"),
            (
                self.tr("Camera off (V)"),
                self.tr("Camera on (V)"),
                self.tr("Camera failed (V)"),
            ),
        )
        if state.devices != self._devices:
            self._devices = state.devices
            if self._menu is not None and self.is_menu_open():
                self._fill_menu(self._menu)
                self._menu.move(self._above_anchor(self._menu))
        self._microphones.setEnabled(state.microphone.toggle is not None)
        self._cameras.setEnabled(state.camera.toggle is not None)
        self.chat.set_count(state.unread)
        self.chat.setChecked(state.panel is PanelTab.CHAT)
        if state.unread:
            words = self.tr("Chat (C), {count} unread").format(count=state.unread)
            self.chat.set_words("", words)
        else:
            self.chat.set_words("", self.tr("Chat (C)"))
        self.panel.setChecked(state.panel is not None and state.panel is not PanelTab.CHAT)
        self.full.setChecked(state.picture_full)
        self.end.setEnabled(state.end is not None)

    def is_menu_open(self) -> bool:
        """True while a device menu is open, so that the controls stay."""
        return self._menu is not None and self._menu.isVisible()

    def toggle_panel(self) -> None:
        """Open the first tab, or fold the panel away."""
        self._on_panel()

    def _render_toggle(
        self,
        button: ControlButton,
        toggle: MediaToggle,
        icons: tuple[str, str],
        words: tuple[str, str, str],
    ) -> None:
        button.set_command(toggle.toggle)
        button.set_icon(icons[0] if toggle.wished_on else icons[1])
        if toggle.failed and toggle.wished_on:
            button.set_words("", words[2])
        else:
            button.set_words("", words[0] if toggle.wished_on else words[1])
        button.set_alert(not toggle.wished_on or toggle.failed)

    def _arrow(self, name: str, words: str) -> ControlButton:
        return ControlButton("chevron-up", words, name=name, kind=ButtonKind.CONTROL_ARROW)

    def _on_panel(self) -> None:
        state = self._page.state.value
        open_now = state.panel is not None and state.panel is not PanelTab.CHAT
        tabs = [tab for tab in state.tabs if tab is not PanelTab.CHAT]
        self._page.open_panel(None if open_now else tabs[0])

    def choose(self, role: DeviceRole) -> None:
        """Open the list of these devices, as its arrow does."""
        if role is DeviceRole.CAMERA:
            self._on_choose_camera()
        else:
            self._on_choose_sound()

    def _on_choose_sound(self) -> None:
        self._open_menu(self._microphones, (DeviceRole.MICROPHONE, DeviceRole.SPEAKER))

    def _on_choose_camera(self) -> None:
        self._open_menu(self._cameras, (DeviceRole.CAMERA,))

    def _open_menu(self, anchor: QWidget, roles: tuple[DeviceRole, ...]) -> None:
        # Something may have been plugged in since; what is found comes into the open menu.
        self._page.look_for_devices()
        menu = QMenu(self)
        menu.setObjectName(f"{anchor.objectName()}_menu")
        self._menu, self._menu_anchor, self._menu_roles = menu, anchor, roles
        self._fill_menu(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.destroyed.connect(lambda: self._on_menu_gone(menu))
        menu.popup(self._above_anchor(menu))

    def _above_anchor(self, menu: QMenu) -> QPoint:
        menu.adjustSize()
        return self._menu_anchor.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 6))

    def _fill_menu(self, menu: QMenu) -> None:
        titles = {
            DeviceRole.MICROPHONE: self.tr("Microphone"),
            DeviceRole.SPEAKER: self.tr("Loudspeaker"),
            DeviceRole.CAMERA: self.tr("Camera"),
        }
        menu.clear()
        for role in self._menu_roles:
            choice = self._devices.of(role)
            menu.addAction(titles[role]).setEnabled(False)
            for device in choice.devices:
                entry = QAction(device.name, menu)
                entry.setCheckable(True)
                entry.setChecked(device.id == choice.chosen)
                entry.triggered.connect(
                    lambda _=False, role=role, device=device: self._page.choose_device(
                        role, device.id
                    )
                )
                menu.addAction(entry)
            if not choice.devices:
                menu.addAction(self.tr("None found")).setEnabled(False)

    def _on_menu_gone(self, menu: QMenu) -> None:
        # Qt deletes a closed menu later; another one may be open by then.
        if self._menu is menu:
            self._menu = None
