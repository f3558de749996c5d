"""One side of the demo: whatever ends its script is told at once."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from desktop.app.client import ClientProcess
from desktop.app.demo.client import DemoRun
from desktop.app.demo.driver import Driver
from desktop.app.demo.hands import NotThere
from desktop.app.demo.plan import DemoPlan
from desktop.app.demo.stages import Side
from desktop.app.program import Program
from desktop.viewmodels.shell import Page
from tests.conftest import ExpectedLogs


@dataclass
class OnTheDashboard:
    """The little of a program that a script's end touches."""

    stops: list[str] = field(default_factory=list)
    shell: Any = field(
        default_factory=lambda: SimpleNamespace(
            state=SimpleNamespace(value=SimpleNamespace(page=Page.DASHBOARD))
        )
    )

    def request_stop(self) -> None:
        self.stops.append("asked")


def run_of(program: OnTheDashboard) -> DemoRun:
    plan = DemoPlan(
        side=Side.CUSTOMER,
        service_url="http://127.0.0.1:1",
        name="Sam Okafor",
        email="sam@demo.example",
        password="made up",
        camera=None,
        microphone=None,
        speaker=None,
        time_code=False,
        drive=True,
        script="journey",
        measure_s=0,
        pictures=None,
        profile_root="profiles",
        theme="light",
        window=None,
        peer_tone_hz=None,
    )
    return DemoRun(cast(Program, program), plan, cast(ClientProcess, None), None)


@pytest.mark.parametrize(
    ("error", "is_foreseen"),
    [
        (NotThere("no button End"), True),
        (TimeoutError("nothing came"), True),
        (RuntimeError("the view is gone"), False),
        (AttributeError("no such page"), False),
        (AssertionError("not the real room"), False),
    ],
)
async def test_whatever_ends_the_script_is_told_with_its_words_and_the_program_stops(
    error: Exception,
    is_foreseen: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    expected_logs: ExpectedLogs,
) -> None:
    if not is_foreseen:
        expected_logs.allow("the demo's script failed")
    program = OnTheDashboard()

    async def fail(_self: Driver) -> None:
        raise error

    monkeypatch.setattr(Driver, "run", fail)

    await run_of(program).play()

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told == [
        {"fact": "failed", "why": f"{type(error).__name__}: {error} (on page dashboard)"}
    ]
    assert program.stops == ["asked"]
