"""Both distributions as a stranger gets them: built, installed alone, and asked for help.

The versions are those of the lock, so a release of somebody else's never fails this; what is not
in uv's cache yet comes from the package index.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT_ROOMS = ("client_api", "preflight", "desktop", "resources")
DEADLINE_S = 600

SERVICE_ONLY = {
    "alembic",
    "argon2-cffi",
    "dbos",
    "fastapi",
    "liftbay-backend",
    "livekit-api",
    "psycopg",
    "reportlab",
    "sqlalchemy",
    "starlette",
    "uvicorn",
}
CLIENT_ONLY = {
    "liftbay",
    "livekit",
    "numpy",
    "opencv-python",
    "pyside6-addons",
    "pyside6-essentials",
    "qasync",
    "shiboken6",
    "sounddevice",
}
NEVER = {"opencv-python-headless", "opencv-contrib-python", "pyside6", "pytest"}

IMPORT_ALL = """
import importlib, pkgutil, sys
names = [
    found.name
    for room in sys.argv[1:]
    for found in pkgutil.walk_packages(importlib.import_module(room).__path__, room + ".")
    # Alembic runs this one itself, with a connection in its hands.
    if found.name != "liftbay_backend.migrations.env"
]
for name in names:
    importlib.import_module(name)
print(len(names), importlib.import_module(sys.argv[1]).__file__)
"""

READ_RESOURCES = """
from importlib.resources import files
from resources import loader
assert all(len(loader.style_sheet(mode)) > 1000 for mode in loader.MODES)
assert all(loader.icon_svg(name, "#102030").startswith(b"<svg") for name in loader.icon_names())
assert "<TS" in loader.translation("en") and "fr" in loader.languages()
assert files("resources").joinpath("clips", "demo-customer.mp4").stat().st_size > 500_000
print(len(loader.icon_names()), "icons")
"""


@dataclass(frozen=True)
class Installed:
    """An environment that holds one distribution and what it asks for."""

    bin: Path
    names: frozenset[str]
    folder: Path

    def run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of the environment outside of the checkout."""
        return call([str(self.bin / program), *arguments], cwd=self.folder)


