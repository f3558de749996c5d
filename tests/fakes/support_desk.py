"""What a diagnosis can be packed into, in memory."""

from dataclasses import dataclass, field
from pathlib import Path

from client_api.errors import ClientError
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.support_panel import Parcel, ParcelFile, ParcelKind, ParcelPreview

JPEG = b"\xff\xd8 a picture"


@dataclass
class FakeSupportDesk:
    """Keeps the promises of `SupportDesk`.

    Attributes:
        camera: what a picture would be; None while the camera gives none.
        pack_error, disk_error, refusal: what packing, saving and sending raise, if anything.
        packed, written, sent: what was asked for, in order.
    """

    camera: bytes | None = JPEG
    pack_error: Exception | None = None
    disk_error: OSError | None = None
    refusal: ClientError | None = None
    packed: list[tuple[ParcelKind, bool]] = field(default_factory=list)
    written: list[tuple[Parcel, Path]] = field(default_factory=list)
    sent: list[Parcel] = field(default_factory=list)

    async def pack(self, kind: ParcelKind, *, picture: bool) -> Parcel:
        self.packed.append((kind, picture))
        if self.pack_error is not None:
            raise self.pack_error
        files = (ParcelFile("report.json", 100 + len(self.packed)),)
        return Parcel(kind, files, (("address", 2),), self.camera if picture else None)

    async def write(self, parcel: Parcel, path: Path) -> None:
        if self.disk_error is not None:
            raise self.disk_error
        self.written.append((parcel, path))

    async def send(self, parcel: Parcel) -> str:
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(parcel)
        return "7K3M-Q2XZ"


async def no_path(_kind: ParcelKind, _name: str) -> Path | None:
    """Think better of saving."""
    return None


async def no_answer(_preview: Observable[ParcelPreview]) -> bool:
    """Agree to nothing."""
    return False
