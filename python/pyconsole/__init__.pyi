from collections.abc import Callable
from typing import Any

__all__ = ["embed", "install", "interact", "uninstall"]
__version__: str

def install() -> None: ...
def uninstall() -> None: ...
def embed(banner: str | None = None, exitmsg: str | None = None) -> None: ...
def interact(
    banner: str | None = None,
    readfunc: Callable[[str], str] | None = None,
    local: dict[str, Any] | None = None,
    exitmsg: str | None = None,
    **options: Any,
) -> None: ...
