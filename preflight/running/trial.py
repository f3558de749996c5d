"""What a short look at a device that was plugged in brought, as data. Pure.

The look itself is `preflight.running.device_trials`.
"""

from dataclasses import dataclass, field
from enum import Enum

from preflight.devices.frames import DeviceInfo
from preflight.model import CheckResult, CheckState, Group, Measured


class LeftAlone(Enum):
    """Why a device was not looked at."""

    BLUETOOTH = "bluetooth"
    """Opening its microphone would put the headset into telephone quality."""
    DISTURBED = "disturbed"
    """The device in use paused meanwhile, so the look was ended."""


@dataclass(frozen=True, slots=True)
class DeviceTrial:
    """How a trial stands.

    Attributes:
        group: CAMERA or MICROPHONE.
        state: RUNNING, then PASSED, WARNED or FAILED; UNKNOWN for one that was left alone.
        told: the check whose words say what is wrong; None while nothing is.
        left_alone: why the state is UNKNOWN; None otherwise.
        measured: figures of the look, e.g. ``fps``, ``width``, ``height``.
    """

    group: Group
    device: DeviceInfo
    state: CheckState = CheckState.RUNNING
    told: CheckResult | None = None
    left_alone: LeftAlone | None = None
    measured: Measured = field(default_factory=dict)
