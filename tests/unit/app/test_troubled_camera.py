"""The camera that misbehaves for tests of a whole client, and who can choose it."""

import time
from collections.abc import Callable

import pytest

from desktop.app.demo.trouble_switch import CameraTrouble
from desktop.app.demo.troubled_camera import HOLDER, TroubledCatalogue
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.choices import ByName, parse_choice
from preflight.devices.ports import CameraSource, DeviceNotFound, OpenFault, SourceState

WITHIN_S = 5.0


class Switch:
    """What is wrong now."""

    def __init__(self, now: CameraTrouble) -> None:
        self.now = now
        self.catalogue = TroubledCatalogue(
            SystemCatalogue(microphone_choice="tone:440", speaker_choice="null"), lambda: self.now
        )


def until(condition: Callable[[], bool]) -> None:
    """Wait for a source's thread.

    Raises:
        TimeoutError: it did not come.
    """
    end = time.monotonic() + WITHIN_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def opened(source: CameraSource) -> CameraSource:
    source.open()
    until(lambda: source.status.state is not SourceState.OPENING)
    return source


def test_an_absent_camera_is_neither_listed_nor_made() -> None:
    catalogue = Switch(CameraTrouble.ABSENT).catalogue

    assert catalogue.cameras() == ()
    with pytest.raises(DeviceNotFound):
        catalogue.camera(None)


def test_a_busy_camera_is_listed_and_refuses_with_its_holder() -> None:
    catalogue = Switch(CameraTrouble.BUSY).catalogue

    source = opened(catalogue.camera(None))

    assert len(catalogue.cameras()) == 1
    assert source.status.state is SourceState.FAILED
    assert (source.status.fault, source.status.holder) == (OpenFault.BUSY, HOLDER)
    source.close()


def test_a_running_camera_that_goes_is_lost_as_one_that_was_unplugged() -> None:
    switch = Switch(CameraTrouble.NONE)
    source = opened(switch.catalogue.camera(None))
    until(lambda: source.mode is not None)

    switch.now = CameraTrouble.ABSENT

    until(lambda: source.status.state is SourceState.LOST)
    assert source.status.fault is OpenFault.UNPLUGGED
    source.close()


def test_sound_is_the_other_catalogue_s() -> None:
    catalogue = Switch(CameraTrouble.NONE).catalogue

    assert catalogue.microphones()[0].id == "tone:440"
    assert catalogue.microphone(None).info.id == "tone:440"
    assert catalogue.speakers()


@pytest.mark.parametrize("trouble", CameraTrouble)
def test_no_word_of_the_settings_or_the_command_line_chooses_it(trouble: CameraTrouble) -> None:
    assert parse_choice(trouble.value) == ByName(trouble.value)
