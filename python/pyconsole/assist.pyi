from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Candidate", "Completions", "Inspection"]

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
