"""What systems tell of loudspeakers. Windows and macOS: inputs made from documentation."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from preflight.devices import portaudio
from preflight.devices.portaudio import PortAudioDevice
from preflight.devices.pulse import PulseDevice, PulseServer, read_device
from preflight.system.asked import ask
from preflight.system.linux_sound import LinuxSound, read_state
from preflight.system.macos_sound import MacSound, read_outputs, read_volume
from preflight.system.ports import Holder
from preflight.system.sound_here import output_facts
from preflight.system.sound_ports import OutputState
from preflight.system.windows_sound import COMMAND, WindowsSound, default_output
from preflight.system.windows_sound import read_volume as read_windows_volume
from tests.check_cases import just_misses

# As `pactl --format=json list sinks` of PulseAudio 16 and PipeWire 1.0 writes them, shortened.
PULSE_A2DP = {
    "index": 3,
    "name": "bluez_sink.AA_BB.a2dp_sink",
    "description": "Headset",
    "sample_specification": "s16le 2ch 44100Hz",
    "channel_map": "front-left,front-right",
    "mute": False,
    "volume": {"front-left": {"value": 32768}, "front-right": {"value": 32768}},
    "properties": {"bluetooth.protocol": "a2dp_sink", "device.class": "sound"},
}
PULSE_HEADSET = {
    **PULSE_A2DP,
    "sample_specification": "s16le 1ch 16000Hz",
    "channel_map": "mono",
    "properties": {"bluetooth.protocol": "handsfree_head_unit", "device.class": "sound"},
}
PIPEWIRE_HEADSET = {
    **PULSE_A2DP,
    "sample_specification": "s16le 1ch 8000Hz",
    "properties": {"api.bluez5.profile": "headset-head-unit-cvsd", "device.class": "sound"},
}
WIRED = {**PULSE_A2DP, "sample_specification": "s32le 2ch 48000Hz", "properties": {}}
SLOW_WIRE = {**WIRED, "sample_specification": "s16le 1ch 16000Hz"}


def state(row: dict[str, object]) -> OutputState:
    sink = read_device(row, "")
    assert isinstance(sink, PulseDevice)
    return read_state(sink)


@pytest.mark.parametrize(
    ("row", "rate_hz", "narrow"),
    [
        pytest.param(PULSE_A2DP, 44_100, False, marks=just_misses("speaker.headset_mode")),
        (PULSE_HEADSET, 16_000, True),
        (PIPEWIRE_HEADSET, 8_000, True),
        (WIRED, 48_000, False),
        (SLOW_WIRE, 16_000, True),
        ({**WIRED, "sample_specification": None}, None, None),
    ],
)
def test_a_headsets_profile_and_rate_are_read(
    row: dict[str, object], rate_hz: int | None, narrow: bool | None
) -> None:
    found = state(row)

    assert (found.rate_hz, found.narrow) == (rate_hz, narrow)
    assert (found.muted, found.volume_percent) == (False, 50)


class _Pulse(PulseServer):
    """A server of fixed answers."""

    def __init__(self, sinks: Sequence[dict[str, object]]) -> None:
        super().__init__("pactl")
        self._sinks = sinks

    def _ask(self, *words: str) -> object:
        return list(self._sinks) if words[0] == "list" else {"default_sink_name": "x"}


def test_the_sink_in_use_is_found_by_its_name() -> None:
    facts = LinuxSound(_Pulse([PULSE_HEADSET]))

    found = facts.output("bluez_sink.AA_BB.a2dp_sink")

    assert found is not None
    assert found.telephone is True
    assert facts.output("another") is None


def test_a_raw_owner_of_the_sound_card_is_named_and_a_sound_server_is_not(tmp_path: Path) -> None:
    status = tmp_path / "asound" / "card0" / "pcm0p" / "sub0" / "status"
    status.parent.mkdir(parents=True)
    status.write_text("state: RUNNING\nowner_pid   : 77\n")
    (tmp_path / "77").mkdir()
    (tmp_path / "77" / "comm").write_text("ardour\n")
    facts = LinuxSound(_Pulse([]), tmp_path)

    named = facts.holder("x")
    (tmp_path / "77" / "comm").write_text("pipewire\n")

    assert named == Holder("ardour", 77)
    assert facts.holder("x") is None


MAC_DEVICES = json.dumps(
    {
        "SPAudioDataType": [
            {
                "_items": [
                    {
                        "_name": "MacBook Speakers",
                        "coreaudio_default_audio_output_device": "spaudio_yes",
                        "coreaudio_device_output": 2,
                        "coreaudio_device_srate": 48000,
                        "coreaudio_device_transport": "coreaudio_device_type_builtin",
                    },
                    {
                        "_name": "AirPods",
                        "coreaudio_device_output": 1,
                        "coreaudio_device_srate": 16000,
                        "coreaudio_device_transport": "coreaudio_device_type_bluetooth",
                    },
                    {"_name": "Microphone", "coreaudio_device_input": 1},
                ]
            }
        ]
    }
)


def test_a_mac_tells_volume_and_rate() -> None:
    def asked(command: Sequence[str]) -> str | None:
        if command[0] == "osascript":
            return "output volume:12, input volume:50, alert volume:100, output muted:false\n"
        return MAC_DEVICES

    facts = MacSound(asked)

    built_in, headset = facts.output("portaudio:MacBook Speakers"), facts.output("AirPods")
    assert built_in == OutputState("MacBook Speakers", False, 12, 48_000, False)
    assert headset is not None
    assert headset.narrow is True
    assert facts.output("Microphone") is None
    assert facts.holder("AirPods") is None


@pytest.mark.parametrize("words", ["", "nonsense", "[]", '{"SPAudioDataType": [{"_items": 3}]}'])
def test_what_a_mac_tells_wrongly_is_nothing(words: str) -> None:
    assert read_outputs(words) == {}
    assert read_volume("output volume:missing value, output muted:missing value") == (None, None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('{"volume":50,"muted":false}\r\n', (False, 50)),
        ('{"volume":0,"muted":true}', (True, 0)),
        ('{"volume":true,"muted":1}', (None, None)),
        ("[]", (None, None)),
        ("", (None, None)),
    ],
)
def test_windows_tells_volume_and_mute(words: str, told: tuple[bool | None, int | None]) -> None:
    assert read_windows_volume(words) == told


def test_windows_tells_of_its_default_loudspeaker_alone() -> None:
    """Its switches were told of whichever loudspeaker was chosen."""
    asked: list[str] = []

    def ask_windows(command: Sequence[str]) -> str:
        asked.append(command[0])
        return '{"volume":80,"muted":true}'

    facts = WindowsSound(ask_windows, lambda: "Speakers (Realtek)")

    of_another = facts.output("portaudio:Headset (Jabra)")
    of_the_default = facts.output("portaudio:Speakers (Realtek)")

    assert of_another == OutputState("Headset (Jabra)")
    assert of_the_default == OutputState("Speakers (Realtek)", True, 80)
    assert asked == ["powershell"]


@pytest.mark.parametrize("default", ["Speakers", None])
def test_the_default_of_windows_is_read_from_its_own_interface(
    monkeypatch: pytest.MonkeyPatch, default: str | None
) -> None:
    def row(name: str, host_api: str) -> PortAudioDevice:
        is_default = host_api == "MME" or name == default
        return PortAudioDevice(0, name, host_api, 0, 2, 48_000.0, False, is_default)

    rows = (row("Sound Mapper", "MME"), row("Speakers", "Windows WASAPI"))
    monkeypatch.setattr(portaudio, "devices", lambda *, refresh: rows)

    assert default_output() == default


def test_windows_names_the_telephone_side_of_a_headset() -> None:
    facts = WindowsSound(lambda command: '{"volume":80,"muted":false}', lambda: None)

    telephone = facts.output("portaudio:Headset (AirPods Hands-Free)")
    other = facts.output("Speakers")

    assert telephone == OutputState("Headset (AirPods Hands-Free)", False, 80, None, True)
    assert other is not None
    assert other.narrow is None
    assert facts.holder("Speakers") is None
    assert COMMAND[-1].startswith("Add-Type -TypeDefinition @'\n")


def test_a_tool_that_is_missing_or_fails_answers_nothing() -> None:
    assert ask(("no-such-tool-of-liftbay",)) is None
    assert ask(("false",)) is None
    assert ask(("echo", "hello")) == "hello\n"
    assert output_facts().every_s >= 1
