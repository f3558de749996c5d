"""What support and the person see: by clicks, keys and names, with hostile words in it."""

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTreeWidget

from client_api.clock import SystemClock
from client_api.wire import PreflightTrigger
from desktop.viewmodels.find_report_page import FindReportState
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.preflight_desk import DeviceRole
from desktop.viewmodels.support_panel import (
    Outcome,
    Parcel,
    ParcelFile,
    ParcelKind,
    ParcelPreview,
    SupportPanelState,
)
from desktop.views.fact_words import FACTS, RULES, rule_name
from desktop.views.fact_words import STAGES as STAGE_WORDS
from desktop.views.figure_words import FIGURES, figure_words
from desktop.views.find_report_view import FindReportView
from desktop.views.language import install_language
from desktop.views.parcel_dialog import ParcelDialog
from desktop.views.support_card import SupportCard
from desktop.views.widgets.button import Button
from desktop.views.widgets.tick import Tick
from preflight.model import CheckResult, CheckState, MeasuredValue, RunProgress
from preflight.report.redaction import RULE_NAMES
from preflight.report.report import ReportBody, ReportHead, build_report
from preflight.system.surroundings import read_surroundings
from preflight.verdicts.catalogue import CATALOGUE
from preflight.verdicts.gate import decide
from preflight.verdicts.rules import AllOf, FirstKnown, Rule
from tests.gallery.report_pages import found, hostile, sent_report, shown, wrong

PARCEL = Parcel(ParcelKind.BUNDLE, (ParcelFile("report.json", 41_200),), (("address", 14),))


def texts(widget: object) -> str:
    assert hasattr(widget, "findChildren")
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_what_is_inside_stands_there_before_anything_is_saved(qapp: QApplication) -> None:
    state = Observable(ParcelPreview(ParcelKind.BUNDLE, tick_picture=lambda _: None))
    dialog = ParcelDialog(state)
    yes = dialog.findChild(Button, "parcel_agree")
    tick = dialog.findChild(Tick, "parcel_picture")
    assert yes is not None
    assert tick is not None
    assert not yes.isEnabled(), "nobody agrees to what is not there yet"
    assert not tick.isChecked(), "a picture is added by the person alone"

    state.set(replace(state.value, parcel=PARCEL, agree=lambda: None))

    assert "report.json" in texts(dialog)
    assert "40.2 KiB" in texts(dialog)
    assert "network addresses × 14" in texts(dialog)
    assert yes.isEnabled()


def test_what_could_not_be_put_together_is_said_and_cannot_be_agreed_to(
    qapp: QApplication,
) -> None:
    state = Observable(ParcelPreview(ParcelKind.REPORT))
    dialog = ParcelDialog(state)
    yes = dialog.findChild(Button, "parcel_agree")
    assert yes is not None
    assert "Putting it together…" in texts(dialog)

    state.set(replace(state.value, failed=True))

    assert "It could not be put together." in texts(dialog)
    assert "Putting it together…" not in texts(dialog)
    assert not yes.isEnabled()


def test_a_parcel_that_failed_is_told_on_the_card(qapp: QApplication) -> None:
    card = SupportCard(Observable(SupportPanelState(outcome=Outcome.NOT_PACKED)))

    assert "It could not be put together." in texts(card)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_picture_is_ticked_by_key_as_well(qapp: QApplication, key: Qt.Key) -> None:
    ticked: list[bool] = []
    state = Observable(ParcelPreview(ParcelKind.BUNDLE, PARCEL, tick_picture=ticked.append))
    dialog = ParcelDialog(state)
    tick = dialog.findChild(Tick, "parcel_picture")
    assert tick is not None

    QTest.keyClick(tick, key)

    assert ticked == [True]
    assert dialog.result() == 0, "Enter on the box does not agree to anything"


def test_what_is_sent_offers_no_picture(qapp: QApplication) -> None:
    dialog = ParcelDialog(Observable(ParcelPreview(ParcelKind.SENT, PARCEL)))
    tick = dialog.findChild(Tick, "parcel_picture")

    assert tick is not None
    assert tick.isHidden()


def test_the_code_is_large_and_spelled_for_a_screen_reader(qapp: QApplication) -> None:
    pressed: list[str] = []
    state = SupportPanelState(
        numbers=("C07", "N03"),
        code="7K3M-Q2XZ",
        outcome=Outcome.SENT,
        copy_code=lambda: pressed.append("copy"),
    )
    card = SupportCard(Observable(state))
    code = card.findChild(QLabel, "support_code")
    copy = card.findChild(Button, "support_copy")
    assert code is not None
    assert copy is not None

    copy.click()

    assert code.text() == "7K3M-Q2XZ"
    assert code.accessibleName() == "7 K 3 M, Q 2 X Z"
    assert code.property("big") == "true"
    assert "On the phone, say: C07, N03" in texts(card)
    assert pressed == ["copy"]


def test_the_amber_button_is_the_one_thing_to_do_next(qapp: QApplication) -> None:
    """Once a report is sent its code goes on by phone or mail; sending it again is not next."""
    state = Observable(SupportPanelState(send=lambda: None))
    card = SupportCard(state)
    send, copy = card.findChild(Button, "support_send"), card.findChild(Button, "support_copy")
    assert send is not None
    assert copy is not None
    before = (send.property("kind"), copy.property("kind"))

    state.set(replace(state.value, code="7K3M-Q2XZ", copy_code=lambda: None))

    assert before == ("primary", "secondary")
    assert (send.property("kind"), copy.property("kind")) == ("secondary", "primary")


