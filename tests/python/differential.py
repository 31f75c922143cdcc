"""Run one scenario with the standard modules and again with ours; compare the records.

A *scenario* is a function `scenario(code, codeop, lab)` that is given one pair of
modules. It runs twice, once with the standard library's pair and once with ours, each
time under state of its own: fresh streams, hooks, prompts, warning filters and
`sys.last_*`. What it notes in its `Lab`, together with the state it leaves behind, is
a plain value; `compare()` asserts that the two are equal.
"""

import builtins
import code as standard_code
import codeop as standard_codeop
import contextlib
import io
import re
import sys
import traceback
import warnings

import pyconsole.code
import pyconsole.codeop
from records import LIBRARY_FILES, exception_record, plain, text_record

STANDARD = (standard_code, standard_codeop)
OURS = (pyconsole.code, pyconsole.codeop)
assert not {m.__name__ for m in STANDARD} & {m.__name__ for m in OURS}

FRESH_SYS = ("last_type", "last_value", "last_traceback", "last_exc", "ps1", "ps2")
KEPT_SYS = FRESH_SYS + ("stdin", "stdout", "stderr", "excepthook", "displayhook",
                        "tracebacklimit", "argv")
KEPT_BUILTINS = ("_", "exit", "quit", "input", "print", "exec", "compile", "open")
SHOWS = ("showtraceback", "showsyntaxerror")  # these see the library's frames
MISSING = object()


