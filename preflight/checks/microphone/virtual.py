"""M22: a real microphone is used, not one that repeats what the computer plays."""

import re

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured
from preflight.system.ports import InputLevel

CODE = "mic.virtual"
_NAMES = re.compile(
    r"\b(?:Monitor of|Stereo ?Mix|Wave ?Out ?Mix|What U Hear|Rec\. Playback|Loopback|VB-?Audio"
    r"|Mixage st[ée]r[ée]o|Mezcla est[ée]reo|Missaggio stereo|Mixagem est[ée]reo|Miks stereo"
    r"|Стерео ?микшер|ステレオ ?ミキサー|立体声混音|스테레오 ?믹스"
    r"|VB-?Cable|CABLE Output|Voice ?meeter|BlackHole|Soundflower|iShowU|NDI|OBS|ManyCam|XSplit"
    r"|Virtual (?:Audio|Cable|Microphone|Mic|Input)|snd-aloop|Null (?:Input|Source))\b",
    re.IGNORECASE,
)
"""As drivers and sound servers call what plays the computer's own sound back; Windows names its
stereo mix in its own language."""


def mic_virtual(bench: MicrophoneBench) -> Check:
    """Tell by what the sound server says of it, else by the microphone's own name.

    A file or tone that was asked for by name is what it says, and is not called virtual.
    """

    def figures(level: InputLevel | None) -> Measured:
        info = bench.info
        if info is None:
            return {}
        if info.kind.synthetic:
            return {"virtual": False}
        loopback = level is not None and level.loopback is True
        return {
            "virtual": loopback or _NAMES.search(info.name) is not None,
            "loopback": loopback,
        }

    async def measure() -> Measured:
        return figures(await bench.switches.read())

    def now() -> Measured | None:
        return figures(bench.switches.newest()) if bench.present else None

    # A sound server that answers only after the deadline is heard then.
    return Check(CODE, measure, needs=("mic.open_failed",), live=Live(now))
