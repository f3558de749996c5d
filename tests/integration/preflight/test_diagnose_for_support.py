"""What support gets of ``liftbay diagnose``, as a process on a machine full of secrets: the bundle,
and the report under its code in a real service. One run; each test asks of it.
"""

import hashlib
import json
import os
import re
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from preflight.report.report import CRASH_NAME
from preflight.report.report_keeper import LOCAL_NAME
from preflight.support.bundle import MANIFEST
from tests.fakes.contract import fixture
from tests.fakes.diagnosis_place import CLIP, DiagnosisPlace, open_place
from tests.fakes.pulse_server import VirtualSound
from tests.planted import leaks_in
from tests.unit.preflight.test_support_bundle import NEEDLES, PHONE, SECRETS

pytestmark = [
    pytest.mark.skipif(not VirtualSound.possible(), reason="PulseAudio is not installed"),
    pytest.mark.timeout(240),
]

KNOWN_HERE = {
    key: value
    for key, value in SECRETS.items()
    # Nobody signed in, so no name of a person is known; the computer's own name is taken instead.
    if key not in ("name", "name together", "name in parts", "host")
}
SHORTEST_NAME = 3
"""A computer called by two letters cannot be told from words."""
HEADSET = "alsa_input.usb-Maker_Headset_A1B2C3D4E5-00.mono"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiagnosisPlace]:
    with open_place(tmp_path_factory.mktemp("place")) as place:
        yield place


@dataclass(frozen=True, slots=True)
class Spoiled:
    """What the run of a machine full of secrets left, and all that was planted."""

    done: subprocess.CompletedProcess[str]
    bundle: Path
    support: dict[str, Any]
    code: str
    needles: dict[str, str]

    def found_in(self, text: str) -> list[str]:
        """Name what was planted and stands in a text."""
        plain = text.replace("\\\\", "\\").lower()
        return [what for what, value in self.needles.items() if value.lower() in plain]

    def files(self) -> dict[str, str]:
        """Return the text of every file in the bundle, by its name."""
        with zipfile.ZipFile(self.bundle) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(scope="module")
def spoiled(place: DiagnosisPlace, tmp_path_factory: pytest.TempPathFactory) -> Spoiled:
    """Plant secrets wherever a person or a system can put some; write and send the bundle."""
    folder = tmp_path_factory.mktemp("spoiled")
    machine = dict(KNOWN_HERE)
    if len(socket.gethostname()) >= SHORTEST_NAME:
        machine["machine"] = socket.gethostname()
    profile = folder / "data" / "liftbay" / "default"
    for each in ("logs", "reports"):
        (profile / each).mkdir(parents=True)
    lines = [f"INFO client: met {what} in {value} today" for what, value in machine.items()]
    (profile / "logs" / "liftbay.log").write_text("\n".join(["INFO begun", *lines]) + "\n")
    planted = " ".join(value for key, value in machine.items() if not key.startswith("owner"))
    killed = {**fixture("report")["report"], "ended_by": None}
    killed["checks"][0]["measured"] |= {"note": planted, "holder": "secretgame"}
    (profile / "reports" / LOCAL_NAME).write_text(json.dumps(killed))
    desk = folder / "home" / SECRETS["user"] / "Desktop"
    desk.mkdir(parents=True)
    clip = desk / f"Anna's {SECRETS['e-mail']} {SECRETS['address']} {SECRETS['serial']}.mp4"
    clip.symlink_to(CLIP)
    _plug_in(place.sound, HEADSET, PHONE)
    bundle = folder / "bundle.zip"
    done = place.run(
        folder,
        f'$LIFTBAY --json --bundle "{bundle}" --upload --yes --camera "file:{clip}" '
        f"--microphone {HEADSET} --speaker customer_speaker",
        LOGNAME=SECRETS["user"],
        HTTPS_PROXY=SECRETS["url"],
        NO_PROXY="127.0.0.1",
    )
    code = re.search(r"read this code to support: (\S+)", done.stderr)
    assert code is not None, done.stderr
    with place.supporter() as support:
        found = support.get(f"/api/diagnostics/{code[1]}")
        assert found.status_code == 200, found.text
    needles = {what: NEEDLES.get(what, value) for what, value in machine.items()}
    needles |= {"holder": "secretgame", "folder": f"/{SECRETS['user']}/"}
    return Spoiled(done, bundle, found.json(), code[1], needles)


