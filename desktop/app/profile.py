"""Where one profile keeps its things; two profiles on one machine never meet.

A profile separates settings, the durable queue, reports, logs, keyring entries, the instance
lock and the deep-link owner.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

DEFAULT = "default"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


class BadProfileName(ValueError):
    """The name is not usable as a folder; says what is allowed."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile's name and folders (made on first use, readable by this person only)."""

    name: str
    root: Path

    @property
    def settings_file(self) -> Path:
        return self.root / "settings.json"

    @property
    def queue_file(self) -> Path:
        """The durable queue's SQLite file."""
        return self.root / "queue.sqlite"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock_file(self) -> Path:
        return self.root / "instance.lock"

    @property
    def socket_name(self) -> str:
        """Name of the local socket on which a running instance takes deep links.

        With the folder's hash, so that two data folders with one profile name do not share it.
        """
        uid = os.getuid() if hasattr(os, "getuid") else 0
        return f"liftbay-{uid}-{self.name}-{_short_hash(str(self.root))}"

    @property
    def keyring_service(self) -> str:
        return "Liftbay" if self.name == DEFAULT else f"Liftbay ({self.name})"

    def make(self) -> None:
        """Create the folders with mode 0700.

        Raises:
            OSError: the data folder cannot be written.
        """
        for folder in (self.root, self.reports, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def open_profile(name: str, root: Path | None = None) -> Profile:
    """Return the profile called ``name``; ``root`` overrides the system's data folder (tests).

    Raises:
        BadProfileName: anything but lower-case letters, digits and hyphens, 31 at most.
    """
    if not _NAME.fullmatch(name):
        raise BadProfileName(
            f"{name!r} is no profile name: use lower-case letters, digits and hyphens, 31 at most"
        )
    base = root if root is not None else Path(platformdirs.user_data_dir("liftbay", "Liftbay"))
    return Profile(name=name, root=base / name)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
