"""What `make` sets up: only what is missing, only what the target needs, and in words."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts import setup
from tests.fakes.postgres import find_postgres


class Shell:
    """Takes the place of every command the set-up would run."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []

    def run(
        self, command: Sequence[str], *, deadline_s: int, env: dict[str, str] | None = None
    ) -> None:
        self.ran.append(list(command))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell()
    monkeypatch.setattr(setup, "_run", made.run)
    return made


def on_path(monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: programs.get(name.replace("-", "_")))


THERE = setup.Package("there", lambda: True)
MISSING = setup.Package("missing", lambda: False)


def test_nothing_is_installed_where_nothing_is_missing(shell: Shell) -> None:
    assert not setup._system_packages([THERE])
    assert shell.ran == []


def test_only_what_is_missing_is_installed(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path(monkeypatch, apt_get="/usr/bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert setup._system_packages([THERE, MISSING])

    assert "update" in shell.ran[0]
    assert shell.ran[1][-1] == "missing"
    assert "there" not in shell.ran[1]


def test_somebody_else_than_root_uses_sudo(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path(monkeypatch, apt_get="/usr/bin/apt-get", sudo="/usr/bin/sudo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    setup._system_packages([MISSING])

    assert [command[0] for command in shell.ran] == ["sudo", "sudo"]


@pytest.mark.parametrize(
    ("programs", "says"),
    [({}, "no Debian-like system"), ({"apt_get": "/usr/bin/apt-get"}, "root or sudo")],
)
def test_a_machine_that_cannot_install_says_what_is_missing(
    programs: dict[str, str], says: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(monkeypatch, **programs)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(setup.SetupError, match=says) as told:
        setup._system_packages([MISSING])

    assert "missing" in str(told.value)
    assert shell.ran == []


def test_a_library_that_nobody_has_is_missing() -> None:
    assert not setup._library("liftbay-no-such-library")()
    assert not setup._program("liftbay-no-such-program")()
    assert not setup._file("/liftbay/no/such/file")()
    assert setup._program("liftbay-no-such-program", "sh")()


def test_every_package_is_probed_for_something_of_its_own() -> None:
    names = [package.name for package in (*setup.CLIENT, *setup.TEST)]

    assert len(set(names)) == len(names)


POSTGRESQL = next(one for one in setup.TEST if one.name == setup.POSTGRESQL)


def test_only_the_tests_ask_for_a_database_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, list[str]] = {}
    for step in ("_environment", "_media_server", "_s3_server", "_browser_peer", "_stripe_mock"):
        monkeypatch.setattr(setup, step, lambda: False)

    for target in ("demo", "bench", "test"):

        def note(packages: Sequence[setup.Package], target: str = target) -> bool:
            asked[target] = [package.name for package in packages]
            return False

        monkeypatch.setattr(setup, "_system_packages", note)
        assert setup.main([target]) == 0

    assert [target for target in asked if "postgresql" in asked[target]] == ["test"]
    assert set(asked["demo"]) < set(asked["bench"]) < set(asked["test"])


@pytest.mark.parametrize(
    ("programs", "is_there"),
    [(("initdb", "postgres"), True), (("initdb",), False), ((), False)],
)
def test_a_database_server_is_there_when_the_tests_find_one(
    programs: tuple[str, ...], is_there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(monkeypatch)
    folder = tmp_path / "15" / "bin"
    folder.mkdir(parents=True)
    for name in programs:
        (folder / name).touch()
    monkeypatch.setattr(setup, "POSTGRESQL_PROGRAMS", tmp_path)

    assert POSTGRESQL.present() is is_there


def test_this_machines_database_server_is_seen_as_the_tests_see_it() -> None:
    assert POSTGRESQL.present() is (find_postgres() is not None)


@pytest.mark.parametrize("fails", [False, True])
def test_a_database_package_makes_no_server_of_its_own_and_leaves_no_setting(
    fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting is there while the package is installed, and gone however that ends."""
    setting = tmp_path / "createcluster.d" / "liftbay-setup.conf"
    read: list[str] = []

    def apt(_names: Sequence[str]) -> None:
        read.append(setting.read_text())
        if fails:
            raise setup.SetupError("no network")

    monkeypatch.setattr(setup, "NO_CLUSTER", str(setting))
    monkeypatch.setattr(setup, "_apt", apt)
    on_path(monkeypatch, apt_get="/usr/bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    missing = [setup.Package(setup.POSTGRESQL, lambda: False), MISSING]

    try:
        setup._system_packages(missing)
    except setup.SetupError:
        assert fails
    else:
        assert not fails

    assert read == ["create_main_cluster = false\n"]
    assert not setting.parent.exists()


def test_somebody_else_than_root_keeps_the_database_from_a_server_with_sudo(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(monkeypatch, apt_get="/usr/bin/apt-get", sudo="/usr/bin/sudo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    setup._system_packages([setup.Package(setup.POSTGRESQL, lambda: False)])

    assert [command[0] for command in shell.ran] == ["sudo"] * 4
    assert setup.NO_CLUSTER in shell.ran[0]
    assert shell.ran[2][-1] == "postgresql"
    assert shell.ran[3][-1] == setup.NO_CLUSTER


def uv_that_says(folder: Path, text: str, status: int = 0) -> str:
    path = folder / "uv"
    path.write_text(f"#!/bin/sh\necho '{text}'\nexit {status}\n")
    path.chmod(0o755)
    return str(path)


def test_a_uv_that_is_new_enough_is_used(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = uv_that_says(tmp_path, "uv 0.10.2 (linux)")
    on_path(monkeypatch, uv=uv)

    assert setup._uv() == uv
    assert shell.ran == []


@pytest.mark.parametrize(
    ("says", "status"),
    [("uv 0.9.16 (linux)", 0), ("pyenv: uv: command not found", 127), ("", 0)],
)
def test_a_uv_that_is_old_or_only_a_shim_is_left_alone(
    says: str, status: int, tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(monkeypatch, uv=uv_that_says(tmp_path, says, status))
    monkeypatch.setattr(setup, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(setup, "_can_make_environments", lambda: True)

    own = setup._uv()

    assert own == str(tmp_path / "cache" / f"uv-{setup.UV_VERSION}" / "bin" / "uv")
    assert f"uv=={setup.UV_VERSION}" in shell.ran[-1]


def test_the_environment_is_made_again_only_when_the_lock_changed(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "_uv", lambda: "uv")
    (tmp_path / "backend").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in ("uv.lock", "pyproject.toml", "backend/pyproject.toml"):
        (tmp_path / name).write_text("1")

    changed = [setup._environment(), setup._environment()]
    (tmp_path / "uv.lock").write_text("2")
    changed.append(setup._environment())

    assert changed == [True, False, True]
    assert len(shell.ran) == 2
    assert {"sync", "--locked", "--all-packages", "--compile-bytecode"} <= set(shell.ran[0])


def test_a_command_that_fails_stops_the_set_up_with_its_name() -> None:
    with pytest.raises(setup.SetupError, match=r"`false` failed"):
        setup._run(["false"], deadline_s=10)
    with pytest.raises(setup.SetupError, match="no-such-program"):
        setup._run(["liftbay-no-such-program"], deadline_s=10)


def test_a_target_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(["everything"]) == 2
    assert "demo|test|bench|check" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "steps"),
    [
        ("check", ["environment"]),
        ("demo", ["packages", "environment", "server"]),
        ("test", ["packages", "environment", "server", "s3", "browser", "mock"]),
        ("bench", ["packages", "environment", "server", "browser"]),
    ],
)
def test_a_target_gets_the_steps_it_needs_in_this_order(
    target: str, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def step(name: str) -> bool:
        done.append(name)
        return False

    monkeypatch.setattr(setup, "_system_packages", lambda _packages: step("packages"))
    monkeypatch.setattr(setup, "_environment", lambda: step("environment"))
    monkeypatch.setattr(setup, "_media_server", lambda: step("server"))
    monkeypatch.setattr(setup, "_s3_server", lambda: step("s3"))
    monkeypatch.setattr(setup, "_browser_peer", lambda: step("browser"))
    monkeypatch.setattr(setup, "_stripe_mock", lambda: step("mock"))

    assert setup.main([target]) == 0
    assert done == steps


def test_a_step_that_fails_ends_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> bool:
        raise setup.SetupError("no network")

    monkeypatch.setattr(setup, "_environment", fail)

    assert setup.main(["check"]) == 1
    assert "set-up stopped: no network" in capsys.readouterr().err


def test_the_script_needs_nothing_but_python() -> None:
    """It runs before there is an environment."""
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import setup; "
        "print(setup.__file__.endswith('setup.py'))"
    )

    told = subprocess.run(
        ["python3", "-I", "-S", "-c", code],
        cwd=setup.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert told.stdout.strip() == "True", told.stderr
