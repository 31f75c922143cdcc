from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from pyconsole.assist import complete as complete, inspect as inspect
from pyconsole.session import (
    Event as Event, Request as Request, Session as Session, SharedSession as SharedSession,
)

__all__ = [
    "Event", "Request", "Session", "SharedSession", "complete", "embed", "inspect", "install",
    "interact", "is_complete", "uninstall",
]
__version__: str

class _Completeness(NamedTuple):
    status: Literal["complete", "incomplete", "invalid"]
    missing: (
        Literal["bracket", "string", "continuation", "block", "decorated", "handler", "block end"]
        | None
    )
    bracket: Literal["(", "[", "{"] | None
    indent: str
    error: SyntaxError | ValueError | OverflowError | None

def install() -> None: ...
def uninstall() -> None: ...
def is_complete(
    source: str, symbol: Literal["single", "exec", "eval"] = "single"
) -> _Completeness: ...
def embed(banner: str | None = None, exitmsg: str | None = None) -> None: ...
def interact(
    banner: str | None = None,
    readfunc: Callable[[str], str] | None = None,
    local: dict[str, Any] | None = None,
    exitmsg: str | None = None,
    **options: Any,
) -> None: ...
