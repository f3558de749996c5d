"""Lines between the preflight and its probe."""

import pytest

from preflight.probe.process import probe_command
from preflight.probe.protocol import (
    Advise,
    Answer,
    Command,
    Drill,
    Join,
    Offer,
    Reach,
    Ready,
    Relay,
    RoundTrip,
    RoundTripsWanted,
    Signal,
    Trial,
    decode_command,
    decode_event,
    encode_line,
)


@pytest.mark.parametrize(
    "command",
    [
        Reach(1, "http://service.test"),
        RoundTripsWanted(2, "http://service.test", 11, 7.0),
        Signal(3, "ws://sfu.test", "secret-words"),
        Join(4, "ws://sfu.test", "secret-words"),
        Advise(5, "portal", "http://service.test"),
        Trial(6, "ws://sfu.test", "secret-words", "secret-words", 16.0, 3500),
        RoundTrip(7, "microphone", 4000, "secret-words", 6.8),
        Drill(8, "reconnect", 24.0),
        Offer(9, "ws://sfu.test", "secret-words"),
        Relay(10, "ws://sfu.test", "secret-words", tls=True),
    ],
)
def test_a_command_survives_its_line(command: Command) -> None:
    line = encode_line(command)

    assert line.count(b"\n") == 1
    assert decode_command(line) == command
    assert "secret-words" not in repr(command)


def test_an_answer_survives_its_line() -> None:
    answer = Answer(7, {"joined": True, "join_ms": 8.5, "stage": None}, [1.0, 2.0])

    assert decode_event(encode_line(answer)) == answer
    assert decode_event(encode_line(Ready())) == Ready()


@pytest.mark.parametrize("line", [b"", b"warning: something\n", b'{"type": "other"}\n'])
def test_what_a_library_printed_is_no_event(line: bytes) -> None:
    assert decode_event(line) is None


def test_a_token_is_neither_printed_nor_on_the_command_line() -> None:
    assert "secret-words" not in repr(Signal(3, "ws://sfu.test", "secret-words"))
    assert "secret-words" not in repr(Join(4, "ws://sfu.test", "secret-words"))
    assert probe_command("room")[1:] == ("-m", "preflight.probe.main", "room")
