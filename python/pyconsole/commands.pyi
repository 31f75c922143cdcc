from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

__all__ = ["CommandError", "asked", "before", "commands", "find", "following", "register", "unregister"]

commands: dict[str, SimpleNamespace]
before: list[Callable[[], object]]
following: list[str]

class CommandError(Exception): ...

def register(
    name: str, function: Callable[..., object], *, doc: str | None = None, block: bool = False,
    completes: str = "python",
) -> None: ...
def unregister(name: str) -> None: ...
def asked(text: str) -> tuple[str, int, Any] | None: ...
def find(
    source: str, namespace: dict[str, Any], words_only: bool = False,
) -> tuple[Callable[[], None], str, bool] | None: ...
