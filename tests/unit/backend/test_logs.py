"""Nothing secret and nothing personal reaches a log line."""

import io
import json
import logging

import pytest
import structlog

from liftbay_backend.logs import MASK, configure_logging, redact, redact_text

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"


@pytest.fixture
def lines() -> io.StringIO:
    """Return what a running service would write."""
    stream = io.StringIO()
    configure_logging("INFO", stream)
    return stream


@pytest.mark.parametrize(
    "name", ["password", "access_token", "Authorization", "cookie", "api_key", "nonce", "email"]
)
def test_a_field_with_a_secret_name_is_masked_at_any_depth(name: str) -> None:
    event = redact(None, "info", {"event": "x", name: "hunter2", "deep": [{name: "hunter2"}]})

    assert "hunter2" not in json.dumps(event)
    assert event[name] == MASK


@pytest.mark.parametrize(
    "text",
    [
        f"token {JWT} came",
        "Authorization: Bearer abc.def",
        "Cookie: aad_mech=abcdef; x=1",
        "postgresql://user:hunter2@db/liftbay",
        "dana@example.test signed in",
        "dana.o'roy@example.test signed in",
    ],
)
def test_secrets_inside_texts_are_masked(text: str) -> None:
    clean = redact_text(text)

    assert MASK in clean
    for secret in (JWT, "abc.def", "abcdef", "hunter2", "dana"):
        assert secret not in clean


def test_booleans_about_secrets_stay_readable() -> None:
    event = redact(None, "info", {"event": "x", "has_password": True, "token": None})

    assert event == {"event": "x", "has_password": True, "token": None}


def test_lines_are_json_with_the_request_id(lines: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="req-1")

    structlog.get_logger("liftbay.test").info("something.happened", count=3)

    line = json.loads(lines.getvalue())
    assert (line["event"], line["count"], line["request_id"]) == ("something.happened", 3, "req-1")
    assert line["level"] == "info"


@pytest.mark.logs_secrets
def test_other_libraries_lines_and_tracebacks_are_redacted_too(lines: io.StringIO) -> None:
    try:
        raise RuntimeError(f"refused {JWT}")
    except RuntimeError:
        logging.getLogger("some.library").exception("failed for %s", "dana@example.test")

    text = lines.getvalue()
    assert json.loads(text)["logger"] == "some.library"
    assert JWT not in text
    assert "dana@" not in text
