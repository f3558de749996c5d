"""The chance of a fault run: printed, and repeated by ``LIFTBAY_FAULT_SEED``."""

import os
import random
import sys

ROUNDS = int(os.environ.get("LIFTBAY_FAULT_ROUNDS", "6"))
"""How often one call is hit."""


thrown: list[str] = []
"""What was thrown since somebody took it away, see `record`."""


def chance(what: str) -> random.Random:
    """Return the dice of a run; its seed is in what the test printed."""
    seed = int(os.environ.get("LIFTBAY_FAULT_SEED") or random.SystemRandom().randrange(100_000))
    tell(f"{what}: LIFTBAY_FAULT_SEED={seed}")
    thrown.append(f"{what} {seed}")
    return random.Random(f"{what} {seed}")


def tell(line: str) -> None:
    """Print a line of the run; pytest shows it with ``-s`` and beside a failure."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
