"""The pages around the call: sign-in, sign-up, dashboards, intake, summary, history, earnings."""

from tests.gallery.registry import GalleryPage

PAGES: tuple[GalleryPage, ...] = ()
