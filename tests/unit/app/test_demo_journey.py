"""The runner of the demo: what it does with its clients' facts, and how it ends them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.app.demo import journey
from desktop.app.demo.journey import Journey, JourneyOptions, JourneyResult
from desktop.app.demo.processes import Account, DemoError
from desktop.app.demo.stages import REQUIRED, Side, Stage
from tests.fakes.demo_figures import side_figures

Facts = list[dict[str, Any]]
PITCHES_HZ = {Side.CUSTOMER: 440.0, Side.MECHANIC: 660.0}


@dataclass
class Stopped:
    """What was ended, and what cannot be."""

    names: list[str] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)

    def stop(self, name: str) -> None:
        self.names.append(name)
        if name in self.refusing:
            raise OSError(f"{name} stays")


class ScriptedClient:
    """A client that tells its facts as soon as it is started, and ends."""

    facts: dict[str, Facts]
    clocks: dict[str, dict[str, Any]]
    stopped: Stopped

    def __init__(self, side: str, _plan: dict[str, Any], _folder: Path) -> None:
        self.side = side
        self.status: int | None = None
        self.on_fact: Callable[[str, dict[str, Any]], None] = lambda _side, _fact: None

    def start(self, _environment: dict[str, str]) -> None:
        for fact in self.facts[self.side]:
            self.on_fact(self.side, fact)
        self.status = 0

    def send(self, line: str) -> None:
        command = json.loads(line)
        if command["do"] == "clock":
            self.on_fact(
                self.side, {"fact": "clock", "id": command["id"], **self.clocks[self.side]}
            )

    def stop(self) -> None:
        self.stopped.stop(self.side)


class SettledService:
    """A service whose one session was settled."""

    url = "http://127.0.0.1:1"

    def create_mechanic(self, account: Account) -> None:
        assert account.email

    def session(self, session: str) -> dict[str, Any]:
        return {
            "id": session,
            "status": "completed",
            "payouts": [{}],
            "crm_records": [{}],
            "upsells": [{"code": "belt_quotes"}],
        }


class ScriptedRig:
    """Service and media server."""

    stopped: Stopped

    def __init__(self, _folder: Path, _media: object, **_more: object) -> None:
        self.service = SettledService()

    def start(self) -> None:
        """Nothing is started."""

    def stop(self) -> None:
        self.stopped.stop("rig")


def figures_of(side: Side) -> dict[str, Any]:
    return side_figures(PITCHES_HZ[Side.MECHANIC if side is Side.CUSTOMER else Side.CUSTOMER])


def stage(stage: Stage) -> dict[str, Any]:
    return {"fact": "stage", "name": stage.value, "at_ns": 0}


def whole_journey(side: Side) -> Facts:
    return [
        {"fact": "session", "id": "s"},
        *(stage(each) for each, sides in REQUIRED.items() if side in sides),
        {"fact": "figures", "figures": figures_of(side)},
    ]


@pytest.fixture
def stopped() -> Stopped:
    return Stopped()


@pytest.fixture
def clocks() -> dict[str, dict[str, Any]]:
    """What each side's clock says whenever it is asked: the same, 40 ms after one another."""
    return {
        "customer": {"at_ns": 5_000_000_000, "remaining_s": 600.0, "running": True},
        "mechanic": {"at_ns": 5_040_000_000, "remaining_s": 599.96, "running": True},
    }


@pytest.fixture
def facts(
    monkeypatch: pytest.MonkeyPatch, stopped: Stopped, clocks: dict[str, dict[str, Any]]
) -> dict[str, Facts]:
    """What each client tells; the whole journey unless a test changes it."""
    told = {side.value: whole_journey(side) for side in Side}
    monkeypatch.setattr(ScriptedClient, "facts", told, raising=False)
    monkeypatch.setattr(ScriptedClient, "clocks", clocks, raising=False)
    monkeypatch.setattr(ScriptedClient, "stopped", stopped, raising=False)
    monkeypatch.setattr(ScriptedRig, "stopped", stopped, raising=False)
    monkeypatch.setattr(journey, "ClientProcess", ScriptedClient)
    monkeypatch.setattr(journey, "Rig", ScriptedRig)
    monkeypatch.setattr(journey, "load_per_core", lambda: 1.0)
    monkeypatch.setattr(journey, "find_or_build", lambda _say: Path("livekit-server"))
    return told


def run(
    output: Path,
    say: Callable[[str], None] = lambda _line: None,
    *,
    within_s: float | None = None,
) -> JourneyResult:
    options = JourneyOptions(
        headless=True,
        output=output,
        cameras=dict.fromkeys(Side, "pattern"),
        microphones={side: f"tone:{pitch:.0f}" for side, pitch in PITCHES_HZ.items()},
        within_s=within_s,
    )
    return Journey(options, say).run()


@pytest.mark.usefixtures("facts")
def test_a_whole_journey_is_good_and_everything_is_ended(tmp_path: Path, stopped: Stopped) -> None:
    result = run(tmp_path)

    assert result.complaints == []
    assert stopped.names == ["customer", "mechanic", "rig"]