def clean_environment(home: Path) -> dict[str, str]:
    """Return the environment without what would let the checkout shine through."""
    dropped = ("PYTHONPATH", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    folders = kept["PATH"].split(os.pathsep)
    kept["PATH"] = os.pathsep.join(
        folder for folder in folders if not (Path(folder) / "liftbay-backend").exists()
    )
    # Wide enough that no option's name is cut in the help's table.
    kept |= {"QT_QPA_PLATFORM": "offscreen", "COLUMNS": "120", "NO_COLOR": "1"}
    return kept | {"XDG_DATA_HOME": str(home)}


def call(
    command: Sequence[str], *, cwd: Path, env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=cwd,
        env=clean_environment(cwd) | (env or {}),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def must(
    command: Sequence[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    done = call(command, cwd=cwd, env=env)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def uv() -> str:
    """The uv that `make` itself uses: on PATH, else our own in the user's cache."""
    on_path = shutil.which("uv")
    if on_path and call([on_path, "--version"], cwd=ROOT).returncode == 0:
        return on_path
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liftbay"
    own = sorted(cache.glob("uv-*/bin/uv"))
    assert own, "no uv: run `make setup`"
    return str(own[-1])


@pytest.fixture(scope="module")
def locked(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lock as constraints."""
    path = tmp_path_factory.mktemp("lock") / "constraints.txt"
    must(
        [
            *(uv, "export", "--quiet", "--locked", "--all-packages", "--no-dev"),
            *("--no-hashes", "--no-emit-workspace", "--no-annotate", "-o", str(path)),
        ]
    )
    return path


@pytest.fixture(scope="module")
def wheels(uv: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both wheels, by the name of their distribution."""
    out = tmp_path_factory.mktemp("dist")
    must([uv, "build", "--quiet", "--wheel", "--all-packages", "--out-dir", str(out)])
    return {path.name.split("-")[0]: path for path in out.glob("*.whl")}


def install(uv: str, wheel: Path, locked: Path, folder: Path) -> Installed:
    venv = folder / "venv"
    must([uv, "venv", "--quiet", "--python", sys.executable, str(venv)])
    python = venv / "bin" / "python"
    must(
        [
            *(uv, "pip", "install", "--quiet", "--python", str(python)),
            *("--constraint", str(locked), str(wheel)),
        ]
    )
    listed = must([uv, "pip", "list", "--python", str(python), "--format", "json"])
    names = frozenset(row["name"].lower() for row in json.loads(listed.stdout))
    outside = folder / "elsewhere"
    outside.mkdir()
    return Installed(venv / "bin", names, outside)


@pytest.fixture(scope="module")
def client(
    uv: str, wheels: dict[str, Path], locked: Path, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    return install(uv, wheels["liftbay"], locked, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def service(
    uv: str, wheels: dict[str, Path], locked: Path, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    return install(uv, wheels["liftbay_backend"], locked, tmp_path_factory.mktemp("service"))


def files_below(*rooms: str, base: Path) -> set[str]:
    return {
        path.relative_to(base).as_posix()
        for room in rooms
        for path in (base / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def caps_without_a_reason(text: str) -> list[str]:
    """Return the lines that bound a version from above without a comment right above them."""
    lines = text.splitlines()
    cap = re.compile(r"^\s*(requires-python = )?\"[^\"]*<\d[^\"]*\"")
    return [
        line.strip()
        for before, line in zip(["", *lines], lines, strict=False)
        if cap.match(line) and not before.strip().startswith("#")
    ]


@pytest.mark.parametrize("path", ["pyproject.toml", "backend/pyproject.toml"])
def test_every_version_cap_has_its_reason_beside_it(path: str) -> None:
    assert caps_without_a_reason((ROOT / path).read_text()) == []


def test_a_cap_without_a_reason_is_found() -> None:
    text = (
        'requires-python = ">=3.11,<3.14"\n    # why\n    "a>=1,<2",\n    "b>=1,<3",\n    "c>=1",'
    )

    assert caps_without_a_reason(text) == ['requires-python = ">=3.11,<3.14"', '"b>=1,<3",']


@pytest.mark.timeout(DEADLINE_S)
def test_each_wheel_holds_every_file_of_its_own_packages_and_nothing_else(
    wheels: dict[str, Path],
) -> None:
    client = set(zipfile.ZipFile(wheels["liftbay"]).namelist())
    service = set(zipfile.ZipFile(wheels["liftbay_backend"]).namelist())

    code = {name for name in client if ".dist-info/" not in name}
    service_code = {name for name in service if ".dist-info/" not in name}

    assert code == files_below(*CLIENT_ROOMS, base=ROOT)
    assert service_code == files_below("liftbay_backend", base=ROOT / "backend")
    assert {"resources/theme.qss.tmpl", "resources/tokens.json"} <= code
    assert any(name.endswith("/licenses/LICENSE") for name in client)
    assert any(name.endswith("/licenses/NOTICE") for name in client)


@pytest.mark.timeout(DEADLINE_S)
def test_the_client_is_installed_without_anything_of_the_service(client: Installed) -> None:
    assert client.names & (SERVICE_ONLY | NEVER) == set()
    assert client.names >= CLIENT_ONLY


@pytest.mark.timeout(DEADLINE_S)
def test_the_service_is_installed_without_qt_or_media(service: Installed) -> None:
    assert service.names & (CLIENT_ONLY | NEVER) == set()
    assert service.names >= SERVICE_ONLY


@pytest.mark.timeout(DEADLINE_S)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--help",), ("app", "join", "diagnose", "demo")),
        (("app", "--help"), ("--profile", "--service", "--camera", "--microphone")),
        (("join", "--help"), ("--profile", "session")),
        (("diagnose", "--help"), ("--json", "--only", "Exit status")),
        (("demo", "--help"), ("--headless", "--output")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_the_installed_client_answers(
    client: Installed, arguments: tuple[str, ...], says: tuple[str, ...]
) -> None:
    told = client.run("liftbay", *arguments)

    assert told.returncode == 0, told.stderr
    assert [word for word in says if word not in told.stdout] == []


@pytest.mark.timeout(DEADLINE_S)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--help",), ("serve", "migrate", "create-mechanic", "create-support")),
        (("serve", "--help"), ("--host", "--port", "--data-dir", "--allow-synthetic")),
        (("create-mechanic", "--help"), ("--name", "--password-stdin")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_the_installed_service_answers(
    service: Installed, arguments: tuple[str, ...], says: tuple[str, ...]
) -> None:
    told = service.run("liftbay-backend", *arguments)

    assert told.returncode == 0, told.stderr
    assert [word for word in says if word not in told.stdout] == []


@pytest.mark.timeout(DEADLINE_S)
def test_both_commands_know_their_version(client: Installed, service: Installed) -> None:
    wanted = [
        tomllib.loads(path.read_text())["project"]["version"]
        for path in (ROOT / "pyproject.toml", ROOT / "backend" / "pyproject.toml")
    ]

    told = [
        client.run("liftbay", "--version").stdout.strip(),
        service.run("liftbay-backend", "--version").stdout.strip(),
    ]

    assert told == wanted


@pytest.mark.timeout(DEADLINE_S)
def test_every_module_of_the_client_finds_what_it_imports(client: Installed) -> None:
    """A library that only the developers' group brings would be missing here."""
    told = client.run("python", "-c", IMPORT_ALL, *CLIENT_ROOMS)

    assert told.returncode == 0, told.stderr
    assert str(client.bin.parent) in told.stdout


@pytest.mark.timeout(DEADLINE_S)
def test_every_module_of_the_service_finds_what_it_imports(service: Installed) -> None:
    told = service.run("python", "-c", IMPORT_ALL, "liftbay_backend")

    assert told.returncode == 0, told.stderr
    assert str(service.bin.parent) in told.stdout


@pytest.mark.timeout(DEADLINE_S)
def test_the_installed_client_reads_its_resources(client: Installed) -> None:
    told = client.run("python", "-c", READ_RESOURCES)

    assert told.returncode == 0, told.stderr


@pytest.mark.timeout(DEADLINE_S)
def test_a_demo_without_the_service_installed_says_so(client: Installed) -> None:
    told = client.run("liftbay", "demo", "--headless")

    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "liftbay-backend" in told.stderr


@pytest.mark.timeout(DEADLINE_S)
def test_the_source_holds_the_rooms_and_the_notices_and_nothing_else(
    uv: str, tmp_path: Path
) -> None:
    must([uv, "build", "--quiet", "--sdist", "--out-dir", str(tmp_path)])

    (archive,) = tmp_path.glob("liftbay-*.tar.gz")
    with tarfile.open(archive) as source:
        files = [Path(name).parts[1:] for name in source.getnames()]

    assert {parts[0] for parts in files} == {
        *CLIENT_ROOMS,
        *("README.md", "CHANGELOG.md", "LICENSE", "NOTICE"),
        # What the builder adds by itself.
        *("pyproject.toml", "PKG-INFO", ".gitignore"),
    }


@pytest.mark.timeout(DEADLINE_S)
def test_uv_tool_install_gives_a_working_command(uv: str, locked: Path, tmp_path: Path) -> None:
    places = {
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
    }

    must(
        [
            *(uv, "tool", "install", "--quiet", "--python", sys.executable),
            *("--constraints", str(locked), "."),
        ],
        env=places,
    )

    liftbay = str(tmp_path / "bin" / "liftbay")
    assert "diagnose" in must([liftbay, "--help"], cwd=tmp_path).stdout
    assert re.fullmatch(r"\d+\.\d+\.\d+", must([liftbay, "--version"], cwd=tmp_path).stdout.strip())
