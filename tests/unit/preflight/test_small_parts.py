"""Beeps, threads of their own, the way out of the machine, what is read of it."""

import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest

from preflight.checks.speaker.beeps import BEEP_HZ, beeps
from preflight.devices.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from preflight.memory.network_identity import network_identity
from preflight.offload import on_daemon_thread
from preflight.system.surroundings import read_surroundings
from tests.fakes.offload import at_once


@pytest.mark.parametrize("count", [0, 1, 3])
def test_as_many_beeps_sound_as_were_asked_for(count: int) -> None:
    samples = beeps(count)

    loud = np.abs(samples.astype(np.int32)) > 100
    windows = loud[: len(loud) // 4800 * 4800].reshape(-1, 4800).any(axis=1)
    assert int(np.sum(np.diff(np.concatenate([[0], windows.astype(int)])) == 1)) == count
    assert len(samples) % BLOCK_SAMPLES == 0


def test_a_beep_has_its_pitch() -> None:
    samples = beeps(1).astype(np.float64)

    peak = int(np.argmax(np.abs(np.fft.rfft(samples))))
    assert peak * SAMPLE_RATE_HZ / len(samples) == pytest.approx(BEEP_HZ, abs=5)


async def test_blocking_work_runs_on_a_thread_of_its_own() -> None:
    where = await on_daemon_thread(threading.current_thread)

    assert where is not threading.current_thread()
    assert where.daemon


async def test_a_test_s_work_is_done_before_anything_else_can_happen() -> None:
    order: list[str] = []

    await at_once(lambda: order.append("work"))
    order.append("after")

    assert order == ["work", "after"]


async def test_an_error_on_the_thread_comes_back() -> None:
    def fails() -> None:
        raise OSError("made up")

    with pytest.raises(OSError, match="made up"):
        await on_daemon_thread(fails)


async def test_whoever_stops_waiting_leaves_the_thread_alone() -> None:
    go_on = threading.Event()
    waiting = asyncio.ensure_future(on_daemon_thread(lambda: go_on.wait(5)))
    await asyncio.sleep(0)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    async with asyncio.timeout(5):
        while any(thread.name == "preflight offload" for thread in threading.enumerate()):
            await asyncio.sleep(0.001)
    # Its late answer meets a future that is over; an error there would be logged.
    await asyncio.sleep(0)

    assert waiting.cancelled()


def test_the_way_out_stays_the_same_while_nothing_changes() -> None:
    assert network_identity() == network_identity()
    assert ";" in network_identity()


def test_the_surroundings_name_versions_and_hide_the_person() -> None:
    found = read_surroundings()

    assert found.app["python"].startswith("3.")
    assert found.app["liftbay"]
    assert found.host["cpus"]
    if found.host_name:
        assert found.host_name not in repr(found)


def test_a_battery_that_cannot_be_read_hides_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the surroundings the redaction would not know whom to take out of a report."""

    class Machine:
        def battery(self) -> None:
            raise ValueError("made up")

    monkeypatch.setattr("preflight.system.surroundings.local_machine", Machine)

    found = read_surroundings()

    assert found.host["power"] == ""
    assert found.app["python"]


def test_the_processors_model_is_named_where_python_does_not_know_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Garage 3000 @ 2.4GHz\n\nprocessor\t: 1\n")
    monkeypatch.setattr("preflight.system.surroundings._CPU_INFO", info)

    assert read_surroundings().host["cpu"] == "Garage 3000 @ 2.4GHz"
