"""The page's words of the media path: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

MEDIA_ADVICE: Final[dict[str, tuple[object, object]]] = {
    "media.uplink_low": (
        QT_TRANSLATE_NOOP("checks", "The upload is fast enough"),
        QT_TRANSLATE_NOOP("checks", "Your upload is slow: we send a smaller picture."),
    ),
    "media.downlink_low": (
        QT_TRANSLATE_NOOP("checks", "The download is fast enough"),
        QT_TRANSLATE_NOOP("checks", "Your download is slow: you will see a smaller picture."),
    ),
    "media.ramp_slow": (
        QT_TRANSLATE_NOOP("checks", "The picture is soon sharp"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The picture needs some seconds to become sharp: wait for it when you show a detail.",
        ),
    ),
    "media.rtt_high": (
        QT_TRANSLATE_NOOP("checks", "The way to the other side is short"),
        QT_TRANSLATE_NOOP("checks", "Expect a delay when speaking: let the other finish."),
    ),
    "media.loss": (
        QT_TRANSLATE_NOOP("checks", "Nothing gets lost"),
        QT_TRANSLATE_NOOP(
            "checks", "The connection loses data: use a cable or move closer to the router."
        ),
    ),
    "media.loss_burst": (
        QT_TRANSLATE_NOOP("checks", "The connection has no gaps"),
        QT_TRANSLATE_NOOP(
            "checks", "The connection has gaps: use a cable or move closer to the router."
        ),
    ),
    "media.reorder": (
        QT_TRANSLATE_NOOP("checks", "Packets keep their order"),
        QT_TRANSLATE_NOOP(
            "checks", "Packets overtake each other: tell support, if the call stutters."
        ),
    ),
    "media.jitter": (
        QT_TRANSLATE_NOOP("checks", "The connection is even"),
        QT_TRANSLATE_NOOP("checks", "The connection is uneven: pause downloads or use a cable."),
    ),
    "media.mos": (
        QT_TRANSLATE_NOOP("checks", "The voice will be clear"),
        QT_TRANSLATE_NOOP("checks", "Voice may break up: use a cable or audio only."),
    ),
    "media.bandwidth_limited": (
        QT_TRANSLATE_NOOP("checks", "The picture has room on the line"),
        QT_TRANSLATE_NOOP(
            "checks", "The line held the picture back: close what else uses the network."
        ),
    ),
    "media.video_stuck": (
        QT_TRANSLATE_NOOP("checks", "The picture gets through"),
        QT_TRANSLATE_NOOP("checks", "The picture does not get through well: try another network."),
    ),
    "media.udp_blocked": (
        QT_TRANSLATE_NOOP("checks", "The best path is open"),
        QT_TRANSLATE_NOOP(
            "checks", "Your network blocks the best path: calls work, with less quality."
        ),
    ),
    "media.mic_roundtrip": (
        QT_TRANSLATE_NOOP("checks", "Your voice reaches the call"),
        QT_TRANSLATE_NOOP(
            "checks", "Your voice does not reach the call: choose another microphone."
        ),
    ),
    "media.camera_roundtrip": (
        QT_TRANSLATE_NOOP("checks", "Your picture reaches the call"),
        QT_TRANSLATE_NOOP("checks", "Your picture does not reach the call: choose another camera."),
    ),
    "media.delay": (
        QT_TRANSLATE_NOOP("checks", "The picture arrives at once"),
        QT_TRANSLATE_NOOP(
            "checks", "Sound and picture arrive late: let the other finish before you speak."
        ),
    ),
    "media.server_quality": (
        QT_TRANSLATE_NOOP("checks", "The call server has no complaint"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The call server finds the connection poor: use a cable or move closer to the router.",
        ),
    ),
    "media.tcp_blocked": (
        QT_TRANSLATE_NOOP("checks", "The fallback over TCP works"),
        QT_TRANSLATE_NOOP(
            "checks", "A fallback over TCP is missing: tell support, if calls break off."
        ),
    ),
    "media.relay_blocked": (
        QT_TRANSLATE_NOOP("checks", "The relay can be reached"),
        QT_TRANSLATE_NOOP(
            "checks", "The relay cannot be reached: tell support, if calls break off."
        ),
    ),
    "media.turn_tls_blocked": (
        QT_TRANSLATE_NOOP("checks", "There is a way through strict networks"),
        QT_TRANSLATE_NOOP("checks", "This network may cut calls: have a phone hotspot ready."),
    ),
    "media.reconnect": (
        QT_TRANSLATE_NOOP("checks", "The call comes back by itself"),
        QT_TRANSLATE_NOOP(
            "checks",
            "After a short break the call may not come back by itself: stay close to the router.",
        ),
    ),
    "media.protocol_choice": (
        QT_TRANSLATE_NOOP("checks", "Calls take the better protocol"),
        QT_TRANSLATE_NOOP(
            "checks", "TCP carries more than UDP here: tell support, if the call stutters."
        ),
    ),
}
