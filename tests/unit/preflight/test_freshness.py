"""What is run again and what still counts: ages, parts of the fingerprint, reused trial calls."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from client_api.errors import ErrorCode, Refused
from client_api.tasks import spawn
from preflight.memory.fingerprint import Seen, plain_parts
from preflight.memory.freshness import PathThen, media_path_counts
from preflight.memory.kept_run import FILE_NAME, load_kept
from preflight.model import CheckedAgain, CheckState, Group
from preflight.preflight import Preflight
from preflight.system.network_ports import Medium, Way
from preflight.system.surroundings import Surroundings
from tests.fakes.devices import CAMERA, OTHER_CAMERA
from tests.unit.preflight.conftest import Bench, verdict

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSED = CheckState.PASSED


def counts(
    *, age_s: float = 60, changed: tuple[str, ...] = (), then: float | None = 40, now: float | None
) -> bool:
    path = PathThen(NOW - timedelta(seconds=age_s), then)
    return media_path_counts(path, now=NOW, changed=changed, rtt_median_ms=now)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"now": 40}, True),
        ({"now": 79.9}, True),
        ({"now": 80}, False),
        ({"now": None}, False),
        ({"now": 40, "then": None}, False),
        ({"now": float("nan")}, False),
        ({"now": 0.9, "then": 0.3}, True),
        ({"now": 40, "age_s": 1800}, True),
        ({"now": 40, "age_s": 1801}, False),
        ({"now": 40, "age_s": -4}, True),
        ({"now": 40, "age_s": -6}, False),
        ({"now": 40, "changed": ("camera", "microphone", "speaker", "power")}, True),
        ({"now": 40, "changed": ("route",)}, False),
        ({"now": 40, "changed": ("wifi",)}, False),
        ({"now": 40, "changed": ("vpn",)}, False),
        ({"now": 40, "changed": ("proxy",)}, False),
        ({"now": 40, "changed": ("call_server",)}, False),
        ({"now": 40, "changed": ("app",)}, False),
    ],
)
def test_a_media_path_counts_for_half_an_hour_over_the_same_network(
    case: dict[str, Any], expected: bool
) -> None:
    assert counts(**case) is expected


def test_every_part_of_the_catalogue_is_in_the_fingerprint() -> None:
    assert set(plain_parts(Seen(vpn="no", proxy="no", call_server="ws://sfu.test"))) == {
        "app",
        "os",
        "camera",
        "microphone",
        "speaker",
        "route",
        "wifi",
        "vpn",
        "proxy",
        "service",
        "call_server",
        "power",
    }


async def a_whole_run(bench: Bench) -> Preflight:
    """Let a preflight run to its end, hand it in, and close it."""
    bench.media.takes_s = 0.5
    preflight = await bench.run(30)
    assert preflight.progress.finished
    await preflight.passed_report()
    await bench.clock.advance(0.2)
    await preflight.close()
    return preflight


def ages(preflight: Preflight) -> dict[str, int | None]:
    return {check["code"]: check["age_ms"] for check in preflight.report()["checks"]}


async def test_a_fresh_trial_call_is_reused_and_the_report_tells_its_age(bench: Bench) -> None:
    await a_whole_run(bench)
    await bench.clock.advance(minutes=5)

    again = await bench.run(8)

    assert bench.media.trials == 1
    assert verdict(again, "media.uplink_low") == (PASSED, None)
    report = again.report()
    age_ms = ages(again)["media.uplink_low"]
    assert age_ms is not None
    assert 300_000 < age_ms < 350_000
    assert age_ms > report["duration_ms"]
    fresh = ages(again)["net.rtt_high"]
    assert fresh is not None
    assert fresh < report["duration_ms"]
    assert report["recommendation"]["because"] == []
    assert report["samples"]["media"]["uplink_kbps"] == [3050.0]


async def test_an_old_trial_call_is_made_again(bench: Bench) -> None:
    await a_whole_run(bench)
    await bench.clock.advance(minutes=31)

    again = await bench.run(9)

    assert bench.media.trials == 2
    age_ms = ages(again)["media.uplink_low"]
    assert age_ms is not None
    assert age_ms < again.report()["duration_ms"]


async def test_a_reused_trial_call_does_not_grow_younger(bench: Bench) -> None:
    """Used after 20 minutes it is 20 minutes old; 15 minutes later it is too old."""
    await a_whole_run(bench)
    await bench.clock.advance(minutes=20)
    await a_whole_run(bench)
    assert bench.media.trials == 1
    await bench.clock.advance(minutes=11)

    await a_whole_run(bench)

    assert bench.media.trials == 2


@pytest.mark.parametrize("what", ["wifi", "vpn", "rtt", "version"])
async def test_another_network_wants_another_trial_call(bench: Bench, what: str) -> None:
    await a_whole_run(bench)
    if what == "wifi":
        bench.place = replace(bench.place, wifi="Guests")
    elif what == "vpn":
        bench.local.way = Way("wg0", Medium.UNKNOWN, "wireguard")
    elif what == "rtt":
        bench.probe.rtt_ms = 2.1 * bench.probe.rtt_ms
    else:
        bench.surroundings = Surroundings({"liftbay": "0.2.0"}, {"os": "Test"}, "", "")

    await bench.run(8)

    assert bench.media.trials == 2


@pytest.mark.parametrize("what", ["camera", "power"])
async def test_what_is_not_the_network_keeps_the_trial_call(bench: Bench, what: str) -> None:
    await a_whole_run(bench)
    if what == "camera":
        bench.catalogue.camera_infos = (OTHER_CAMERA,)
    else:
        here = {"os": "Test", "power": "battery"}
        bench.surroundings = Surroundings({"liftbay": "0.1.0"}, {**here}, "", "")

    await bench.run(8)

    assert bench.media.trials == 1


async def test_who_presses_retry_gets_a_trial_call_of_now(bench: Bench) -> None:
    await a_whole_run(bench)
    again = await bench.run(8)
    assert bench.media.trials == 1

    again.retry(Group.MEDIA)
    await bench.clock.advance(4)

    assert bench.media.trials == 2


async def test_who_joins_at_once_sends_what_the_kept_trial_call_allows(bench: Bench) -> None:
    bench.media.figures = {**bench.media.figures, "uplink_kbps": 1200.0}
    await a_whole_run(bench)

    proven = await (await bench.run(2.5)).handover()

    assert proven.limits.rung == 3
    assert bench.media.trials == 1


async def test_the_kept_file_tells_no_name_and_no_address(bench: Bench) -> None:
    await a_whole_run(bench)

    text = (bench.folder / FILE_NAME).read_text()

    for secret in ("192.168.1.1", "02:fc", "Garage", "10.0.0.2", "service.test", CAMERA.name):
        assert secret not in text
    kept = load_kept(bench.folder)
    assert kept is not None
    assert kept.trial is not None


_NAIVE = (
    '{"parts": {}, "trial": {"at": "2026-11-22T12:00:00", "rtt_median_ms": 1,'
    ' "parts": {}, "measured": {}}}'
)


@pytest.mark.parametrize("content", ["", '{"parts": 5}', _NAIVE])
async def test_a_kept_file_that_cannot_be_read_is_none(bench: Bench, content: str) -> None:
    bench.folder.mkdir(exist_ok=True)
    (bench.folder / FILE_NAME).write_text(content)

    bench.media.takes_s = 0.5
    preflight = await bench.run(30)

    assert preflight.progress.finished
    assert bench.media.trials == 1


async def test_figures_of_the_network_that_are_too_old_are_taken_again_first(bench: Bench) -> None:
    """A camera that was put right after three minutes: signalling and room were looked at then."""
    bench.catalogue.camera_infos = ()
    preflight = await bench.run(5)
    await bench.grow_old(180)
    begun = bench.service.begun
    bench.catalogue.camera_infos = (CAMERA,)
    await bench.clock.advance(8)
    assert preflight.progress.gate.passed
    joins = len(bench.probe.joined_rooms)

    handing_in = spawn(preflight.passed_report(), name="hand in")
    await bench.clock.advance(6)
    await handing_in

    assert len(bench.probe.joined_rooms) == joins + 1
    assert bench.service.begun == begun
    (report,) = bench.service.reports
    network = [check for check in report["checks"] if check["group"] == "network"]
    assert all(check["age_ms"] < 120_000 for check in network if check["gating"])
    assert CheckedAgain.REPORT_OLD in {progress.again for progress in bench.seen}


async def test_a_renewed_report_is_a_delta_of_the_first(bench: Bench) -> None:
    bench.media.takes_s = 0.5
    preflight = await bench.run(30)
    first = await preflight.passed_report()
    await bench.grow_old(300)

    renewing = spawn(preflight.passed_report(), name="hand in")
    await bench.clock.advance(6)
    renewed = await renewing

    whole, delta = bench.service.reports
    assert "renews" not in whole
    assert delta["renews"] == first.report_id == renewed.report_id
    codes = {check["code"] for check in delta["checks"]}
    assert "media.uplink_low" in {check["code"] for check in whole["checks"]}
    assert "media.uplink_low" not in codes
    assert {check["code"] for check in whole["checks"] if check["gating"]} <= codes


@pytest.mark.parametrize(("version", "says_update"), [("2", True), ("1", False)])
async def test_a_refusal_by_another_gate_than_ours_says_that_an_update_is_needed(
    bench: Bench, version: str, says_update: bool
) -> None:
    """Nothing is red on the page, and only another version of the program could show why."""
    bench.service.gate_version = version
    bench.service.blocking = ("net.health",)
    preflight = await bench.run(5)

    if says_update:
        with pytest.raises(Refused) as refused:
            await preflight.passed_report()
        assert refused.value.code is ErrorCode.HOST_OUTDATED
    else:
        assert not (await preflight.passed_report()).passed


@pytest.mark.parametrize(("minutes", "begun"), [(30, 2), (0.15, 1), (-30, 1)])
async def test_a_machine_that_slept_checks_its_network_again(
    bench: Bench, minutes: float, begun: int
) -> None:
    """The wall clock goes on while a machine sleeps; the monotonic one stands still."""
    await bench.run(5)

    bench.clock.set_wall_clock(bench.clock.now() + timedelta(minutes=minutes))
    await bench.clock.advance(2)

    assert bench.probe.begun == begun


@pytest.mark.parametrize(("seconds", "begun"), [(1800, 2), (9, 1)])
async def test_a_windows_that_slept_checks_its_network_again(
    bench: Bench, seconds: float, begun: int
) -> None:
    """Both clocks count its sleep there; only the wait of a second was far too long."""
    await bench.run(5)

    bench.clock.move(seconds)
    await bench.clock.advance(2)

    assert bench.probe.begun == begun
