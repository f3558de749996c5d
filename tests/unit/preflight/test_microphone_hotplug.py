"""The only microphone is pulled while the page is open: first what happened, then what is there."""

from preflight.model import CheckState
from tests.check_cases import raises
from tests.unit.preflight.conftest import Bench, verdict
from tests.unit.preflight.test_camera_hotplug import HINT_AFTER_S


@raises("mic.unplugged")
async def test_what_was_unplugged_stands_long_enough_to_be_read(bench: Bench) -> None:
    """A sound server says of one device several times that something has changed."""
    preflight = await bench.run(6)
    bench.catalogue.made_microphones[-1].unplug()
    bench.catalogue.microphone_infos = ()
    for _ in range(5):
        await bench.clock.advance(HINT_AFTER_S)
        bench.hotplug.hint()
        await bench.clock.advance()

    assert verdict(preflight, "mic.unplugged") == (CheckState.FAILED, None)
    await bench.clock.advance(3)
    assert preflight.progress.gate.blocking == ("mic.none",)
