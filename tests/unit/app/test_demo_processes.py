"""The demo's processes: a client's lines, and the end of what was started together."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from desktop.app.demo.processes import ClientProcess, Rig
from tests.conftest import ExpectedLogs

LINES = [
    "no json",
    "3",
    "null",
    '["stage"]',
    json.dumps({"fact": "bad"}),
    json.dumps({"fact": "good"}),
]


def test_a_bad_line_or_a_listener_that_raises_does_not_end_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("a fact of the customer's client was not taken")
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{chr(10).join(LINES)}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    taken: list[str] = []

    def take(_side: str, fact: dict[str, Any]) -> None:
        if fact["fact"] == "bad":
            raise KeyError("side")
        taken.append(fact["fact"])

    client = ClientProcess("customer", {}, tmp_path)
    client.on_fact = take
    deadline_s = time.monotonic() + 10
    client.start()
    while not taken and time.monotonic() < deadline_s:
        time.sleep(0.01)
    client.stop()

    assert taken == ["good"]


def test_the_media_server_is_ended_also_when_the_service_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(tmp_path, tmp_path / "livekit-server")
    ended: list[str] = []

    def refuse() -> None:
        ended.append("service")
        raise OSError("the service stays")

    monkeypatch.setattr(rig.service, "stop", refuse)
    monkeypatch.setattr(rig.media, "kill", lambda: ended.append("media"))

    with pytest.raises(OSError, match="the service stays"):
        rig.stop()

    assert ended == ["service", "media"]
