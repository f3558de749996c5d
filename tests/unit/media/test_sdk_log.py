"""What becomes of the SDK's log records."""

import logging

import pytest

from desktop.media.sdk_log import SdkLogFilter, guard_sdk_log, redact


def test_the_sdk_can_neither_alarm_nor_tell_secrets(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("livekit"), "filters", [])
    caplog.set_level(logging.DEBUG)
    guard_sdk_log()
    guard_sdk_log()

    logging.getLogger("livekit").error("refused %s from %s", "eyJh.eyJi.c-d", "10.1.2.3")

    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("INFO", "refused <token> from <address>")
    ]
    assert sum(isinstance(each, SdkLogFilter) for each in logging.getLogger("livekit").filters) == 1


def test_a_task_of_the_sdk_that_failed_stays_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("a logger like livekit's")
    logger.propagate = False
    logger.addFilter(SdkLogFilter())
    logger.addHandler(caplog.handler)

    logger.error("task exception: %s", "run()", exc_info=ValueError("eyJh.eyJi.c"))

    record = caplog.records[-1]
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "task exception: run() ValueError('<token>')"
    assert record.exc_info is None
    logger.removeHandler(caplog.handler)


@pytest.mark.parametrize(
    "address", ["2001:db8::17", "fe80::1", "::1", "2a02:8108:1:2:3:4:5:6", "2a02:8108:1:2::6"]
)
def test_an_address_is_hidden_however_it_is_shortened(address: str) -> None:
    assert redact(f"pair [{address}]:7882 failed") == "pair [<address>]:7882 failed"


@pytest.mark.parametrize(
    "words", ["at 12:34:56", "livekit::rtc_engine::rtc_session:1402", "libwebrtc::imp::video:295"]
)
def test_what_only_looks_like_an_address_is_left_alone(words: str) -> None:
    assert redact(words) == words
