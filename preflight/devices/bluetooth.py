"""Which microphones are on Bluetooth, as far as their ids and names tell. Pure.

Opening one changes the headset's profile: what is heard in it falls to telephone quality, also
what another program plays. PulseAudio and PipeWire say it in the id, Windows in the name of the
telephone side; macOS says it in neither, so there only the names of what people wear tell.
"""

import re

from preflight.devices.frames import DeviceInfo

_ID = re.compile(r"(?i)^bluez[_.]|bthhfenum|bthenum|bluetooth")
_NAME = re.compile(
    r"(?i)bluetooth|hands[- ]?free|\bHF\b|\bHFP\b|airpods|buds\d?\b|\bWH-\d|\bWF-\d"
    r"|quietcomfort|freebuds|powerbeats|\bbeats\b"
)


def on_bluetooth(device: DeviceInfo) -> bool:
    """Say whether the id or the name of a sound device is one of Bluetooth."""
    return _ID.search(device.id) is not None or _NAME.search(device.name) is not None
