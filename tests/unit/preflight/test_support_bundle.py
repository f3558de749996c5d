"""The bundle for support: what is in it, and what must not be."""

import asyncio
import hashlib
import io
import itertools
import json
import unicodedata
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client_api.wire import SessionId
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.history import FILE_NAME as HISTORY_NAME
from preflight.offload import Offload
from preflight.preflight import Preflight
from preflight.report.report import CRASH_NAME, EndedBy
from preflight.report.report_keeper import LOCAL_NAME, TRACE_BYTES
from preflight.support.bundle import LOG_BYTES, end_of_log, pack
from preflight.support.command import Account, DiagnoseOptions, diagnose
from preflight.support.outputs import Output
from preflight.system.surroundings import Surroundings
from tests.fakes.clock import settle
from tests.fakes.contract import fixture
from tests.unit.preflight.conftest import Bench

SECRETS = {
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
    "bearer": "Bearer hunter2hunter2",
    "url": "https://anna:letmein@proxy.test/a",
    "e-mail": "anna.customer@example.org",
    "user": "annasmith",
    "host": "annas-laptop",
    "name": "Henrietta",
    "home": "/home/annasmith/Desktop",
    "windows": "C:\\Users\\Anna Smith\\clip.mp4",
    "owner": "Anna's",
    "owner without a form": "iPhone Kamera Ingeborg Maier",
    "address": "203.0.113.77",
    "address 6": "2001:db8:1234:5678::9",
    "private": "192.168.178.23",
    "mac": "3c:22:fb:9a:01:7e",
    "wifi": "SSID=AnnasGarage",
    "serial": "serial 4C530001230",
    "usb serial": "usb-Maker_Headset_A1B2C3D4E5-00",
    "apostrophe": "philippa.o'neil@example.org",
    "quoted": '"roswitha quoted"@example.org',
    "no domain": "theobald@localhost",
    "bare mac": "3C22FB9A0180",
    "drive": "D:\\Kunigunde\\clip.mp4",
    "share": "\\\\nas\\Adelheid\\clip.mp4",
    "name together": "HENRIETTASMITH",
    "name in parts": "Zoe\u0308 Mu\u0308ller",
}
PHONE = SECRETS["owner without a form"]
NEEDLES = {
    **SECRETS,
    "owner without a form": "ingeborg",
    "url": "letmein",
    "windows": "anna smith",
    "wifi": "annasgarage",
    "usb serial": "a1b2c3d4e5",
    "home": "annasmith/",
    "private": "178.23",
    "address": "113.77",
    "apostrophe": "philippa",
    "quoted": "roswitha",
    "drive": "kunigunde",
    "share": "adelheid",
    "name in parts": "zoë",
}
"""What is looked for: of each secret the part that gives somebody away."""


def spoil(bench: Bench) -> str:
    """Plant every secret in every input of a run that a person or a system can fill."""
    values = [value for key, value in SECRETS.items() if not key.startswith("owner")]
    planted = " ".join(values)
    # A figure takes 500 signs.
    some, others = " ".join(values[::2]), " ".join(values[1::2])
    bench.catalogue.camera_infos = (
        DeviceInfo(DeviceId(f"cam {some}"), f"Anna's camera {some}", DeviceKind.REAL),
        DeviceInfo(DeviceId("other"), f"Anna's other camera {others}", DeviceKind.REAL),
        DeviceInfo(DeviceId(f"portaudio:{PHONE}"), PHONE, DeviceKind.REAL),
    )
    bench.catalogue.microphone_infos = (
        DeviceInfo(DeviceId("mic"), f"Anna's microphone {others}", DeviceKind.REAL),
    )
    bench.surroundings = Surroundings(
        {"liftbay": "0.1.0", "qt": planted},
        {"os": "Test", "cpu": planted, "os_build": planted},
        "annasmith",
        "annas-laptop",
        ("Henrietta Smith", "Zoë Müller"),
    )
    bench.way_out = f"wlan0 {SECRETS['private']} {SECRETS['mac']}"
    bench.probe.reach_figures = {
        **bench.probe.reach_figures,
        "family": some,
        "stage": others,
        "status": some,
        "source": others,
    }
    return planted


def found_in(text: str) -> list[str]:
    """Name the secrets that are in a text, JSON's double backslashes taken for one.

    Accents are joined: apart they are the same name.
    """
    plain = unicodedata.normalize("NFC", text.replace("\\\\", "\\")).lower()
    return [what for what, value in NEEDLES.items() if value.lower() in plain]


