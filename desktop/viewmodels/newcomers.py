"""Devices that were plugged in while the preflight was open, and are not the ones in use. Pure."""

from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole, Newcomer
from preflight.devices.frames import DeviceInfo, DeviceKind


class Newcomers:
    """Notices what comes, from one look at the devices to the next.

    A headset brings a microphone and a loudspeaker: both are told together. They are told until
    they are used or gone, or something newer came.
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
        both = self._told if not came or self._told_with(came) else ()
        self._told = tuple(each for each in (*both, *came) if self._waits(each, devices))
        return self._told

    def dismiss(self) -> None:
        """Tell no more of those that are told now."""
        self._told = ()

    def _told_with(self, came: list[Newcomer]) -> bool:
        """Say whether these belong to what is told already: the other half of one headset."""
        roles = {each.role for each in self._told}
        return not roles & {each.role for each in came}

    def _waits(self, newcomer: Newcomer, devices: DeviceChoices) -> bool:
        choice = devices.of(newcomer.role)
        gone = bool(choice.devices) and all(
            each.id != newcomer.device.id for each in choice.devices
        )
        return not gone and choice.chosen != newcomer.device.id


def _is_one_of(device: DeviceInfo, known: tuple[DeviceInfo, ...]) -> bool:
    """Say whether it was there before, perhaps under another number: those move."""
    return any(
        each.id == device.id or (each.stable != "" and each.stable == device.stable)
        for each in known
    )
