"""The sign-in rests in the keyring, or in memory, and never in a file."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.core
import keyring.errors
import pytest

from client_api.secret import Secret
from desktop.app.keyring_store import KeyringStore


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that works, and can stop working."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def _check(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("the person closed the dialog")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not found")
        del self.kept[service, username]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    made = MemoryKeyring()
    # A session bus, as a desktop has; nobody talks to it here.
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


async def test_the_next_start_finds_the_secret(machine: MemoryKeyring) -> None:
    await KeyringStore("Liftbay").save("refresh", Secret("s3cret"))

    found = await KeyringStore("Liftbay").load("refresh")

    assert found == Secret("s3cret")


async def test_profiles_do_not_see_each_other(machine: MemoryKeyring) -> None:
    await KeyringStore("Liftbay (one)").save("refresh", Secret("s3cret"))

    assert await KeyringStore("Liftbay (two)").load("refresh") is None


async def test_what_is_forgotten_is_gone_everywhere(machine: MemoryKeyring) -> None:
    store = KeyringStore("Liftbay")
    await store.save("refresh", Secret("s3cret"))

    await store.forget("refresh")
    await store.forget("refresh")

    assert await store.load("refresh") is None
    assert machine.kept == {}
    assert store.is_lasting


async def test_without_a_keyring_the_sign_in_lasts_as_long_as_the_program(
    machine: MemoryKeyring,
) -> None:
    keyring.set_keyring(keyring.core.load_keyring("keyring.backends.fail.Keyring"))
    store = KeyringStore("Liftbay")

    await store.save("refresh", Secret("s3cret"))

    assert not store.is_lasting
    assert await store.load("refresh") == Secret("s3cret")
    assert await KeyringStore("Liftbay").load("refresh") is None


async def test_a_locked_keyring_is_asked_once_and_not_again(machine: MemoryKeyring) -> None:
    machine.locked = True
    store = KeyringStore("Liftbay")
    assert await store.load("refresh") is None

    machine.locked = False
    await store.save("refresh", Secret("s3cret"))

    assert not store.is_lasting
    assert machine.kept == {}
    assert await store.load("refresh") == Secret("s3cret")


def test_without_a_session_bus_no_keyring_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    without = KeyringStore("Liftbay").is_lasting
    (tmp_path / "bus").touch()
    with_bus = KeyringStore("Liftbay").is_lasting

    assert not without
    assert with_bus
