"""What is inside before a bundle is saved or a report sent, in every state of the question."""

from PySide6.QtWidgets import QWidget

from desktop.app.support_desk import as_jpeg
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.support_panel import Parcel, ParcelFile, ParcelKind, ParcelPreview
from desktop.views.parcel_dialog import ParcelDialog
from desktop.views.theme import ThemeMode
from tests.gallery.registry import GalleryPage
from tests.gallery.scenes import person
from tests.gallery.shells import nothing

SIZE = ((520, 640),)
EVERY_LOOK = (ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.CONTRAST)
_FILES = (
    ParcelFile("report.json", 41_200),
    ParcelFile("report.html", 28_900),
    ParcelFile("log.txt", 11_050),
)
_MANIFEST = ParcelFile("manifest.json", 812)
_TAKEN = (("address", 14), ("home_path", 3), ("token", 1), ("device_owner", 2))


def _parcel(preview: ParcelPreview) -> QWidget:
    return ParcelDialog(Observable(preview))


def parcel_bundle() -> QWidget:
    parcel = Parcel(ParcelKind.BUNDLE, (*_FILES, _MANIFEST), _TAKEN)
    return _parcel(
        ParcelPreview(ParcelKind.BUNDLE, parcel, tick_picture=lambda _: None, agree=nothing)
    )


def parcel_with_picture() -> QWidget:
    shown = person()
    assert shown is not None
    jpeg = as_jpeg(shown)
    assert jpeg is not None
    # The most there is: a killed run's report lies in it as well.
    crash = ParcelFile("preflight-report-crash.json", 38_400)
    files = (*_FILES, crash, ParcelFile("camera.jpg", len(jpeg)), _MANIFEST)
    parcel = Parcel(ParcelKind.BUNDLE, files, _TAKEN, jpeg)
    return _parcel(
        ParcelPreview(
            ParcelKind.BUNDLE,
            parcel,
            wants_picture=True,
            tick_picture=lambda _: None,
            agree=nothing,
        )
    )


def parcel_no_picture() -> QWidget:
    parcel = Parcel(ParcelKind.BUNDLE, (*_FILES, _MANIFEST), ())
    return _parcel(
        ParcelPreview(
            ParcelKind.BUNDLE,
            parcel,
            wants_picture=True,
            has_no_picture=True,
            tick_picture=lambda _: None,
            agree=nothing,
        )
    )


def parcel_sent() -> QWidget:
    parcel = Parcel(ParcelKind.SENT, _FILES[:1], _TAKEN)
    return _parcel(ParcelPreview(ParcelKind.SENT, parcel, agree=nothing))


def parcel_waiting() -> QWidget:
    return _parcel(ParcelPreview(ParcelKind.BUNDLE, tick_picture=lambda _: None))


def parcel_failed() -> QWidget:
    return _parcel(
        ParcelPreview(
            ParcelKind.BUNDLE, failed=True, wants_picture=True, tick_picture=lambda _: None
        )
    )


def parcel_report() -> QWidget:
    return _parcel(
        ParcelPreview(
            ParcelKind.REPORT, Parcel(ParcelKind.REPORT, _FILES[:1], _TAKEN), agree=nothing
        )
    )


PARCEL_PAGES: tuple[GalleryPage, ...] = (
    GalleryPage("parcel-bundle", parcel_bundle, sizes=SIZE, modes=EVERY_LOOK),
    GalleryPage("parcel-with-picture", parcel_with_picture, sizes=SIZE),
    GalleryPage("parcel-no-picture", parcel_no_picture, sizes=SIZE),
    GalleryPage("parcel-sent", parcel_sent, sizes=SIZE),
    GalleryPage("parcel-waiting", parcel_waiting, sizes=SIZE),
    GalleryPage("parcel-failed", parcel_failed, sizes=SIZE),
    GalleryPage("parcel-report", parcel_report, sizes=SIZE),
)
