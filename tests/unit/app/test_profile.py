"""Two profiles on one machine never meet, and no name leads out of the folder."""

import stat
from pathlib import Path

import pytest

from desktop.app.profile import BadProfileName, open_profile


@pytest.mark.parametrize("name", ["default", "a", "0", "customer-2", "x" * 31])
def test_a_plain_name_is_taken(name: str, tmp_path: Path) -> None:
    assert open_profile(name, tmp_path).root == tmp_path / name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../other", "a/b", "A", "-a", "a b", "ä", "a\n", "x" * 32, "a\x00"]
)
def test_a_name_that_is_no_folder_of_ours_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadProfileName, match="lower-case letters, digits and hyphens"):
        open_profile(name, tmp_path)


def test_two_profiles_share_no_place(tmp_path: Path) -> None:
    one, other = open_profile("one", tmp_path), open_profile("two", tmp_path)

    def places(profile: object) -> set[object]:
        names = ("settings_file", "queue_file", "reports", "logs", "lock_file", "socket_name")
        return {getattr(profile, name) for name in (*names, "keyring_service")}

    assert places(one) & places(other) == set()


def test_the_same_name_in_another_folder_has_another_socket(tmp_path: Path) -> None:
    here, there = open_profile("one", tmp_path / "a"), open_profile("one", tmp_path / "b")

    assert here.socket_name != there.socket_name


def test_folders_are_for_this_person_alone(tmp_path: Path) -> None:
    profile = open_profile("one", tmp_path)

    profile.make()
    profile.make()

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (profile.root, profile.logs)}
    assert modes == {0o700}
