"""The line under the loudspeaker: how many beeps, or whether the own voice came back clearly."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.viewmodels.preflight_page import PreflightPage
from desktop.viewmodels.preflight_state import Questions, ReplayTest, SpeakerTest
from desktop.views.announce import announce
from desktop.views.theme import Tone
from desktop.views.widgets.button import Button
from desktop.views.widgets.card import GAP_S, hbox
from desktop.views.widgets.text import Text, TextRole

LINE_PX = 46
_ANSWERS = (1, 2, 3, 0)
_SQUARE_PX = 44


class QuestionLine(QWidget):
    """Shows one question of a `Questions` and its answers; the page gets what is pressed.

    Args:
        after_answer: takes the focus from the answers, which go.
        indent_px: where the line begins.
    """

    def __init__(
        self, page: PreflightPage, after_answer: Callable[[], None], *, indent_px: int
    ) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._page = page
        self._after_answer = after_answer
        self._words = Text("", TextRole.DIM, wrap=True)
        self._words.setObjectName("person_question")
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = hbox(gap=GAP_S, margins=(indent_px, 0, 0, 0))
        row.addWidget(self._words, 1)
        self._beeps: dict[int, Button] = {}
        for count in _ANSWERS:
            words = str(count) if count else self.tr("None")
            button = Button(words, name=f"beeps_{count}" if count else "beeps_none")
            if count:
                # Wider ones would push the results aside in a narrow window.
                button.setProperty("square", "true")
                button.setFixedWidth(_SQUARE_PX)
            button.clicked.connect(lambda _=False, heard=count: self._on_beeps(heard))
            self._beeps[count] = button
            row.addWidget(button)
        self._hear = Button(self.tr("Hear yourself"), name="hear_yourself", shortcut="Alt+H")
        row.addWidget(self._hear)
        self._clear = Button(self.tr("Yes"), name="replay_yes")
        self._unclear = Button(self.tr("No"), name="replay_no")
        self._clear.clicked.connect(lambda: self._on_replay(True))
        self._unclear.clicked.connect(lambda: self._on_replay(False))
        row.addWidget(self._clear)
        row.addWidget(self._unclear)
        self.setLayout(row)
        # The height of the answers is kept free, so that the question makes nothing jump.
        self.setFixedHeight(LINE_PX)

    @property
    def words(self) -> str:
        """What is asked, or said of the answer."""
        return self._words.text()

    def render_questions(self, questions: Questions) -> None:
        """Show the question that is open, else what came of the last one."""
        words, tone = self._of_replay(questions) or self._of_beeps(questions.speaker)
        if words != self._words.text() and questions.replay is not ReplayTest.RECORDING:
            # Every second of a recording would be read into it.
            announce(self._words, words)
        self._words.setText(words)
        self._words.set_tone(tone)
        for button in self._beeps.values():
            self._offer(button, questions.answer_beeps is not None, words)
        for button in (self._clear, self._unclear):
            self._offer(button, questions.answer_replay is not None, words)
        asked = questions.answer_beeps is not None or questions.answer_replay is not None
        hear = None if asked else questions.hear_yourself
        if hear is None and self._hear.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._hear.set_command(hear)
        # The answers take its place.
        self._hear.setVisible(not asked)

    def _offer(self, button: Button, open_: bool, description: str) -> None:
        button.setVisible(open_)
        button.setEnabled(open_)
        button.setAccessibleDescription(description)

    def _of_beeps(self, test: SpeakerTest) -> tuple[str, Tone | None]:
        match test:
            case SpeakerTest.IDLE:
                return self.tr("Play the beeps and count them."), None
            case SpeakerTest.PLAYING:
                return self.tr("Listen and count."), None
            case SpeakerTest.ASKING:
                return self.tr("How many?"), None
            case SpeakerTest.HEARD:
                return self.tr("Correct. You will hear the other side."), Tone.OK
            case SpeakerTest.REMEMBERED:
                return self.tr("You heard this loudspeaker recently."), Tone.OK
            case SpeakerTest.WRONG:
                return self.tr("Not quite. Play the beeps once more."), Tone.WARN
            case SpeakerTest.NOT_HEARD:
                return self.tr("Choose another loudspeaker and try again."), Tone.BAD
            case SpeakerTest.FAILED:
                return self.tr("No sound could be played. Choose another loudspeaker."), Tone.BAD

    def _of_replay(self, questions: Questions) -> tuple[str, Tone | None] | None:
        match questions.replay:
            case ReplayTest.IDLE:
                return None
            case ReplayTest.RECORDING:
                words = self.tr("Speak now. Recording, {seconds} s left")
                return words.format(seconds=questions.replay_left_s), None
            case ReplayTest.PLAYING:
                return self.tr("Listen to yourself."), None
            case ReplayTest.ASKING:
                return self.tr("Did you hear yourself clearly?"), None
            case ReplayTest.CONFIRMED:
                over = questions.speaker not in (SpeakerTest.IDLE, SpeakerTest.REMEMBERED)
                return None if over else (self.tr("Good. So others will hear you."), Tone.OK)
            case ReplayTest.DENIED:
                return self.tr("Choose another microphone, or speak closer to it."), Tone.WARN
            case ReplayTest.FAILED:
                return self.tr("Your voice could not be played back."), Tone.BAD

    def _on_beeps(self, heard: int) -> None:
        answer = self._page.state.value.questions.answer_beeps
        if answer is not None:
            self._move_focus()
            answer(heard)

    def _on_replay(self, clear: bool) -> None:
        answer = self._page.state.value.questions.answer_replay
        if answer is not None:
            self._move_focus()
            answer(clear)

    def _move_focus(self) -> None:
        # Qt hands the focus of a hidden button to the next one, which may be Join.
        self._after_answer()


def focus_on(button: Button) -> None:
    """Give the focus to a button that stays."""
    button.setFocus(Qt.FocusReason.OtherFocusReason)
