"""The preflight with devices that were plugged in or out while the page was open."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from desktop.viewmodels.preflight_desk import DeviceRole, Newcomer, NewcomerOffer
from desktop.views.preflight_view import PreflightView
from desktop.views.theme import ThemeMode
from preflight.model import CheckResult, CheckState, Group
from preflight.running.trial import DeviceTrial, LeftAlone
from tests.fakes.preflight_desk import device
from tests.gallery.preflight_pages import BOTH, running_advice
from tests.gallery.registry import GalleryPage


def _pressed() -> None:
    """A command that does nothing; the gallery presses none."""


def _pressed_for(_newcomer: Newcomer) -> None:
    """A command that does nothing either."""


def _plugged_in(*newcomers: Newcomer, one_by_one: bool = False) -> QWidget:
    """These came while the page was open."""
    view = running_advice()
    assert isinstance(view, PreflightView)
    page = vars(view)["_page"]
    use_one = _pressed_for if one_by_one else None
    offer = NewcomerOffer(newcomers, _pressed, _pressed, use_one)
    page.state.set(replace(page.state.value, newcomers=offer))
    return view


_C920 = device("Logitech C920 HD Pro")


def plugged_in() -> QWidget:
    """A second camera came while the first one works, and works too."""
    trial = DeviceTrial(Group.CAMERA, _C920, CheckState.PASSED)
    return _plugged_in(Newcomer(DeviceRole.CAMERA, _C920, trial))


def plugged_in_covered() -> QWidget:
    """A second camera came; its lens is covered."""
    black = CheckResult("camera.black", "C07", Group.CAMERA, CheckState.FAILED)
    trial = DeviceTrial(Group.CAMERA, _C920, CheckState.FAILED, black)
    return _plugged_in(Newcomer(DeviceRole.CAMERA, _C920, trial))


def plugged_in_headset() -> QWidget:
    """A camera is being tried, and a Bluetooth headset came with both its halves."""
    headset = device("WH-1000XM4")
    left_alone = DeviceTrial(
        Group.MICROPHONE, headset, CheckState.UNKNOWN, left_alone=LeftAlone.BLUETOOTH
    )
    return _plugged_in(
        Newcomer(DeviceRole.CAMERA, _C920, DeviceTrial(Group.CAMERA, _C920)),
        Newcomer(DeviceRole.MICROPHONE, headset, left_alone),
        Newcomer(DeviceRole.SPEAKER, headset),
    )


def plugged_in_two() -> QWidget:
    """Two cameras came at once: one works, the other one waits for its turn."""
    brio = device("Logitech Brio 4K")
    return _plugged_in(
        Newcomer(DeviceRole.CAMERA, _C920, DeviceTrial(Group.CAMERA, _C920, CheckState.PASSED)),
        Newcomer(DeviceRole.CAMERA, brio, DeviceTrial(Group.CAMERA, brio)),
        one_by_one=True,
    )


def unplugged() -> QWidget:
    """Two that were not in use went, one of them with a long name."""
    view = running_advice()
    assert isinstance(view, PreflightView)
    page = vars(view)["_page"]
    gone = (_C920.name, "Jabra Evolve2 65 Flex (analogue, mono, right-hand socket at the back)")
    page.state.set(replace(page.state.value, gone=gone))
    return view


NEWCOMER_PAGES: tuple[GalleryPage, ...] = (
    GalleryPage("preflight-plugged-in", plugged_in, modes=(*BOTH, ThemeMode.CONTRAST)),
    GalleryPage("preflight-plugged-in-covered", plugged_in_covered),
    GalleryPage("preflight-plugged-in-headset", plugged_in_headset),
    GalleryPage("preflight-unplugged", unplugged, modes=(*BOTH, ThemeMode.CONTRAST)),
    GalleryPage("preflight-plugged-in-two", plugged_in_two, modes=(*BOTH, ThemeMode.CONTRAST)),
)
