"""A short plan runs out and nobody presses End: both are warned, and the service ends it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop.app.demo.journey import Journey, JourneyOptions, JourneyResult
from desktop.app.demo.processes import ClientProcess
from desktop.app.demo.stages import REQUIRED, Side, Stage

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(420)]

PLAN_S = 36
WARNINGS_S = (20, 10)
BILLABLE_S = 15
DEADLINE_S = 200.0
LATE_S = 3
NOT_HERE = {Stage.CHAT_SENT, Stage.CHAT_RECEIVED, Stage.PICTURE_FULL, Stage.END_CONFIRMED}


@dataclass(frozen=True, slots=True)
class Told:
    """What the run left behind; warnings by side as the call pages showed them."""

    result: JourneyResult
    warnings: dict[str, list[dict[str, Any]]]

    def at_s(self, side: Side, stage: Stage) -> float:
        """Return when a side observed a stage."""
        return next(
            float(one["at_ms"]) / 1000
            for one in self.result.told["stages"]
            if one["side"] == side.value and one["name"] == stage.value
        )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One call of a short plan in which nobody presses anything."""
    warnings: dict[str, list[dict[str, Any]]] = {side.value: [] for side in Side}

    def on_fact(client: ClientProcess, fact: dict[str, Any]) -> None:
        if fact.get("fact") == "warning":
            warnings[client.side].append(fact)

    plan = {
        "code": "video15",
        "type": "video",
        "total_seconds": PLAN_S,
        "price_cents": 2999,
        "extension_seconds": 1800,
        "extension_price_cents": 2499,
    }
    options = JourneyOptions(
        headless=True,
        output=_folder(tmp_path_factory),
        cameras=dict.fromkeys(Side, "pattern"),
        microphones={Side.CUSTOMER: "tone:440", Side.MECHANIC: "tone:660"},
        script="until_ended",
        measure_s=10.0,
        pictures=False,
        required={stage: sides for stage, sides in REQUIRED.items() if stage not in NOT_HERE},
        service_environment={
            "LIFTBAY_PLANS_JSON": json.dumps([plan]),
            "LIFTBAY_BILLABLE_MINIMUM_SECONDS": str(BILLABLE_S),
            "LIFTBAY_CLOCK_WARNINGS": ",".join(map(str, WARNINGS_S)),
        },
        deadline_s=DEADLINE_S,
        on_fact=on_fact,
    )
    return Told(Journey(options, print).run(), warnings)


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("auto-end")


def test_both_are_warned_twice_and_never_early(told: Told) -> None:
    for side in Side:
        warned = told.warnings[side.value]
        assert [one["seconds"] for one in warned] == list(WARNINGS_S), warned
        for one in warned:
            assert one["seconds"] - LATE_S <= one["clock_shows_s"] <= one["seconds"], warned


def test_the_service_ends_it_when_the_paid_time_is_over_and_not_before(told: Told) -> None:
    for side in Side:
        lasted = told.at_s(side, Stage.ENDED) - told.at_s(side, Stage.LIVE)
        assert PLAN_S - 2 <= lasted <= PLAN_S + 15


def test_both_see_the_summary_and_then_their_dashboard(told: Told) -> None:
    assert told.result.complaints == []
    for side in Side:
        assert told.at_s(side, Stage.SUMMARY) <= told.at_s(side, Stage.DASHBOARD)


def test_the_session_is_completed_and_paid_out_once(told: Told) -> None:
    session = told.result.told["session"]

    assert session["status"] == "completed"
    assert len(session["payouts"]) == 1
    assert len(session["crm_records"]) == 1
