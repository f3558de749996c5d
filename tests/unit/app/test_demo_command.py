"""The demo's command says at once what it cannot do without."""

import sys
from pathlib import Path
from typing import NoReturn

import pytest

from desktop.app.demo import command, journey
from desktop.app.demo.command import run_demo
from desktop.app.demo.journey import Journey, JourneyOptions, JourneyResult
from desktop.app.demo.processes import DemoError


@pytest.fixture
def client_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with the client only, on which whatever takes time fails the test."""

    def takes_time(*_arguments: object) -> NoReturn:
        pytest.fail("the service was not looked for first")

    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(command, "devices_of_machine", takes_time)
    monkeypatch.setattr(journey, "find_or_build", takes_time)


@pytest.mark.usefixtures("client_alone")
def test_a_missing_service_is_told_before_devices_and_media_server_are_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run_demo(headless=True, output=tmp_path / "out", cameras=(), microphones=())

    assert status == command.EXIT_FAILED
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "liftbay-backend is not installed" in told[0]
    assert "uv tool install ./backend" in told[0]


@pytest.mark.usefixtures("client_alone")
def test_no_journey_builds_a_media_server_for_a_service_that_is_missing(tmp_path: Path) -> None:
    said: list[str] = []
    options = JourneyOptions(
        headless=True, output=tmp_path / "out", cameras={}, microphones={}, pictures=False
    )

    with pytest.raises(DemoError, match="liftbay-backend is not installed"):
        Journey(options, said.append).run()

    assert said == []


@pytest.mark.parametrize(("is_guided", "within_s"), [(False, 90.0), (True, None)])
def test_a_headless_demo_promises_less_than_90_seconds_and_a_person_has_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_guided: bool, within_s: float | None
) -> None:
    asked: list[float | None] = []

    class AtOnce(Journey):
        def run(self) -> JourneyResult:
            asked.append(self._options.within_s)
            return JourneyResult({}, [])

    monkeypatch.setattr(command, "Journey", AtOnce)
    monkeypatch.setattr(command, "has_display", lambda: True)
    monkeypatch.setattr(command, "backend_command", lambda: ["liftbay-backend"])
    monkeypatch.setattr(command, "devices_of_machine", lambda: (0, 0))
    monkeypatch.delenv("LIVEKIT_URL", raising=False)

    status = run_demo(headless=not is_guided, output=tmp_path, cameras=(), microphones=())

    assert status == 0
    assert asked == [within_s]
