"""All sound of a call on one thread with a loop of its own: the window may stall, sound may not.

Microphone -> bounded buffer -> echo cancelling, noise suppression, gain -> LiveKit; LiveKit ->
buffer per person -> mix -> loudspeaker, which also feeds the echo canceller. Devices come open
and stay their owner's to close.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from livekit import rtc

from client_api.tasks import Tasks
from desktop.media.audio_level import SILENCE_DBFS, SoundWindow, ToneReading, read_tone
from desktop.media.media_loop import MediaLoop
from desktop.media.microphone_path import MicrophonePath
from desktop.media.playout import PersonBuffer, Playout, PlayoutCounters
from preflight.devices.frames import SAMPLE_RATE_HZ
from preflight.devices.ports import Detach, MicrophoneSource, SpeakerSink

_log = logging.getLogger(__name__)

_SOURCE_QUEUE_MS = 100
_STREAM_CAPACITY = 10
_STREAM_FRAME_MS = 20
_CLOSE_TIMEOUT_S = 1.0
_DELAY_LOOK_S = 1.0
_MICROPHONE_DELAY_MS = 20
"""What the capture side adds before the canceller sees a block: one piece."""


@dataclass(frozen=True, slots=True)
class AudioProcessing:
    """Which stages of the audio processing run on the microphone's sound."""

    echo_cancellation: bool = True
    noise_suppression: bool = True
    high_pass_filter: bool = True
    auto_gain_control: bool = True

    @property
    def any(self) -> bool:
        """True if at least one stage runs."""
        return (
            self.echo_cancellation
            or self.noise_suppression
            or self.high_pass_filter
            or self.auto_gain_control
        )


@dataclass(frozen=True, slots=True)
class AudioCounters:
    """Counts since the start.

    Attributes:
        captured: blocks of 10 ms handed to the SDK.
        capture_overruns: microphone blocks dropped because the audio thread was late.
        open_streams: remote streams that are open now; equals the subscribed audio tracks.
        people: what was played, by identity.
    """

    captured: int
    capture_overruns: int
    open_streams: int
    people: Mapping[str, PlayoutCounters] = field(default_factory=dict)


class _Person:
    """One remote person's sound: buffer, last second, and the stream that feeds them, if any."""

    def __init__(self) -> None:
        self.buffer = PersonBuffer()
        self.window = SoundWindow()
        self.track_sid: str | None = None
        self.stream: rtc.AudioStream | None = None
        self.reader: asyncio.Task[None] | None = None

    def take(self, samples: npt.NDArray[np.int16]) -> None:
        """Play and measure what came: int16, mono, shape (n,)."""
        self.buffer.push(samples)
        self.window.write(samples)