def test_a_code_is_asked_for_by_enter(qapp: QApplication) -> None:
    asked: list[str] = []
    view = FindReportView(Observable(FindReportState(find=asked.append)))

    field = view.findChild(QLineEdit, "report_code_field")
    assert field is not None
    QTest.keyClicks(field, "7k3m q2xz")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert asked == ["7k3m q2xz"]


def test_a_report_is_shown_with_its_codes_and_what_is_unusual(qapp: QApplication) -> None:
    view = FindReportView(Observable(wrong()))
    tree = view.findChild(QTreeWidget, "report_checks")

    told = texts(view)
    assert "In the way: C07 camera.black, N03 net.rtt_high" in told
    assert "Answer time 16 times their usual" in told
    assert "4QWN-80T0" in [one.text() for one in view.findChildren(Button, "open_earlier")]
    assert tree is not None
    assert tree.topLevelItemCount() == 3


def test_before_a_session_the_services_verdict_comes_first(qapp: QApplication) -> None:
    """The sender's own states say C07; the service found another reason, or none at all."""
    own = sent_report(C07={"luma_mean": 12.4})
    refused = msgspec.structs.replace(
        found(own, kind="preflight"), passed=False, blocking=("session.synthetic_source",)
    )

    told = texts(FindReportView(Observable(shown(refused))))
    passed = texts(FindReportView(Observable(shown(found(own, kind="preflight")))))

    assert "In the way: session.synthetic_source" in told
    assert "In the way" not in passed


def test_an_earlier_run_that_did_not_pass_says_what_was_in_the_way(qapp: QApplication) -> None:
    told = texts(FindReportView(Observable(wrong())))

    assert "did not pass: C07 camera.black" in told


def test_figures_are_told_with_the_names_and_units_that_people_know(qapp: QApplication) -> None:
    told = texts(FindReportView(Observable(wrong())))

    assert "answer time (median): 412 ms" in told
    assert "fails on “spread of the colours < 0.1 or mean brightness < 40 structure < 0.5”" in told
    assert "warns at 200 ms" in told
    assert "fails at 300 ms" in told
    assert "Failed" in told.splitlines(), "support cannot fix it"
    assert "rtt_median_ms" not in told


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("open_ms", 4210.5, "opened after: 4,210.5 ms"),
        ("busy", True, "in use by another program: yes"),
        ("level_dbfs", -41.25, "level: -41.25 dBFS"),
        ("rtt_median_ms", None, "answer time (median): –"),
        ("future_kbps", 12, "future: 12 kbit/s"),
        ("a_new_word", "<b>", "a new word: <b>"),
        ("frames", 1e300, "pictures looked at: 1e+300"),
    ],
)
def test_a_figure_in_words(qapp: QApplication, name: str, value: MeasuredValue, shown: str) -> None:
    install_language(qapp, QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))

    assert figure_words(name, value) == shown


def test_every_figure_that_a_rule_judges_has_a_name() -> None:
    judged = {name for row in CATALOGUE for rule in row.rules for name in fields_of(rule)}

    assert judged - set(FIGURES) == set()


def fields_of(rule: Rule) -> list[str]:
    if isinstance(rule, AllOf | FirstKnown):
        return [name for each in rule.rules for name in fields_of(each)]
    return [rule.field]


def test_every_fact_stage_and_rule_of_our_own_reports_has_a_name() -> None:
    surroundings = read_surroundings()
    timed = dict.fromkeys(
        (
            *("search_ms", "open_ms", "first_frame_ms", "first_block_ms", "dns_ms", "tcp_ms"),
            *("tls_ms", "http_first_byte_ms", "ws_open_ms", "join_ms", "connect_ms"),
            *("published_ms", "signal_ms", "full_ms"),
        ),
        1.0,
    )
    checks = tuple(
        CheckResult(row.code, row.no, row.group, CheckState.PASSED, measured=timed, as_of_ms=1.0)
        for row in CATALOGUE
    )
    run = RunProgress(checks, decide(checks), 1.0, finished=True)
    head = ReportHead(
        report_id="",
        started_at=SystemClock().now(),
        trigger=PreflightTrigger.SUPPORT,
        machine_id="",
        app=surroundings.app,
        host=surroundings.host,
    )
    report = build_report(head, ReportBody(run, 1.0, None, {}))

    parts = ("app", "host", "network", "recommendation")
    names = {name for part in parts for name in report[part]}
    roles = {role.value for role in DeviceRole}
    assert names | roles | {f"{role}_others" for role in roles} == set(FACTS)
    stages = [stage["name"] for stage in report["stages"]]
    assert len(stages) >= 15
    assert set(stages) <= set(STAGE_WORDS)
    assert set(RULE_NAMES) == set(RULES)


def test_what_was_taken_out_is_told_alike_before_sending_and_at_support(
    qapp: QApplication,
) -> None:
    report = sent_report()
    report["redaction"] = {"counts": {"device_owner": 2}}

    told = texts(FindReportView(Observable(shown(found(report)))))

    assert "names on devices" in told
    assert rule_name("device_owner") == "names on devices"


def test_nothing_of_a_report_becomes_markup(qapp: QApplication) -> None:
    view = FindReportView(Observable(hostile()))

    labels = view.findChildren(QLabel)
    assert any("<b>bold</b>" in label.text() for label in labels)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels if label.text())
    assert not any("<" in child.toolTip() for child in view.findChildren(QLabel))
    tree = view.findChild(QTreeWidget, "report_checks")
    assert tree is not None
    for place in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(place)
        assert group is not None
        rows = [group.child(row) for row in range(group.childCount())]
        assert not any(row.toolTip(column) for row in rows if row for column in range(3))
