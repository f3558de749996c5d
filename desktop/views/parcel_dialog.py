"""Shows what is inside before anything is saved for support or sent, and asks."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from desktop.viewmodels.observable import Observable
from desktop.viewmodels.support_panel import Parcel, ParcelKind, ParcelPreview
from desktop.views.announce import announce
from desktop.views.bind import bind
from desktop.views.dialogs import finished
from desktop.views.fact_words import rule_name
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button, ButtonKind
from desktop.views.widgets.card import GAP_L, GAP_M, GAP_S, Card, hbox, plain, vbox
from desktop.views.widgets.text import Text, TextRole
from desktop.views.widgets.tick import Tick

_WIDTH_PX = 520
_PICTURE_PX = 200
_MOST_FILES = 6


class ParcelDialog(QDialog):
    """Lists the files with their sizes and what was taken out; the way back holds the focus."""

    def __init__(self, preview: Observable[ParcelPreview], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = preview
        self.setObjectName("parcel")
        self.setProperty("role", "page")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setFixedWidth(_WIDTH_PX)
        self._build(preview.value.kind)
        bind(self, preview, self.render_state)

    def render_state(self, preview: ParcelPreview) -> None:
        """Show a state; showing the same one again changes nothing."""
        parcel = preview.parcel
        self._show_files(parcel, failed=preview.failed)
        self._taken.setText(self._taken_words(parcel))
        self._tick.setVisible(preview.kind is ParcelKind.BUNDLE)
        self._tick.setEnabled(preview.tick_picture is not None)
        self._tick.setChecked(preview.wants_picture)
        self._no_picture.show_text(
            self.tr("The camera gives no picture now.") if preview.has_no_picture else ""
        )
        self._show_picture(parcel.picture if parcel is not None else None)
        self._yes.set_command(None if preview.agree is None else self.accept)
        if self.isVisible():
            # A picture makes it higher, and its absence lower again.
            self.adjustSize()

    def _show_files(self, parcel: Parcel | None, *, failed: bool) -> None:
        files = () if parcel is None else parcel.files
        words = self.tr("Putting it together…")
        if failed:
            words = self.tr("It could not be put together. Close this and try again.")
            announce(self, words)
        self._waiting.set_tone(Tone.BAD if failed else None)
        self._waiting.show_text(words if parcel is None else "")
        for place, (name, size, box) in enumerate(self._rows):
            box.setVisible(place < len(files))
            if place < len(files):
                file = files[place]
                name.setText(f"{file.name} · {self._file_words(file.name)}")
                size.setText(QLocale().formattedDataSize(file.bytes, 1))
        if parcel is not None:
            names = ", ".join(file.name for file in files)
            announce(self, self.tr("Inside: {files}").format(files=names))

    def _file_words(self, name: str) -> str:
        match name:
            case "report.json":
                return self.tr("all figures of the checks")
            case "report.html":
                return self.tr("the same as a page to read")
            case "log.txt":
                return self.tr("the end of the program’s log")
            case "preflight-report-crash.json":
                return self.tr("what an earlier run had found when it was ended")
            case "camera.jpg":
                return self.tr("the picture you added")
            case _:
                return self.tr("what is inside, with checksums")

    def _taken_words(self, parcel: Parcel | None) -> str:
        if parcel is None:
            return ""
        if not parcel.taken_out:
            return self.tr("Nothing personal was found in it.")
        found = ", ".join(f"{rule_name(rule)} × {count}" for rule, count in parcel.taken_out)
        return self.tr("Taken out: {found}").format(found=found)

    def _show_picture(self, jpeg: bytes | None) -> None:
        self._picture.setVisible(jpeg is not None)
        if jpeg is None:
            return
        image = QImage.fromData(jpeg)
        small = image.scaledToWidth(_PICTURE_PX, Qt.TransformationMode.SmoothTransformation)
        self._picture.setPixmap(QPixmap.fromImage(small))

    def _build(self, kind: ParcelKind) -> None:
        sends = kind is ParcelKind.SENT
        title = self.tr("Send this to support?") if sends else self.tr("Save this for support?")
        self.setWindowTitle(title)
        text = (
            self.tr("Support finds it under a code for 30 days. No picture and no sound is in it.")
            if sends
            else self.tr("It stays on this computer until you give it to somebody.")
        )
        self.setAccessibleDescription(text)
        self._waiting = Text("", TextRole.DIM, wrap=True)
        self._taken = Text("", TextRole.DIM, wrap=True)
        self._tick = Tick(self.tr("Add a picture of what my camera sees"), name="parcel_picture")
        self._tick.clicked.connect(self._on_tick)
        self._no_picture = Text("", wrap=True)
        self._no_picture.set_tone(Tone.WARN)
        self._picture = QLabel()
        self._picture.setAccessibleName(self.tr("The picture that would be added"))
        no = Button(self.tr("Not now"), name="parcel_back")
        self._yes = Button(
            self.tr("Send") if sends else self.tr("Save…"),
            name="parcel_agree",
            kind=ButtonKind.PRIMARY,
        )
        no.set_command(self.reject)
        buttons = hbox(gap=GAP_M)
        buttons.addStretch(1)
        buttons.addWidget(no)
        buttons.addWidget(self._yes)
        column = vbox(gap=GAP_M, margins=(24, 24, 24, 24))
        column.addWidget(Text(title, TextRole.SECTION, wrap=True))
        column.addWidget(Text(text, wrap=True))
        column.addWidget(self._build_files())
        column.addWidget(self._taken)
        column.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._no_picture)
        column.addWidget(self._picture)
        column.addSpacing(GAP_S)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setLayout(column)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.reject)
        no.setFocus(Qt.FocusReason.TabFocusReason)

    def _build_files(self) -> QWidget:
        card = Card(inner=True, pad=GAP_L)
        card.body.setSpacing(GAP_S)
        card.body.addWidget(self._waiting)
        self._rows: list[tuple[Text, Text, QWidget]] = []
        for _ in range(_MOST_FILES):
            box = plain()
            name, size = Text("", wrap=True), Text("", TextRole.DIM)
            row = hbox(gap=GAP_M)
            row.addWidget(name, 1)
            row.addWidget(size, 0, Qt.AlignmentFlag.AlignTop)
            box.setLayout(row)
            card.body.addWidget(box)
            self._rows.append((name, size, box))
        return card

    def _on_tick(self, checked: bool) -> None:
        tick = self._preview.value.tick_picture
        if tick is not None:
            tick(checked)


async def ask_parcel(parent: QWidget | None, preview: Observable[ParcelPreview]) -> bool:
    """Show what is inside and ask; False for *Not now* and Escape."""
    dialog = ParcelDialog(preview, parent)
    return await finished(dialog) == QDialog.DialogCode.Accepted
