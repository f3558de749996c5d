"""Every case of the camera's checks; what truth means is told in the modules that make them."""

from collections.abc import Iterator

from tests.accuracy import camera_light_cases
from tests.accuracy.tally import Case


def cases() -> Iterator[Case]:
    """Yield the cases of all checks, check by check."""
    yield from camera_light_cases.cases()
