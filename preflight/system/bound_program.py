"""Becomes another program, which the kernel kills once the process that started it is gone.

``python bound_program.py OWNER PROGRAM ARGUMENT...``, on Linux alone. A program that does not
read its input and does not mind that nobody reads its output would outlive a crash of ours.
Imports nothing of ours: it is run by its path.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""Survives the exec; counts for the thread that started this, which is Qt's. Source: prctl(2)."""


def main(owner: int, command: list[str]) -> None:
    """Replace this process by ``command``.

    Args:
        owner: the process id of who started this.

    Raises:
        OSError: there is no such program, or it cannot be run.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != owner:
        # It was gone before the kernel was asked.
        return
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
