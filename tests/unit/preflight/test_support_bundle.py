"""The bundle for support: what is in it, and what must not be."""

import asyncio
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.support.bundle import LOG_BYTES, end_of_log, write_bundle
from preflight.support.command import DiagnoseOptions, diagnose
from preflight.surroundings import Surroundings
from tests.fakes.contract import fixture
from tests.unit.preflight.conftest import Bench

SECRETS = {
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
    "bearer": "Bearer hunter2hunter2",
    "e-mail": "anna.customer@example.org",
    "user": "annasmith",
    "host": "annas-laptop",
    "home": "/home/annasmith/Desktop",
    "owner": "Anna's",
    "address": "203.0.113.77",
    "address 6": "2001:db8:1234:5678::9",
    "private": "192.168.178.23",
    "mac": "3c:22:fb:9a:01:7e",
    "serial": "serial 4C530001230",
}


async def bundled(bench: Bench, tmp_path: Path) -> tuple[zipfile.ZipFile, str]:
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = [f"INFO client: met {what} in {value} today" for what, value in SECRETS.items()]
    (logs / "liftbay.log").write_text("\n".join(["INFO begun", *lines, "INFO ended"]) + "\n")
    planted = " ".join(value for key, value in SECRETS.items() if key != "owner")
    bench.catalogue.camera_infos = (
        DeviceInfo(DeviceId("cam"), f"Anna's camera {planted}", DeviceKind.REAL),
    )
    bench.surroundings = Surroundings(
        {"liftbay": "0.1.0"}, {"os": "Test", "cpu": planted}, "annasmith", "annas-laptop"
    )
    bench.way_out = f"wlan0 {SECRETS['private']} {SECRETS['mac']}"
    bench.probe.reach_figures = {**bench.probe.reach_figures, "family": planted}
    target = tmp_path / "out" / "liftbay.zip"
    out = io.StringIO()
    options = DiagnoseOptions(bundle=target, logs=logs)
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=out))
    await bench.clock.advance(20)
    await asyncio.wait_for(work, 5)
    return zipfile.ZipFile(target), out.getvalue()


async def test_no_secret_gets_into_any_file(bench: Bench, tmp_path: Path) -> None:
    archive, _ = await bundled(bench, tmp_path)

    for name in archive.namelist():
        text = archive.read(name).decode()
        found = [what for what, value in SECRETS.items() if value.lower() in text.lower()]
        assert found == [], name
    log = archive.read("log.txt").decode()
    assert log.startswith("INFO begun\n")
    assert log.endswith("INFO ended\n")
    assert log.count("\n") == len(SECRETS) + 2


async def test_the_manifest_says_what_is_in_it_and_what_was_taken_out(
    bench: Bench, tmp_path: Path
) -> None:
    archive, said = await bundled(bench, tmp_path)

    manifest = json.loads(archive.read("manifest.json"))
    assert sorted(archive.namelist()) == ["log.txt", "manifest.json", "report.html", "report.json"]
    for entry in manifest["files"]:
        content = archive.read(entry["name"])
        assert (entry["bytes"], entry["sha256"]) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
    assert manifest["redaction"]["counts"]["email"] >= 2
    assert "look into it before you send it" in said
    assert "report.json" in said
    assert "x email" in said


def test_a_bundle_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    report = {**fixture("report")["report"], "redaction": {"counts": {}}}

    with pytest.raises(OSError, match="No space left"):
        write_bundle(tmp_path / "a.zip", report, [])
    assert list(tmp_path.iterdir()) == []


def test_a_long_log_is_cut_at_a_line(tmp_path: Path) -> None:
    line = "x" * 99
    (tmp_path / "liftbay.log").write_text(f"{line}\n" * (LOG_BYTES // 50))

    found = end_of_log(tmp_path)

    assert len(found) * 100 <= LOG_BYTES
    assert set(found) == {line}


def test_no_log_is_no_fault(tmp_path: Path) -> None:
    assert end_of_log(tmp_path) == []
    assert end_of_log(None) == []
