"""Known weaknesses and licences of everything that is locked.

python scripts/audit.py [--licences]    (--licences leaves out what asks the network)

Ends with 0 where all is well, 1 where something was found, and 3 where nothing was found but the
database of weaknesses could not be asked: that is no clean result, and is said so.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOUND: Final = 1
NOT_ASKED: Final = 3
SECONDS: Final = 600

ALLOWED: Final = frozenset(
    {
        *("MIT", "MIT-0", "MIT-CMU", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause"),
        *("Apache-2.0", "PSF-2.0", "Zlib", "CC0-1.0"),
    }
)
"""What may be used, changed and shipped by anybody who keeps the notice."""

EXCEPTIONS: Final = {
    "pyside6-essentials": ("LGPL-3.0-only", "Qt, linked dynamically and replaceable; NOTICE"),
    "pyside6-addons": ("LGPL-3.0-only", "as pyside6-essentials"),
    "shiboken6": ("LGPL-3.0-only", "as pyside6-essentials"),
    "psycopg": ("LGPL-3.0-only", "a package of its own in the service, unchanged; NOTICE"),
    "psycopg-binary": ("LGPL-3.0-only", "as psycopg"),
    "psycopg-pool": ("LGPL-3.0-only", "as psycopg"),
    "certifi": ("MPL-2.0", "a list of certificate authorities, unchanged; NOTICE"),
    "hypothesis": ("MPL-2.0", "tests only, shipped with nothing"),
    "pathspec": ("MPL-2.0", "a tool of the developers, shipped with nothing"),
}
"""One package, one licence, one reason. A licence that a package changes to is looked at anew."""

GO_PROGRAMS: Final = {
    "github.com/livekit/livekit-server": "Apache-2.0",
    "github.com/johannesboyne/gofakes3": "MIT",
    "github.com/stripe/stripe-mock": "MIT",
}
"""Built from their modules for demo and tests, and never shipped."""

_WORDS: Final = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
_NO_LICENCE: Final = ("dfsg approved", "osi approved")


@dataclass(frozen=True, slots=True)
class Part:
    """Something of somebody else's; `licence` is as its maker writes it."""

    source: str
    name: str
    version: str
    licence: str


def main() -> int:
    """Return the exit status."""
    uv = _uv()
    if uv is None:
        print("audit: there is no uv; make setup brings it")
        return 2
    parts = [*python_parts(uv), *npm_parts(), *go_parts()]
    wrong = [line for part in parts if (line := complaint(part)) is not None]
    for line in wrong:
        print(f"audit: {line}")
    if not wrong:
        counts = ", ".join(
            f"{sum(part.source == kind for part in parts)} {kind}" for kind in ("PyPI", "npm", "Go")
        )
        print(f"audit: licences are in order: {counts}, {len(EXCEPTIONS)} exceptions with reasons")
    if "--licences" in sys.argv[1:]:
        return FOUND if wrong else 0
    status = weaknesses(uv)
    return FOUND if wrong else status


def complaint(part: Part) -> str | None:
    """Return what is wrong with a licence, or None."""
    name = re.sub(r"[-_.]+", "-", part.name).lower()
    if name in EXCEPTIONS and EXCEPTIONS[name][0] in choices(part.licence):
        return None
    if any(
        all(one in ALLOWED for one in choice.split(" AND ")) for choice in choices(part.licence)
    ):
        return None
    what = f"{part.source} {part.name} {part.version}"
    return f"{what}: {part.licence} is neither allowed nor an exception"


def choices(licence: str) -> list[str]:
    """Return what one may choose between, each as SPDX words joined by AND.

    Several classifiers of one package hold at once; only an OR is a choice.
    """
    text = licence.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    found = []
    for choice in text.split(" OR "):
        words = [one.strip() for one in re.split(r";| AND ", choice)]
        spdx = [_WORDS.get(one.lower(), one) for one in words if one.lower() not in _NO_LICENCE]
        found.append(" AND ".join(spdx))
    return found


def python_parts(uv: str) -> Iterator[Part]:
    """Read what is installed by the lock, with the groups for development."""
    listed = _tool(uv, "pip-licenses", "--python", sys.executable, "--from=mixed", "--format=json")
    for one in json.loads(listed.stdout):
        if one["Name"] not in ("liftbay", "liftbay-backend"):
            yield Part("PyPI", one["Name"], one["Version"], one["License"])


def npm_parts() -> Iterator[Part]:
    """Read the lock of the browser that calls are compared with."""
    lock = json.loads((ROOT / "benchmarks/browser/package-lock.json").read_text())
    for path, one in lock["packages"].items():
        if path:
            name = path.removeprefix("node_modules/")
            yield Part("npm", name, one["version"], one.get("license", "UNKNOWN"))


def go_parts() -> Iterator[Part]:
    """Find the Go programs that the sources build, so that a new one cannot go unnamed."""
    for path in sorted(_sources()):
        text = path.read_text()
        for module in re.findall(r'"(github\.com/[\w-]+/[\w-]+)[^"]*@v', text):
            version = re.search(r'^VERSION(?:: Final)? = "([^"]+)"', text, re.MULTILINE)
            shown = "?" if version is None else version[1]
            yield Part("Go", module, shown, GO_PROGRAMS.get(module, "UNKNOWN"))


def weaknesses(uv: str) -> int:
    """Ask for the known weaknesses of every locked version; returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "locked.txt"
        export = ["export", "-q", "--locked", "--all-packages", "--all-groups"]
        export += ["--no-emit-workspace", "--format", "requirements-txt", "-o", str(wanted)]
        subprocess.run([uv, *export], cwd=ROOT, check=True, timeout=SECONDS)
        done = _tool(
            uv,
            *("pip-audit", "-r", str(wanted), "--disable-pip", "--require-hashes"),
            *("--progress-spinner", "off", "--format", "json"),
        )
    try:
        asked: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["it says nothing"])[-1][:200]
        print(f"audit: the database of weaknesses could not be asked: {reason}")
        return NOT_ASKED
    return judge(asked)


def judge(asked: Iterable[dict[str, Any]]) -> int:
    """Say what pip-audit has found; returns the exit status.

    Args:
        asked: its ``dependencies``.
    """
    asked = list(asked)
    skipped = [one for one in asked if "skip_reason" in one]
    hit = [one for one in asked if one.get("vulns")]
    for one in hit:
        for weakness in one["vulns"]:
            fixed = ", ".join(weakness.get("fix_versions", [])) or "no version yet"
            print(f"audit: {one['name']} {one['version']}: {weakness['id']}, mended in {fixed}")
    if hit:
        return FOUND
    if skipped:
        # pip-audit calls this "No known vulnerabilities found".
        print(
            f"audit: of {len(asked)} packages {len(skipped)} could not be asked about: this "
            "package index has no database of weaknesses. Run it where pypi.org itself is reached."
        )
        return NOT_ASKED
    print(f"audit: no known weakness in {len(asked)} packages")
    return 0


def _uv() -> str | None:
    """Return the uv on PATH, or the one that scripts/setup.py has put into the user's cache."""
    cached = sorted(Path.home().glob(".cache/liftbay/uv-*/bin/uv"))
    return shutil.which("uv") or (str(cached[-1]) if cached else None)


def _tool(uv: str, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a locked program of the group `audit` in an environment of its own."""
    command = [uv, "run", "-q", "--locked", "--isolated", "--only-group", "audit", program]
    return subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _sources() -> Iterator[Path]:
    for folder in ("scripts", "tests", "desktop", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            if "node_modules" not in path.parts and path != Path(__file__).resolve():
                yield path


if __name__ == "__main__":
    sys.exit(main())
