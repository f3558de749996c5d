"""Devices that were unplugged while nobody used them. Pure.

What was in use tells of itself (C09, M07, S08); this is for all the others.
"""

from collections.abc import Mapping

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.stable_names import is_same


class Departures:
    """Notices what goes, from one look at the devices to the next.

    A device is told once, also where it is a microphone and a loudspeaker, until it is back.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[DeviceInfo, ...]] = {}
        self._used: dict[str, DeviceId | None] = {}
        self._gone: dict[str, DeviceInfo] = {}

    def see(
        self, found: Mapping[str, tuple[DeviceInfo, ...]], used: Mapping[str, DeviceId | None]
    ) -> tuple[str, ...]:
        """Look at the devices of each role, and at the one in use, as they are now.

        Returns:
            The names of those that are gone and were not in use, in the order in which they went.
        """
        # An empty list is being made, or the last device went, which was the one in use.
        there = {role: devices for role, devices in found.items() if devices}
        names_used = {
            each.name
            for role, devices in there.items()
            for each in (*devices, *self._known.get(role, ()))
            if each.id in (used.get(role), self._used.get(role))
        }
        for role, devices in there.items():
            for each in self._known.get(role, ()):
                is_real = each.kind is DeviceKind.REAL
                if is_real and each.name not in names_used and not _is_one_of(each, devices):
                    self._gone.setdefault(each.name, each)
            self._known[role] = devices
            self._used[role] = used.get(role)
        for devices in there.values():
            for each in devices:
                self._gone.pop(each.name, None)
        return tuple(self._gone)


def _is_one_of(device: DeviceInfo, devices: tuple[DeviceInfo, ...]) -> bool:
    return any(is_same(device, each) for each in devices)
