"""Run the cluster and one session in it: ``make cluster``, or ``python -m tests.cluster``.

Each stage is told with its time. Status 0 means that everything held; 1 names what did not. With
``--quick`` nothing is killed. With ``--keep FOLDER`` configuration and logs stay.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from tests.cluster.journey import Journey, journey
from tests.cluster.parts import Cluster
from tests.planted import check_log


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Tell a stage and how long it took."""
    begun = time.monotonic()
    print(f"{name} …", flush=True)
    try:
        yield
    except BaseException:
        print(f"{name}: FAILED after {time.monotonic() - begun:.1f} s", flush=True)
        raise
    print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)


async def live_through(cluster: Cluster, quick: bool) -> None:
    """Play the session; everything that can go wrong in it raises."""
    async with journey(cluster, lambda line: print(f"    {line}", flush=True)) as told:
        await _play(told, quick)


async def _play(told: Journey, quick: bool) -> None:
    async def do(name: str, work: Callable[[], Awaitable[object]]) -> None:
        with stage(name):
            await work()

    await do("sign-up, intake, accept", told.sign_up_and_accept)
    await do("preflight, both enter the room", told.enter)
    await do("start", told.start)
    async with told.customer.listening() as events:
        await do("chat across instances", lambda: told.chat_across(events))
        await do("a file into the S3 store", told.share_a_file)
        if not quick:
            killed = ""
            with stage("one instance killed"):
                killed = await told.kill_an_instance(events)
            await do("it comes back", lambda: told.bring_back(killed))
            (other,) = set(told.cluster.instances) - {killed}
            await do("the other one is upgraded", lambda: told.upgrade(other, events))
            await do("it comes back as well", lambda: told.bring_back(other))
            await do("the room's media node killed", told.kill_the_media_node)
        await do("end, one settlement", lambda: told.end(events))
    await do("summary", told.summary)


def run(folder: Path, quick: bool) -> None:
    """Start all, play, and end all."""
    with stage("all parts end"), Cluster(folder) as cluster:
        with stage("PostgreSQL, Redis, S3 store, schema, mechanic's account"):
            cluster.start_stores()
        with stage("two media nodes"):
            cluster.start_media()
        with stage("two instances of the service"):
            cluster.start_services()
        with stage("balancer"):
            cluster.start_balancer()
        asyncio.run(live_through(cluster, quick))
    with stage("no secret in any log"):
        for log in sorted(folder.rglob("*.log")):
            # At deploy/livekit.yaml's own level it says nothing of people; `MediaNode` asks more.
            check_log(log, people=not log.name.startswith("media-"))


def main() -> int:
    """Return 0 when everything held and no process is left."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="kill nothing")
    parser.add_argument("--keep", type=Path, help="a new folder for configuration and logs")
    choices = parser.parse_args()
    begun = time.monotonic()
    # A signal to end must end the parts as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        folder = choices.keep
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liftbay-cl-")))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run(folder, choices.quick)
        except Exception as error:
            print(f"cluster: {type(error).__name__}: {error}", file=sys.stderr)
            return 1
        finally:
            left = psutil.Process().children(recursive=True)
            for one in left:
                print(f"cluster: left behind: {one.pid} {one.name()}", file=sys.stderr)
                one.kill()
    print(f"cluster: everything held ({time.monotonic() - begun:.0f} s)")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
