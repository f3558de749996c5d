"""What the page says of a group of checks: its name, and what was seen of it as a whole."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.views.check_words import seen
from preflight.model import CheckResult, CheckState, Group

_CONTEXT: Final = "checks"

_GROUPS: Final = {
    Group.CAMERA: QT_TRANSLATE_NOOP("checks", "Camera"),
    Group.MICROPHONE: QT_TRANSLATE_NOOP("checks", "Microphone"),
    Group.NETWORK: QT_TRANSLATE_NOOP("checks", "Network"),
    Group.MEDIA: QT_TRANSLATE_NOOP("checks", "Test call"),
    Group.HOST: QT_TRANSLATE_NOOP("checks", "This computer"),
    Group.SPEAKER: QT_TRANSLATE_NOOP("checks", "Loudspeaker"),
    Group.SCREEN: QT_TRANSLATE_NOOP("checks", "Screen sharing"),
    Group.ACCOUNT: QT_TRANSLATE_NOOP("checks", "Your session"),
}
_RUNNING: Final = {
    Group.CAMERA: QT_TRANSLATE_NOOP("checks", "Looking at the picture"),
    Group.MICROPHONE: QT_TRANSLATE_NOOP("checks", "Listening: say a few words"),
    Group.NETWORK: QT_TRANSLATE_NOOP("checks", "Timing the way to Liftbay and to the call server"),
    Group.MEDIA: QT_TRANSLATE_NOOP("checks", "Trying a call"),
    Group.HOST: QT_TRANSLATE_NOOP("checks", "Looking at this computer"),
    Group.SPEAKER: QT_TRANSLATE_NOOP("checks", "Listening for an echo"),
    Group.SCREEN: QT_TRANSLATE_NOOP("checks", "Asking whether the screen can be shared"),
    Group.ACCOUNT: QT_TRANSLATE_NOOP("checks", "Asking Liftbay about your session"),
}
_WAVE: Final = QT_TRANSLATE_NOOP("checks", "The picture stands still: wave at the camera")
_PASSED: Final = {
    Group.CAMERA: QT_TRANSLATE_NOOP("checks", "Clear, moving picture"),
    Group.MICROPHONE: QT_TRANSLATE_NOOP("checks", "We can hear you"),
    Group.NETWORK: QT_TRANSLATE_NOOP("checks", "The call server can be reached"),
    Group.MEDIA: QT_TRANSLATE_NOOP("checks", "A call gets through well"),
    Group.HOST: QT_TRANSLATE_NOOP("checks", "Ready for a call"),
    Group.SPEAKER: QT_TRANSLATE_NOOP("checks", "Sound can be played"),
    Group.SCREEN: QT_TRANSLATE_NOOP("checks", "The screen can be shared"),
    Group.ACCOUNT: QT_TRANSLATE_NOOP("checks", "You can join"),
}


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))


def group_name(group: Group) -> str:
    """Return what a gating group is called."""
    return _tr(_GROUPS[group])


def group_detail(
    group: Group, state: CheckState, speaks: CheckResult | None, results: tuple[CheckResult, ...]
) -> str:
    """Return the line under a group's name: what was seen, in figures where there are some."""
    if state in (CheckState.PENDING, CheckState.RUNNING):
        return _tr(_WAVE if _stands_still(results) else _RUNNING[group])
    if speaks is not None:
        return seen(speaks)
    if any(result.reason == "not_signed_in" for result in results):
        told = _tr(QT_TRANSLATE_NOOP("checks", "Liftbay can be reached"))
        found = ", ".join([told, *filter(None, map(seen, results))])
        later = _tr(QT_TRANSLATE_NOOP("checks", "The call server is asked once you are signed in."))
        return f"{found}. {later}"
    return ", ".join([_tr(_PASSED[group]), *filter(None, map(seen, results))])


def _stands_still(results: tuple[CheckResult, ...]) -> bool:
    """Say whether the picture has not changed for about a second: the other looks are done."""
    states = {result.code: result.state for result in results}
    looked = states.get("camera.black", CheckState.PENDING).final
    return looked and states.get("camera.frozen") is CheckState.RUNNING
