"""What a machine remembers, and fingerprints of it."""

import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.fingerprint import take_fingerprint
from preflight.memory.machine_file import FILE_NAME, load_memory, save_memory

CAMERA = DeviceInfo(DeviceId("/dev/video0"), "Garage camera", DeviceKind.REAL)


def test_what_was_saved_is_remembered(tmp_path: Path) -> None:
    memory = replace(load_memory(tmp_path), camera=CAMERA)

    save_memory(tmp_path / "new", memory)

    assert load_memory(tmp_path / "new") == memory


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_only_this_user_may_read_the_key(tmp_path: Path) -> None:
    save_memory(tmp_path, load_memory(None))

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", '{"machine_id": 5}'])
def test_a_broken_file_is_a_new_machine(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)

    assert load_memory(tmp_path).machine_id != load_memory(tmp_path).machine_id


def test_a_broken_key_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"machine_id": "m", "key": "no hex"}')

    memory = load_memory(tmp_path)

    assert memory.machine_id == "m"
    assert len(memory.key) == 32


def test_the_key_is_not_printed() -> None:
    memory = load_memory(None)

    assert memory.key.hex() not in repr(memory)


def test_a_fingerprint_says_which_part_changed() -> None:
    key = b"k" * 32
    before = take_fingerprint({"camera": "a", "network": "n"}, key)
    after = take_fingerprint({"camera": "b", "network": "n"}, key)

    assert after.changed(before) == {"camera"}
    assert before.whole != after.whole
    assert before.whole.startswith("sha256:")


def test_a_fingerprint_of_the_same_is_the_same_whatever_the_order() -> None:
    key = b"k" * 32

    one = take_fingerprint({"a": "1", "b": "2"}, key)
    two = take_fingerprint({"b": "2", "a": "1"}, key)

    assert one.whole == two.whole


def test_another_machine_has_another_fingerprint() -> None:
    assert take_fingerprint({"a": "1"}, b"k").whole != take_fingerprint({"a": "1"}, b"o").whole
