"""Two instances share a PostgreSQL and a bucket, and one of them stands still in mid-upload."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from liftbay_backend.services.file_receiving import PART_BYTES
from tests.fakes.postgres import find_postgres
from tests.fakes.s3_server import S3Server
from tests.fakes.service_process import ServiceProcess, new_customer_with_session
from tests.fakes.uploads import Sender, code_of, picture

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize(
    "new_database", ["postgresql"] if find_postgres() is not None else [], indirect=True
)
async def test_an_upload_goes_on_at_another_instance_while_the_first_is_frozen(
    new_database: Callable[[], str | None], s3_server: S3Server, tmp_path: Path
) -> None:
    address = new_database()
    assert address is not None
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    settings = {
        **s3_server.settings,
        "database_url": address,
        "signing_key_pem": key.decode(),
        "file_silence_seconds": "60",
    }
    data = picture(3 * PART_BYTES + 77, seed=83)
    goes_on = asyncio.Event()

    async def first_bytes_then_the_rest() -> AsyncIterator[bytes]:
        yield data[: PART_BYTES + 9000]
        await goes_on.wait()
        # Other bytes than were promised: none of them may be seen.
        yield bytes(len(data) - PART_BYTES - 9000)

    first, second = (ServiceProcess(tmp_path / name, settings) for name in ("one", "two"))
    with first, second:
        headers, session = await new_customer_with_session(first.url)
        async with (
            httpx.AsyncClient(base_url=first.url, headers=headers, timeout=60) as at_first,
            httpx.AsyncClient(base_url=second.url, headers=headers, timeout=60) as at_second,
        ):
            one, two = Sender(at_first, session), Sender(at_second, session)
            place = await one.begin(len(data), sha256=hashlib.sha256(data).hexdigest())
            hanging = asyncio.create_task(one.patch(place, 0, first_bytes_then_the_rest()))
            while await two.offset(place) < PART_BYTES:
                await asyncio.sleep(0.05)
            first.freeze()

            rest = await two.patch(place, PART_BYTES, data[PART_BYTES:])
            listed = await two.listed()
            first.thaw()
            goes_on.set()
            late = await hanging
            got = await at_first.get(place)
            still = await one.listed()

    assert rest.status_code == 204, rest.text
    assert code_of(late) == (423, "file.taken_over")
    assert got.content == data
    assert listed == still
    assert len(listed) == 1
