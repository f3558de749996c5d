"""What the checks look at, put together: a bench for each group, and what they need of each other.

The devices of the benches belong to the preflight until they are handed over or closed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from preflight.analysis.round_trips import SAMPLES
from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.group import camera_group
from preflight.checks.check_group import CheckGroup
from preflight.checks.device_bench import Bench
from preflight.checks.host.bench import HostBench
from preflight.checks.host.group import host_group
from preflight.checks.media.bench import EarlierPath, GetRoom, Line, MediaBench
from preflight.checks.media.course import OwnDevices
from preflight.checks.media.group import media_group
from preflight.checks.media.metered_line import metered_line
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.checks.network.bench import NetworkBench
from preflight.checks.network.group import network_group
from preflight.checks.screen.group import screen_group
from preflight.checks.speaker.bench import RunState, SpeakerBench
from preflight.checks.speaker.group import speaker_group
from preflight.checks.speaker.speaker_test import SpeakerTest
from preflight.devices.frames import DeviceId
from preflight.memory.machine_file import Machine
from preflight.model import Group, RunProgress
from preflight.parts import PreflightParts
from preflight.running.quick_return import QUICK_SAMPLES


@dataclass(frozen=True, slots=True)
class Wished:
    """What a run was asked for.

    Attributes:
        camera, microphone, speaker: devices to begin with; None takes the catalogue's first.
        quick: the short look of a return to a running session.
        booked_minutes: how long the call may take (H06); None where that is not known.
    """

    camera: DeviceId | None = None
    microphone: DeviceId | None = None
    speaker: DeviceId | None = None
    quick: bool = False
    booked_minutes: int | None = None


class Benches:
    """The benches of one run; the account's is apart, for it may have been asked before.

    Args:
        earlier: brings a trial call of an earlier run that still counts.
        get_room: brings the probe room of a begun run; None when nobody is signed in.
        progress: brings the run as it stands.
    """

    def __init__(
        self,
        parts: PreflightParts,
        wished: Wished,
        machine: Machine,
        earlier: Callable[[], EarlierPath | None],
        get_room: GetRoom | None,
        progress: Callable[[], RunProgress],
    ) -> None:
        self._parts = parts
        clock, offload = parts.clock, parts.offload
        self.camera = CameraBench(
            parts.catalogue, clock, parts.system, offload, wanted=wished.camera
        )
        self.microphone = MicrophoneBench(
            parts.catalogue, clock, parts.system, offload, wanted=wished.microphone
        )
        self.network = NetworkBench(
            parts.service_url,
            parts.make_probe(),
            clock,
            parts.identity,
            get_room,
            offload,
            samples=QUICK_SAMPLES if wished.quick else SAMPLES,
            local=parts.local_network,
            hints=parts.network_hints,
        )
        self.media = MediaBench(
            parts.make_media_probe(),
            clock,
            get_room,
            Line(
                lambda: self.network.identity,
                lambda: self.host.line_left(),
                lambda: metered_line(self.network.advice),
                earlier,
            ),
            OwnDevices(lambda: self.camera.source, lambda: self.microphone.source),
        )
        self.host = HostBench(parts, self.network, self.media, machine, wished.booked_minutes)
        self.speaker = SpeakerTest(parts.catalogue, clock, offload, wished.speaker)
        self.loudspeaker = SpeakerBench(
            self.speaker,
            self.microphone,
            parts.catalogue,
            parts.outputs,
            machine,
            RunState(progress),
            clock,
            offload,
        )

    @property
    def devices(self) -> Mapping[Group, Bench[Any]]:
        """The benches that hold a device which another one may be tried beside."""
        return {Group.CAMERA: self.camera, Group.MICROPHONE: self.microphone}

    def groups(self, rtt_every_s: float) -> tuple[CheckGroup, ...]:
        """Return the groups over these benches.

        Args:
            rtt_every_s: how often the round trips are measured while all is well.
        """
        parts = self._parts
        return (
            camera_group(self.camera),
            microphone_group(self.microphone),
            network_group(self.network, rtt_every_s, lambda: self.media.busy),
            media_group(self.media),
            host_group(self.host),
            speaker_group(self.loudspeaker),
            screen_group(parts.screen, parts.screen_eye, parts.offload),
        )
