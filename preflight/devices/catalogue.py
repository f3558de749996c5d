"""Finds devices and makes closed sources of them; the only place that knows every adapter."""

import sys
from pathlib import Path

from preflight.devices import portaudio
from preflight.devices.camera_backends import CameraBackends
from preflight.devices.choices import (
    ByName,
    ByNumber,
    FirstReal,
    FromFile,
    Null,
    Pattern,
    Tone,
    Wanted,
    parse_choice,
    pick,
    read_choice,
)
from preflight.devices.file_camera import file_camera
from preflight.devices.file_microphone import file_microphone
from preflight.devices.frames import PORTAUDIO_PREFIX, DeviceId, DeviceInfo, DeviceKind
from preflight.devices.fresh_sound_list import fresh_devices
from preflight.devices.null_speaker import NULL_SPEAKER_INFO, NullSpeaker
from preflight.devices.opencv_camera import list_cameras, opencv_camera
from preflight.devices.pattern_camera import PATTERN_INFO, pattern_camera
from preflight.devices.ports import (
    CameraSource,
    DeviceNotFound,
    MicrophoneSource,
    SpeakerSink,
)
from preflight.devices.pulse import Direction, PulseServer
from preflight.devices.sounddevice_microphone import portaudio_microphone, pulse_microphone
from preflight.devices.sounddevice_speaker import portaudio_speaker, pulse_speaker
from preflight.devices.source_thread import OpenGuard
from preflight.devices.tone_microphone import tone_microphone
from preflight.system.ports import SystemProbe
from preflight.system.probe import system_probe

_WASAPI, _CORE_AUDIO, _ALSA = "Windows WASAPI", "Core Audio", "ALSA"
_ALSA_CARDS = Path("/proc/asound/cards")


class SystemCatalogue:
    """``DeviceCatalogue`` of this machine. Keep one per process: it guards stuck opens.

    Args:
        camera_choice: as on the command line (``0``, part of a name, ``file:PATH``,
            ``pattern``); None is the first real camera. It is what ``camera(None)`` makes.
        microphone_choice: the same, and ``tone:440``.
        speaker_choice: the same, and ``null``. Without any loudspeaker ``null`` is made.
        time_code: draw the capture time into made pictures, for measuring.
        pulse, probe: the system's own by default.

    Raises:
        BadChoice: a choice that can't be read, or one that makes no sense for the device.
    """

    def __init__(
        self,
        *,
        camera_choice: str | None = None,
        microphone_choice: str | None = None,
        speaker_choice: str | None = None,
        time_code: bool = False,
        pulse: PulseServer | None = None,
        probe: SystemProbe | None = None,
    ) -> None:
        self._pulse = pulse or PulseServer()
        self._probe = probe or system_probe(self._pulse)
        self._guard = OpenGuard()
        self._backends = CameraBackends()
        self._on_server: dict[Direction, tuple[DeviceInfo, ...]] = {}
        self._time_code = time_code
        self._camera_choice = camera_choice
        self._microphone_choice = microphone_choice
        self._speaker_choice = speaker_choice
        read_choice(camera_choice, Wanted.CAMERA)
        read_choice(microphone_choice, Wanted.MICROPHONE)
        read_choice(speaker_choice, Wanted.SPEAKER)

    @property
    def camera_is_set(self) -> bool:
        return not isinstance(parse_choice(self._camera_choice), FirstReal)

    @property
    def microphone_is_set(self) -> bool:
        return not isinstance(parse_choice(self._microphone_choice), FirstReal)

    @property
    def speaker_is_set(self) -> bool:
        return not isinstance(parse_choice(self._speaker_choice), FirstReal)

    def cameras(self) -> tuple[DeviceInfo, ...]:
        """The chosen made source first, then the real ones."""
        return _with_chosen(self._camera_choice, list_cameras())

    def microphones(self) -> tuple[DeviceInfo, ...]:
        return _with_chosen(self._microphone_choice, self._real(Direction.IN))

    def speakers(self) -> tuple[DeviceInfo, ...]:
        """Never empty: where there is no loudspeaker the silent one is listed."""
        found = _with_chosen(self._speaker_choice, self._real(Direction.OUT))
        return found or (NULL_SPEAKER_INFO,)

    def camera(self, choice: DeviceId | None) -> CameraSource:
        wanted = choice or self._camera_choice
        match parse_choice(wanted):
            case Pattern():
                return pattern_camera(self._guard, time_code=self._time_code)
            case FromFile(path):
                return file_camera(
                    _existing(path, "camera"), self._guard, time_code=self._time_code
                )
            case FirstReal() | ByNumber() | ByName() as real:
                info = pick(real, list_cameras())
                if info is not None:
                    return opencv_camera(info, self._probe, self._guard, self._backends)
            case Tone() | Null():
                pass
        raise DeviceNotFound("camera", wanted)

    def microphone(self, choice: DeviceId | None) -> MicrophoneSource:
        wanted = choice or self._microphone_choice
        match parse_choice(wanted):
            case Tone(hz):
                return tone_microphone(hz, self._guard)
            case FromFile(path):
                return file_microphone(_existing(path, "microphone"), self._guard)
            case FirstReal() | ByNumber() | ByName() as real:
                info = pick(real, self._real(Direction.IN))
                if info is not None and self._on_pulse(info):
                    return pulse_microphone(info, self._pulse, self._guard)
                if info is not None:
                    return portaudio_microphone(info, self._guard)
            case Pattern() | Null():
                pass
        raise DeviceNotFound("microphone", wanted)

    def speaker(self, choice: DeviceId | None) -> SpeakerSink:
        wanted = choice or self._speaker_choice
        parsed = parse_choice(wanted)
        match parsed:
            case Null():
                return NullSpeaker()
            case FirstReal() | ByNumber() | ByName() as real:
                info = pick(real, self._real(Direction.OUT))
                if info is not None and self._on_pulse(info):
                    return pulse_speaker(info, self._pulse)
                if info is not None:
                    return portaudio_speaker(info)
                if isinstance(parsed, FirstReal):
                    return NullSpeaker()
            case Pattern() | Tone() | FromFile():
                pass
        raise DeviceNotFound("speaker", wanted)

    def _real(self, direction: Direction) -> tuple[DeviceInfo, ...]:
        found = self._pulse.look(direction)
        if found is None:
            # A busy machine answers late. The names below Pulse would be other devices.
            return self._on_server[direction] if self._on_server else list_portaudio(direction)
        self._on_server.setdefault(Direction.IN, ())
        self._on_server.setdefault(Direction.OUT, ())
        self._on_server[direction] = tuple(
            DeviceInfo(DeviceId(each.name), each.description, DeviceKind.REAL) for each in found
        )
        return self._on_server[direction]

    def _on_pulse(self, info: DeviceInfo) -> bool:
        return not info.freezes_list


