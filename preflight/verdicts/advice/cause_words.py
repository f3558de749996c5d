"""The words of warnings and of certain causes in English, by code and cause. Data only.

What is so, what to do then (`preflight.verdicts.causes`). A check without a row here has words that
hold whether it warns or fails.
"""

from collections.abc import Mapping

_CABLE = "Use a cable or move closer to the router."
_NO_HUB = "Plug it directly into the computer, without a hub."

WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "camera.open_failed": {"warned": ("The camera takes long to start.", _NO_HUB)},
    "camera.no_frames": {"warned": ("The first picture of the camera comes late.", _NO_HUB)},
    "mic.open_failed": {
        "warned": ("The microphone takes long to start.", "Close other programs that use sound.")
    },
    "mic.no_data": {
        "warned": (
            "The sound of the microphone comes late or with gaps.",
            "Close other programs, or use another socket.",
        )
    },
    "net.unreachable": {
        "warned": (
            "The address of Liftbay is found slowly.",
            "Calls work; restart the router, if it stays so.",
        ),
        "dns": (
            "The address of Liftbay cannot be found.",
            "Check that you are on the internet.",
        ),
        "tcp": (
            "No connection to Liftbay comes about.",
            "Check that you are on the internet, or try another network.",
        ),
        "tls": (
            "The connection to Liftbay is not secure, so it is not used.",
            "A program or this network may show another certificate, try another network or ask "
            "your IT.",
        ),
        "tls_clock": (
            "The clock of your computer seems to be wrong, so no secure connection comes about.",
            "Switch on automatic time.",
        ),
    },
    "net.health": {
        "warned": ("An answer of Liftbay got lost on the way.", _CABLE),
        "lost": ("Answers of Liftbay get lost on the way.", _CABLE),
        "silent": (
            "Liftbay does not answer in time.",
            "Move closer to the router or try another network.",
        ),
    },
    "net.signal": {"warned": ("The call server takes long to answer.", _CABLE)},
    "net.room": {"warned": ("It takes long until a call is connected.", _CABLE)},
    "net.proxy": {
        "warned": ("Your network uses a proxy.", "Nothing to do, it lets calls through.")
    },
    "media.video_stuck": {"warned": ("The picture comes late or stops for moments.", _CABLE)},
    "media.mic_roundtrip": {
        "warned": (
            "Your voice reaches the call with gaps or noise.",
            "Speak closer to the microphone, or choose another one.",
        )
    },
    "media.camera_roundtrip": {
        "warned": (
            "Your picture reaches the call, but stutters.",
            "Close other programs, or choose another camera.",
        )
    },
    "media.turn_tls_blocked": {
        "warned": (
            "One way through strict networks is missing.",
            "Tell support, if calls break off.",
        )
    },
    "media.reconnect": {
        "warned": (
            "After a short break the call takes some seconds to come back.",
            "Stay close to the router.",
        ),
        "unmuted": (
            "After a short break the microphone may be on again.",
            "Look at its button then.",
        ),
    },
    "host.disk": {
        "warned": ("The disk is filling up.", "Make room, a long recording may not fit.")
    },
    "host.thermal": {"warned": ("The computer is getting hot.", "Let it cool.")},
}
