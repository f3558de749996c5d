"""``liftbay diagnose`` of a healthy machine, as people run it: on a sound server, a clip and a
service of its own, none of them a fake. One run; each test asks of it. What support gets is in
`test_diagnose_for_support`.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.fakes.diagnosis_place import CLIP, DiagnosisPlace, open_place
from tests.fakes.pulse_server import VirtualSound

pytestmark = [
    pytest.mark.skipif(not VirtualSound.possible(), reason="PulseAudio is not installed"),
    pytest.mark.timeout(240),
]

DEVICE_PART = ("camera", "microphone", "speaker", "screen", "host")
NO_VERDICT_ALONE = {
    "not_asked": {"camera.orientation", "mic.replay", "speaker.not_heard"},
    "not_coupled": {"speaker.delay"},
    # What a container, or a computer without a battery, sensors and a screen, does not tell.
    "platform": {
        "screen.permission",
        "host.sleep",
        "host.power_saver",
        "host.thermal",
        "speaker.headset_mode",
    },
    "needs:screen.permission": {"screen.black"},
    "needs:net.room": {"host.cpu_encode"},
}
"""Of the device part: what nobody is there to answer, and what needs a call or another machine."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiagnosisPlace]:
    with open_place(tmp_path_factory.mktemp("place")) as place:
        yield place


LOST_IN_A_CROWD = {"mic.dropouts", "camera.drops", "camera.fps_low", "camera.flicker"}
"""Advice and a rate that a machine gets wrong, or not at all, while others crowd this run out."""
RUNS = 3


