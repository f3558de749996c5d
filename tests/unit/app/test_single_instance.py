"""One window for each profile; a second start hands its session over."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app.profile import Profile, open_profile
from desktop.app.single_instance import SingleInstance

ROOT = Path(__file__).resolve().parents[3]
SESSION = "0d9c8b7a-6f5e-4d3c-8b2a-190807060504"

TAKE_AND_DIE = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.app.profile import open_profile
from desktop.app.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(open_profile("one", Path(sys.argv[1])))
assert instance.acquire()
os._exit(9)
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    made = open_profile("one", tmp_path)
    made.make()
    return made


def test_a_second_start_hands_its_session_to_the_first(qtbot: QtBot, profile: Profile) -> None:
    first, second = SingleInstance(profile), SingleInstance(profile)
    links: list[str] = []

    assert first.acquire()
    first.listen(links.append)
    assert not second.acquire()
    assert second.hand_over(SESSION)
    qtbot.waitUntil(lambda: links == [SESSION], timeout=5000)

    first.release()


def test_a_second_start_without_a_session_only_shows_the_window(
    qtbot: QtBot, profile: Profile
) -> None:
    first = SingleInstance(profile)
    links: list[str] = []
    assert first.acquire()
    first.listen(links.append)

    assert SingleInstance(profile).hand_over("")
    qtbot.waitUntil(lambda: links == [""], timeout=5000)

    first.release()


def test_after_the_first_is_gone_the_next_start_is_the_one(qtbot: QtBot, profile: Profile) -> None:
    first, second = SingleInstance(profile), SingleInstance(profile)
    assert first.acquire()

    first.release()

    assert second.acquire()
    second.release()


def test_a_crashed_instance_stands_in_nobodys_way(qtbot: QtBot, profile: Profile) -> None:
    died = subprocess.run(
        [sys.executable, "-c", TAKE_AND_DIE, str(profile.root.parent)], cwd=ROOT, timeout=60
    )
    assert died.returncode == 9
    assert profile.lock_file.exists()
    links: list[str] = []
    instance = SingleInstance(profile)

    assert instance.acquire()
    instance.listen(links.append)
    assert SingleInstance(profile).hand_over(SESSION)
    qtbot.waitUntil(lambda: links == [SESSION], timeout=5000)

    instance.release()


def test_nobody_there_is_told_at_once(qtbot: QtBot, profile: Profile) -> None:
    assert not SingleInstance(profile).hand_over(SESSION)


def test_other_profiles_have_windows_of_their_own(qtbot: QtBot, tmp_path: Path) -> None:
    instances = []
    for name in ("one", "two"):
        profile = open_profile(name, tmp_path)
        profile.make()
        instances.append(SingleInstance(profile))

    assert [instance.acquire() for instance in instances] == [True, True]

    for instance in instances:
        instance.release()


def test_a_line_without_an_end_is_not_taken_for_a_link(qtbot: QtBot, profile: Profile) -> None:
    first = SingleInstance(profile)
    links: list[str] = []
    assert first.acquire()
    first.listen(links.append)

    assert SingleInstance(profile).hand_over("x" * 5000)
    qtbot.waitUntil(lambda: len(links) == 1, timeout=5000)

    assert links == ["x" * 256]
    first.release()
