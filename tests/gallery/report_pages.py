"""Support's page: nothing yet, a slip, nothing under the code, reports of all kinds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from client_api.errors import ErrorCode, UnreachableReason
from client_api.tasks import spawn
from client_api.wire import EarlierRun, FoundReport, Role
from desktop.viewmodels.find_report_page import FindPhase, FindReportPage, FindReportState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import Page, Shell
from desktop.viewmodels.trouble import Trouble
from desktop.views.find_report_view import FindReportView
from desktop.views.theme import ThemeMode
from tests.fakes.contract import fixture
from tests.fakes.service import FakeService
from tests.gallery.registry import GalleryPage
from tests.gallery.shells import nothing, under_header

ARRIVED = datetime(2026, 11, 22, 12, tzinfo=UTC)
IDLE = FindReportState(find=nothing)
HOSTILE = "<b>bold</b><img src=x> \u202egnp.exe " + "x" * 400


def sent_report(**figures: dict[str, Any]) -> dict[str, Any]:
    """The contract's report with samples of some length; ``N03={...}`` gives a check figures."""
    report: dict[str, Any] = fixture("report")["report"]
    for row in report["checks"]:
        if row["no"] in figures:
            row["measured"] = figures[row["no"]]
            row["state"] = "failed"
    seconds = range(1, 81)
    report["samples"] = {
        "rtt_ms": [410.0, 395.5, 430.2, 412.0, 520.8, 399.9, 405.1, 411.7, 408.0, 415.2, 402.3],
        "devices": {
            "at_ms": [each * 250 for each in seconds],
            "level_dbfs": [None if each < 4 else -30.0 - (each * 7) % 45 for each in seconds],
            "luma": [None if each < 6 else 110.0 + (each % 9) for each in seconds],
            "fps": [None if each < 8 else 30.0 - (each % 4) for each in seconds],
        },
        "media": {
            "at_s": [float(each) for each in range(1, 12)],
            "uplink_kbps": [200.0 + 70 * each for each in range(1, 12)],
            "downlink_kbps": [190.0 + 70 * each for each in range(1, 12)],
        },
    }
    return report


def found(report: dict[str, Any], *, earlier: int = 0, kind: str = "diagnostic") -> FoundReport:
    """What the service answers."""
    runs = tuple(
        EarlierRun(
            code=f"4QWN-80T{each}",
            arrived_at=ARRIVED - timedelta(days=each + 1),
            passed=each != 1,
            blocking=("camera.black",) if each == 1 else (),
            measured={
                "rtt_median_ms": 24.0 + each,
                "uplink_kbps": 2400.0 + 50 * each,
                "fps": 30.0,
                "voice_dbfs": None,
            },
        )
        for each in range(earlier)
    )
    return FoundReport(
        code="7K3M-Q2XZ",
        kind=kind,
        arrived_at=ARRIVED,
        expires_at=ARRIVED + timedelta(days=30),
        passed=kind == "preflight",
        blocking=() if kind == "preflight" else ("net.rtt_high",),
        report=report,
        earlier=runs,
    )


def shown(answer: FoundReport) -> FindReportState:
    """The page's state for an answer."""
    page = FindReportPage(FakeService(), Shell(), spawn=spawn)
    return replace(IDLE, phase=FindPhase.READY, shown=page.show(answer))


def wrong() -> FindReportState:
    report = sent_report(
        N03={"rtt_median_ms": 412.0, "samples": 11, "rtt_p95_ms": 520.8},
        C07={"luma_mean": 12.4, "structure": 0.08, "colour_spread": 2.1, "frames": 16},
    )
    return shown(found(report, earlier=4))


def hostile() -> FindReportState:
    report = sent_report()
    report["checks"] = [
        {
            "code": "camera.black",
            "no": HOSTILE,
            "group": HOSTILE,
            "state": "failed",
            "reason": HOSTILE,
            "measured": {HOSTILE: HOSTILE, "luma_mean": HOSTILE},
        },
        {"code": "future.check", "group": "network", "state": "failed", "measured": {"a": 1}},
        "no row",
    ]
    report["devices"] = {"camera": {"name": HOSTILE, "kind": "real"}}
    report["host"] = {"os": HOSTILE, HOSTILE: 1}
    report["stages"] = [{"name": HOSTILE, "start_ms": 1, "duration_ms": 5}]
    return shown(found(report))


LOOKS = (ThemeMode.LIGHT, ThemeMode.DARK)


def _page(
    name: str, make: Callable[[], FindReportState], modes: tuple[ThemeMode, ...] = LOOKS
) -> GalleryPage:
    def view() -> QWidget:
        return FindReportView(Observable(make()))

    build = under_header(Page.FIND_REPORT, view, role=Role.SUPPORT, name="Kim Support")
    return GalleryPage(name, build, modes=modes)


REPORT_PAGES: tuple[GalleryPage, ...] = (
    _page("find-report-idle", lambda: IDLE),
    _page("find-report-loading", lambda: replace(IDLE, phase=FindPhase.LOADING)),
    _page(
        "find-report-slip",
        lambda: replace(IDLE, code_trouble=Trouble(ErrorCode.DIAGNOSTIC_CODE_WRONG)),
    ),
    _page(
        "find-report-missing",
        lambda: replace(IDLE, code_trouble=Trouble(ErrorCode.DIAGNOSTIC_NOT_FOUND)),
    ),
    _page(
        "find-report-failed",
        lambda: replace(
            IDLE,
            phase=FindPhase.FAILED,
            trouble=Trouble(UnreachableReason.NO_CONNECTION),
            retry=nothing,
        ),
    ),
    _page("find-report-wrong", wrong, (ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.CONTRAST)),
    _page("find-report-session", lambda: shown(found(sent_report(), kind="preflight"))),
    _page("find-report-hostile", hostile),
)
