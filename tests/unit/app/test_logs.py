"""The client's log file: everything in it went through the redaction."""

import logging
from pathlib import Path

import pytest

from desktop.app import logs

SECRET = "hunter2-planted"


@pytest.fixture(autouse=True)
def _no_other_handlers() -> None:
    # `set_up` closes what it replaces; the test run's own handlers must outlive it.
    logging.getLogger().handlers.clear()


def written(folder: Path) -> str:
    return (folder / "liftbay.log").read_text()


def test_a_secret_reaches_neither_the_file_nor_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(tmp_path, verbose=False)

    logging.getLogger("x").warning("refused: token=%s for sam@example.org", SECRET)

    told = written(tmp_path) + capsys.readouterr().err
    assert told.count("refused") == 2
    assert SECRET not in told
    assert "sam@" not in told


def test_a_traceback_is_redacted_too(tmp_path: Path) -> None:
    logs.set_up(tmp_path, verbose=False)

    try:
        raise ValueError(f"password={SECRET}")
    except ValueError:
        logging.getLogger("x").info("failed", exc_info=True)

    assert "ValueError" in written(tmp_path)
    assert SECRET not in written(tmp_path)


def test_the_terminal_hears_everything_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(tmp_path, verbose=False)
    logging.getLogger("x").info("quiet")
    logs.set_up(tmp_path, verbose=True)
    logging.getLogger("x").debug("loud")

    told = capsys.readouterr().err

    assert "quiet" not in told
    assert "loud" in told


def test_addresses_of_requests_are_not_logged_line_by_line(tmp_path: Path) -> None:
    logs.set_up(tmp_path, verbose=True)

    logging.getLogger("httpx").info("HTTP Request: GET http://service/api/sessions")

    assert "HTTP Request" not in written(tmp_path)
