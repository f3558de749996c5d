"""An instance that is told to stop: balancers hear it first, and who is here is still served."""

import time
from pathlib import Path

import httpx

from tests.fakes.service_process import ServiceProcess

PERSON = {"email": "sam@example.test", "password": "correct horse battery"}


def test_a_stopping_instance_goes_on_answering_until_it_is_hurried(tmp_path: Path) -> None:
    """The balancer hears it from /api/ready; a second signal, an impatient one, does not wait."""
    with ServiceProcess(tmp_path / "data", {"drain_seconds": "600"}) as service:
        with httpx.Client(base_url=service.url, timeout=30) as http:
            before = http.get("/api/ready")
            service.ask_to_stop()
            while (ready := http.get("/api/ready")).status_code == 200:
                pass
            health = http.get("/api/health")
            made = http.post("/auth/v1/signup", json=PERSON)
            was_running = service.is_running
        service.ask_to_stop()
        hurried = service.wait()

    assert before.status_code == 200
    assert (ready.status_code, ready.json()["reason"]) == (503, "stopping")
    assert health.status_code == 200
    assert made.status_code == 200, made.text
    assert was_running
    assert hurried == 0


def test_it_ends_in_order_when_the_time_has_passed(tmp_path: Path) -> None:
    with ServiceProcess(tmp_path / "data", {"drain_seconds": "1"}) as service:
        begun = time.monotonic()
        status = service.stop()
        took = time.monotonic() - begun

    assert status == 0
    assert took >= 1


def test_without_the_setting_it_stops_at_once(tmp_path: Path) -> None:
    with ServiceProcess(tmp_path / "data") as service:
        assert service.stop() == 0
