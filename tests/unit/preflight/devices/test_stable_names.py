"""The camera of last time is found again whatever its number is now."""

from pathlib import Path

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.stable_names import device_key, find_again, stable_names


def camera(node: str, name: str = "C920", stable: str = "") -> DeviceInfo:
    return DeviceInfo(DeviceId(node), name, DeviceKind.REAL, stable)


def test_udevs_links_name_the_nodes_by_hardware_else_by_socket(tmp_path: Path) -> None:
    for folder, link, node in (
        ("by-path", "pci-0000:00:14.0-usb-0:1:1.0-video-index0", "video0"),
        ("by-path", "pci-0000:00:14.0-usb-0:2:1.0-video-index0", "video2"),
        ("by-id", "usb-046d_C920_AB12-video-index0", "video0"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / node).touch()
        (tmp_path / folder / link).symlink_to(f"../{node}")

    found = stable_names(tmp_path)

    assert found == {
        str(tmp_path / "video0"): "by-id/usb-046d_C920_AB12-video-index0",
        str(tmp_path / "video2"): "by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index0",
    }


def test_without_udev_there_are_no_stable_names(tmp_path: Path) -> None:
    assert stable_names(tmp_path / "nowhere") == {}


A, B = "by-id/usb-C920_A-video-index0", "by-id/usb-C920_B-video-index0"


@pytest.mark.parametrize(
    ("known", "devices", "expected"),
    [
        (camera("/dev/video0", stable=A), [camera("/dev/video2", stable=A)], 0),
        (camera("/dev/video0", stable=A), [camera("/dev/video0", stable=B)], None),
        (
            camera("/dev/video0", stable=A),
            [camera("/dev/video0", stable=B), camera("/dev/video4", "other", A)],
            1,
        ),
        (camera("/dev/video0"), [camera("/dev/video0", "other"), camera("/dev/video2")], 1),
        (camera("/dev/video2"), [camera("/dev/video0"), camera("/dev/video2")], 1),
        (camera("/dev/video4"), [camera("/dev/video0"), camera("/dev/video2")], 0),
        (
            camera("/dev/video0", stable="by-path/usb-1"),
            [camera("/dev/video2", stable="by-path/usb-2")],
            0,
        ),
        (camera("/dev/video0"), [camera("/dev/video0", "other")], None),
        (camera("/dev/video0"), [], None),
    ],
)
def test_a_camera_is_found_again(
    known: DeviceInfo, devices: list[DeviceInfo], expected: int | None
) -> None:
    found = find_again(known, devices)

    assert found == (None if expected is None else devices[expected])


def test_what_is_remembered_goes_with_the_hardware_and_is_not_printed() -> None:
    assert device_key(camera("/dev/video0", stable=A)) == A
    assert device_key(camera("/dev/video0")) == "C920"
    assert "usb-C920_A" not in repr(camera("/dev/video0", stable=A))