async def bundled(bench: Bench, tmp_path: Path) -> tuple[zipfile.ZipFile, str]:
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = [f"INFO client: met {what} in {value} today" for what, value in SECRETS.items()]
    (logs / "liftbay.log").write_text("\n".join(["INFO begun", *lines, "INFO ended"]) + "\n")
    spoil(bench)
    target = tmp_path / "out" / "liftbay.zip"
    out = io.StringIO()
    options = DiagnoseOptions(bundle=Output(target), logs=logs)
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=out))
    await bench.clock.advance(20)
    await asyncio.wait_for(work, 5)
    return zipfile.ZipFile(target), out.getvalue()


@pytest.mark.logs_secrets
async def test_no_secret_gets_into_any_file(bench: Bench, tmp_path: Path) -> None:
    archive, _ = await bundled(bench, tmp_path)

    for name in archive.namelist():
        assert found_in(archive.read(name).decode()) == [], name
    log = archive.read("log.txt").decode()
    assert log.startswith("INFO begun\n")
    assert log.endswith("INFO ended\n")
    assert log.count("\n") == len(SECRETS) + 2


async def test_no_secret_gets_out_on_any_other_way(bench: Bench, tmp_path: Path) -> None:
    """Report on stdout and in a file, page, what is sent, what is said: all of them."""
    planted = spoil(bench)
    sent: list[Any] = []

    async def send(report: Any) -> str:
        sent.append(report)
        return "7K3M-Q2XZ"

    ways: dict[str, str] = {}
    for name, options in {
        "json": DiagnoseOptions(as_json=True, send=send),
        "files": DiagnoseOptions(
            output=Output(tmp_path / "r.json"), page=Output(tmp_path / "r.html")
        ),
    }.items():
        out, err = io.StringIO(), io.StringIO()
        work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=err))
        await bench.clock.advance(20)
        await asyncio.wait_for(work, 5)
        ways |= {f"{name} stdout": out.getvalue(), f"{name} stderr": err.getvalue()}
    ways["output"] = (tmp_path / "r.json").read_text()
    ways["html"] = (tmp_path / "r.html").read_text()
    ways["sent"] = json.dumps(sent, ensure_ascii=False)

    assert {name: found_in(text) for name, text in ways.items() if found_in(text)} == {}
    assert json.loads(ways["output"])["app"]["qt"] != planted
    assert set(found_in(planted)) == set(NEEDLES) - {"owner", "owner without a form"}, (
        "the search itself works"
    )


async def test_the_local_report_keeps_device_names_and_nothing_else(bench: Bench) -> None:
    spoil(bench)
    preflight = await bench.run(20, signed_in=False)
    await preflight.close()

    local = json.loads((bench.folder / LOCAL_NAME).read_text())

    assert local["devices"]["camera"]["name"].startswith("Anna's camera")
    devices = local.pop("devices")
    for check in local["checks"]:
        # A check that names a device names it as the person knows it, here alone.
        for figure in ("device", "missing"):
            check["measured"].pop(figure, None)
    assert found_in(json.dumps(local)) == []
    for info in (devices["camera"], *devices["available"]["camera"]):
        assert found_in(info["id"]) == []
    assert found_in((bench.folder / HISTORY_NAME).read_text()) == []


@pytest.mark.logs_secrets
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


async def killed_run(bench: Bench, clean: bool = False) -> dict[str, Any]:
    """Leave what a run leaves that is killed: the local report, with the names of devices."""
    before = bench.catalogue.camera_infos
    planted = "" if clean else spoil(bench)
    preflight = await bench.run(20, signed_in=False)
    path = bench.folder / LOCAL_NAME
    left: dict[str, Any] = json.loads(path.read_text())
    await preflight.close()
    if not clean:
        # What the rules of a version before this one let through.
        left["checks"][0]["measured"] |= {"note": planted, "holder": "secretgame"}
    path.write_text(json.dumps({**left, "ended_by": None}))
    bench.catalogue.camera_infos = before
    return left


