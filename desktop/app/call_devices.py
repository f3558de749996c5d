"""The open devices of a running call, and changing one of them while it goes on.

Owns the devices from the handover on. A new device is opened beside the old one and takes over
when it runs; the old one is closed after that. A new wish cancels an older one.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from client_api.tasks import Tasks
from desktop.call.setup import LocalMedia
from desktop.media.self_picture import small_picture
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_state import DeviceChoice, DeviceChoices, DeviceRole
from preflight.devices.frames import CameraFrame, DeviceId
from preflight.devices.ports import (
    CameraSource,
    Detach,
    DeviceCatalogue,
    DeviceNotFound,
    MicrophoneSource,
    ProvenDevices,
    SourceState,
    SpeakerSink,
)

_log = logging.getLogger(__name__)

OPEN_DEADLINE_S = 10.0
LOOK_EVERY_S = 0.05


class CallDevices:
    """Implements the call page's port of the same name.

    Args:
        on_switched: told the devices that the call shall use from now on.
        on_changed: told that the lists or the choice changed.
    """

    def __init__(
        self,
        proven: ProvenDevices,
        catalogue: DeviceCatalogue,
        own_pictures: PictureMailbox,
        *,
        on_switched: Callable[[LocalMedia], None],
        on_changed: Callable[[], None],
    ) -> None:
        self._camera: CameraSource = proven.camera
        self._microphone: MicrophoneSource = proven.microphone
        self._speaker: SpeakerSink = proven.speaker
        self._catalogue = catalogue
        self._own_pictures = own_pictures
        self._on_switched = on_switched
        self._on_changed = on_changed
        self._tasks = Tasks()
        self._wishes: dict[DeviceRole, asyncio.Task[None]] = {}
        self._choices = DeviceChoices()
        self._detach: Detach = self._camera.attach(self._show)
        self._note_choice()

    @property
    def media(self) -> LocalMedia:
        """The open devices in use."""
        return LocalMedia(self._camera, self._microphone, self._speaker)

    @property
    def devices(self) -> DeviceChoices:
        """What there is to choose from, as of the last look."""
        return self._choices

    def start(self) -> None:
        """Look what other devices there are; listing may take seconds, so not on this thread."""
        self._tasks.spawn(self._list(), name="list the devices")

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device; the last wish of a role wins."""
        earlier = self._wishes.pop(role, None)
        if earlier is not None:
            earlier.cancel()
        self._wishes[role] = self._tasks.spawn(self._switch(role, choice), name=f"use {role.value}")

    async def close(self) -> None:
        """Close everything that is open. Closing waits for threads, so it runs in one."""
        await self._tasks.close()
        self._detach()
        camera, microphone, speaker = self._camera, self._microphone, self._speaker
        await asyncio.gather(
            asyncio.to_thread(camera.close),
            asyncio.to_thread(microphone.close),
            asyncio.to_thread(speaker.close),
        )

    def _show(self, frame: CameraFrame) -> None:
        self._own_pictures.put(small_picture(frame))

    async def _list(self) -> None:
        cameras, microphones, speakers = await asyncio.gather(
            asyncio.to_thread(self._catalogue.cameras),
            asyncio.to_thread(self._catalogue.microphones),
            asyncio.to_thread(self._catalogue.speakers),
        )
        self._choices = replace(
            self._choices,
            camera=DeviceChoice(cameras, self._camera.info.id),
            microphone=DeviceChoice(microphones, self._microphone.info.id),
            speaker=DeviceChoice(speakers, self._speaker.info.id),
        )
        self._on_changed()

    async def _switch(self, role: DeviceRole, choice: DeviceId) -> None:
        try:
            match role:
                case DeviceRole.CAMERA:
                    await self._switch_camera(choice)
                case DeviceRole.MICROPHONE:
                    await self._switch_microphone(choice)
                case DeviceRole.SPEAKER:
                    await self._switch_speaker(choice)
        except (DeviceNotFound, TimeoutError) as error:
            _log.warning("the %s was not changed: %s", role.value, type(error).__name__)
        self._note_choice()
        self._on_changed()

    async def _switch_camera(self, choice: DeviceId) -> None:
        new = await asyncio.to_thread(self._catalogue.camera, choice)
        new.open()
        await self._until_running(new)
        old, self._camera = self._camera, new
        self._detach()
        self._detach = new.attach(self._show)
        self._on_switched(self.media)
        await asyncio.to_thread(old.close)

    async def _switch_microphone(self, choice: DeviceId) -> None:
        new = await asyncio.to_thread(self._catalogue.microphone, choice)
        new.open()
        await self._until_running(new)
        old, self._microphone = self._microphone, new
        self._on_switched(self.media)
        await asyncio.to_thread(old.close)

    async def _switch_speaker(self, choice: DeviceId) -> None:
        new = await asyncio.to_thread(self._catalogue.speaker, choice)
        old, self._speaker = self._speaker, new
        # The call opens it with its own source of sound.
        self._on_switched(self.media)
        await asyncio.to_thread(old.close)

    async def _until_running(self, source: CameraSource | MicrophoneSource) -> None:
        """Wait until the source delivers.

        Raises:
            TimeoutError: it did not start; it is closed again.
        """
        try:
            async with asyncio.timeout(OPEN_DEADLINE_S):
                while source.status.first_ms is None:
                    if source.status.state is SourceState.FAILED:
                        raise TimeoutError
                    await asyncio.sleep(LOOK_EVERY_S)
        except BaseException:
            await asyncio.to_thread(source.close)
            raise

    def _note_choice(self) -> None:
        choices = self._choices
        self._choices = replace(
            choices,
            camera=replace(choices.camera, chosen=self._camera.info.id),
            microphone=replace(choices.microphone, chosen=self._microphone.info.id),
            speaker=replace(choices.speaker, chosen=self._speaker.info.id),
            camera_mode=self._camera.mode,
        )
