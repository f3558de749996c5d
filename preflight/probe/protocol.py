"""What goes between the preflight and its probe process: one JSON object per line.

Pure, and imported by both sides. Commands go to the process's stdin, events come from its
stdout. Tokens travel inside a command only: a command line and an environment can be read by
other programs.
"""

from typing import Literal, TypeAlias

import msgspec

from preflight.model import MeasuredValue


class Reach(msgspec.Struct, frozen=True, tag="reach"):
    """N01: look the name up, connect, shake hands."""

    id: int
    url: str


class RoundTripsWanted(msgspec.Struct, frozen=True, tag="round_trips"):
    """N02 and N03: warm looks at the service's health."""

    id: int
    url: str
    samples: int
    budget_s: float


class Signal(msgspec.Struct, frozen=True, tag="signal"):
    """N04: validate the token, join over a WebSocket of our own, leave."""

    id: int
    url: str
    token: str

    def __repr__(self) -> str:
        return f"Signal(id={self.id})"


class Join(msgspec.Struct, frozen=True, tag="join"):
    """N05: connect the probe participant with the SDK and stay in the room until the end."""

    id: int
    url: str
    token: str

    def __repr__(self) -> str:
        return f"Join(id={self.id})"


Question: TypeAlias = Literal["portal", "interception", "families", "large_packets"]
"""What an advisory network check asks of the way to the service: N09, N11, N13 and N14."""


class Advise(msgspec.Struct, frozen=True, tag="advise"):
    """One question of the advisory checks."""

    id: int
    question: Question
    url: str


class Trial(msgspec.Struct, frozen=True, tag="trial"):
    """P01 to P11, P14 and P16: a trial call of two participants, who stay for what follows.

    Attributes:
        cap_kbps: what the picture may take of the line at most.
    """

    id: int
    url: str
    token_a: str
    token_b: str
    max_s: float
    cap_kbps: int

    def __repr__(self) -> str:
        return f"Trial(id={self.id})"


class RoundTrip(msgspec.Struct, frozen=True, tag="round_trip"):
    """P12 or P13: send the person's own sound or pictures in the running trial call.

    Attributes:
        port, key: where they come from (`preflight.probe.feed`).
    """

    id: int
    of: Literal["microphone", "camera"]
    port: int
    key: str
    max_s: float

    def __repr__(self) -> str:
        return f"RoundTrip(id={self.id}, of={self.of})"


DrillName: TypeAlias = Literal["quality", "reconnect", "tcp", "tcp_rate"]
"""P15, P20, P17 and P21."""


class Drill(msgspec.Struct, frozen=True, tag="drill"):
    """One drill in the running trial call; ``tcp`` comes last, for the room stays on TCP."""

    id: int
    drill: DrillName
    max_s: float


class Offer(msgspec.Struct, frozen=True, tag="offer"):
    """What ways the call server offers, over a WebSocket of our own."""

    id: int
    url: str
    token: str

    def __repr__(self) -> str:
        return f"Offer(id={self.id})"


class Relay(msgspec.Struct, frozen=True, tag="relay"):
    """P18 or, with ``tls``, P19: join by way of a relay alone, and wait for packets."""

    id: int
    url: str
    token: str
    tls: bool

    def __repr__(self) -> str:
        return f"Relay(id={self.id}, tls={self.tls})"


Command: TypeAlias = (
    Reach | RoundTripsWanted | Signal | Join | Trial | RoundTrip | Drill | Offer | Relay | Advise
)


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The process has loaded what it needs."""


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The figures of one command.

    Attributes:
        rtts_ms: single round trips in the order they were taken; empty where there are none.
        series: columns over time; empty where there are none.
        error: what the command died of, a type's name without words; None when it worked.
    """

    id: int
    measured: dict[str, MeasuredValue] = {}
    rtts_ms: list[float] = []
    series: dict[str, list[float | None]] = {}
    error: str | None = None


Event: TypeAlias = Ready | Answer

_commands: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()


def encode_line(message: Command | Event) -> bytes:
    """Return the message as one line."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> Command:
    """Read a command.

    Raises:
        ValueError: it is none.
    """
    return _commands.decode(line)


def decode_event(line: bytes) -> Event | None:
    """Read an event; None for anything else that a library may have printed."""
    try:
        return _events.decode(line)
    except ValueError:
        return None
