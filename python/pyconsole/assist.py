"""What completion and inspection give.

Nothing of the objects that are looked at is run: no property, no __getattr__, no __dir__.
"""

from collections import namedtuple

__all__ = ["Candidate", "Completions", "Inspection"]

_Candidate = namedtuple("_Candidate", "text kind type doc")
_Completions = namedtuple("_Completions", "start end candidates truncated late")

_Inspection = namedtuple("_Inspection", "start end name kind type signature parameter doc value "
                                        "file line source")


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


class Inspection(_Inspection):
    """What is known of an object, or of the call that is being written.

    The text from index `start` up to `end` is its `name`. `parameter` is a slice of
    `signature`: the one that the cursor is at, or an empty one. `value` is the repr() of a
    number, string or small list, tuple or dict. What is not known is "", `line` then 0.
    """

    __slots__ = ()


def offset_of(text, index):
    """The offset in bytes, in UTF-8, of an index of the text; None is its end."""
    return len((text if index is None else text[:index]).encode())


def _index_of(text, offset):
    return len(text.encode()[:offset].decode(errors="ignore"))


def completions_of(text, found):
    """From offsets and tuples, as C gives them."""
    start, end, name, candidates = found
    return Completions(_index_of(text, start), _index_of(text, end),
                       [Candidate(*candidate) for candidate in candidates],
                       name == "truncated", name == "late")


def inspection_of(text, found):
    """The same; None where nothing is known."""
    if found is None:
        return None
    start, end, name, kind, type_name, signature, parameter, *rest = found
    return Inspection(_index_of(text, start), _index_of(text, end), name, kind, type_name,
                      signature, slice(*(_index_of(signature, offset) for offset in parameter)),
                      *rest)
