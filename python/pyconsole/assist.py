"""What completion and inspection give.

Nothing of the objects that are looked at is run: no property, no __getattr__, no __dir__.
"""

from collections import namedtuple

__all__ = ["Candidate", "Completions"]

_Candidate = namedtuple("_Candidate", "text kind type doc")
_Completions = namedtuple("_Completions", "start end candidates truncated late")


class Candidate(_Candidate):
    """Something that fits.

    `text` takes the place of what was written; `kind` is "keyword", "function", "method",
    "class", "module", "property", "variable", "argument", "key", "file" or "folder"; `type` is
    the name of the value's type and `doc` the first line of its documentation, or "".
    """

    __slots__ = ()


class Completions(_Completions):
    """What fits, best first.

    `candidates` take the place of the text from index `start` up to `end`. There may be more
    than these if `truncated`, or if the time was over (`late`).
    """

    __slots__ = ()

    @property
    def texts(self):
        return [candidate.text for candidate in self.candidates]


def offset_of(text, index):
    """The offset in bytes, in UTF-8, of an index of the text; None is its end."""
    return len((text if index is None else text[:index]).encode())


def completions_of(text, found):
    """From offsets and tuples, as C gives them."""
    start, end, name, candidates = found
    data = text.encode()
    return Completions(len(data[:start].decode()), len(data[:end].decode()),
                       [Candidate(*candidate) for candidate in candidates],
                       name == "truncated", name == "late")
