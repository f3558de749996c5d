"""S03: the loudspeaker opens and takes sound."""

from preflight.check import Check
from preflight.checks.speaker.bench import SpeakerBench
from preflight.checks.speaker.speaker_test import SpeakerNotOpen
from preflight.devices.ports import DeviceNotFound
from preflight.model import Measured

CODE = "speaker.open_failed"


def speaker_open_failed(bench: SpeakerBench) -> Check:
    """Open it, once the gate is over, and play 0.2 s of silence."""

    async def measure() -> Measured:
        try:
            played, open_ms = await bench.plays()
        except DeviceNotFound:
            return {"plays": False, "fault": "not_found"}
        except SpeakerNotOpen as error:
            fault = error.status.fault
            return {
                "plays": False,
                "fault": None if fault is None else fault.value,
                "holder": await bench.holder(),
            }
        return {"plays": played, "open_ms": open_ms}

    return Check(CODE, measure, needs=("speaker.none",), before=bench.gate_over)
