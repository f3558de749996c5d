"""Secrets and people's data that tests plant, and the look for them in everything that is logged.

Whatever a test logs, prints or leaves in a log file in its folder is searched after it; a test
that lets one of these through fails, whatever it was about. It works in each process of xdist.

What is planted is recognised by its form (tokens, keys) or, where it is a word, by one of the few
words that tests use. A new kind of secret is a new line in `KINDS`. What pytest captures has not
gone through the product's formatters, so a test of those is marked ``logs_secrets``.
"""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import pytest

KINDS: Final = {
    # Access tokens, cookies and room tokens alike.
    "token": r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}",
    # secrets.token_urlsafe(32): refresh tokens, nonces. A name of that length has no such mix.
    "refresh_token": r"(?<![\w/+-])(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{43}"
    r"(?![\w/+=-])",
    "stripe_key": r"[sr]k_(?:test|live)_\w+",
    "webhook_secret": r"whsec_\w{8,}",
    "private_key": r"BEGIN (?:EC |RSA )?PRIVATE KEY",
    "password": r"correct horse battery|hunter2",
    "media_secret": r"replace-this-secret-of-32|a-secret-of-at-least-32"
    r"|a-media-secret-of-the-cluster",
    "store_secret": r"an-s3-secret-that-no-log|X-Amz-Signature=[0-9a-f]{8,}",
    # A database's or Redis' address with its password; SQLAlchemy writes three stars.
    "address_password": r"\b[a-z0-9+]{2,20}://[^\s/@:]*:(?!\*\*\*@)[^\s/@*]+@[\w.\[-]",
    "operator_token": r"Bearer [\w.-]{4,}",
}
PERSONAL: Final = {
    "email": r"[\w.+-]+@(?:(?:example|x)\.test|e2e\.example)",
    "person": r"Sam Okafor|Dana Roy",
    "car": r"2HGFC2F59GH500001",
    "concern": r"Squeal on cold start",
}
"""Kinds that no log may hold either; a command may well print them."""

MOST_FILE_BYTES: Final = 32 << 20
_SECRETS: Final = re.compile("|".join(f"(?P<{name}>{form})" for name, form in KINDS.items()))
_ALL: Final = re.compile(
    "|".join(f"(?P<{name}>{form})" for name, form in {**KINDS, **PERSONAL}.items())
)

_DRAWN: Final = re.compile(r"\[[^\]]*(?:debug|info|warning|error|critical)")


def leaks_in(text: str, *, of_log: bool = True) -> list[str]:
    """Return kind and beginning of each planted secret in a text; empty is good.

    Args:
        of_log: look for people's data as well.
    """
    form = _ALL if of_log else _SECRETS
    return [f"{found.lastgroup}: {found[0][:6]}…" for found in form.finditer(text)]


def check_log(path: Path, *, people: bool = True) -> None:
    """Raise AssertionError for a log file that holds something planted.

    Args:
        people: look for people's data as well.
    """
    found = leaks_in(path.read_text("utf-8", errors="replace"), of_log=people)
    assert found == [], f"planted secrets in {path.name}: {found[:5]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a phase that has logged or printed what was planted."""
    report = yield
    if report.outcome != "passed" or item.get_closest_marker("logs_secrets") is not None:
        return report
    found = [
        f"{name}: {leak}"
        for name, text in report.sections
        if name.endswith(report.when)
        for leak in (leaks_in(text) if "log" in name else _printed(text))
    ]
    if report.when == "call":
        found += _in_files(item)
    if found:
        report.outcome = "failed"
        report.longrepr = "planted secrets were logged:\n" + "\n".join(sorted(set(found))[:20])
    return report


def _printed(text: str) -> Iterator[str]:
    # structlog draws its lines on standard output until the program says otherwise.
    for line in text.splitlines():
        yield from leaks_in(line, of_log=_DRAWN.search(line) is not None)


def _in_files(item: pytest.Item) -> Iterator[str]:
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if not isinstance(folder, Path):
        return
    for path in folder.rglob("*.log"):
        if path.is_file() and path.stat().st_size <= MOST_FILE_BYTES:
            for leak in leaks_in(path.read_text("utf-8", errors="replace")):
                yield f"{path.name}: {leak}"
