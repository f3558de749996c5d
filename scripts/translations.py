"""Keep the translation files true to the code (the program reads them as they are).

python scripts/translations.py            update resources/translations/*.ts
python scripts/translations.py --check    fail when a text of the code is missing in a .ts
"""

import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
BIN = Path(sys.executable).parent


def sources() -> list[str]:
    """Return the Python files whose texts are shown to people."""
    files = sorted((ROOT / "desktop").rglob("*.py"))
    return [
        str(path.relative_to(ROOT))
        for path in files
        if "tr(" in path.read_text() or "QT_TRANSLATE_NOOP" in path.read_text()
    ]


def texts(ts: Path) -> set[tuple[str, str]]:
    """Return (context, source text) of every message in a .ts file that the code still has."""
    found: set[tuple[str, str]] = set()
    for context in ET.parse(ts).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            kind = (message.find("translation") or ET.Element("x")).get("type") or ""
            if kind not in ("vanished", "obsolete"):
                found.add((name, message.findtext("source") or ""))
    return found


def update(ts: Path) -> None:
    """Let lupdate read the code into ``ts``."""
    subprocess.run(
        [
            str(BIN / "pyside6-lupdate"),
            "-locations",
            "none",
            "-no-obsolete",
            *sources(),
            "-ts",
            str(ts),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )


def main() -> int:
    """Update, or check and say which texts are missing."""
    tracked = sorted(FOLDER.glob("liftbay_*.ts"))
    if not tracked:
        print(f"no translation files in {FOLDER}")
        return 1
    if "--check" not in sys.argv[1:]:
        for ts in tracked:
            update(ts)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "liftbay_xx.ts"
        update(fresh)
        wanted = texts(fresh)
    failed = 0
    for ts in tracked:
        for context, source in sorted(wanted - texts(ts)):
            print(
                f"{ts.name}: missing {context}: {source!r} (make format does not add it; run "
                "python scripts/translations.py)"
            )
            failed = 1
        unfinished = re.findall(r'type="unfinished"', ts.read_text())
        if unfinished:
            print(f"{ts.name}: {len(unfinished)} texts are not translated")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
