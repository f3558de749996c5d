"""Hints of plugging that a test gives by hand."""

from collections.abc import Callable

from preflight.system.ports import Unsubscribe


class FakeHotplug:
    """A `HotplugHint`: `hint` says that devices may have changed, as after the system's pause."""

    def __init__(self) -> None:
        self.subscribers: list[Callable[[], None]] = []

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        self.subscribers.append(changed)

        def unsubscribe() -> None:
            if changed in self.subscribers:
                self.subscribers.remove(changed)

        return unsubscribe

    def hint(self) -> None:
        for changed in tuple(self.subscribers):
            changed()
