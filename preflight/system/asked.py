"""Asks a tool of the system one question; a tool that is missing or slow answers nothing."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence

Ask = Callable[[Sequence[str]], str | None]
"""Runs a command and returns what it printed; None where it failed."""

PATIENCE_S = 6.0


def ask(command: Sequence[str]) -> str | None:
    """Run ``command`` for 6 s at most. Blocks: not on the loop."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]],
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            # Windows would flash a console window.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