@dataclass(frozen=True, slots=True)
class Healthy:
    """What the run of a healthy machine left: its status, jq's answer, the report, the page.

    Attributes:
        forgiven: what a crowded machine may fail to prove; nothing on one with room.
    """

    done: subprocess.CompletedProcess[str]
    report: dict[str, Any]
    page: str
    forgiven: frozenset[str]

    def check(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = next(row for row in self.report["checks"] if row["code"] == code)
        return found


@pytest.fixture(scope="module")
def healthy(place: DiagnosisPlace, tmp_path_factory: pytest.TempPathFactory) -> Healthy:
    """Run everything, without an account, with jq at the other end of the pipe.

    A machine with more to do than it has cores is not healthy: it may have two more runs.
    """
    for _ in range(RUNS):
        made = _one_run(place, tmp_path_factory.mktemp("healthy"))
        if not made.forgiven or (made.done.returncode == 0 and made.done.stdout == "[]\n"):
            break
    return made


def _one_run(place: DiagnosisPlace, folder: Path) -> Healthy:
    done = place.run(
        folder,
        f'$LIFTBAY --json --html "{folder}/page.html" --camera "file:{CLIP}" '
        f"--microphone customer_microphone --speaker customer_speaker | tee {folder}/report.json"
        " | jq -e -c '[.checks[] | select(.state == \"failed\") | .code]'",
    )
    crowded = os.getloadavg()[0] > (os.cpu_count() or 1)
    return Healthy(
        done,
        json.loads((folder / "report.json").read_text()),
        (folder / "page.html").read_text(),
        frozenset(LOST_IN_A_CROWD if crowded else ()),
    )


def test_a_healthy_machine_without_an_account_ends_with_0_and_jq_finds_no_failure(
    healthy: Healthy,
) -> None:
    assert healthy.done.returncode == 0, healthy.done.stderr
    assert set(json.loads(healthy.done.stdout)) <= healthy.forgiven
    last = healthy.done.stderr.splitlines()[-1]
    assert last == "gate passes (out of scope: net.signal, net.room)"


def test_every_check_of_the_device_part_has_a_verdict_without_an_account(healthy: Healthy) -> None:
    """Alone the person's answers, and what this machine has no way of telling, are missing."""
    rows = [row for row in healthy.report["checks"] if row["group"] in DEVICE_PART]
    without = [row for row in rows if row["state"] not in ("passed", "warned", "failed")]

    odd = {
        row["code"]: (row["state"], row["reason"])
        for row in without
        if row["code"] not in {*NO_VERDICT_ALONE.get(row["reason"], ()), *healthy.forgiven}
    }
    assert odd == {}
    assert {row["group"] for row in rows} == set(DEVICE_PART)
    assert len(rows) - len(without) >= 50
    gating = [row for row in rows if row["gating"]]
    assert {row["state"] for row in gating} <= {"passed", "warned"}


def test_what_it_measured_is_what_was_played_and_shown(healthy: Healthy) -> None:
    """No figures of a fake: the voice's own level, the clip's size, the service's round trips."""
    report = healthy.report

    assert (report["devices"]["camera"]["kind"], report["devices"]["microphone"]["kind"]) == (
        "file",
        "real",
    )
    mode = report["devices"]["camera"]["mode"]
    assert (mode["width"], mode["height"]) == (1280, 720)
    assert -30 < healthy.check("mic.level_low")["measured"]["level_dbfs"] < -5
    assert healthy.check("net.health")["state"] == "passed"
    assert len(report["samples"]["rtt_ms"]) >= 11


class Markup(HTMLParser):
    """Whatever a page has in it that could load or run something, and its figures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.feed(text)
        self.close()
        self.figures = [
            ElementTree.fromstring(each)
            for each in re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")

    def drawn(self, title: str) -> list[tuple[float, float]]:
        """Return the points of a line, in the figure's own units, down is more."""
        svg = self.figure(title)
        texts = [each.attrib["points"] for each in svg.iter("polyline")]
        points = [tuple(map(float, each.split(","))) for text in texts for each in text.split()]
        points += [
            (float(each.attrib["cx"]), float(each.attrib["cy"])) for each in svg.iter("circle")
        ]
        return sorted((across, down) for across, down in points)

    def figure(self, title: str) -> ElementTree.Element:
        """Return the drawing under a title."""
        found = [each for each in self.figures if each.findtext("figcaption") == title]
        assert len(found) == 1, title
        svg = found[0].find("svg")
        assert svg is not None
        return svg


def test_the_page_is_one_file_that_loads_nothing_and_runs_nothing(healthy: Healthy) -> None:
    markup = Markup(healthy.page)

    active = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "video", "use"}
    assert markup.tags & active == set()
    loading = {"src", "href", "srcset", "data", "action", "style", "xlink:href", "background"}
    assert set(markup.attributes) & loading == set()
    assert not [name for name in markup.attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:|//[a-z]", healthy.page)
    assert healthy.page.startswith("<!doctype html>")
    assert healthy.page.rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("Round trips to the service", "rtt_ms"),
        ("Microphone level", "level_dbfs"),
        ("Brightness of the picture (luma)", "luma"),
        ("Pictures a second", "fps"),
    ],
)
def test_a_line_of_the_page_has_every_value_of_this_run_at_its_height(
    title: str, column: str, healthy: Healthy
) -> None:
    samples = healthy.report["samples"]
    told = samples["rtt_ms"] if column == "rtt_ms" else samples["devices"][column]
    values = [value for value in told if value is not None]
    markup = Markup(healthy.page)

    heights = [down for _, down in markup.drawn(title)]

    assert len(heights) == len(values) >= 5
    low, high = min(values), max(values)
    label = markup.figure(title).attrib["aria-label"]
    assert label.startswith(f"{title}: {low:g} to {high:g}")
    lowest, highest = max(heights), min(heights)
    for value, down in zip(values, heights, strict=True):
        share = (value - low) / ((high - low) or 1.0)
        # A tenth of the drawing's unit is what it rounds to.
        assert lowest - down == pytest.approx(share * (lowest - highest), abs=0.11)


def test_the_page_has_a_bar_for_each_stage_of_this_run_as_long_as_it_took(
    healthy: Healthy,
) -> None:
    stages = healthy.report["stages"]
    svg = Markup(healthy.page).figure("How long each stage took")

    texts = [each.text or "" for each in svg.iter("text")]
    bars = list(svg.iter("rect"))

    assert {"enumerate", "camera_open", "camera_first_frame", "mic_open", "mic_first_block"} <= {
        stage["name"] for stage in stages
    }
    assert {"dns", "tcp", "http_first_byte"} <= {stage["name"] for stage in stages}
    assert len(bars) == len(stages)
    for row, stage in enumerate(stages):
        took = stage["duration_ms"]
        assert texts[2 * row] == stage["name"].replace("_", " ")
        assert texts[2 * row + 1] == (f"{took:.0f} ms" if took >= 10 else f"{took:.1f} ms")
    starts = [stage["start_ms"] for stage in stages]
    lefts = [float(bar.attrib["x"]) for bar in bars]
    assert sorted(range(len(starts)), key=lambda at: starts[at]) == sorted(
        range(len(lefts)), key=lambda at: lefts[at]
    )
