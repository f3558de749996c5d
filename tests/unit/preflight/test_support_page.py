"""The report's page: what stands on it, and that nothing else gets in."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from preflight.support import lines
from preflight.support.lines import Axis
from preflight.support.page import page
from preflight.support.plots import bar_plot, line_plot
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.rules import steps
from tests.fakes.contract import fixture

AXIS = Axis("ms", 0, 50, 300)


def report(**changed: Any) -> dict[str, Any]:
    return {**fixture("report")["report"], **changed}


def svg_of(figure: str) -> ElementTree.Element:
    found = ElementTree.fromstring(figure)
    svg = found.find("svg")
    assert svg is not None
    return svg


def test_a_page_says_the_verdict_every_check_and_draws_what_was_measured() -> None:
    made = report()

    text = page(made)

    assert "Ready for a call" in text
    assert all(f"{row['no']} {row['code']}" in text for row in made["checks"])
    for title in (
        "Round trips",
        "Microphone level",
        "Brightness",
        "Pictures a second",
        "Upload",
        "stage",
    ):
        assert title in text


def test_what_failed_is_told_with_its_remedy() -> None:
    made = report()
    made["gate"] = {**made["gate"], "passed": False, "blocking": ["camera.black"]}
    black = next(row for row in made["checks"] if row["code"] == "camera.black")
    black["state"] = "failed"

    text = page(made)

    assert "Not ready for a call: C07 (camera.black)" in text
    assert "Open the lens cover" in text
    assert 'class="failed"' in text


def test_a_device_is_called_by_its_name() -> None:
    made = report()
    unplugged = next(row for row in made["checks"] if row["code"] == "camera.unplugged")
    unplugged["state"], unplugged["measured"] = "failed", {"present": False, "device": "C920"}

    assert "C920 was unplugged." in page(made)


def test_a_page_needs_nothing_from_anywhere_and_runs_nothing() -> None:
    text = page(report())

    assert not re.search(r"https?://|<script|<link|src=|url\(|@import", text)


def test_names_cannot_become_markup() -> None:
    made = report()
    made["devices"] = {"camera": {"id": "x", "name": "<script>alert(1)</script>", "kind": "real"}}
    made["checks"][0]["measured"] = {"holder": "<img src=x>"}

    text = page(made)

    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_an_early_report_without_samples_and_stages_is_a_page_all_the_same() -> None:
    text = page(report(samples={}, stages=[], ended_by=None))

    assert "ended: running" in text
    assert "<svg" not in text


def test_a_line_runs_from_the_first_to_the_last_value_and_the_limit_is_drawn() -> None:
    svg = svg_of(line_plot("RTT", [1, 2, 3], [10.0, 400.0, 20.0], AXIS, x_unit="s"))

    line = svg.find("polyline")
    assert line is not None
    points = [tuple(map(float, each.split(","))) for each in line.attrib["points"].split()]
    across = [x for x, _ in points]
    assert across == sorted(across)
    assert points[1][1] < points[2][1] < points[0][1], "up is more"
    assert any(each.text == "limit 300 ms" for each in svg.findall("text"))


def test_a_gap_stays_a_gap() -> None:
    svg = svg_of(line_plot("x", [0, 1, 2, 3, 4], [1.0, 2.0, None, 3.0, 4.0], AXIS, x_unit="s"))

    assert len(svg.findall("polyline")) == 2


def test_one_value_alone_is_a_dot() -> None:
    svg = svg_of(line_plot("x", [0, 1], [None, 2.0], AXIS, x_unit="s"))

    assert len(svg.findall("circle")) == 1


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_measured_is_no_plot(values: list[float | None]) -> None:
    assert line_plot("x", list(range(len(values))), values, AXIS, x_unit="s") == ""
    assert bar_plot("x", [], unit="ms") == ""


def test_a_stage_begins_where_it_began_and_is_as_long_as_it_took() -> None:
    svg = svg_of(bar_plot("stages", [("dns", 0, 10), ("tls", 100, 300)], unit="ms"))

    first, second = svg.findall("rect")
    assert float(first.attrib["x"]) < float(second.attrib["x"])
    ratio = float(second.attrib["width"]) / float(first.attrib["width"])
    assert ratio == pytest.approx(30, rel=0.05)


def test_the_limits_of_the_plots_are_those_of_the_rules() -> None:
    limits = {
        "net.rtt_high": (lines.RTT, "fail"),
        "mic.level_low": (lines.LEVEL, "fail"),
        "camera.fps_low": (lines.FPS, "warn"),
        "media.uplink_low": (lines.UPLINK, "warn"),
        "media.downlink_low": (lines.DOWNLINK, "warn"),
    }
    gate = fixture("gate")["checks"]

    for code, (axis, step) in limits.items():
        warn, fail = steps(BY_CODE[code].rules)
        assert axis.limit == (warn if step == "warn" else fail), code
    rule = next(row for row in gate if row["code"] == "net.rtt_high")["rules"][-1]
    assert lines.RTT.limit == rule["fail"]


@pytest.mark.parametrize(
    ("values", "limit", "high"),
    [
        ([20.0, 149.0], None, 50),
        ([20.0, 150.0], 300, 300),
        ([None, 412.0], 300, 300),
        ([], None, 50),
    ],
)
def test_a_limit_is_drawn_once_the_values_come_half_as_far(
    values: list[float | None], limit: float | None, high: float
) -> None:
    """It stood outside the picture between 150 and 300 ms."""
    axis = lines.RTT.beside(values)

    assert (axis.limit, axis.high) == (limit, high)
