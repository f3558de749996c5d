"""``diagnose --watch``: what changed, what went, and the round trips at its end."""

import asyncio
import io
import json
import re
from dataclasses import replace
from datetime import datetime

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.support.command import DiagnoseOptions, diagnose
from preflight.support.verdict import ExitCode
from preflight.support.watch import RoundTripLog
from preflight.system.ports import Holder
from preflight.system.surroundings import Surroundings
from tests.fakes.devices import CAMERA, MICROPHONE, FakeMicrophone
from tests.unit.preflight.conftest import Bench


async def _watched(bench: Bench, *, as_json: bool) -> tuple[ExitCode, str]:
    out, err = io.StringIO(), io.StringIO()
    options = DiagnoseOptions(as_json=as_json, watch_every_s=5)
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=err))
    await bench.clock.advance(12)
    looks = bench.probe.looks
    bench.probe.rtt_ms = 400.0
    for _ in range(100):
        await bench.clock.advance(0.25)
    assert bench.probe.looks >= looks + 1
    assert not work.done()
    work.cancel()
    return await asyncio.wait_for(work, 5), out.getvalue()


async def test_a_watch_goes_on_and_says_what_changed_and_the_trips(bench: Bench) -> None:
    code, out = await _watched(bench, as_json=False)

    rtt = [line.split() for line in out.splitlines() if "  N03  " in line]
    assert [words[2] for words in rtt] == ["passed", "failed"]
    # Each with its time: what comes and goes is looked for in other logs.
    first_s, then_s = (
        sum(int(part) * unit for part, unit in zip(words[0].split(":"), (3600, 60, 1), strict=True))
        for words in rtt
    )
    assert 5 < (then_s - first_s) % 86400 < 60
    assert "round trips: min" in out
    assert out.splitlines()[-1].startswith("gate fails: net.rtt_high")
    assert code is ExitCode.FAILED


async def test_a_watch_in_json_is_one_object_a_line(bench: Bench) -> None:
    _, out = await _watched(bench, as_json=True)

    lines = [json.loads(line) for line in out.splitlines()]
    rtt = [line["state"] for line in lines if line.get("code") == "net.rtt_high"]
    assert rtt == ["passed", "failed"]
    assert lines[-1]["rtt_p95_ms"] == 400.0
    assert lines[-1]["samples"] >= 22


async def test_a_watch_names_neither_the_owner_of_a_device_nor_who_holds_one(
    bench: Bench,
) -> None:
    owned = DeviceInfo(DeviceId("cam"), "Anna's camera of annasmith", DeviceKind.REAL)
    bench.surroundings = Surroundings({}, {}, "annasmith", "", ("Henrietta Roy",))
    bench.catalogue.camera_infos = (owned,)
    bench.catalogue.microphone_infos = (replace(MICROPHONE, name="Headset of Henrietta"),)
    bench.system.microphone_held_by = Holder("OtherCall", 12)

    def held(microphone: FakeMicrophone) -> None:
        microphone.fault = OpenFault.BUSY

    bench.catalogue.microphone_mood = held
    _, out = await _watched(bench, as_json=True)

    lines = [json.loads(line) for line in out.splitlines()]
    busy = next(line for line in lines if line.get("code") == "mic.busy")
    unplugged = next(line for line in lines if line.get("code") == "camera.unplugged")
    assert busy["measured"] == {"busy": True}
    assert unplugged["measured"]["device"].endswith("of [user]")
    assert datetime.fromisoformat(unplugged["at_utc"]).tzinfo is not None
    for secret in ("anna", "henrietta", "othercall"):
        assert secret not in out.lower()
    assert all("redaction" not in line for line in lines)


SPARE = DeviceInfo(DeviceId("/dev/video2"), "Anna's spare of annasmith", DeviceKind.REAL)


async def _watched_as_the_spare_goes(bench: Bench, *, as_json: bool) -> tuple[str, str]:
    """Watch two cameras, of which one is in use; return what is said before and after."""
    bench.surroundings = Surroundings({}, {}, "annasmith", "")
    bench.catalogue.camera_infos = (CAMERA, SPARE)
    out = io.StringIO()
    options = DiagnoseOptions(as_json=as_json, watch_every_s=5)
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=out))
    await bench.clock.advance(16)
    before = out.getvalue()

    bench.catalogue.camera_infos = (CAMERA,)
    for _ in range(2):
        bench.hotplug.hint()
        await bench.clock.advance(0.5)
    work.cancel()
    assert await asyncio.wait_for(work, 5) is ExitCode.PASSED
    return before, out.getvalue().removeprefix(before)


async def test_a_watch_names_once_what_was_unplugged_and_not_in_use(bench: Bench) -> None:
    before, after = await _watched_as_the_spare_goes(bench, as_json=False)

    assert "unplugged" not in before
    told = [line for line in after.splitlines() if "unplugged" in line]
    (line,) = told
    at, words = line.split("  ", 1)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", at)
    assert words == f"{SPARE.name} was unplugged. It was not in use."
    assert [each for each in after.splitlines() if re.match(r"[\d:]+  C\d\d ", each)] == [], (
        "no verdict of the camera in use is touched"
    )


async def test_so_does_one_in_json_without_the_owners_name(bench: Bench) -> None:
    _, after = await _watched_as_the_spare_goes(bench, as_json=True)

    lines = [json.loads(line) for line in after.splitlines() if line.startswith("{")]
    (gone,) = [line for line in lines if line.get("event") == "unplugged"]
    assert gone["in_use"] is False
    assert datetime.fromisoformat(gone["at_utc"]).tzinfo is not None
    assert gone["device"].endswith("of [user]")
    assert "anna" not in after.lower()


def test_a_watch_of_days_keeps_no_more_than_the_steps_of_its_samples() -> None:
    log = RoundTripLog()

    for look in range(50_000):
        log.note((20.0 + look % 10, 20.04 + look % 10))

    assert len(log._counts) == 10
    assert log.summary() == {
        "samples": 100_000,
        "rtt_min_ms": 20.0,
        "rtt_median_ms": 24.5,
        "rtt_p95_ms": 29.0,
    }
