"""Find or build gofakes3, the S3 server that the file tests meet.

``python scripts/s3_server.py`` makes sure that it is there and prints its path. Found in this
order: ``GOFAKES3_BIN``, ``gofakes3`` on PATH, the user's cache; else built once from its Go module.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop.app.demo.media_server import (  # noqa: E402  # a script knows no packages by itself
    MediaServerError,
    build_go_program,
    cache_dir,
)

VERSION = "1.2.0"
MODULE = f"github.com/johannesboyne/gofakes3/cmd/gofakes3@v{VERSION}"


def find() -> Path | None:
    """Return the server's binary if there is one, without building."""
    for named in (os.environ.get("GOFAKES3_BIN"), shutil.which("gofakes3")):
        if named:
            return Path(named)
    cached = _cached_binary()
    return cached if os.access(cached, os.X_OK) else None


def _cached_binary() -> Path:
    name = "gofakes3.exe" if os.name == "nt" else "gofakes3"
    return cache_dir() / f"gofakes3-{VERSION}" / name


def main() -> int:
    """Make sure the server is there; print its path on stdout, progress on stderr."""
    path = find()
    if path is None:
        path = _cached_binary()
        try:
            build_go_program(
                MODULE,
                f"the S3 server gofakes3 {VERSION}",
                "about 15 s",
                path,
                lambda line: print(f"  {line}", file=sys.stderr, flush=True),
            )
        except MediaServerError as error:
            print(error, file=sys.stderr)
            return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
