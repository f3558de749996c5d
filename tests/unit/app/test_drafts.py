"""What somebody typed into the intake is there again after a crash."""

from pathlib import Path

import pytest

from desktop.app.drafts import LIMIT_BYTES, FileDrafts


def test_a_draft_comes_back(tmp_path: Path) -> None:
    drafts = FileDrafts(tmp_path / "draft.json")

    drafts.save({"concern": "Bremsen quietschen – seit Montag", "vin": ""})

    again = FileDrafts(tmp_path / "draft.json").load()
    assert again == {"concern": "Bremsen quietschen – seit Montag", "vin": ""}


def test_an_empty_draft_leaves_no_file(tmp_path: Path) -> None:
    drafts = FileDrafts(tmp_path / "draft.json")
    drafts.save({"concern": "x"})

    drafts.save({})
    drafts.save({})

    assert list(tmp_path.iterdir()) == []
    assert drafts.load() == {}


@pytest.mark.parametrize("broken", [b"", b"{", b'{"a": 1}', b"[]"])
def test_a_broken_draft_is_an_empty_one(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "draft.json"
    path.write_bytes(broken)

    assert FileDrafts(path).load() == {}


def test_a_draft_that_is_too_long_does_not_cost_the_one_before(tmp_path: Path) -> None:
    drafts = FileDrafts(tmp_path / "draft.json")
    drafts.save({"concern": "it squeals"})

    drafts.save({"concern": "x" * LIMIT_BYTES})

    assert drafts.load() == {"concern": "it squeals"}


def test_a_folder_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    drafts = FileDrafts(tmp_path / "gone" / "draft.json")

    drafts.save({"concern": "x"})

    assert drafts.load() == {}
