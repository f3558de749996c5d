"""The preflight's pictures by name, and in which looks each is drawn."""

from desktop.views.theme import ThemeMode
from tests.gallery import preflight_pages as states
from tests.gallery.parcel_pages import PARCEL_PAGES
from tests.gallery.registry import GalleryPage

PREFLIGHT_PAGES: tuple[GalleryPage, ...] = (
    *PARCEL_PAGES,
    GalleryPage("preflight-advice", states.advised),
    GalleryPage("preflight-advice-unfolded", states.advised_unfolded),
    GalleryPage("preflight-settings", states.settings),
    GalleryPage("preflight-settings-unfolded", states.settings_unfolded),
    GalleryPage("preflight-running", states.running),
    GalleryPage("preflight-running-advice", states.running_advice),
    GalleryPage("preflight-no-hurry", states.no_hurry),
    GalleryPage("preflight-echo", states.echo),
    GalleryPage("preflight-recording", states.recording),
    GalleryPage(
        "preflight-heard-yourself", states.heard_yourself, modes=(*states.BOTH, ThemeMode.CONTRAST)
    ),
    GalleryPage("preflight-upright", states.upright, modes=(*states.BOTH, ThemeMode.CONTRAST)),
    GalleryPage(
        "preflight-sound-only", states.sound_only, modes=(*states.BOTH, ThemeMode.CONTRAST)
    ),
    GalleryPage("preflight-passed", states.passed),
    GalleryPage("preflight-ready", states.ready),
    GalleryPage("preflight-unfolded", states.passed_unfolded),
    GalleryPage("preflight-camera-busy", states.camera_busy),
    GalleryPage("preflight-camera-denied", states.camera_denied),
    GalleryPage("preflight-no-camera", states.no_camera),
    GalleryPage("preflight-microphone-silent", states.microphone_silent),
    GalleryPage(
        "preflight-network-slow", states.network_slow, modes=(*states.BOTH, ThemeMode.CONTRAST)
    ),
    GalleryPage("preflight-login-wanted", states.login_wanted),
    GalleryPage("preflight-everything-wrong", states.everything_wrong),
    GalleryPage("preflight-report-unreachable", states.report_unreachable),
    GalleryPage("preflight-checked-again", states.checked_again),
    GalleryPage("preflight-refused", states.refused),
    GalleryPage("preflight-synthetic", states.synthetic),
)
