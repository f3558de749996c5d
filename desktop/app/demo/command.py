"""The demo as a command: choose honest sources, run the journey, say what came of it."""

import os
import subprocess
import sys
from pathlib import Path

from desktop.app.demo.journey import (
    GUIDED_DEADLINE_S,
    HEADLESS_DEADLINE_S,
    TONES_HZ,
    Journey,
    JourneyOptions,
)
from desktop.app.demo.media_server import MediaServerError
from desktop.app.demo.pace import HEADLESS_WITHIN_S
from desktop.app.demo.processes import DemoError, backend_command
from desktop.app.demo.running_server import running_server
from desktop.app.demo.stages import REQUIRED, Side, Stage
from desktop.app.display import has_display

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
LOOK_FOR_DEVICES_S = 15

STEPS = """
Two windows open side by side: the customer's on the left, the mechanic's on the right.
Both are signed in. What to do:

  1. Left: press New consultation, fill in the car and what is wrong, press Pay and send.
  2. Right: the request appears by itself; press Accept.
  3. Both: press Join session. The preflight runs by itself; press Join session when it turns
     amber.
  4. Both see and hear each other, and the clock runs. Write a chat message on each side, let the
     picture go full on the right.
  5. Left: press End and confirm. Both see the summary; press Dashboard on both sides, then
     close both windows.
"""


def run_demo(
    headless: bool, output: Path, cameras: tuple[str, ...], microphones: tuple[str, ...]
) -> int:
    """Run the demo; the exit status is 0 only if every stage really happened."""
    guided = not headless and has_display()
    if not headless and not guided:
        _say("no display: both clients drive themselves (as with --headless)")
    try:
        # Before anything that takes time: a client installed alone has no service.
        backend_command()
        media_server = running_server(os.environ)
    except (DemoError, MediaServerError) as error:
        _say(f"the demo could not run: {error}")
        return EXIT_FAILED
    found_camera, found_microphone = devices_of_machine()
    options = JourneyOptions(
        headless=not guided,
        output=output,
        cameras=choose_cameras(cameras, real=found_camera),
        microphones=choose_microphones(microphones, real=found_microphone),
        media_server=media_server,
        required=without_measuring() if guided else dict(REQUIRED),
        deadline_s=GUIDED_DEADLINE_S if guided else HEADLESS_DEADLINE_S,
        within_s=None if guided else HEADLESS_WITHIN_S,
    )
    _say_sources(options)
    if guided:
        _say(STEPS)
    try:
        result = Journey(options, _say).run()
    except KeyboardInterrupt:
        _say("interrupted; everything was ended")
        return EXIT_INTERRUPTED
    except (DemoError, MediaServerError) as error:
        _say(f"the demo could not run: {error}")
        return EXIT_FAILED
    except OSError as error:
        what = error.filename or output
        _say(f"the demo could not run: {what} cannot be used: {error.strerror or error}")
        return EXIT_FAILED
    if result.ok:
        _say(f"the whole journey happened; pictures and timeline.json are in {output}/")
        return 0
    _say("the journey did not happen as it must:")
    for complaint in result.complaints:
        _say(f"  - {complaint}")
    _say(f"logs and pictures are in {output}/")
    return EXIT_FAILED


def without_measuring() -> dict[Stage, tuple[Side, ...]]:
    """Return the stages of a guided run: a person may end the call when they like."""
    return {stage: sides for stage, sides in REQUIRED.items() if stage is not Stage.MEASURED}


def choose_cameras(given: tuple[str, ...], *, real: int) -> dict[Side, str | None]:
    """Choose both cameras: what was given; else real ones as far as they go; else drawn ones.

    With one camera on the machine the customer gets it and the mechanic the pattern.
    """
    clip = Path(__file__).resolve().parents[3] / "resources" / "clips" / "demo-customer.mp4"
    drawn = f"file:{clip}" if clip.exists() else "pattern"
    customer: str | None = drawn if real == 0 else "0"
    mechanic: str | None = "pattern" if real < 2 else "1"
    if given:
        customer = given[0]
    if len(given) > 1:
        mechanic = given[1]
    return {Side.CUSTOMER: customer, Side.MECHANIC: mechanic}


def choose_microphones(given: tuple[str, ...], *, real: int) -> dict[Side, str | None]:
    """Choose both microphones in the same way; one real microphone serves both sides."""
    chosen: dict[Side, str | None] = {
        side: f"tone:{pitch:.0f}" if real == 0 else None for side, pitch in TONES_HZ.items()
    }
    return chosen | dict(zip(Side, given, strict=False))


def devices_of_machine() -> tuple[int, int]:
    """Count real cameras and microphones, in a process of its own since drivers can hang."""
    code = (
        "from preflight.devices.catalogue import SystemCatalogue\n"
        "c = SystemCatalogue()\n"
        "real = lambda found: sum(not one.kind.synthetic for one in found)\n"
        "print(real(c.cameras()), real(c.microphones()))"
    )
    try:
        told = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=LOOK_FOR_DEVICES_S,
            check=False,
        )
        cameras, microphones = told.stdout.split()[-2:]
        return int(cameras), int(microphones)
    except (subprocess.TimeoutExpired, ValueError):
        return 0, 0


def _say_sources(options: JourneyOptions) -> None:
    for side in Side:
        camera = options.cameras[side] or "the first real camera"
        microphone = options.microphones[side] or "the first real microphone"
        _say(f"{side.value}: camera {Path(camera).name}, microphone {microphone}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
