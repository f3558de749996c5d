"""Devices that were plugged in while the preflight was open, and are not the ones in use. Pure."""

from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole, Newcomer
from preflight.devices.frames import DeviceInfo, DeviceKind


class Newcomers:
    """Notices what comes, from one look at the devices to the next.

    A headset brings a microphone and a loudspeaker, and somebody may plug two cameras in: all of
    them are told, until they are used or gone, or another one that came was used in their place.
    """

    def __init__(self) -> None:
        self._known: dict[DeviceRole, tuple[DeviceInfo, ...]] = {}
        self._told: tuple[Newcomer, ...] = ()

    def see(self, devices: DeviceChoices) -> tuple[Newcomer, ...]:
        """Look at the devices as they are now, and return the newcomers among them."""
        came: list[Newcomer] = []
        for role in DeviceRole:
            found = devices.of(role).devices
            known = self._known.get(role)
            if not found:
                # Being looked for, or none at all: what comes first then is used by itself.
                continue
            if known is not None:
                came += [
                    Newcomer(role, each)
                    for each in found
                    if each.kind is DeviceKind.REAL and not _is_one_of(each, known)
                ]
            self._known[role] = found
        used = {each.role for each in self._told if _is_chosen(each, devices)}
        waiting = [each for each in self._told if each.role not in used]
        self._told = tuple(each for each in (*waiting, *came) if _waits(each, devices))
        return self._told

    def dismiss(self) -> None:
        """Tell no more of those that are told now."""
        self._told = ()


def has_several_of_a_kind(newcomers: tuple[Newcomer, ...]) -> bool:
    """Say whether one button for all of them would not say which one is meant."""
    return len({each.role for each in newcomers}) < len(newcomers)


def _is_chosen(newcomer: Newcomer, devices: DeviceChoices) -> bool:
    return devices.of(newcomer.role).chosen == newcomer.device.id


def _waits(newcomer: Newcomer, devices: DeviceChoices) -> bool:
    found = devices.of(newcomer.role).devices
    gone = bool(found) and all(each.id != newcomer.device.id for each in found)
    return not gone and not _is_chosen(newcomer, devices)


def _is_one_of(device: DeviceInfo, known: tuple[DeviceInfo, ...]) -> bool:
    """Say whether it was there before, perhaps under another number: those move."""
    return any(
        each.id == device.id or (each.stable != "" and each.stable == device.stable)
        for each in known
    )
