"""How rooms are connected and the own tracks published."""

from typing import Any, cast

from livekit import rtc

from preflight.verdicts.recommendation import UNLIMITED, Recommendation

_MIN_BITRATE_BPS = 160_000
_SCREEN_BITRATE_BPS = 2_500_000
_SCREEN_FPS = 12.0
_SOUND_BITRATE_BPS = 32_000


def room_options() -> rtc.RoomOptions:
    """Two peer connections, and layers that nobody watches are not encoded.

    WORKAROUND: with the SDK's default of one connection, publishing while the peer's first
    pictures arrive stopped those pictures for good in about one join of six: they were decoded,
    and no stream on the track saw them, a new one neither. With two, never in 40 joins.
    """
    return rtc.RoomOptions(dynacast=True, single_peer_connection=False)


def camera_options(
    limits: Recommendation = UNLIMITED, *, detail_first: bool = True
) -> rtc.TrackPublishOptions:
    """H.264 at up to 1.7 Mbit/s and 30 fps, one layer.

    A third of the time that VP8 takes to encode and decode (docs/decisions/0015).

    Without an encoding of our own the SDK takes 3 Mbit/s for 720p. In a call of two one layer is
    enough: three cost each side 0.17 core more (measured).
    """
    options = rtc.TrackPublishOptions()
    options.source = rtc.TrackSource.SOURCE_CAMERA
    options.video_codec = rtc.VideoCodec.H264
    options.simulcast = False
    # A call that begins without a picture may have one later: then the smallest.
    options.video_encoding.max_bitrate = max(limits.bitrate_kbps * 1000, _MIN_BITRATE_BPS)
    options.video_encoding.max_framerate = float(limits.fps)
    preference = (
        rtc.DegradationPreference.MAINTAIN_RESOLUTION
        if detail_first
        else rtc.DegradationPreference.MAINTAIN_FRAMERATE
    )
    # The SDK's public enum has the numbers of the message's own, and another type.
    options.degradation_preference = cast(Any, preference)
    return options


def screen_options() -> rtc.TrackPublishOptions:
    """VP8, few pictures, each sharp: the source is marked as a screen and keeps its size."""
    options = rtc.TrackPublishOptions()
    options.source = rtc.TrackSource.SOURCE_SCREENSHARE
    options.video_codec = rtc.VideoCodec.VP8
    options.simulcast = False
    options.video_encoding.max_bitrate = _SCREEN_BITRATE_BPS
    options.video_encoding.max_framerate = _SCREEN_FPS
    return options


def microphone_options() -> rtc.TrackPublishOptions:
    """Opus at 32 kbit/s, each packet sent twice (RED), whatever the picture must give up.

    The source must be named or browsers see UNKNOWN.
    """
    options = rtc.TrackPublishOptions()
    options.source = rtc.TrackSource.SOURCE_MICROPHONE
    options.audio_encoding.max_bitrate = _SOUND_BITRATE_BPS
    options.red = True
    return options
