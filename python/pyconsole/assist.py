"""Completion and inspection in this process, and what they give here and in sessions.

Nothing of the objects that are looked at is run: no property, no __getattr__, no __dir__; but
with the option `unsafe`.
"""

import sys
from collections import namedtuple

__all__ = ["Candidate", "Completions", "Inspection", "complete", "inspect"]

_Candidate = namedtuple("_Candidate", "text kind type doc")
_Completions = namedtuple("_Completions", "start end candidates truncated late")

_Inspection = namedtuple("_Inspection", "start end name kind type signature parameter doc value "
                                        "file line source late")


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
    number, string or small list, tuple or dict. What is not known is "", `line` then 0; there
    may be more to know if the time was over (`late`).
    """

    __slots__ = ()


def offset_of(text, index):
    """The offset in bytes, in UTF-8, of an index of the text; None is its end."""
    if not isinstance(text, str):
        raise TypeError(f"the text must be str, not {type(text).__name__}")
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


def _ask(op, text, cursor, namespace, deadline, detail, unsafe):
    from pyconsole import _session

    if namespace is None:
        namespace = vars(sys.modules["__main__"])
    return _session.assist(op, namespace, text, offset_of(text, cursor), round(deadline * 1000),
                           detail, unsafe)


def complete(source, cursor=None, namespace=None, *, deadline=0.0, unsafe=False):
    """Give what fits at an index of the source (its end by default): Completions.

    Names are those of the `namespace`, a dict; that of `__main__` by default. What was found
    in `deadline` seconds is given, if that is not 0. With `unsafe`, objects on the way to the
    cursor are asked for their attributes and items, and the one there for its dir(): what
    they have written for that runs, for as long as it does.
    """
    return completions_of(source, _ask("complete", source, cursor, namespace, deadline, 0, unsafe))


def inspect(source, cursor=None, namespace=None, *, detail=1, deadline=0.0, unsafe=False):
    """Give what is known of an object at an index of the source (its end by default).

    An Inspection of the name there, or with none of the call around it; the other way round
    with the detail 0, and with source with the detail 2. None where nothing is known. The
    rest as in complete(); with `unsafe`, `value` is the repr() of any object.
    """
    return inspection_of(source, _ask("inspect", source, cursor, namespace, deadline, detail,
                                      unsafe))
