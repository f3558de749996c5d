"""The three device choosers of the preflight, the moving level, and what the person tries out."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceRole
from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import PreflightPageState
from desktop.views.level_meter import LevelMeter
from desktop.views.preflight_chooser import DeviceChooser
from desktop.views.question_line import QuestionLine, focus_on
from desktop.views.theme import icon_pixmap, scheme_of
from desktop.views.widgets.button import Button
from desktop.views.widgets.card import GAP_M, hbox, vbox
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind

_ICON_PX = 20
_ROW_PX = 44
_METER_BESIDE_FROM_PX = 500


class DevicePanel(QWidget):
    """Shows the devices of a `PreflightPageState` and hands choices to the page."""

    def __init__(self, page: PreflightPage, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._page = page
        self._icons: list[tuple[QLabel, str]] = []
        self._camera = self._chooser(DeviceRole.CAMERA, self.tr("Camera"))
        self._microphone = self._chooser(DeviceRole.MICROPHONE, self.tr("Microphone"))
        self._speaker = self._chooser(DeviceRole.SPEAKER, self.tr("Loudspeaker"))
        self.meter = LevelMeter(page.read_level)
        self._play = Button(self.tr("Play beeps"), name="play_beeps", shortcut="Alt+B")
        self._question = QuestionLine(
            page, lambda: focus_on(self._play), indent_px=_ICON_PX + GAP_M
        )
        column = vbox(gap=10)
        camera = hbox(gap=GAP_M)
        camera.addWidget(self._icon("camera"))
        camera.addWidget(self._camera, 1)
        microphone = hbox(gap=GAP_M)
        microphone.addWidget(self._icon("microphone"), 0, Qt.AlignmentFlag.AlignTop)
        self._voice = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._voice.setSpacing(GAP_M)
        self._voice.addWidget(self._microphone, 1)
        self._voice.addWidget(self.meter, 1)
        microphone.addLayout(self._voice, 1)
        speaker = hbox(gap=GAP_M)
        speaker.addWidget(self._icon("speaker"))
        speaker.addWidget(self._speaker, 1)
        speaker.addWidget(self._play)
        for row in (camera, microphone, speaker):
            column.addLayout(row)
        column.addWidget(self._question)
        self.setLayout(column)
        self._tint()

    def render_state(self, state: PreflightPageState) -> None:
        """Show a state; showing the same one again changes nothing."""
        devices = state.devices
        self._show_choice(self._camera, devices.camera, self.tr("No camera"))
        self._show_choice(self._microphone, devices.microphone, self.tr("No microphone"))
        self._show_choice(self._speaker, devices.speaker, self.tr("No loudspeaker"))
        if state.questions.play_beeps is None and self._play.hasFocus():
            # A disabled button would pass the focus on to whatever comes next.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._play.set_command(state.questions.play_beeps)
        self._question.render_questions(state.questions)

    def _show_choice(self, box: DeviceChooser, choice: DeviceChoice, none: str) -> None:
        entries = [(str(each.id), self._device_words(each)) for each in choice.devices]
        box.show_entries(entries or [("", none)], str(choice.chosen) if entries else "")
        box.setEnabled(bool(entries))

    def _device_words(self, device: DeviceInfo) -> str:
        if device.kind is DeviceKind.REAL:
            return device.name
        return self.tr("{device} (not a real device)").format(device=device.name)

    def _chooser(self, role: DeviceRole, name: str) -> DeviceChooser:
        box = DeviceChooser(name=f"choose_{role.value}", accessible=name)
        box.chosen.connect(lambda key: self._page.choose(role, DeviceId(key)))
        return box

    def _icon(self, name: str) -> QLabel:
        label = QLabel()
        # As high as what it stands for, also where something else stands below that.
        label.setFixedSize(_ICON_PX, _ROW_PX)
        self._icons.append((label, name))
        return label

    def _tint(self) -> None:
        colours = scheme_of(self)
        for label, name in self._icons:
            pixmap = icon_pixmap(name, colours.text, _ICON_PX, self.devicePixelRatioF())
            label.setPixmap(pixmap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Beside the meter a narrow chooser would show next to nothing of a device's name.
        across = self.width() >= _METER_BESIDE_FROM_PX
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        if way is not self._voice.direction():
            self._voice.setDirection(way)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