def list_portaudio(direction: Direction) -> tuple[DeviceInfo, ...]:
    """List devices of the system's own sound interface through PortAudio, default first.

    Starting PortAudio loads every plug-in of ALSA (21 MB, 0.2 s), so on Linux a machine without
    a sound card is not asked: its list holds only made-up devices.
    """
    if not has_sound_card():
        return ()
    incoming = direction is Direction.IN
    # Whoever takes another microphone closes the open one, which unfreezes the list. Another
    # loudspeaker would be looked for in vain while a microphone is open: it is not shown yet.
    fresh = fresh_devices() if incoming and portaudio.is_frozen() else None
    rows = [
        row
        for row in (portaudio.devices() if fresh is None else fresh)
        if row.host_api in (_WASAPI, _CORE_AUDIO, _ALSA)
        and (row.inputs if incoming else row.outputs)
    ]
    rows.sort(key=lambda row: not (row.default_input if incoming else row.default_output))
    return tuple(
        DeviceInfo(DeviceId(f"{PORTAUDIO_PREFIX}{row.name}"), row.name, DeviceKind.REAL)
        for row in rows
    )


def has_sound_card(system: str = sys.platform, cards: Path = _ALSA_CARDS) -> bool:
    """False only where the kernel says that there is none; elsewhere PortAudio must be asked."""
    if not system.startswith("linux"):
        return True
    try:
        return any(line.lstrip()[:1].isdigit() for line in cards.read_text().splitlines())
    except OSError:
        # No sound in this kernel at all, or a container without any.
        return False


def _existing(path: Path, what: str) -> Path:
    if not path.is_file():
        raise DeviceNotFound(what, f"file:{path}")
    return path


def _with_chosen(choice: str | None, real: tuple[DeviceInfo, ...]) -> tuple[DeviceInfo, ...]:
    match parse_choice(choice):
        case Pattern():
            return (PATTERN_INFO, *real)
        case Null():
            return (NULL_SPEAKER_INFO, *real)
        case Tone(hz):
            tone = DeviceInfo(DeviceId(f"tone:{hz:g}"), f"Demo tone {hz:g} Hz", DeviceKind.TONE)
            return (tone, *real)
        case FromFile(path) if path.is_file():
            return (DeviceInfo(DeviceId(f"file:{path}"), path.name, DeviceKind.FILE), *real)
        case (FirstReal() | ByNumber() | ByName()) as meant:
            chosen = pick(meant, real)
            return real if chosen is None else (chosen, *(each for each in real if each != chosen))
        case FromFile():
            return real
