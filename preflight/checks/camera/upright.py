"""What a person does about the camera's orientation: turn, mirror, and say that it is right."""

from collections.abc import Callable, Mapping

from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.orientation import CODE, orientation_figures
from preflight.devices.frames import Orientation
from preflight.memory.machine_file import KnownOrientation
from preflight.model import Measured


class UprightDesk:
    """Turns the camera in use and remembers it for the very same camera.

    Args:
        answer: judges what the person said (`PreflightRunner.answer`).
        keep: remembers it beside the loop.
    """

    def __init__(
        self,
        bench: CameraBench,
        answer: Callable[[str, Measured], None],
        keep: Callable[[Mapping[str, KnownOrientation]], None],
    ) -> None:
        self._bench = bench
        self._answer = answer
        self._keep = keep

    def turn(self) -> None:
        """Turn the picture a quarter clockwise further; the person is to say when it is right."""
        self._change(self._bench.orientation().orientation.turned())

    def mirror(self) -> None:
        """Change left and right over, for everybody who sees the picture."""
        self._change(self._bench.orientation().orientation.flipped())

    def confirm(self) -> None:
        """Take the picture as it is now for upright."""
        if self._bench.info is not None:
            orientation = self._bench.orientation().orientation
            self._note(KnownOrientation(orientation, self._bench.clock.now()), upright=True)

    def _change(self, orientation: Orientation) -> None:
        if self._bench.info is not None:
            self._note(KnownOrientation(orientation), upright=False)

    def _note(self, known: KnownOrientation, *, upright: bool) -> None:
        self._bench.orient(known)
        self._answer(CODE, {**orientation_figures(self._bench), "upright": upright})
        self._keep(self._bench.orientations)
