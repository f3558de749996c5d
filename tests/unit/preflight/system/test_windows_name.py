"""A person's full name on Windows, on libraries made from their documentation."""

import ctypes
from types import SimpleNamespace
from typing import Any

import pytest

from preflight.system.windows_name import windows_names


class Libraries:
    """``ctypes.windll`` of a machine whose account is in a domain, or its own, or neither."""

    def __init__(self, domain: str | None, local: str | None) -> None:
        self.secur32 = SimpleNamespace(GetUserNameExW=self._display_name)
        self.netapi32 = SimpleNamespace(NetUserGetInfo=self._user_info, NetApiBufferFree=self._free)
        self.freed = 0
        self._domain, self._local = domain, local
        self._kept: Any = None

    def _display_name(self, form: int, text: Any, size: Any) -> int:
        assert form == 3
        if self._domain is None:
            return 0
        text.value = self._domain
        return 1

    def _user_info(self, server: None, user: Any, level: int, info: Any) -> int:
        assert (server, user.value, level) == (None, "anna", 10)
        if self._local is None:
            return 2221
        pointer = info._obj
        self._kept = pointer._type_("anna", "", "", self._local)
        pointer.contents = self._kept
        return 0

    def _free(self, _info: Any) -> None:
        self.freed += 1


@pytest.mark.parametrize(
    ("domain", "local", "expected"),
    [
        ("Anna Maier", None, ("Anna Maier",)),
        (None, "Anna Maier", ("Anna Maier",)),
        ("Anna Maier", "Anna Maier", ("Anna Maier",)),
        (None, "", ()),
        (None, None, ()),
    ],
)
def test_domain_and_local_accounts_are_asked(
    domain: str | None, local: str | None, expected: tuple[str, ...]
) -> None:
    libraries = Libraries(domain, local)

    assert windows_names("anna", libraries) == expected
    assert libraries.freed == (local is not None)


def test_a_windows_without_these_libraries_tells_nothing() -> None:
    assert windows_names("anna", SimpleNamespace()) == ()


def test_other_systems_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ctypes, "windll", raising=False)

    assert windows_names("anna") == ()
