"""Commands of a page state: things the user may do now. What is impossible is ``None``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

K = TypeVar("K")

Command: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class On(Generic[K]):
    """A command about one thing. Equal to another about the same thing, so states compare."""

    action: Callable[[K], object]
    about: K

    def __call__(self) -> object:
        return self.action(self.about)
