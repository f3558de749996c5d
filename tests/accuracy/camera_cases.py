"""Every case of the camera's checks; what truth means is told in the modules that make them."""

from collections.abc import Iterator

from tests.accuracy import camera_detail_cases, camera_light_cases, camera_time_cases
from tests.accuracy.tally import Case


def cases() -> Iterator[Case]:
    """Yield the cases of all checks, check by check."""
    yield from camera_light_cases.cases()
    yield from camera_time_cases.cases()
    yield from camera_detail_cases.cases()