@pytest.mark.parametrize(
    "bad", [{"fact": "stage"}, {"fact": "figures", "figures": 3}, {"fact": "failed"}]
)
def test_a_fact_that_cannot_be_taken_is_a_complaint_and_the_next_ones_are_taken(
    tmp_path: Path, facts: dict[str, Facts], bad: dict[str, Any]
) -> None:
    facts["customer"].insert(3, bad)

    result = run(tmp_path)

    assert len(result.complaints) == 1
    assert f"customer: the fact {bad['fact']!r} was not taken" in result.complaints[0]
    assert ("customer", "dashboard") in {
        (one["side"], one["name"]) for one in result.told["stages"]
    }


@pytest.mark.usefixtures("facts")
def test_words_that_cannot_be_written_stop_no_client_and_are_told(tmp_path: Path) -> None:
    def say(line: str) -> None:
        if "joined" in line:
            raise BrokenPipeError("nobody reads")

    result = run(tmp_path, say)

    assert result.complaints
    assert all("BrokenPipeError: nobody reads" in words for words in result.complaints)


@pytest.mark.parametrize("refusing", ["customer", "mechanic", "rig"])
@pytest.mark.usefixtures("facts")
def test_what_cannot_be_ended_keeps_nothing_else_running_and_is_told(
    tmp_path: Path, stopped: Stopped, refusing: str
) -> None:
    stopped.refusing.add(refusing)
    said: list[str] = []

    with pytest.raises(DemoError, match=f"OSError: {refusing} stays"):
        run(tmp_path, said.append)

    assert stopped.names == ["customer", "mechanic", "rig"]
    assert f"{refusing} stays" in said[-1]


@pytest.mark.usefixtures("facts")
def test_the_clocks_of_both_sides_stand_in_the_timeline(tmp_path: Path) -> None:
    told = run(tmp_path).told["clocks"]

    assert told["apart_s"] == pytest.approx(0, abs=0.001)
    assert told["at_most_s"] == 0.25
    assert len(told["pairs"]) > 1
    assert told["pairs"][0]["customer_s"] == 600.0
    assert told["pairs"][0]["looks_apart_s"] == 0.04


@pytest.mark.usefixtures("facts")
def test_clocks_that_are_apart_are_a_complaint(
    tmp_path: Path, clocks: dict[str, dict[str, Any]]
) -> None:
    clocks["mechanic"]["remaining_s"] += 0.3

    result = run(tmp_path)

    assert result.complaints == ["the two clocks were 0.30 s apart (at most 0.25 s)"]
    assert not result.told["ok"]


@pytest.mark.usefixtures("facts")
def test_clocks_that_never_ran_together_are_a_complaint(
    tmp_path: Path, clocks: dict[str, dict[str, Any]]
) -> None:
    clocks["customer"]["running"] = False

    result = run(tmp_path)

    assert result.complaints == ["the two clocks were never seen running at the same moment"]
    assert result.told["clocks"]["apart_s"] is None


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize(
    ("within_s", "load", "is_good", "is_judged"),
    [(0.0, 1.0, False, True), (60.0, 1.0, True, True), (0.0, 9.0, True, False)],
)
def test_the_journey_judges_its_own_time(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    within_s: float,
    load: float,
    is_good: bool,
    is_judged: bool,
) -> None:
    monkeypatch.setattr(journey, "load_per_core", lambda: load)

    result = run(tmp_path, within_s=within_s)

    assert result.ok is is_good
    assert result.told["journey"]["judged"] is is_judged
    assert result.told["journey"]["load_per_core"] == load
    assert 0 <= result.told["journey"]["took_s"] < 60


def test_the_load_is_told_for_each_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.getloadavg", lambda: (6.0, 1.0, 1.0))
    monkeypatch.setattr("os.cpu_count", lambda: 4)

    assert journey.load_per_core() == 1.5


def test_figures_of_a_window_shorter_than_asked_for_are_a_complaint(
    tmp_path: Path, facts: dict[str, Facts]
) -> None:
    facts["customer"][-1]["figures"]["window_s"] = 19.0

    result = run(tmp_path)

    assert result.complaints == ["customer measured 19.0 s instead of 20 s"]


def test_on_a_busy_machine_the_clocks_must_agree_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Facts]
) -> None:
    early = {"fact": "clock", "id": 0, "at_ns": 0, "running": True}
    facts["customer"].append(early | {"remaining_s": 600.0})
    facts["mechanic"].append(early | {"remaining_s": 601.0})
    free = run(tmp_path)
    monkeypatch.setattr(journey, "load_per_core", lambda: 9.0)
    busy = run(tmp_path)

    assert free.complaints == ["the two clocks were 1.00 s apart (at most 0.25 s)"]
    assert busy.complaints == []
    assert busy.told["clocks"]["judged_pairs"] == 1
    assert busy.told["clocks"]["pairs"][0]["apart_s"] == 1.0
