"""Where ``liftbay diagnose`` runs as people run it: a sound server, a service, a call server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from desktop.app.demo.media_server import find_or_build
from desktop.app.demo.processes import Account, Rig, backend_command, made_up_account
from tests.e2e.voices import write_voice
from tests.fakes.pulse_server import VirtualSound

RUN_WITHIN_S = 100.0
CLIP = Path(__file__).resolve().parents[2] / "resources" / "clips" / "demo-customer.mp4"


@dataclass(frozen=True, slots=True)
class DiagnosisPlace:
    """A sound server in which somebody speaks into a microphone, and a service that runs."""

    sound: VirtualSound
    rig: Rig
    support: Account

    def run(self, folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Give ``words`` to a shell, in which ``$LIFTBAY`` is the command; wait for its end."""
        environment = {
            **os.environ,
            **self.sound.environment,
            "XDG_DATA_HOME": str(folder / "data"),
            "QT_QPA_PLATFORM": "offscreen",
            "LIFTBAY": f"{sys.executable} -m desktop.app.cli diagnose --service "
            f"{self.rig.service.url}",
            **more,
        }
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environment,
            timeout=RUN_WITHIN_S,
            check=False,
        )

    @contextmanager
    def supporter(self) -> Iterator[httpx.Client]:
        """Sign the support account in, as the client does."""
        with httpx.Client(base_url=self.rig.service.url, timeout=20) as http:
            account = {"email": self.support.email, "password": self.support.password}
            told = http.post("/auth/v1/token?grant_type=password", json=account)
            assert told.is_success, told.text
            http.headers["Authorization"] = f"Bearer {told.json()['access_token']}"
            yield http


@contextmanager
def open_place(folder: Path) -> Iterator[DiagnosisPlace]:
    """Start all of it; end all of it."""
    sound = VirtualSound(("customer",))
    sound.start()
    rig = Rig(folder / "rig", find_or_build(print))
    try:
        rig.start()
        support = made_up_account("Kim Support", "kim@e2e.example")
        words = ["create-support", support.email, "--name", support.name, "--password-stdin"]
        subprocess.run(
            [*backend_command(), *words, "--data-dir", str(rig.service.data_dir)],
            input=f"{support.password}\n",
            text=True,
            check=True,
            capture_output=True,
            timeout=60,
            env={**os.environ, "LIFTBAY_LIVEKIT_URL": rig.media.url},
        )
        with sound.speaking("customer", write_voice(folder / "voice.wav", 440.0)):
            yield DiagnosisPlace(sound, rig, support)
    finally:
        rig.stop()
        sound.stop()
