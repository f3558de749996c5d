"""Keep the translation files true to the code (the program reads them as they are).

python scripts/translations.py            update resources/translations/*.ts
python scripts/translations.py --check    fail when a text of the code is missing in a .ts
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
BIN = Path(sys.executable).parent


def update(ts: Path) -> None:
    """Let lupdate read the views into ``ts``. English has a file for its plurals alone."""
    language = ts.stem.removeprefix("liftbay_")
    views = sorted((ROOT / "desktop" / "views").rglob("*.py"))
    plurals = ["-pluralonly"] if language == "en" else []
    subprocess.run(
        [
            str(BIN / "pyside6-lupdate"),
            *(str(path.relative_to(ROOT)) for path in views),
            *("-ts", str(ts), "-no-obsolete", "-locations", "none", *plurals),
            *("-source-language", "en", "-target-language", language),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )


def main() -> int:
    """Update, or check and say what is missing."""
    tracked = sorted(FOLDER.glob("liftbay_*.ts"))
    if "--check" not in sys.argv[1:]:
        for ts in tracked:
            update(ts)
        return 0
    failed = 0 if tracked else 1
    with tempfile.TemporaryDirectory() as folder:
        for ts in tracked:
            fresh = Path(folder) / ts.name
            shutil.copy(ts, fresh)
            update(fresh)
            if fresh.read_text() != ts.read_text():
                print(f"{ts.name} is behind the code: run python scripts/translations.py")
                failed = 1
            unfinished = fresh.read_text().count('type="unfinished"')
            if unfinished:
                print(f"{ts.name}: {unfinished} texts are not translated")
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
