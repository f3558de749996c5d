"""Looks at several things again and again: one that fails costs that look and nothing else.

A watch that ends with its first failure ends unseen: the call would go on, with nobody who
notices a dead microphone or a stalled picture.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

from desktop.media.sdk_log import redact

_log = logging.getLogger(__name__)

Look = Callable[[], Awaitable[None]]


class Looks:
    """Takes every look each time it is asked, in order, whatever became of the others."""

    def __init__(self, looks: Mapping[str, Look]) -> None:
        """Make them ready.

        Args:
            looks: by the name that a failure is logged under.
        """
        self._looks = dict(looks)
        self._failing: set[str] = set()

    async def take(self) -> None:
        """Take each look once. Only a cancellation gets out."""
        for name, look in self._looks.items():
            try:
                await look()
            except Exception as error:
                # Twice a second for an hour would fill the log: told once until it works again.
                if name not in self._failing:
                    words = f"{type(error).__name__}: {redact(str(error))}"
                    _log.error("the look at %s failed and goes on: %s", name, words)
                self._failing.add(name)
            else:
                self._failing.discard(name)
