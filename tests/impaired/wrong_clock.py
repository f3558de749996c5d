"""Runs the service's command with a clock that is wrong by some seconds.

``python -m tests.impaired.wrong_clock 600 liftbay-backend serve …``: the service's clock port tells
another time than the machine's, as on a machine whose clock was set wrongly; nothing else of it
is changed, and its durations stay right.
"""

import sys
from datetime import datetime, timedelta

from liftbay_backend import cli, clock


class WrongClock(clock.SystemClock):
    """Service time, wrong by ``offset``; ends sessions and dates rows by itself alone."""

    offset = timedelta()

    def now(self) -> datetime:
        return super().now() + self.offset


def main(arguments: list[str]) -> int:
    """Run the command behind the offset."""
    offset_s, _, *words = arguments
    WrongClock.offset = timedelta(seconds=float(offset_s))
    # The factory takes the class from its own module's names.
    from liftbay_backend import app

    app.SystemClock = WrongClock  # type: ignore[attr-defined]  # the port's adapter is replaced on purpose
    sys.argv = ["liftbay-backend", *words]
    cli.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
