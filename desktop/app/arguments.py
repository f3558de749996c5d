"""What a person typed behind an option, judged before anything heavy starts.

Each function returns the value as the program wants it, or raises ``typer.BadParameter`` with one
sentence: what is wrong, and how it looks when it is right. The exit status is 2.
"""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from desktop.app.profile import BadProfileName, open_profile
from desktop.app.settings import THEMES, is_service_address

if TYPE_CHECKING:
    from preflight.devices.choices import Wanted

MOST_SECONDS = 86_400
"""A day; what is no number and what never ends are over it."""


def profile_name(name: str) -> str:
    """Take a name that can be a folder."""
    try:
        open_profile(name)
    except BadProfileName as error:
        raise typer.BadParameter(str(error)) from None
    return name


def service_address(text: str | None) -> str | None:
    """Take the address of a service: http or https, and a host."""
    if text is None:
        return None
    if not is_service_address(text):
        raise typer.BadParameter(
            f"{text!r} is no address of a service: it looks like https://liftbay.example"
        )
    return text


def theme_name(text: str | None) -> str | None:
    """Take one of the looks there are."""
    if text is not None and text not in THEMES:
        raise typer.BadParameter(f"{text!r} is no theme: use {', '.join(THEMES)}")
    return text


def session_id(text: str) -> str:
    """Take a bare id or a ``liftbay://session/ID`` link; return the id."""
    bare = text.removeprefix("liftbay://session/").strip("/")
    try:
        return str(uuid.UUID(bare))
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no session id: it looks like 0d9c8b7a-6f5e-4d3c-8b1a-2f3e4d5c6b7a"
        ) from None


def optional_session_id(text: str | None) -> str | None:
    """Take a session's id, its link, or nothing."""
    return None if text is None else session_id(text)


def camera_choice(text: str | None) -> str | None:
    """Take a choice of a camera; a device that is not there now may come later."""
    from preflight.devices.choices import Wanted

    return _choice(text, Wanted.CAMERA)


def microphone_choice(text: str | None) -> str | None:
    """Take a choice of a microphone."""
    from preflight.devices.choices import Wanted

    return _choice(text, Wanted.MICROPHONE)


def speaker_choice(text: str | None) -> str | None:
    """Take a choice of a loudspeaker."""
    from preflight.devices.choices import Wanted

    return _choice(text, Wanted.SPEAKER)


def camera_choices(texts: list[str] | None) -> list[str] | None:
    """Take the choices of the demo's cameras: the customer's, then the mechanic's."""
    return _both(texts) and [camera_choice(text) or "" for text in texts or ()]


def microphone_choices(texts: list[str] | None) -> list[str] | None:
    """Take the choices of the demo's microphones: the customer's, then the mechanic's."""
    return _both(texts) and [microphone_choice(text) or "" for text in texts or ()]


def report_file(path: Path | None) -> Path | None:
    """Take what can be written: minutes of checks must not end in a wrong path."""
    from preflight.support.outputs import UnusableOutput, check_output

    if path is None:
        return None
    try:
        check_output(path)
    except UnusableOutput as error:
        raise typer.BadParameter(str(error)) from None
    return path


def _both(texts: list[str] | None) -> list[str] | None:
    if texts and len(texts) > 2:
        raise typer.BadParameter("give it twice at most: the customer's, then the mechanic's")
    return texts


def _choice(text: str | None, wanted: "Wanted") -> str | None:
    from preflight.devices.choices import BadChoice, FromFile, read_choice

    if text is None:
        return None
    try:
        choice = read_choice(text, wanted)
    except BadChoice as error:
        raise typer.BadParameter(str(error)) from None
    if isinstance(choice, FromFile) and not choice.path.is_file():
        raise typer.BadParameter(f"there is no file {choice.path}")
    return text
