from typing import Any, Literal, NamedTuple, TypeAlias

__all__ = ["Candidate", "Completions", "Inspection", "complete", "inspect"]

_Kind: TypeAlias = Literal[
    "keyword", "function", "method", "class", "module", "property", "variable", "argument", "key",
    "file", "folder",
]

class Candidate(NamedTuple):
    text: str
    kind: _Kind
    type: str
    doc: str

class Completions(NamedTuple):
    start: int
    end: int
    candidates: list[Candidate]
    truncated: bool
    late: bool
    @property
    def texts(self) -> list[str]: ...

class Inspection(NamedTuple):
    start: int
    end: int
    name: str
    kind: _Kind
    type: str
    signature: str
    parameter: slice
    doc: str
    value: str
    file: str
    line: int
    source: str
    late: bool

def complete(
    source: str, cursor: int | None = None, namespace: dict[str, Any] | None = None, *,
    deadline: float = 0.0, unsafe: bool = False,
) -> Completions: ...
def inspect(
    source: str, cursor: int | None = None, namespace: dict[str, Any] | None = None, *,
    detail: Literal[0, 1, 2] = 1, deadline: float = 0.0, unsafe: bool = False,
) -> Inspection | None: ...
