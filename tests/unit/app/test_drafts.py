"""What somebody typed into the intake is there again after a crash."""

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop.app import drafts as drafts_module
from desktop.app.drafts import LIMIT_BYTES, FileDrafts


async def kept_in(path: Path) -> Mapping[str, str]:
    """Return what a next start finds."""
    drafts = FileDrafts(path)
    found = drafts.load()
    await drafts.close()
    return found


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_a_draft_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    drafts = FileDrafts(path)

    drafts.save({"concern": "Bremsen quietschen – seit Montag", "vin": ""})
    await drafts.close()

    assert await kept_in(path) == {"concern": "Bremsen quietschen – seit Montag", "vin": ""}


async def test_a_page_that_opens_again_finds_what_is_not_written_yet(tmp_path: Path) -> None:
    drafts = FileDrafts(tmp_path / "draft.json")

    drafts.save({"concern": "x"})
    found = drafts.load()
    await drafts.close()

    assert found == {"concern": "x"}


async def test_many_edits_are_few_writes_and_the_last_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts_module, "SETTLE_S", 60.0)
    path = tmp_path / "draft.json"
    writers: list[str] = []
    replace = Path.replace

    def noting(self: Path, target: Path) -> Path:
        writers.append(threading.current_thread().name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", noting)
    drafts = FileDrafts(path)

    for number in range(200):
        drafts.save({"concern": "x" * number})
    await drafts.close()

    assert await kept_in(path) == {"concern": "x" * 199}
    assert len(writers) == 1
    assert threading.main_thread().name not in writers


async def test_a_draft_is_written_without_a_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash closes nothing."""
    monkeypatch.setattr(drafts_module, "SETTLE_S", 0.0)
    written = threading.Event()
    replace = Path.replace

    def noting(self: Path, target: Path) -> Path:
        found = replace(self, target)
        written.set()
        return found

    monkeypatch.setattr(Path, "replace", noting)
    drafts = FileDrafts(tmp_path / "draft.json")

    drafts.save({"concern": "x"})

    assert written.wait(10)
    assert (tmp_path / "draft.json").read_bytes() == b'{"concern":"x"}'
    await drafts.close()
    await drafts.close()


async def test_an_empty_draft_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    first = FileDrafts(path)
    first.save({"concern": "x"})
    await first.close()
    was_there = path.exists()

    for _ in range(2):
        again = FileDrafts(path)
        again.save({})
        await again.close()

    assert was_there
    assert names_in(tmp_path) == []
    assert await kept_in(path) == {}


@pytest.mark.parametrize("broken", [b"", b"{", b'{"a": 1}', b"[]"])
async def test_a_broken_draft_is_an_empty_one(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "draft.json"
    path.write_bytes(broken)

    assert await kept_in(path) == {}


async def test_a_draft_that_is_too_long_does_not_cost_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    for text in ("it squeals", "x" * LIMIT_BYTES):
        drafts = FileDrafts(path)
        drafts.save({"concern": text})
        await drafts.close()

    assert await kept_in(path) == {"concern": "it squeals"}


async def test_a_folder_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "draft.json"
    drafts = FileDrafts(path)

    drafts.save({"concern": "x"})
    await drafts.close()

    assert await kept_in(path) == {}
