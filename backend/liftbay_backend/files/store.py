"""Where the bytes of shared files lie: a folder of this machine, or a bucket of an S3 store.

Objects are at most some megabytes, get a fresh key each and are never changed, so nobody can see
half of one and a writer that comes late can harm nothing.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from liftbay_backend.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

CALL_SECONDS: Final = 30.0
THREADS: Final = 16
_THREADS_NAME: Final = "ThreadPoolExecutor-files"
_CONNECT_SECONDS: Final = 5
_TRY_SECONDS: Final = 15
_TRIES_AGAIN: Final = 2
_FOLDER: Final = "files"
T = TypeVar("T")
_Objects: TypeAlias = LocalStore | S3Store


class StoreUnavailable(Exception):
    """The store did not do it: full, gone, or too slow. It may do it later."""


class FileStore(Protocol):
    """Keeps objects by key. Every method raises `StoreUnavailable`, within `CALL_SECONDS`."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep an object. Once this returns it outlives a power cut."""

    async def get(self, key: str, start: int, length: int) -> bytes:
        """Return `length` bytes of an object from `start` on.

        Raises:
            StoreUnavailable: also for an object that is not there or shorter than that.
        """

    async def list(self, prefix: str) -> list[str]:
        """Return the keys below a prefix, which is whole parts of a path."""

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are not there are passed over."""

    def close(self) -> None:
        """Let go of the threads; what they still do is not waited for."""


def files_folder(settings: Settings) -> Path:
    """Return where shared files lie without a bucket."""
    return settings.data_dir / _FOLDER


def open_store(settings: Settings) -> FileStore:
    """Return the store that the settings name. Nothing is asked of it yet."""
    if settings.files_s3_bucket is None:
        return ObjectStore(folder=files_folder(settings))
    endpoint = settings.files_s3_endpoint
    config: S3Config = {
        "region": settings.files_s3_region,
        # The bucket in the path: what every S3 store understands without DNS of its own.
        "virtual_hosted_style_request": False,
    }
    if endpoint is not None:
        config["endpoint"] = endpoint
    if settings.files_s3_key_id is not None and settings.files_s3_secret is not None:
        config["access_key_id"] = settings.files_s3_key_id.get_secret_value()
        config["secret_access_key"] = settings.files_s3_secret.get_secret_value()
    return ObjectStore(
        S3Store(
            settings.files_s3_bucket,
            config=config,
            client_options={
                "allow_http": endpoint is not None and endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
                "timeout": timedelta(seconds=_TRY_SECONDS),
            },
            retry_config={
                "max_retries": _TRIES_AGAIN,
                "retry_timeout": timedelta(seconds=_TRY_SECONDS),
            },
        )
    )


class ObjectStore:
    """`FileStore` over obstore, whose plain functions run in a thread; its coroutines are not used.

    WORKAROUND(pyo3-async-runtimes issue 40): the runtime's threads call into the interpreter to
    finish a coroutine; where that meets the interpreter's end, the process aborts (8 of 30 short
    processes did; docs/decisions/0041).
    """

    def __init__(self, objects: S3Store | None = None, *, folder: Path | None = None) -> None:
        """Open a bucket, or a folder, which is made with the first object."""
        assert (objects is None) != (folder is None)
        self._remote = objects
        self._folder = folder
        self._local: LocalStore | None = None
        # Of its own: a store that hangs must not take the threads that hash passwords.
        self._threads: ThreadPoolExecutor | None = None

    async def put(self, key: str, data: bytes) -> None:
        """Keep an object."""

        def work(objects: _Objects) -> None:
            obstore.put(objects, key, data, use_multipart=False)
            if self._folder is not None:
                _flush(self._folder / key)

        await self._call(work)

    async def get(self, key: str, start: int, length: int) -> bytes:
        """Return a stretch of an object."""
        found = await self._call(
            lambda objects: bytes(obstore.get_range(objects, key, start=start, length=length))
        )
        if len(found) != length:
            raise StoreUnavailable(f"{key} is shorter than it was")
        return found

    async def list(self, prefix: str) -> list[str]:
        """Return the keys below a prefix."""
        return await self._call(
            lambda objects: [
                one["path"] for batch in obstore.list(objects, prefix=prefix) for one in batch
            ]
        )

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove objects."""

        def work(objects: _Objects) -> None:
            for key in keys:
                try:
                    obstore.delete(objects, key)
                except FileNotFoundError:
                    continue

        await self._call(work)

    def close(self) -> None:
        """Let go of the threads; the next call makes new ones."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def _call(self, work: Callable[[_Objects], T]) -> T:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=_THREADS_NAME)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await loop.run_in_executor(self._threads, lambda: work(self._objects()))
        except (BaseError, OSError, TimeoutError) as error:
            # The library's text names the bucket's address, and for S3 the answer's whole body.
            raise StoreUnavailable(type(error).__name__) from error

    def _objects(self) -> _Objects:
        if self._remote is not None:
            return self._remote
        if self._local is None:
            assert self._folder is not None
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._local = LocalStore(self._folder, automatic_cleanup=True)
        return self._local


def _flush(path: Path) -> None:
    """Bring a written file and its name to the disk, as decision 0011 wants of every commit."""
    _sync(path, os.O_RDWR)
    if os.name != "nt":
        # The folder that holds the name, and the one that holds that folder's.
        for folder in (path.parent, path.parent.parent):
            _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    opened = os.open(path, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
