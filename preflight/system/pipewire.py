"""Linux: who looks through a camera that PipeWire holds, as ``pw-dump`` tells.

PipeWire opens a camera itself and hands its pictures on, so /proc names ``pipewire`` alone. Its
dump is one JSON array of objects: nodes (a camera is ``Video/Source`` with ``api.v4l2.path``, a
program that looks is ``Stream/Input/Video``), links between nodes, and clients, which know the
process where the node does not. Source: PipeWire's documentation of pw-dump and of its keys. Not
yet proven on a machine with PipeWire and a camera.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping

import msgspec

from preflight.system.ports import Holder

SERVERS = ("pipewire", "wireplumber")
"""Programs that hold a camera for others."""
_ANSWER_WITHIN_S = 1.0
_NODE, _LINK, _CLIENT = (f"PipeWire:Interface:{kind}" for kind in ("Node", "Link", "Client"))
_LOOKS = "Stream/Input/Video"


class _Info(msgspec.Struct, frozen=True):
    props: dict[str, object] = {}
    output_node: int | None = msgspec.field(name="output-node-id", default=None)
    input_node: int | None = msgspec.field(name="input-node-id", default=None)


class _Object(msgspec.Struct, frozen=True):
    id: int
    type: str = ""
    info: _Info | None = None

    @property
    def props(self) -> Mapping[str, object]:
        return {} if self.info is None else self.info.props


def pipewire_dump() -> bytes | None:
    """Return what ``pw-dump`` prints; None without it or where it does not answer within 1 s."""
    command = shutil.which("pw-dump")
    if command is None:
        return None
    try:
        done = subprocess.run(
            [command, "--no-colors"],
            capture_output=True,
            timeout=_ANSWER_WITHIN_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def camera_user(
    dump: bytes, node: str, program_of: Callable[[int], str | None] = lambda _: None
) -> Holder | None:
    """Return the program that a camera's pictures go to; None: nobody, or no such dump.

    Args:
        node: the camera's device node, e.g. ``/dev/video0``.
        program_of: names a process; asked where PipeWire has no name for it.
    """
    try:
        objects = msgspec.json.decode(dump, type=list[_Object])
    except msgspec.DecodeError:
        return None
    by_id = {each.id: each for each in objects}
    cameras = {
        each.id
        for each in objects
        if each.type == _NODE and each.props.get("api.v4l2.path") == node
    }
    links = [each.info for each in objects if each.type == _LINK and each.info is not None]
    for link in links:
        looks = None if link.input_node is None else by_id.get(link.input_node)
        if link.output_node not in cameras or looks is None:
            continue
        if looks.props.get("media.class") != _LOOKS:
            continue
        pid = _pid(looks, by_id)
        if pid != os.getpid():
            return Holder(_name(looks) or (None if pid is None else program_of(pid)), pid)
    return None


def _pid(node: _Object, by_id: Mapping[int, _Object]) -> int | None:
    client_id = node.props.get("client.id")
    client = by_id.get(client_id) if isinstance(client_id, int) else None
    known = [node.props.get("application.process.id")]
    if client is not None and client.type == _CLIENT:
        known += [client.props.get(key) for key in ("application.process.id", "pipewire.sec.pid")]
    for each in known:
        # Properties are strings in PipeWire; the dump writes those that look like numbers as such.
        if str(each).isdigit():
            return int(str(each))
    return None


def _name(node: _Object) -> str | None:
    for key in ("application.name", "application.process.binary", "node.name"):
        found = node.props.get(key)
        if isinstance(found, str) and found:
            return found.rpartition("/")[2]
    return None