@pytest.mark.logs_secrets
async def test_a_killed_run_is_in_the_bundle_without_any_secret(
    bench: Bench, tmp_path: Path
) -> None:
    left = await killed_run(bench)
    assert {"owner", "token", "home", "mac"} <= set(found_in(json.dumps(left))), "it is planted"

    archive, said = await bundled(bench, tmp_path)

    told = archive.read(CRASH_NAME).decode()
    crash, report = json.loads(told), json.loads(archive.read("report.json"))
    manifest = json.loads(archive.read("manifest.json"))
    assert found_in(told) == []
    assert "secretgame" not in told
    assert crash["report_id"] == left["report_id"] != report["report_id"]
    assert crash["ended_by"] == "crash"
    assert [one["code"] for one in crash["checks"]] == [one["code"] for one in left["checks"]]
    assert crash["app"]["liftbay"] == "0.1.0"
    assert CRASH_NAME in [entry["name"] for entry in manifest["files"]]
    assert CRASH_NAME in said
    assert crash["redaction"] == report["redaction"] == manifest["redaction"]


async def test_a_killed_run_is_given_before_its_trace_was_put_aside(bench: Bench) -> None:
    left = await killed_run(bench, clean=True)
    asleep = asyncio.Event()

    async def held(work: Any, /) -> Any:
        await asleep.wait()
        return work()

    offload: Offload = held
    preflight = Preflight(replace(bench.parts(), offload=offload), api=None, session=None)
    asking = asyncio.ensure_future(preflight.bundle(EndedBy.CANCELLED, ()))
    await settle()
    asleep.set()
    found = await asking
    await preflight.close()

    assert found.crash is not None
    assert found.crash["report_id"] == left["report_id"]


@pytest.mark.parametrize("content", ["", "[]", "{}", " " * (TRACE_BYTES + 1)])
async def test_what_is_no_trace_is_left_out(bench: Bench, content: str) -> None:
    (bench.folder / CRASH_NAME).write_text(content)
    preflight = await bench.run(5, signed_in=False)

    found = await preflight.bundle(EndedBy.FINISHED, ())

    assert found.crash is None


def test_a_picture_is_in_it_only_where_it_was_added(tmp_path: Path) -> None:
    report = {**fixture("report")["report"], "redaction": {"counts": {}}}
    without, added = pack(report, []), pack(report, [], b"\xff\xd8 jpeg")

    Output(tmp_path / "a.zip").write(added.packed)

    assert "camera.jpg" not in [entry.name for entry in without.entries]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("camera.jpg") == b"\xff\xd8 jpeg"
    assert manifest["added_by_person"] == ["camera.jpg"]
    made = timedelta(milliseconds=report["duration_ms"])
    started = datetime.fromisoformat(report["started_at_utc"])
    assert datetime.fromisoformat(manifest["made_at_utc"]) == started + made
    assert "camera.jpg" in [entry["name"] for entry in manifest["files"]]


def test_a_bundle_is_written_as_it_was_shown(tmp_path: Path) -> None:
    bundle = pack({**fixture("report")["report"], "redaction": {"counts": {}}}, ["one line"])

    assert list(tmp_path.iterdir()) == [], "showing writes nothing"
    Output(tmp_path / "new" / "a.zip").write(bundle.packed)

    with zipfile.ZipFile(tmp_path / "new" / "a.zip") as archive:
        for entry in bundle.entries:
            content = archive.read(entry.name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (
                entry.bytes,
                entry.sha256,
            )


async def test_what_is_sent_is_byte_for_byte_what_was_written(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip notes the time of its files: packed anew a moment later it is another one."""
    times = itertools.count()
    monkeypatch.setattr(
        "zipfile.time.localtime", lambda *_: (2026, 11, 30, 12, next(times) % 60, 0, 0, 0, 0)
    )
    account = Account(bench.service, SessionId("s-1"), "customer")
    reports: list[Any] = []

    async def send(report: Any) -> str:
        reports.append(report)
        return "7K3M-Q2XZ"

    out = io.StringIO()
    options = DiagnoseOptions(bundle=Output(tmp_path / "b.zip"), send=send)
    work = asyncio.ensure_future(
        diagnose(bench.parts(), options, out=out, err=out, account=account)
    )
    await bench.clock.advance(60)
    await asyncio.wait_for(work, 30)

    [sent] = bench.service.bundles.values()
    assert next(times) > 0, "the zip was made in this made-up time"
    assert sent == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert json.loads(archive.read("report.json")) == reports[0]


def test_a_bundle_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    report = {**fixture("report")["report"], "redaction": {"counts": {}}}

    with pytest.raises(OSError, match="No space left"):
        Output(tmp_path / "a.zip").write(pack(report, []).packed)
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
