"""A running diagnosis packed for support: what is shown is what is written and sent."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop.app.support_desk import SupportDesk, as_jpeg
from desktop.viewmodels.pictures import PixelFormat, VideoPicture
from desktop.viewmodels.support_panel import ParcelKind
from preflight.report.report import CRASH_NAME, load_report
from preflight.report.report_keeper import LOCAL_NAME
from preflight.support.bundle import MANIFEST
from tests.unit.preflight.conftest import Bench, bench, no_proxy

__all__ = ["bench", "no_proxy"]  # fixtures of the preflight's tests

PIXELS = np.zeros((240, 320, 3), np.uint8)
PIXELS[:, :, 2] = 200
PICTURE = VideoPicture(PIXELS, 320, 240, PixelFormat.BGR, 960, 0)


class Desk:
    """A desk over one run, with what was sent."""

    def __init__(self, bench: Bench, picture: VideoPicture | None = PICTURE) -> None:
        self.sent: list[Mapping[str, Any]] = []
        logs = bench.folder / "logs"
        logs.mkdir()
        (logs / "liftbay.log").write_text("INFO met 203.0.113.77 today\n")
        preflight = bench.start(signed_in=False)
        self.desk = SupportDesk(lambda: preflight, logs, lambda: picture, self._send)

    async def _send(self, report: Mapping[str, Any]) -> str:
        self.sent.append(report)
        return "7K3M-Q2XZ"


async def test_a_bundle_holds_what_was_shown_and_no_picture(bench: Bench, tmp_path: Path) -> None:
    desk = Desk(bench).desk
    await bench.clock.advance(20)

    parcel = await desk.pack(ParcelKind.BUNDLE, picture=False)
    await desk.write(parcel, tmp_path / "a.zip")

    assert parcel.picture is None
    assert dict(parcel.taken_out)["address"] >= 1
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        assert archive.read("log.txt").decode() == "INFO met 203.0.113.0/24 today\n"
    assert sizes == {file.name: file.bytes for file in parcel.files}
    assert "camera.jpg" not in sizes


async def test_a_picture_is_added_where_it_was_asked_for(bench: Bench, tmp_path: Path) -> None:
    desk = Desk(bench).desk
    await bench.clock.advance(5)

    parcel = await desk.pack(ParcelKind.BUNDLE, picture=True)
    await desk.write(parcel, tmp_path / "a.zip")

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        image = QImage.fromData(archive.read("camera.jpg"))
        manifest = json.loads(archive.read(MANIFEST))
    assert (image.width(), image.height()) == (320, 240)
    assert image.pixelColor(160, 120).red() > 180
    assert image.pixelColor(160, 120).blue() < 40, "the colours are not swapped"
    assert manifest["added_by_person"] == ["camera.jpg"]


async def test_a_camera_that_gives_nothing_adds_nothing(bench: Bench) -> None:
    desk = Desk(bench, picture=None).desk

    parcel = await desk.pack(ParcelKind.BUNDLE, picture=True)

    assert parcel.picture is None
    assert "camera.jpg" not in [file.name for file in parcel.files]


async def test_a_killed_run_is_shown_and_packed_and_goes_nowhere_else(
    bench: Bench, tmp_path: Path
) -> None:
    killed = await bench.run(5, signed_in=False)
    left = (bench.folder / LOCAL_NAME).read_text()
    await killed.close()
    (bench.folder / LOCAL_NAME).write_text(left)
    made = Desk(bench)
    await bench.clock.advance(20)

    parcel = await made.desk.pack(ParcelKind.BUNDLE, picture=False)
    await made.desk.write(parcel, tmp_path / "a.zip")
    await made.desk.send(await made.desk.pack(ParcelKind.SENT, picture=False))

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        crash = json.loads(archive.read(CRASH_NAME))
    assert CRASH_NAME in [file.name for file in parcel.files]
    assert (crash["report_id"], crash["ended_by"]) == (json.loads(left)["report_id"], "crash")
    assert crash["report_id"] not in json.dumps(made.sent)


@pytest.mark.parametrize("kind", [ParcelKind.REPORT, ParcelKind.SENT, ParcelKind.PAGE])
async def test_nothing_else_ever_holds_a_picture(bench: Bench, kind: ParcelKind) -> None:
    parcel = await Desk(bench).desk.pack(kind, picture=True)

    assert parcel.picture is None
    assert len(parcel.files) == 1


async def test_report_and_page_are_saved_and_the_report_is_sent(
    bench: Bench, tmp_path: Path
) -> None:
    made = Desk(bench)
    await bench.clock.advance(20)

    report = await made.desk.pack(ParcelKind.REPORT, picture=False)
    await made.desk.write(report, tmp_path / "r.json")
    page = await made.desk.pack(ParcelKind.PAGE, picture=False)
    await made.desk.write(page, tmp_path / "r.html")
    sent = await made.desk.pack(ParcelKind.SENT, picture=False)
    code = await made.desk.send(sent)

    assert load_report(tmp_path / "r.json")["ended_by"] == "finished"
    assert (tmp_path / "r.json").stat().st_size == report.files[0].bytes
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
    assert (tmp_path / "r.html").stat().st_size == page.files[0].bytes
    assert code == "7K3M-Q2XZ"
    assert made.sent[0]["schema"] == "liftbay.preflight"


def test_a_jpeg_says_nothing_but_its_pixels() -> None:
    jpeg = as_jpeg(PICTURE)

    assert jpeg is not None
    assert jpeg.startswith(b"\xff\xd8")
    assert b"Exif" not in jpeg
