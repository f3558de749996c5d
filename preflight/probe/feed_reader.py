"""The probe's end of a `DeviceFeed`: yields what the person's own device delivers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from preflight.probe.feed_format import HEAD

_BUFFER_BYTES = 1 << 20


@asynccontextmanager
async def device_feed(
    port: int, key: str, item_bytes: int
) -> AsyncIterator[AsyncIterator[tuple[int, bytes]]]:
    """Connect and yield an iterator of capture time (ns) and data; it ends when the feed does.

    Args:
        item_bytes: size of each item; anything else is no feed of ours and ends it.

    Raises:
        OSError: nobody listens there.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_BUFFER_BYTES)
    items = _items(reader, item_bytes)
    try:
        writer.write(key.encode())
        await writer.drain()
        yield items
    finally:
        await items.aclose()
        writer.close()


async def _items(
    reader: asyncio.StreamReader, item_bytes: int
) -> AsyncGenerator[tuple[int, bytes], None]:
    while True:
        try:
            captured_ns, size = HEAD.unpack(await reader.readexactly(HEAD.size))
            if size != item_bytes:
                return
            yield captured_ns, await reader.readexactly(size)
        except (asyncio.IncompleteReadError, OSError):
            return
