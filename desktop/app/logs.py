"""Logging of the client: one rotating file per profile, redacted, and the terminal on demand."""

import logging
import logging.handlers
import sys
from pathlib import Path

from desktop.app.redaction import redact

FILE_BYTES = 2_000_000
FILES_KEPT = 3

_QUIETED = {
    # One line for each request, with its URL.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "asyncio": logging.WARNING,
    # The SDK logs identities and addresses; "native video stream queue overflow" is normal.
    "livekit": logging.ERROR,
    "qasync": logging.WARNING,
}


class RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback, then takes the secrets out of all of it."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up(folder: Path, *, verbose: bool) -> logging.Handler:
    """Send all logs to ``folder/liftbay.log``; warnings (all, when verbose) to stderr as well.

    Returns:
        The file handler, for the crash hook to flush.
    """
    formatter = RedactingFormatter(
        "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    to_file = logging.handlers.RotatingFileHandler(
        folder / "liftbay.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )
    to_file.setFormatter(formatter)
    to_terminal = logging.StreamHandler(sys.stderr)
    to_terminal.setFormatter(formatter)
    to_terminal.setLevel(logging.DEBUG if verbose else logging.WARNING)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(to_file)
    root.addHandler(to_terminal)
    for name, level in _QUIETED.items():
        logging.getLogger(name).setLevel(level)
    return to_file
