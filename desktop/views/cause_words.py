"""The page's words of warnings and causes, by code and cause (`preflight.verdicts.causes`)."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

CAUSES: Final[dict[str, dict[str, object]]] = {
    "camera.open_failed": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "The camera takes long to start: plug it directly into the computer, without a hub.",
        )
    },
    "camera.no_frames": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "The first picture of the camera comes late: plug it directly into the computer, "
            "without a hub.",
        )
    },
    "mic.open_failed": {
        "warned": QT_TRANSLATE_NOOP(
            "checks", "The microphone takes long to start: close other programs that use sound."
        )
    },
    "mic.no_data": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "The sound of the microphone comes late or with gaps: close other programs, or use "
            "another socket.",
        )
    },
    "net.unreachable": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "The address of Liftbay is found slowly: calls work; restart the router, if it stays "
            "so.",
        ),
        "dns": QT_TRANSLATE_NOOP(
            "checks",
            "The address of Liftbay cannot be found: check that you are on the internet.",
        ),
        "tcp": QT_TRANSLATE_NOOP(
            "checks",
            "No connection to Liftbay comes about: check that you are on the internet, or try "
            "another network.",
        ),
        "tls": QT_TRANSLATE_NOOP(
            "checks",
            "The connection to Liftbay is not secure, so it is not used: a program or this "
            "network may show another certificate, try another network or ask your IT.",
        ),
        "tls_clock": QT_TRANSLATE_NOOP(
            "checks",
            "The clock of your computer seems to be wrong, so no secure connection comes about: "
            "switch on automatic time.",
        ),
    },
    "net.health": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "An answer of Liftbay got lost on the way: use a cable or move closer to the router.",
        ),
        "lost": QT_TRANSLATE_NOOP(
            "checks",
            "Answers of Liftbay get lost on the way: use a cable or move closer to the router.",
        ),
        "silent": QT_TRANSLATE_NOOP(
            "checks",
            "Liftbay does not answer in time: move closer to the router or try another network.",
        ),
    },
    "net.signal": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "The call server takes long to answer: use a cable or move closer to the router.",
        )
    },
    "net.room": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "It takes long until a call is connected: use a cable or move closer to the router.",
        )
    },
    "net.proxy": {
        "warned": QT_TRANSLATE_NOOP(
            "checks", "Your network uses a proxy: nothing to do, it lets calls through."
        )
    },
    "media.video_stuck": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "The picture comes late or stops for moments: use a cable or move closer to the "
            "router.",
        )
    },
    "media.mic_roundtrip": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "Your voice reaches the call with gaps or noise: speak closer to the microphone, or "
            "choose another one.",
        )
    },
    "media.camera_roundtrip": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "Your picture reaches the call, but stutters: close other programs, or choose another "
            "camera.",
        )
    },
    "media.turn_tls_blocked": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "One way through strict networks is missing: tell support, if calls break off.",
        )
    },
    "media.reconnect": {
        "warned": QT_TRANSLATE_NOOP(
            "checks",
            "After a short break the call takes some seconds to come back: stay close to the "
            "router.",
        ),
        "unmuted": QT_TRANSLATE_NOOP(
            "checks",
            "After a short break the microphone may be on again: look at its button then.",
        ),
    },
    "host.disk": {
        "warned": QT_TRANSLATE_NOOP(
            "checks", "The disk is filling up: make room, a long recording may not fit."
        )
    },
    "host.thermal": {
        "warned": QT_TRANSLATE_NOOP("checks", "The computer is getting hot: let it cool.")
    },
}
