"""Windows: the volume of the default loudspeaker, asked in a process of its own.

The endpoint volume is told through COM alone (``IAudioEndpointVolume``, Microsoft's Core Audio
documentation). PowerShell compiles the few lines that ask: a mistake in them ends that process
and not this one. Not yet proven on a real Windows.
"""

import json
from collections.abc import Callable

from preflight.devices import portaudio
from preflight.devices.frames import PORTAUDIO_PREFIX
from preflight.system.asked import Ask, ask
from preflight.system.ports import Holder
from preflight.system.sound_ports import OutputState

_HANDS_FREE = "hands-free"
"""Windows names the telephone side of a Bluetooth headset so."""
_SOURCE = """
using System; using System.Runtime.InteropServices;
[Guid("5CDF2C82-841E-4546-9722-0CF74078229A"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
public interface IVolume { int a(); int b(); int c(); int d(); int e(); int f();
  int GetMasterVolumeLevelScalar(out float level); int g(); int h(); int i(); int j(); int k();
  int GetMute([MarshalAs(UnmanagedType.Bool)] out bool mute); }
[Guid("D666063F-1587-4E43-81F1-B948E807363F"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
public interface IDevice { int Activate(ref Guid id, int context, IntPtr p,
  [MarshalAs(UnmanagedType.IUnknown)] out object made); }
[Guid("A95664D2-9614-4F35-A746-DE8DB63617E6"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
public interface IDevices { int a();
  int GetDefaultAudioEndpoint(int flow, int role, out IDevice d); }
[ComImport, Guid("BCDE0395-E52F-467C-8E3D-C4579291692E")] public class Devices { }
public static class Told { public static string Now() {
  IDevice device; object made; float level; bool mute;
  var id = typeof(IVolume).GUID;
  ((IDevices)(new Devices())).GetDefaultAudioEndpoint(0, 1, out device);
  device.Activate(ref id, 23, IntPtr.Zero, out made);
  var volume = (IVolume)made;
  volume.GetMasterVolumeLevelScalar(out level); volume.GetMute(out mute);
  return "{\\"volume\\":" + Math.Round(level * 100)
    + ",\\"muted\\":" + (mute ? "true" : "false") + "}";
} }
"""
COMMAND = (
    "powershell",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    f"Add-Type -TypeDefinition @'{_SOURCE}'@; [Told]::Now()",
)


def default_output() -> str | None:
    """Name the loudspeaker that Windows uses by default, as of the last look at the list."""
    rows = portaudio.devices(refresh=False)
    wasapi = (row for row in rows if row.host_api == "Windows WASAPI")
    return next((row.name for row in wasapi if row.default_output), None)


class WindowsSound:
    """``OutputFacts`` on Windows: volume and mute switch are those of the default endpoint.

    Args:
        default: names that endpoint; None: it is not known which one it is.
    """

    every_s = 20.0

    def __init__(
        self, asked: Ask = ask, default: Callable[[], str | None] = default_output
    ) -> None:
        self._ask = asked
        self._default = default

    def output(self, device: str) -> OutputState | None:
        name = device.removeprefix(PORTAUDIO_PREFIX)
        muted, volume = None, None
        if self._default() in (None, name):
            muted, volume = read_volume(self._ask(COMMAND) or "")
        # Where the name says nothing, Windows 11 may still have joined both sides into one.
        telephone = True if _HANDS_FREE in name.lower() else None
        return OutputState(name, muted, volume, telephone=telephone)

    def holder(self, device: str) -> Holder | None:
        """Unknown: an exclusive program is told by no documented list."""
        return None


def read_volume(words: str) -> tuple[bool | None, int | None]:
    """Read ``{"volume":50,"muted":false}``."""
    try:
        told = json.loads(words.strip())
    except ValueError:
        return None, None
    if not isinstance(told, dict):
        return None, None
    muted, volume = told.get("muted"), told.get("volume")
    if isinstance(volume, bool) or not isinstance(volume, int | float):
        volume = None
    return (
        muted if isinstance(muted, bool) else None,
        None if volume is None else round(volume),
    )
