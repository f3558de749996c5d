"""What does not go together on the command line of a diagnosis.

A word that would do nothing is refused before anything starts: who wrote it expects something of
it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from preflight.support.outputs import check_apart

if TYPE_CHECKING:
    from desktop.app.diagnose import DiagnoseCommand


def refuse_conflicts(command: "DiagnoseCommand") -> None:
    """Refuse what cannot be meant.

    Raises:
        ValueError: one sentence, with what to do.
    """
    if command.list_devices and command.explain is not None:
        raise ValueError("--list and --explain say one thing each and stop: give one of them")
    if command.list_devices or command.explain is not None:
        stops = "--list" if command.list_devices else "--explain"
        if idle := _of_a_run(command):
            raise ValueError(f"{stops} starts no run, so {idle[0]} does nothing: leave it out")
    if command.yes and not command.upload:
        raise ValueError("--yes answers the question of --upload: add --upload, or leave it out")
    if command.every_s is not None and not command.watch:
        raise ValueError("--every says how often --watch measures: add --watch, or leave it out")
    _look_at_outputs(command)


def outputs_of(command: "DiagnoseCommand") -> dict[str, Path]:
    """Return what is to be written, by the option that named it."""
    named = {"--output": command.output, "--html": command.page, "--bundle": command.bundle}
    return {option: path for option, path in named.items() if path is not None}


def _of_a_run(command: "DiagnoseCommand") -> list[str]:
    """Return the options given that need a run."""
    given = {
        "--json": command.as_json,
        "--output": command.output,
        "--html": command.page,
        "--bundle": command.bundle,
        "--upload": command.upload,
        "--yes": command.yes,
        "--only": command.only,
        "--skip": command.skip,
        "--quick": command.quick,
        "--strict": command.strict,
        "--watch": command.watch,
        "--every": command.every_s,
        "--session": command.session,
    }
    return [option for option, value in given.items() if value not in (None, False)]


def _look_at_outputs(command: "DiagnoseCommand") -> None:
    outputs = outputs_of(command)
    own = command.profile.root.resolve()
    for option, path in outputs.items():
        if path.resolve().is_relative_to(own):
            raise ValueError(
                f"{option} names a place in {own}, where Liftbay keeps its own files: choose "
                "another folder"
            )
    prints = command.as_json and (command.output is None or command.watch)
    check_apart(outputs, prints_json=prints)
