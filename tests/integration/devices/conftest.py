"""A PulseAudio server of a module's own, for tests of real sound."""

from collections.abc import Iterator

import pytest

from tests.fakes.pulse_server import VirtualSound


@pytest.fixture(scope="module")
def sound() -> Iterator[VirtualSound]:
    """Return the server, which programs of this process find by the environment."""
    server = VirtualSound()
    server.start()
    try:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in server.environment.items():
                environment.setenv(name, value)
            yield server
    finally:
        server.stop()
