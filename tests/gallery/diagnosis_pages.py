"""A diagnosis on its own, without a session, in every state that a person may meet."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from client_api.errors import UnreachableReason
from desktop.viewmodels.support_panel import Outcome, SupportPanelState
from desktop.viewmodels.trouble import Trouble
from desktop.views.theme import ThemeMode
from preflight.model import CheckResult, CheckState, RunProgress
from preflight.verdicts.gate import decide
from tests.fakes.preflight_desk import progress
from tests.gallery.preflight_pages import BOTH, make_view
from tests.gallery.preflight_results import checks, with_figures
from tests.gallery.registry import GalleryPage
from tests.gallery.scenes import covered_lens


def _nothing() -> None:
    """Stands for a command."""


FREE = SupportPanelState(
    send=_nothing, save_report=_nothing, save_page=_nothing, save_bundle=_nothing
)


def _unsigned(*results: CheckResult) -> RunProgress:
    """A diagnosis without an account: the call server was not asked."""
    skipped = tuple(
        replace(each, state=CheckState.SKIPPED, reason="not_signed_in", measured={})
        if each.code in ("net.signal", "net.room")
        else each
        for each in results
    )
    return RunProgress(skipped, decide(skipped), 1.0, finished=True)


def diagnostics() -> QWidget:
    return make_view(_unsigned(*checks()), session=False, panel=FREE)


def diagnostics_signed_in() -> QWidget:
    """With an account the call server was asked as well: nothing is left out."""
    return make_view(progress(*checks()), session=False, panel=FREE)


def diagnostics_running() -> QWidget:
    some = tuple(replace(each, state=CheckState.RUNNING) for each in checks())
    run = RunProgress(some, decide(some), 0.3, finished=False)
    return make_view(run, session=False, panel=SupportPanelState())


def _wrong() -> RunProgress:
    results = checks(camera__black=CheckState.FAILED, net__rtt_high=CheckState.FAILED)
    return _unsigned(*with_figures(results, "net.rtt_high", rtt_median_ms=412.0))


WRONG = ("C07", "N03")


def diagnostics_wrong() -> QWidget:
    return make_view(
        _wrong(), session=False, scene=covered_lens, panel=replace(FREE, numbers=WRONG)
    )


def diagnostics_sent() -> QWidget:
    panel = replace(FREE, numbers=WRONG, code="7K3M-Q2XZ", outcome=Outcome.SENT, copy_code=_nothing)
    return make_view(_wrong(), session=False, scene=covered_lens, panel=panel)


def diagnostics_not_sent() -> QWidget:
    trouble = Trouble(UnreachableReason.NO_CONNECTION)
    panel = replace(FREE, numbers=WRONG, outcome=Outcome.NOT_SENT, trouble=trouble)
    return make_view(_wrong(), session=False, scene=covered_lens, panel=panel)


def diagnostics_saved() -> QWidget:
    panel = replace(FREE, outcome=Outcome.SAVED, saved_as="liftbay-diagnosis.zip")
    return make_view(_unsigned(*checks()), session=False, panel=panel)


DIAGNOSIS_PAGES: tuple[GalleryPage, ...] = (
    GalleryPage("preflight-diagnostics", diagnostics),
    GalleryPage("preflight-diagnostics-signed-in", diagnostics_signed_in),
    GalleryPage("preflight-diagnostics-running", diagnostics_running),
    GalleryPage("preflight-diagnostics-wrong", diagnostics_wrong),
    GalleryPage("preflight-diagnostics-sent", diagnostics_sent, modes=(*BOTH, ThemeMode.CONTRAST)),
    GalleryPage("preflight-diagnostics-not-sent", diagnostics_not_sent),
    GalleryPage("preflight-diagnostics-saved", diagnostics_saved),
)