def _plug_in(sound: VirtualSound, source: str, name: str) -> None:
    """Make a microphone of that name that hears what the customer's hears."""
    subprocess.run(
        [
            *("pactl", "load-module", "module-remap-source", f"source_name={source}"),
            f"master={sound.people['customer'].feed}.monitor",
            "channels=1",
            f"source_properties=\"device.description='{name}'\"",
        ],
        env={**os.environ, **sound.environment},
        check=True,
        capture_output=True,
        timeout=20,
    )


def test_the_bundle_of_a_run_holds_what_its_manifest_says_byte_for_byte(spoiled: Spoiled) -> None:
    files = spoiled.files()

    manifest = json.loads(files[MANIFEST])
    assert [entry["name"] for entry in manifest["files"]] == [
        "report.json",
        "report.html",
        "log.txt",
        CRASH_NAME,
    ]
    assert set(files) == {entry["name"] for entry in manifest["files"]} | {MANIFEST}
    for entry in manifest["files"]:
        content = files[entry["name"]].encode()
        assert (entry["bytes"], entry["sha256"]) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
    assert manifest["report_id"] == json.loads(files["report.json"])["report_id"]
    assert manifest["added_by_person"] == []
    assert manifest["redaction"]["counts"]["email"] >= 2


def test_nothing_that_was_planted_on_the_machine_is_in_any_file_of_the_bundle(
    spoiled: Spoiled,
) -> None:
    files = spoiled.files()

    for name, text in files.items():
        assert spoiled.found_in(text) == [], name
        assert leaks_in(text) == [], name
    log = files["log.txt"].splitlines()
    assert log[0] == "INFO begun"
    assert len([line for line in log if line.startswith("INFO client: met")]) >= len(KNOWN_HERE)
    report = json.loads(files["report.json"])
    assert report["devices"]["microphone"]["kind"] == "real", "it was the planted one that ran"


def test_nothing_that_was_planted_is_printed_or_kept_by_the_service(
    place: DiagnosisPlace, spoiled: Spoiled
) -> None:
    places = {
        "stdout": spoiled.done.stdout,
        "stderr": spoiled.done.stderr.replace(str(spoiled.bundle.parent), ""),
        "support": json.dumps(spoiled.support),
        "service's log": (place.rig.folder / "service.log").read_text(),
    }

    for name, text in places.items():
        assert spoiled.found_in(text) == [], name


def test_support_finds_under_the_printed_code_the_very_report_that_was_written(
    spoiled: Spoiled,
) -> None:
    assert spoiled.done.returncode == 0, spoiled.done.stderr
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", spoiled.code)
    written = json.loads(spoiled.files()["report.json"])

    assert spoiled.support["code"] == spoiled.code
    assert spoiled.support["kind"] == "diagnostic"
    assert spoiled.support["report"] == written
    assert written["report_id"] == json.loads(spoiled.done.stdout)["report_id"]


def test_nobody_but_support_reads_it_there(place: DiagnosisPlace, spoiled: Spoiled) -> None:
    path = f"/api/diagnostics/{spoiled.code}"
    with httpx.Client(base_url=place.rig.service.url, timeout=20) as anybody:
        assert anybody.get(path).status_code == 401
        account = {"email": "sam@e2e.example", "password": "correct horse battery", "data": {}}
        told = anybody.post("/auth/v1/signup", json=account | {"data": {"name": "Sam Okafor"}})
        anybody.headers["Authorization"] = f"Bearer {told.json()['access_token']}"

        assert anybody.get(path).status_code == 403
