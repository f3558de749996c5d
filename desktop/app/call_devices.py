"""The open devices of a running call, and changing one of them while it goes on.

Owns the devices from the handover on. A new device is opened beside the old one and takes over
when it runs; the old one is closed after that. A new wish cancels an older one. One that does not
start is kept as `refused`, so that the page can say so.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from client_api.tasks import Tasks
from desktop.call.setup import LocalMedia
from desktop.media.self_picture import SelfPictureFeed
from desktop.viewmodels.call_state import RefusedChoice
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from preflight.devices.frames import UPRIGHT, AudioBlock, DeviceId
from preflight.devices.ports import (
    CameraSource,
    Detach,
    DeviceCatalogue,
    DeviceNotFound,
    MicrophoneSource,
    OpenFault,
    ProvenDevices,
    SourceState,
    SpeakerSink,
)
from preflight.devices.stable_names import device_key
from preflight.verdicts.recommendation import limited_by

_log = logging.getLogger(__name__)

OPEN_DEADLINE_S = 10.0
LOOK_EVERY_S = 0.05

_AnySource = CameraSource | MicrophoneSource | SpeakerSink
_DEAD = (SourceState.FAILED, SourceState.LOST, SourceState.CLOSED)


class _NotStarted(Exception):
    """A device that was chosen does not deliver."""

    def __init__(self, fault: OpenFault | None) -> None:
        super().__init__("too slow" if fault is None else fault.value)
        self.fault = fault


class CallDevices:
    """Implements the call page's port of the same name.

    Args:
        on_switched: told the devices that the call shall use from now on.
        on_changed: told that the lists or the choice changed.
        on_used: told whose device is another one, now that it runs.
        their_rung: what the other side can receive; None: it is not held back.
    """

    def __init__(
        self,
        proven: ProvenDevices,
        catalogue: DeviceCatalogue,
        own_pictures: PictureMailbox,
        *,
        on_switched: Callable[[LocalMedia], None],
        on_changed: Callable[[], None],
        on_used: Callable[[DeviceRole], None] = lambda _: None,
        their_rung: int | None = None,
        detail_first: bool = True,
    ) -> None:
        self._camera: CameraSource = proven.camera
        self._microphone: MicrophoneSource = proven.microphone
        self._speaker: SpeakerSink = proven.speaker
        self._own_limits = proven.limits
        self._limits = limited_by(proven.limits, their_rung)
        self._detail_first = detail_first
        self._orientations = proven.orientations
        self._catalogue = catalogue
        self._own_pictures = SelfPictureFeed(own_pictures)
        self._on_switched = on_switched
        self._on_changed = on_changed
        self._on_used = on_used
        self._tasks = Tasks()
        self._wishes: dict[DeviceRole, asyncio.Task[None]] = {}
        self._choices = DeviceChoices()
        self._refused: RefusedChoice | None = None
        self._looking: asyncio.Task[None] | None = None
        self._detach: Detach = self._camera.attach(self._own_pictures.tap)
        self._note_choice()

    @property
    def media(self) -> LocalMedia:
        """The open devices in use."""
        return LocalMedia(
            self._camera, self._microphone, self._speaker, self._limits, self._detail_first
        )

    def limit_to(self, rung: int | None) -> None:
        """Send no more than the other side can receive, from now on."""
        limits = limited_by(self._own_limits, rung)
        if limits != self._limits:
            self._limits = limits
            self._on_switched(self.media)

    @property
    def devices(self) -> DeviceChoices:
        """What there is to choose from, as of the last look."""
        return self._choices

    @property
    def refused(self) -> RefusedChoice | None:
        """The last choice if it failed, until it is dismissed or another one is made."""
        return self._refused

    def look(self) -> None:
        """Look what other devices there are; listing may take seconds, so not on this thread."""
        if self._looking is None or self._looking.done():
            self._looking = self._tasks.spawn(self._list(), name="list the devices")

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        """Use another device; the last wish of a role wins.

        Choosing the one in use again hands it to the room again, which sends what was not sent.
        """
        self._refused = None
        earlier = self._wishes.pop(role, None)
        if earlier is not None:
            earlier.cancel()
        used = self._used(role)
        if choice == used.info.id and not _is_dead(used):
            self._on_switched(self.media)
            return
        self._wishes[role] = self._tasks.spawn(self._switch(role, choice), name=f"use {role.value}")

    def dismiss(self) -> None:
        """Forget the refused choice: the person has read it."""
        self._refused = None

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
        used = self._used(role)
        if choice == used.info.id:
            # A dead device may still be held by its own source; it is to be opened anew.
            await asyncio.to_thread(used.close)
        try:
            match role:
                case DeviceRole.CAMERA:
                    await self._switch_camera(choice)
                case DeviceRole.MICROPHONE:
                    await self._switch_microphone(choice)
                case DeviceRole.SPEAKER:
                    await self._switch_speaker(choice)
            self._on_used(role)
        except _NotStarted as error:
            self._refuse(role, choice, error.fault)
        except DeviceNotFound:
            self._refuse(role, choice, OpenFault.NOT_FOUND)
        except Exception:
            _log.exception("changing the %s failed", role.value)
            self._refuse(role, choice, None)
        self._note_choice()
        self._on_changed()

    async def _switch_camera(self, choice: DeviceId) -> None:
        new = await asyncio.to_thread(self._catalogue.camera, choice)
        new.orient(self._orientations.get(device_key(new.info), UPRIGHT))
        new.open()
        await self._until_delivering(new)
        old, self._camera = self._camera, new
        self._detach()
        self._detach = new.attach(self._own_pictures.tap)
        self._on_switched(self.media)
        await asyncio.to_thread(old.close)

    async def _switch_microphone(self, choice: DeviceId) -> None:
        new = await asyncio.to_thread(self._catalogue.microphone, choice)
        new.open()
        await self._until_delivering(new)
        old, self._microphone = self._microphone, new
        self._on_switched(self.media)
        await asyncio.to_thread(old.close)

    async def _switch_speaker(self, choice: DeviceId) -> None:
        new = await asyncio.to_thread(self._catalogue.speaker, choice)
        # Silent until the call puts its own sound in place, which an open sink takes at once.
        new.open(_silence)
        await self._until(new, lambda: new.status.state is SourceState.RUNNING)
        old, self._speaker = self._speaker, new
        self._on_switched(self.media)
        await asyncio.to_thread(old.close)

    async def _until_delivering(self, source: CameraSource | MicrophoneSource) -> None:
        await self._until(source, lambda: source.status.first_ms is not None)

    async def _until(self, source: _AnySource, is_there: Callable[[], bool]) -> None:
        """Wait for a device that is being opened.

        Raises:
            _NotStarted: it failed or took too long; it is closed again.
        """
        try:
            async with asyncio.timeout(OPEN_DEADLINE_S):
                while not is_there():
                    if source.status.state in _DEAD:
                        raise _NotStarted(source.status.fault)
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError as error:
            await asyncio.to_thread(source.close)
            raise _NotStarted(None) from error
        except BaseException:
            await asyncio.to_thread(source.close)
            raise

    def _refuse(self, role: DeviceRole, choice: DeviceId, fault: OpenFault | None) -> None:
        _log.warning("the %s was not changed: %s", role.value, fault.value if fault else "no data")
        used = self._used(role)
        names = {each.id: each.name for each in self._choices.of(role).devices}
        kept = None if _is_dead(used) else used.info.name
        self._refused = RefusedChoice(role, names.get(choice, str(choice)), kept, fault)

    def _used(self, role: DeviceRole) -> _AnySource:
        match role:
            case DeviceRole.CAMERA:
                return self._camera
            case DeviceRole.MICROPHONE:
                return self._microphone
            case DeviceRole.SPEAKER:
                return self._speaker

    def _note_choice(self) -> None:
        choices = self._choices
        self._choices = replace(
            choices,
            camera=replace(choices.camera, chosen=self._camera.info.id),
            microphone=replace(choices.microphone, chosen=self._microphone.info.id),
            speaker=replace(choices.speaker, chosen=self._speaker.info.id),
            camera_mode=self._camera.mode,
        )


def _is_dead(source: _AnySource) -> bool:
    return source.status.state in _DEAD


def _silence() -> AudioBlock | None:
    return None