class AudioEngine:
    """Sends one microphone and plays everybody else, across rooms and calls.

    Methods may be called from the window's thread; the ``async`` ones from its loop. The audio
    source outlives a room, so a rejoin restarts no device. Devices are never closed here.
    """

    def __init__(self, media: MediaLoop, processing: AudioProcessing | None = None) -> None:
        self._wanted = AudioProcessing() if processing is None else processing
        self._media = media
        self._playout = Playout()
        self._people: dict[str, _Person] = {}
        self._people_lock = threading.Lock()
        self._tasks = Tasks()
        self._source: rtc.AudioSource | None = None
        self._path: MicrophonePath | None = None
        self._path_task: asyncio.Task[None] | None = None
        self._processing: rtc.AudioProcessingModule | None = None
        self._detach_microphone: Detach | None = None
        self._speaker: SpeakerSink | None = None
        self._closed = False
        self._order = asyncio.Lock()

    @property
    def is_started(self) -> bool:
        """True from ``start()`` on."""
        return self._source is not None

    def make_track(self) -> rtc.LocalAudioTrack:
        """A new local track on the one source, for one stay in a room that is open."""
        assert self._source is not None, "start() first"
        return rtc.LocalAudioTrack.create_audio_track("microphone", self._source)

    @property
    def microphone_level_dbfs(self) -> float:
        """Level of the newest 20 ms at the microphone, muted or not."""
        return SILENCE_DBFS if self._path is None else self._path.level_dbfs

    @property
    def counters(self) -> AudioCounters:
        """The counts so far."""
        with self._people_lock:
            people = dict(self._people)
        return AudioCounters(
            captured=self._path.captured if self._path else 0,
            capture_overruns=self._path.overruns if self._path else 0,
            open_streams=sum(1 for each in people.values() if each.stream is not None),
            people={identity: each.buffer.counters for identity, each in people.items()},
        )

    async def start(self) -> None:
        """Make the source and begin to work, on the media loop, which must run."""
        await self._media.run(self._start())

    def use_microphone(self, microphone: MicrophoneSource | None) -> None:
        """Take sound from this open microphone from now on; the one before is let go of."""
        if self._detach_microphone is not None:
            self._detach_microphone()
            self._detach_microphone = None
        if microphone is not None:
            assert self._path is not None, "start() first"
            self._detach_microphone = microphone.attach(self._path.tap)

    async def use_speaker(self, speaker: SpeakerSink) -> None:
        """Play through this loudspeaker from now on; one that runs already changes its source.

        May take the device's time; it happens off the window's thread. Whether it plays, its
        status tells: whoever uses it watches that.
        """
        self._speaker = speaker
        try:
            await asyncio.to_thread(speaker.open, self._playout.pull)
        except RuntimeError as error:
            # Closed for another one before its turn came; that one follows.
            _log.info("a loudspeaker was closed before it was used: %s", error)

    def set_muted(self, muted: bool) -> None:
        """Stop or resume handing sound to the SDK; at once."""
        if self._path is not None:
            self._path.muted = muted

    def read_tone(self, identity: str) -> ToneReading:
        """Level and pitch of this person's last second, as it was received."""
        return read_tone(self._person(identity).window.read())

    def play(self, identity: str, track: rtc.RemoteAudioTrack) -> None:
        """Play a person's track; another one of theirs that still plays is closed first.

        Returns at once; orders are obeyed in the order they came.
        """
        self._media.post(self._play(identity, track), name="play a track")

    def stop_playing(self, identity: str, track_sid: str) -> None:
        """Close a person's stream if it still is this track's. Returns at once."""
        self._media.post(self._stop_playing(identity, track_sid), name="stop a track")

    async def stop_playing_all(self) -> None:
        """Close every stream and wait for it, as after a disconnect."""
        await self._media.run(self._stop_playing_all())

    async def aclose(self) -> None:
        """Let the microphone go, close streams and source. Idempotent; the loop goes on."""
        if self._closed:
            return
        self._closed = True
        self.use_microphone(None)
        if self._source is None:
            return
        await self.stop_playing_all()
        await self._media.run(self._stop())

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._source = rtc.AudioSource(SAMPLE_RATE_HZ, 1, _SOURCE_QUEUE_MS, loop)
        if self._wanted.any:
            self._processing = rtc.AudioProcessingModule(
                echo_cancellation=self._wanted.echo_cancellation,
                noise_suppression=self._wanted.noise_suppression,
                high_pass_filter=self._wanted.high_pass_filter,
                auto_gain_control=self._wanted.auto_gain_control,
            )
        self._path = MicrophonePath(
            self._source, self._playout.take_far_end, loop, self._processing
        )
        self._path_task = self._tasks.spawn(self._path.run(), name="microphone path")
        if self._processing is not None and self._wanted.echo_cancellation:
            self._tasks.spawn(self._follow_delay(self._processing), name="speaker delay")

    async def _stop(self) -> None:
        assert self._path is not None
        assert self._path_task is not None
        assert self._source is not None
        self._path.stop()
        await asyncio.wait([self._path_task], timeout=_CLOSE_TIMEOUT_S * 3)
        await self._tasks.close()
        await self._source.aclose()

    async def _follow_delay(self, processing: rtc.AudioProcessingModule) -> None:
        """Tell the canceller the loudspeaker's delay; a device knows it only once it plays."""
        told_ms: int | None = None
        while True:
            speaker = self._speaker
            speaker_ms = 0.0 if speaker is None else speaker.latency_ms
            delay_ms = int(min(500.0, max(0.0, speaker_ms + _MICROPHONE_DELAY_MS)))
            if delay_ms != told_ms:
                processing.set_stream_delay_ms(delay_ms)
                told_ms = delay_ms
            await asyncio.sleep(_DELAY_LOOK_S)

    def _person(self, identity: str) -> _Person:
        with self._people_lock:
            return self._people.setdefault(identity, _Person())

    async def _play(self, identity: str, track: rtc.RemoteAudioTrack) -> None:
        async with self._order:
            await self._close_stream(identity, None)
            self._open_stream(identity, track)

    def _open_stream(self, identity: str, track: rtc.RemoteAudioTrack) -> None:
        person = self._person(identity)
        # Built on this loop, so that the SDK delivers here and never on the window's loop.
        person.stream = rtc.AudioStream.from_track(
            track=track,
            capacity=_STREAM_CAPACITY,
            sample_rate=SAMPLE_RATE_HZ,
            num_channels=1,
            frame_size_ms=_STREAM_FRAME_MS,
        )
        person.track_sid = track.sid
        self._playout.add(person.buffer)
        person.reader = self._tasks.spawn(self._read(person, person.stream), name="remote sound")

    async def _read(self, person: _Person, stream: rtc.AudioStream) -> None:
        is_failing = False
        async for event in stream:
            try:
                person.take(np.frombuffer(event.frame.data, np.int16))
            except Exception as error:
                # A frame is lost, not all that follow it. Told once until one can be played.
                if not is_failing:
                    _log.error("remote sound could not be played: %r", error)
                is_failing = True
            else:
                is_failing = False

    async def _stop_playing(self, identity: str, track_sid: str) -> None:
        async with self._order:
            await self._close_stream(identity, track_sid)

    async def _stop_playing_all(self) -> None:
        async with self._order:
            with self._people_lock:
                identities = list(self._people)
            for identity in identities:
                await self._close_stream(identity, None)

    async def _close_stream(self, identity: str, track_sid: str | None) -> None:
        person = self._person(identity)
        stream, reader = person.stream, person.reader
        if stream is None or (track_sid is not None and person.track_sid != track_sid):
            return
        person.stream = person.reader = person.track_sid = None
        self._playout.remove(person.buffer)
        person.buffer.rest()
        if reader is not None:
            reader.cancel()
            await asyncio.wait([reader], timeout=_CLOSE_TIMEOUT_S)
        # Left open it would deliver the sound of the person's next publication as well.
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await stream.aclose()
        except Exception as error:
            # The other streams must be closed all the same.
            _log.warning("a remote sound stream did not close: %s", type(error).__name__)
