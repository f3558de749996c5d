"""A secret that a test plants and the code logs fails that test."""

import secrets
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from tests.planted import leaks_in

ROOT = Path(__file__).resolve().parents[2]
CASES = """
import logging, subprocess, sys
import structlog

TOKEN = "eyJhbGciOiJFUzI1NiJ9" + ".eyJzdWIiOiJzYW0ifQ" + ".c2lnbmF0dXJlLW9mLWl0"

def test_a_record():
    logging.getLogger("any").warning("renewed with %s", TOKEN)

def test_a_traceback():
    try:
        raise ValueError(TOKEN)
    except ValueError:
        logging.getLogger("any").exception("it went wrong")

def test_structlog():
    structlog.get_logger("any").warning("signed_in", email="sam@" + "example.test")

def test_a_child():
    subprocess.run([sys.executable, "-c", f"import sys; sys.stderr.write('{TOKEN}')"])

def test_a_file(tmp_path):
    (tmp_path / "service.log").write_text(TOKEN)

def test_nothing(tmp_path):
    logging.getLogger("any").warning("all is well")
    (tmp_path / "service.log").write_text("all is well")
"""


def test_whatever_way_a_token_is_logged_the_test_fails(tmp_path: Path) -> None:
    (tmp_path / "test_cases.py").write_text(CASES)

    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tests.planted", "-p", "no:randomly"),
            *("-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path)),
            "test_cases.py",
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )

    assert "5 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert done.stdout.count("\nplanted secrets were logged") == 5
    assert "eyJzdWIi" not in done.stdout.partition("short test summary")[2]


@pytest.mark.parametrize(
    "secret",
    [
        jwt.encode({"sub": "sam"}, "k" * 32, algorithm="HS256"),
        "sk_live_" + "abc",
        "whsec_" + "dGhlIGtleQ",
        "correct horse " + "battery",
        "dana2@" + "example.test",
        "-----BEGIN " + "PRIVATE KEY-----",
        "an-s3-secret-" + "that-no-log-may-hold",
        "https://store/files/x?X-Amz-Signature=" + "0123456789abcdef",
        "redis://" + ":of-redis@127.0.0.1:6379/1",
        "postgresql+psycopg://" + "liftbay:s3cr3t@db:5432/liftbay",
        "Authorization: Bearer " + "a-token",
        "Squeal on " + "cold start",
    ],
    ids=[
        *("token", "stripe", "webhook", "password", "email", "key", "store", "signed-address"),
        *("redis", "postgresql", "operator", "concern"),
    ],
)
def test_each_kind_is_recognised(secret: str) -> None:
    assert len(leaks_in(f"{{'event': 'x', 'it': '{secret}'}}")) == 1


def test_refresh_tokens_are_recognised_and_ordinary_words_are_not() -> None:
    tokens = [secrets.token_urlsafe(32) for _ in range(200)]
    words = [
        "0b5c0f0e-3f64-4c0b-8d0e-6a6f1f0d7a52",
        "a" * 64,
        secrets.token_hex(32),
        "tests/integration/backend/test_settlement_crashes.py",
        "liftbay_backend.services.operator_figures_of_a_long_name",
        "payout-0b5c0f0e-3f64-4c0b-8d0e-6a6f1f0d7a52-1",
    ]

    # One without a digit or a capital letter is possible, and rare.
    assert sum(len(leaks_in(f"token={one} ")) for one in tokens) >= 195
    assert [one for one in words if leaks_in(one)] == []
