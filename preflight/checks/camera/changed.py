"""C23: the camera that is meant, of last time or chosen, is in use, or was left by choice."""

from preflight.check import Check
from preflight.checks.camera.bench import CameraBench
from preflight.devices.stable_names import find_again
from preflight.model import Measured

CODE = "camera.changed"


def camera_changed(bench: CameraBench) -> Check:
    """Tell whether that camera is missing, so that another one had to be taken, and which.

    It is looked for by its stable name: on Linux the id is a node, which the next camera inherits.
    Last time's is not missed by who chose another one, now or in the settings.
    """

    async def measure() -> Measured:
        usual = None if bench.is_chosen else bench.known
        meant, info = bench.missing or usual, bench.info
        if info is None:
            return {}
        if meant is None or meant.kind.synthetic or info.kind.synthetic:
            return {"changed": False}
        if find_again(meant, (info, *(bench.found or ()))) is not None:
            return {"changed": False, "device": info.name}
        return {"changed": True, "device": info.name, "missing": meant.name}

    return Check(CODE, measure, needs=("camera.no_frames",))
