"""Take the README's pictures from the last demo: ``make pictures`` runs this after the gallery.

The demo leaves a picture of every stage in ``demo-output/``. Two of them tell best what Liftbay
is; they are reduced to 256 colours, since everybody who clones the repository carries them.

    python scripts/doc_pictures.py [FOLDER OF THE DEMO]
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
STAGES = {"call.png": "chat-sent", "preflight.png": "join-enabled"}
"""By the picture's name: the stage as the mechanic reaches it, seen from the mechanic's side."""
COLOURS = 256


def main(arguments: Sequence[str]) -> int:
    """Write both pictures, or say in a sentence what is missing."""
    demo = Path(arguments[0]) if arguments else ROOT / "demo-output"
    found = {
        name: sorted(demo.glob(f"*-mechanic-{stage}--mechanic.png"))
        for name, stage in STAGES.items()
    }
    missing = [STAGES[name] for name, pictures in found.items() if not pictures]
    if missing:
        print(f"The README's pictures stay: {demo} has no {' and no '.join(missing)}.")
        print("`make demo ARGS=--headless` plays a session and leaves them there.")
        return 0
    for name, pictures in found.items():
        small = Image.open(pictures[0]).convert("RGB").quantize(COLOURS)
        small.save(PICTURES / name, optimize=True)
        print(f"docs/pictures/{name} from {pictures[0].name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
