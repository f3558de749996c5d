"""The one door to everything in ``resources``: colours, style sheet, icons, translations.

It reads through ``importlib.resources``, so a wheel, a zip and a checkout all work. It knows no
Qt: pictures leave as SVG bytes, colours as ``#RRGGBB``. Imports nothing but
the standard library.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from types import MappingProxyType
from typing import Final

MODES: Final = ("light", "dark", "contrast")


class UnknownResource(LookupError):
    """A name was asked for that is not in ``resources``; always a fault in the program."""


@cache
def tokens(mode: str) -> Mapping[str, str]:
    """Return token name to value for one of ``MODES``. Colours are ``#RRGGBB`` or ``#RRGGBBAA``.

    Raises:
        UnknownResource: there is no such mode.
    """
    table = json.loads(_text("tokens.json"))
    if mode not in table:
        raise UnknownResource(f"no theme is called {mode!r}")
    return MappingProxyType(dict(table[mode]))


@cache
def style_sheet(mode: str) -> str:
    """Return the Qt style sheet of a mode, with every token filled in.

    Raises:
        UnknownResource: there is no such mode, or the template names a token that is missing.
    """
    try:
        return Template(_text("theme.qss.tmpl")).substitute(tokens(mode))
    except KeyError as missing:
        raise UnknownResource(f"the style sheet asks for the token {missing}") from missing


@cache
def icon_names() -> tuple[str, ...]:
    """Return the names of all icons, sorted."""
    found = (entry.name for entry in files("resources").joinpath("icons").iterdir())
    return tuple(sorted(name.removesuffix(".svg") for name in found if name.endswith(".svg")))


@cache
def icon_svg(name: str, colour: str) -> bytes:
    """Return an icon as SVG, 24 by 24 units, stroked in ``colour`` (``#RRGGBB``).

    Raises:
        UnknownResource: there is no such icon.
    """
    return _text("icons", f"{name}.svg").replace("currentColor", colour).encode()


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages there is a translation for, sorted; not English."""
    found = (entry.name for entry in files("resources").joinpath("translations").iterdir())
    return tuple(
        sorted(
            name.removeprefix("liftbay_").removesuffix(".ts")
            for name in found
            if name.startswith("liftbay_") and name.endswith(".ts")
        )
    )


@cache
def translation(language: str) -> str:
    """Return the translation source (Qt's ``.ts`` XML) of a language such as ``fr``.

    Raises:
        UnknownResource: there is no translation for it.
    """
    return _text("translations", f"liftbay_{language}.ts")


def _text(*path: str) -> str:
    return _bytes(*path).decode()


def _bytes(*path: str) -> bytes:
    try:
        return files("resources").joinpath(*path).read_bytes()
    except OSError as missing:
        raise UnknownResource("/".join(path)) from missing
