"""What the demo's runner tells one client, and what the client tells back, line by line."""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from desktop.app.demo.stages import Side, Stage
from desktop.app.demo.trouble_switch import CameraTrouble


class DemoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One client's part in the demo.

    Attributes:
        drive: press the widgets of the whole script; else only sign in, a person does the rest.
        script: ``journey``; ``until_ended`` where nobody presses End; ``stay`` until told to end;
            ``return`` the same for a client that was in the call before; ``told`` does nothing
            but what commands say.
        measure_s: length of the measured part of the call in seconds.
        costly_figures: measure stalls, and the sound each second of the call, not only once.
        pictures: folder for PNGs, None for none.
        peer_tone_hz: pitch of the other side's demo microphone, None for a real one.
        camera_trouble: what is wrong with the camera at first (only a plan can say so);
            None uses cameras as anybody's client does.
        window: ``{"half": "left" | "right"}`` of the screen, None for the usual size.
    """

    side: Side
    service_url: str
    name: str
    email: str
    password: str
    camera: str | None
    microphone: str | None
    speaker: str | None
    time_code: bool
    drive: bool
    script: str
    measure_s: float
    pictures: str | None
    profile_root: str
    theme: str
    window: dict[str, str] | None
    peer_tone_hz: float | None
    costly_figures: bool = True
    camera_trouble: CameraTrouble | None = None

    def __repr__(self) -> str:
        return f"DemoPlan({self.side.value})"


def load_plan(path: Path) -> DemoPlan:
    """Read a plan.

    Raises:
        OSError, msgspec.MsgspecError: there is none, or it is not one.
    """
    return msgspec.json.decode(path.read_bytes(), type=DemoPlan)


class Facts:
    """Writes facts to stdout, one JSON object a line; each stage once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: set[Stage] = set()

    def stage(self, stage: Stage) -> None:
        """Report that this side observed ``stage``, the first time it does."""
        if stage in self._seen:
            return
        self._seen.add(stage)
        self.tell("stage", name=stage.value, at_ns=time.monotonic_ns())

    def has(self, stage: Stage) -> bool:
        """True once the stage was observed."""
        return stage in self._seen

    def tell(self, fact: str, **more: Any) -> None:
        """Write one fact."""
        line = json.dumps({"fact": fact, **more})
        with self._lock:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def listen_for_commands(take: Callable[[dict[str, Any]], None]) -> threading.Thread:
    """Read the runner's commands from stdin on a thread of their own until it closes.

    ``take`` is called on that thread.
    """

    def read() -> None:
        for line in sys.stdin:
            try:
                command = json.loads(line)
            except ValueError:
                continue
            take(command)

    thread = threading.Thread(target=read, name="demo-commands", daemon=True)
    thread.start()
    return thread
