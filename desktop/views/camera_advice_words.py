"""The page's words of the advisory camera checks: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

CAMERA_ADVICE: Final[dict[str, tuple[object, object]]] = {
    "camera.covered": (
        QT_TRANSLATE_NOOP("checks", "The lens is free"),
        QT_TRANSLATE_NOOP(
            "checks", "We see an even surface only: uncover the lens or point it at the car."
        ),
    ),
    "camera.low_light": (
        QT_TRANSLATE_NOOP("checks", "There is enough light"),
        QT_TRANSLATE_NOOP("checks", "It is too dark: add a lamp or move into the light."),
    ),
    "camera.overexposed": (
        QT_TRANSLATE_NOOP("checks", "The picture is not too bright"),
        QT_TRANSLATE_NOOP(
            "checks", "The picture is too bright: turn away from the lamp or window."
        ),
    ),
    "camera.backlit": (
        QT_TRANSLATE_NOOP("checks", "The light comes from the front"),
        QT_TRANSLATE_NOOP("checks", "The light is behind you: turn around."),
    ),
    "camera.blurred": (
        QT_TRANSLATE_NOOP("checks", "The picture is sharp"),
        QT_TRANSLATE_NOOP(
            "checks", "The picture is blurred: wipe the lens and hold still while it focuses."
        ),
    ),
    "camera.hazy": (
        QT_TRANSLATE_NOOP("checks", "The lens is clean"),
        QT_TRANSLATE_NOOP("checks", "The lens seems dirty: wipe it with a soft cloth."),
    ),
    "camera.flicker": (
        QT_TRANSLATE_NOOP("checks", "The light is steady"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The lamp makes the picture flicker: choose {hz} Hz in the camera settings or use "
            "another lamp.",
        ),
    ),
    "camera.resolution": (
        QT_TRANSLATE_NOOP("checks", "The picture is large enough"),
        QT_TRANSLATE_NOOP(
            "checks", "This camera gives a small picture: choose another one if you have it."
        ),
    ),
    "camera.orientation": (
        QT_TRANSLATE_NOOP("checks", "The picture is upright"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The picture was turned, and nobody has said yet that it is right: press “Turn” until "
            "it is upright, then say that it is right.",
        ),
    ),
    "camera.usb_slow": (
        QT_TRANSLATE_NOOP("checks", "The USB connection is fast enough"),
        QT_TRANSLATE_NOOP(
            "checks", "The USB connection is slow: use another socket, without a hub."
        ),
    ),
    "camera.drops": (
        QT_TRANSLATE_NOOP("checks", "Pictures come evenly"),
        QT_TRANSLATE_NOOP(
            "checks", "The picture stutters: close other programs or change the USB socket."
        ),
    ),
    "camera.infrared": (
        QT_TRANSLATE_NOOP("checks", "The camera sees colour"),
        QT_TRANSLATE_NOOP("checks", "This is the face-recognition camera: choose the normal one."),
    ),
    "camera.virtual": (
        QT_TRANSLATE_NOOP("checks", "The camera is a real one"),
        QT_TRANSLATE_NOOP(
            "checks",
            "A virtual camera is selected: start its program or choose a real camera.",
        ),
    ),
    "camera.changed": (
        QT_TRANSLATE_NOOP("checks", "It is your usual camera"),
        QT_TRANSLATE_NOOP("checks", "Your usual camera is not connected: we use {device}."),
    ),
}