class Stream(io.TextIOBase):
    """A text stream that writes into a log shared with the other streams."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, log, name):
        self._log = log
        self._name = name

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._log and self._log[-1][0] == self._name:
            self._log[-1] = (self._name, self._log[-1][1] + text)
        else:
            self._log.append((self._name, text))
        return len(text)


class Lab:
    """What a scenario is given to note what it sees and to change the world with."""

    def __init__(self, code, codeop):
        self.code = code
        self.codeop = codeop
        self.log = []
        self._undo = contextlib.ExitStack()

    def note(self, *values):
        """Put values into the record."""
        self.log.append(("note", *[plain(value) for value in values]))

    def note_exception(self, label, strip):
        """Put the exception being handled into the record."""
        self.log.append((label, exception_record(sys.exc_info()[1], strip)))

    def call(self, function, *args, **kwargs):
        """Call and record the result or, its library frames left out, the exception."""
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            self.log.append(("raised", exception_record(error, strip=True)))
            return None
        self.log.append(("returned", plain(result)))
        return result

    def push_all(self, console, lines):
        """Push each line, recording the verdict and the buffer."""
        for line in lines:
            self.call(console.push, line)
            self.note("buffer", getattr(console, "buffer", "<none>"))

    def patch(self, owner, name, value):
        """Set an attribute until the scenario ends."""
        old = vars(owner).get(name, MISSING)
        setattr(owner, name, value)
        self._undo.callback(restore, owner, name, old)

    def remove(self, owner, name):
        """Delete an attribute until the scenario ends."""
        old = vars(owner).get(name, MISSING)
        delattr(owner, name)
        self._undo.callback(restore, owner, name, old)

    def hook(self, name, function, replace=None):
        """A recording stand-in for a method: notes the call, then calls through."""
        def recorder(*args, **kwargs):
            self.note("hook", name, list(args), kwargs)
            if sys.exc_info()[1] is not None:
                self.note_exception("while handling", name not in SHOWS)
            result = (replace or function)(*args, **kwargs)
            self.note("hook returned", name, result)
            return result
        return recorder

    def assign(self, console, *names, **replacements):
        """Assign recording stand-ins on an instance."""
        for name in (*names, *replacements):
            function = getattr(console, name)
            setattr(console, name, self.hook(name, function, replacements.get(name)))
        return console

    def subclass(self, base, *names, **replacements):
        """A subclass that overrides the named methods with recording ones."""
        return type("Sub", (base,), {
            name: self._method(base, name, replacements.get(name))
            for name in (*names, *replacements)
        })

    def _method(self, base, name, replace):
        def method(console, *args, **kwargs):
            bound = getattr(super(type(console), console), name)
            return self.hook(name, bound, replace)(*args, **kwargs)
        method.__name__ = name
        return method

    def warned(self, message, category, filename, lineno, file=None, line=None):
        """Stand-in for warnings.showwarning."""
        self.note("warning", category, str(message), filename, lineno)

    def lines(self, *lines):
        """A raw_input() that gives these lines, raising those that are exceptions."""
        rest = iter(lines)

        def read(prompt=""):
            self.note("prompt", prompt)
            line = next(rest, EOFError())
            if isinstance(line, BaseException):
                raise type(line)(*line.args)
            return line
        return read

    def finish(self):
        """Note the state left behind, undo the patches, and give the record."""
        for name in FRESH_SYS:
            self.log.append((f"sys.{name}", plain(getattr(sys, name, "<unset>"))))
        self.log.append(("_", plain(getattr(builtins, "_", "<unset>"))))
        self.log.append(("filters", [str(entry) for entry in warnings.filters]))
        self._undo.close()
        return [tidy(entry) for entry in self.log]


def tidy(entry):
    """Shorten and normalise what a stream collected."""
    if entry[0] in ("stdout", "stderr"):
        return (entry[0], text_record(entry[1]))
    return entry


def restore(owner, name, old):
    """Give an attribute its old value, or take it away."""
    if old is not MISSING:
        setattr(owner, name, old)
    elif name in vars(owner):
        delattr(owner, name)


@contextlib.contextmanager
def fresh_state(lab):
    """Fresh streams, prompts, hooks, warnings; all put back at the end."""
    kept = [(sys, name, vars(sys).get(name, MISSING)) for name in KEPT_SYS]
    kept += [(builtins, name, vars(builtins).get(name, MISSING))
             for name in KEPT_BUILTINS]
    for name in FRESH_SYS:
        restore(sys, name, MISSING)
    restore(builtins, "_", MISSING)
    sys.stdin = io.StringIO("")
    sys.stdout, sys.stderr = Stream(lab.log, "stdout"), Stream(lab.log, "stderr")
    sys.excepthook, sys.displayhook = sys.__excepthook__, sys.__displayhook__
    once = dict(warnings.onceregistry)
    warnings.onceregistry.clear()
    try:
        with warnings.catch_warnings():
            warnings.resetwarnings()
            warnings.showwarning = lab.warned
            yield
    finally:
        warnings.onceregistry.clear()
        warnings.onceregistry.update(once)
        for owner, name, old in kept:
            restore(owner, name, old)


@contextlib.contextmanager
def in_place(code, codeop):
    """Let `import code`, and the module traceback, find this pair."""
    places = [(sys.modules, "code", code), (sys.modules, "codeop", codeop)]
    if "codeop" in vars(traceback):
        places.append((vars(traceback), "codeop", codeop))
    kept = [(space, name, space[name]) for space, name, _ in places]
    for space, name, module in places:
        space[name] = module
    try:
        yield
    finally:
        for space, name, module in kept:
            space[name] = module


def run(scenario, modules):
    """Run a scenario with one pair of modules and give its record."""
    lab = Lab(*modules)
    with in_place(*modules), fresh_state(lab):
        scenario(*modules, lab)
        return lab.finish()


def compare(scenario, known=None):
    """Assert that a scenario leaves the same record with both pairs."""
    standard, ours = run(scenario, STANDARD), run(scenario, OURS)
    if known is not None:
        normalise = KNOWN_DIFFERENCES[known][1]
        standard, ours = normalise(standard), normalise(ours)
    assert ours == standard, difference(standard, ours)


def difference(standard, ours, where="record"):
    """Where two plain values first part, in words."""
    if isinstance(standard, (list, tuple)) and type(standard) is type(ours):
        for index, (left, right) in enumerate(zip(standard, ours)):
            if left != right:
                return difference(left, right, f"{where}[{index}]")
    if isinstance(standard, dict) and isinstance(ours, dict):
        for key in standard.keys() & ours.keys():
            if standard[key] != ours[key]:
                return difference(standard[key], ours[key], f"{where}[{key!r}]")
    return f"{where}:\nstandard: {standard!r:.1500}\n    ours: {ours!r:.1500}"


class Table(dict):
    """Named scenarios: name -> (scenario, known difference or None)."""

    def __call__(self, function=None, *, known=None):
        if function is None:
            return lambda function: self.add(function.__name__, function, known)
        return self.add(function.__name__, function, known)

    def add(self, name, function, known=None):
        assert name not in self, name
        self[name] = (function, known)
        return function

    def each(self, values, known=None):
        """Register one scenario for each value; it is called with the value last."""
        names = values if isinstance(values, dict) else {str(v): v for v in values}

        def register(function):
            for name, value in names.items():
                self.add(f"{function.__name__}[{name}]", bind(function, value), known)
            return function
        return register


def bind(function, value):
    """FUNCTION with a last argument filled in."""
    return lambda code, codeop, lab: function(code, codeop, lab, value)


def without_repeats(record):
    """How many frames a runaway recursion had is left out."""
    text = re.sub(r"repeated \d+ more times", "repeated N more times", repr(record))
    text = re.sub(r"(\('<[a-z]+>', \d+, 'deep'\)(, )?)+", "deep frames", text)
    return re.sub(r"((\s|\\n)*File \"<[a-z]+>\", line \d+, in deep)+", "deep lines", text)


def without_compile_count(record):
    """Audit events of compile() are left out."""
    return [entry for entry in record if not {"audit", "compile"} <= set(map(str, entry))]


def without_library_frames(record):
    """Noted stack entries that lie in the library's files are left out."""
    return [entry for entry in record
            if not (entry[:2] == ("note", "frame") and entry[2] in LIBRARY_FILES)]


# Every difference that is meant, with its reason and with what makes the rest equal.
KNOWN_DIFFERENCES = {
    "compile-events": (
        "the standard module compiles a command up to three times for each line, ours once "
        "where once is enough and not at all where it is sure that more is to come, so "
        "there are fewer `compile` audit events",
        without_compile_count,
    ),
    "stack": (
        "user code that looks at the stack outside its own frames does not find the "
        "library's Python frames, as there are none",
        without_library_frames,
    ),
    "internals": (
        "private tables and constants of codeop, and the insides of the module "
        "`warnings`, are not looked up anew on each compile",
        lambda record: [],
    ),
    "recursion-depth": (
        "the library takes up fewer Python frames, so a runaway recursion goes deeper "
        "by a few calls before it is stopped",
        without_repeats,
    ),
}
