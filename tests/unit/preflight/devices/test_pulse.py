"""Reading what pactl prints, and asking a pactl that misbehaves."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from preflight.devices.pulse import Direction, PulseServer, read_device, routed

MONITOR: dict[str, Any] = {
    "index": 0,
    "name": "a.monitor",
    "description": "Monitor of Null Output",
    "channel_map": "front-left,front-right",
    "mute": False,
    "volume": {"front-left": {"value": 65536}, "front-right": {"value": 65536}},
    "monitor_source": "a",
    "properties": {"device.class": "monitor"},
}
REMAPPED: dict[str, Any] = {
    "index": 7,
    "name": "customer_microphone",
    "description": "customer-microphone",
    "channel_map": "mono",
    "mute": True,
    "volume": {"mono": {"value": 32768}},
    "monitor_source": "",
    "properties": {"device.class": "filter", "device.master_device": "a.monitor"},
}
SOUND_CARD: dict[str, Any] = {
    **REMAPPED,
    "index": 3,
    "name": "alsa_input.usb-headset",
    "description": "Headset",
    "channel_map": "front-left,front-right",
    "mute": False,
    "properties": {"device.class": "sound"},
}


def pactl(folder: Path, answers: dict[str, Any], exit_code: int = 0) -> PulseServer:
    """A stand-in program that answers each question with prepared JSON."""
    for name, answer in answers.items():
        text = answer if isinstance(answer, str) else json.dumps(answer)
        (folder / name).write_text(text)
    script = folder / "pactl"
    script.write_text(f'#!/bin/sh\nfor last; do :; done\ncat "{folder}/$last"\nexit {exit_code}\n')
    script.chmod(0o755)
    return PulseServer(str(script))


def test_a_remapped_monitor_is_a_microphone_and_a_monitor_is_not(tmp_path: Path) -> None:
    server = pactl(
        tmp_path,
        {
            "info": {"default_source_name": "alsa_input.usb-headset"},
            "sources": [MONITOR, REMAPPED, SOUND_CARD],
        },
    )

    found = server.devices(Direction.IN)

    assert [each.name for each in found] == ["alsa_input.usb-headset", "customer_microphone"]
    assert [each.channels for each in found] == [2, 1]
    assert [each.muted for each in found] == [False, True]
    assert [each.volume_percent for each in found] == [50, 50]
    assert [each.default for each in found] == [True, False]
    assert [each.loopback for each in found] == [False, True]


@pytest.mark.parametrize(
    ("words", "rate_hz"),
    [("s16le 1ch 8000Hz", 8000), ("s24le 2ch 48000Hz", 48_000), ("odd", None), (7, None)],
)
def test_a_source_s_own_rate_is_read(words: object, rate_hz: int | None) -> None:
    found = read_device({**SOUND_CARD, "sample_specification": words}, "")

    assert found is not None
    assert found.rate_hz == rate_hz


def recording(pid: int, **more: str) -> dict[str, Any]:
    """A stream that records from the sound card."""
    properties = {"application.process.id": str(pid), **more}
    return {"index": 9, "source": SOUND_CARD["index"], "properties": properties}


def test_who_records_from_a_source_is_named_without_us_and_without_meters(tmp_path: Path) -> None:
    server = pactl(
        tmp_path,
        {
            "sources": [MONITOR, SOUND_CARD],
            "source-outputs": [
                recording(os.getpid(), **{"application.process.binary": "python3"}),
                recording(40, **{"media.name": "Peak detect", "application.name": "pavucontrol"}),
                recording(41, **{"application.process.binary": "OtherCall"}),
                recording(
                    42,
                    **{"application.process.binary": "(null)", "application.name": "Recorder"},
                ),
                {**recording(43), "source": MONITOR["index"]},
                {"source": SOUND_CARD["index"], "properties": {}},
                {"source": SOUND_CARD["index"]},
            ],
        },
    )

    found = server.recorders("alsa_input.usb-headset")

    assert [(each.program, each.pid) for each in found] == [("OtherCall", 41), ("Recorder", 42)]
    assert server.recorders("unplugged") == ()


def test_the_servers_placeholder_is_no_loudspeaker(tmp_path: Path) -> None:
    dummy = {**SOUND_CARD, "name": "auto_null", "description": "Dummy Output"}
    server = pactl(tmp_path, {"info": {"default_sink_name": "auto_null"}, "sinks": [dummy]})

    assert server.devices(Direction.OUT) == ()


def test_our_stream_is_found_by_its_tag_among_others(tmp_path: Path) -> None:
    ours = {"liftbay.stream": "abc", "application.process.id": str(os.getpid())}
    server = pactl(
        tmp_path,
        {
            "source-outputs": [
                {"source": 1, "properties": {"application.process.id": "1"}},
                {"source": 2, "properties": {**ours, "liftbay.stream": "older"}},
                {"source": 3, "properties": ours},
            ]
        },
    )

    assert server.index_of_stream(Direction.IN, "abc") == 3
    assert server.index_of_stream(Direction.IN, "gone") is None


@pytest.mark.parametrize("answer", ["", "not json", "[1, 2]", "{}"])
def test_a_server_that_talks_nonsense_has_no_devices(tmp_path: Path, answer: str) -> None:
    server = pactl(tmp_path, {"info": answer, "sources": answer, "source-outputs": answer})

    assert server.devices(Direction.IN) == ()
    assert server.index_of_stream(Direction.IN, "abc") is None


def test_without_a_server_or_a_pactl_nothing_is_available(tmp_path: Path) -> None:
    refusing = pactl(tmp_path, {"info": {"a": 1}}, exit_code=1)
    missing = PulseServer(str(tmp_path / "no-such-program"))

    assert refusing.look(Direction.OUT) is None
    assert missing.look(Direction.OUT) is None


def test_names_that_pactl_leaves_out_are_taken_from_its_text(tmp_path: Path) -> None:
    """Version 16 writes "(null)" as JSON for every text that is not plain ASCII."""
    unsaid = {**SOUND_CARD, "name": "alsa_output.pci", "description": "(null)"}
    other = {**SOUND_CARD, "name": "alsa_output.hdmi", "description": "(null)", "index": 4}
    usual = {**SOUND_CARD, "name": "alsa_output.usb", "index": 5}
    text = (
        "Sink #3\n\tState: RUNNING\n\tName: alsa_output.pci\n"
        "\tDescription: Audio interne Stéréo analogique\n\tProperties:\n"
        '\t\tdevice.description = "nobody reads this"\n'
    )
    (tmp_path / "text").write_text(text)
    server = pactl(tmp_path, {"info": {"default_sink_name": "x"}, "sinks": [unsaid, other, usual]})
    script = tmp_path / "pactl"
    plain = f'#!/bin/sh\n[ "$1" = list ] && exec cat "{tmp_path}/text"\n'
    script.write_text(plain + script.read_text().partition("\n")[2])

    found = server.devices(Direction.OUT)

    assert [each.description for each in found] == [
        "Audio interne Stéréo analogique",
        # The text tells nothing of it either: its own name is better than none.
        "alsa_output.hdmi",
        "Headset",
    ]


def test_a_row_without_a_name_is_no_device() -> None:
    assert read_device({"index": 1}, "") is None
    assert read_device({"name": "a"}, "") is None


def test_routing_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "the_persons_own")
    monkeypatch.delenv("PULSE_PROP", raising=False)

    with routed(Direction.IN, "headset", "tag1"):
        inside = (os.environ["PULSE_SOURCE"], os.environ["PULSE_PROP"])

    assert inside == ("headset", "liftbay.stream=tag1")
    assert os.environ["PULSE_SOURCE"] == "the_persons_own"
    assert "PULSE_PROP" not in os.environ
