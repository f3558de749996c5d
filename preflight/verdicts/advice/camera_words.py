"""The words of the advisory camera checks in English, by code. Data only.

Title, when it holds, when it does not, what to do then. ``{hz}`` is the mains to choose,
``{device}`` the camera in use.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "camera.covered": (
        "Lens is free",
        "The picture shows a scene.",
        "We see an even surface only.",
        "Uncover the lens or point it at the car.",
    ),
    "camera.low_light": (
        "Light enough",
        "There is enough light.",
        "It is too dark.",
        "Add a lamp or move into the light.",
    ),
    "camera.overexposed": (
        "Not too bright",
        "Nothing is burnt out.",
        "The picture is too bright.",
        "Turn away from the lamp or window.",
    ),
    "camera.backlit": (
        "Light from the front",
        "The light does not come from behind.",
        "The light is behind you.",
        "Turn around.",
    ),
    "camera.blurred": (
        "Picture is sharp",
        "The picture is sharp.",
        "The picture is blurred.",
        "Wipe the lens and hold still while it focuses.",
    ),
    "camera.hazy": (
        "Lens is clean",
        "Dark and bright are well apart.",
        "The lens seems dirty.",
        "Wipe it with a soft cloth.",
    ),
    "camera.flicker": (
        "Light is steady",
        "No lamp flickers in the picture.",
        "The lamp makes the picture flicker.",
        "Choose {hz} Hz in the camera settings or use another lamp.",
    ),
    "camera.resolution": (
        "Picture is large enough",
        "The camera gives a large picture.",
        "This camera gives a small picture.",
        "Choose another one if you have it.",
    ),
    "camera.orientation": (
        "Picture is upright",
        "You said that the picture is upright.",
        "The picture was turned, and nobody has said yet that it is right.",
        "Press “Turn” until it is upright, then say that it is right.",
    ),
    "camera.usb_slow": (
        "USB is fast enough",
        "The cable carries the picture.",
        "The USB connection is slow.",
        "Use another socket, without a hub.",
    ),
    "camera.drops": (
        "Pictures come evenly",
        "No pictures are missing.",
        "The picture stutters.",
        "Close other programs or change the USB socket.",
    ),
    "camera.infrared": (
        "Camera sees colour",
        "This is not the camera for face recognition.",
        "This is the face-recognition camera.",
        "Choose the normal one.",
    ),
    "camera.virtual": (
        "Camera is real",
        "A real camera is used.",
        "A virtual camera is selected.",
        "Start its program or choose a real camera.",
    ),
    "camera.changed": (
        "Usual camera",
        "Your usual camera is used.",
        "Your usual camera is not connected.",
        "We use {device}.",
    ),
}
