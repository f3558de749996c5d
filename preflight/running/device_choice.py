"""Which camera, microphone and loudspeaker a run uses: last time's, the person's, what is there."""

from collections.abc import Coroutine
from typing import Any

from preflight.memory.machine_file import Machine, MachineMemory
from preflight.model import Group
from preflight.parts import DeviceLists
from preflight.running.benches import Benches
from preflight.running.runner import PreflightRunner


class DeviceChoice:
    """Follows what is plugged in and what was chosen.

    Attributes:
        by_hand: which of ``microphone`` and ``speaker`` the person chose in this run.
    """

    def __init__(self, benches: Benches, runner: PreflightRunner) -> None:
        self._camera, self._microphone = benches.camera, benches.microphone
        self._loudspeaker = benches.loudspeaker
        self._runner = runner
        self.by_hand: set[str] = set()

    @property
    def lists(self) -> DeviceLists:
        """What was found at the last look, and what is in use."""
        source = self._camera.source
        return DeviceLists(
            cameras=self._camera.found or (),
            microphones=self._microphone.found or (),
            speakers=self._loudspeaker.found or (),
            camera=self._camera.info,
            microphone=self._microphone.info,
            speaker=self._loudspeaker.info,
            camera_mode=None if source is None else source.mode,
        )

    def begin(self, memory: MachineMemory, *, quick: bool) -> None:
        """Take what this machine remembers; ``quick`` goes back to the devices of the call."""
        self._camera.known = self._camera.usual = memory.camera
        self._microphone.known, self._microphone.usual = memory.microphone, memory.chosen_microphone
        self._loudspeaker.usual = memory.speaker if quick else memory.chosen_speaker
        if quick and memory.camera is not None and memory.microphone is not None:
            # Not the first that is found: the ones of the call that is returned to.
            self._camera.choose(memory.camera.id)
            self._microphone.choose(memory.microphone.id)
        self._camera.orientations = dict(memory.orientations)

    async def look_again(self) -> None:
        """Look what is there now; a device that is back is used again."""
        # Not where one went: what is gone must stand there long enough to be read.
        if await self._camera.look_again():
            self._runner.hint(Group.CAMERA)
        if self._camera.back:
            self._runner.restart(Group.CAMERA)
        if await self._microphone.look_again():
            self._runner.hint(Group.MICROPHONE)
        if self._microphone.back:
            self._runner.restart(Group.MICROPHONE)

    def keep(self, machine: Machine) -> Coroutine[Any, Any, None]:
        """Let the machine remember what is in use now; await it to have it written."""
        used = self.lists
        return machine.keep(used.camera, used.microphone, used.speaker, chosen=self.by_hand)
