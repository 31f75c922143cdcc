"""The commands of the prompt; pyconsole.commands says how they are found.

A command is called with what stands behind its name, the namespace of the session, and the
lines below if it is spelt with %%. The first line of its docstring shows how it is spelt;
docs/commands.md is made of them by tools/commands.py.
"""

import builtins
import contextlib
import os
import re
import shlex
import sys
from pathlib import Path

__all__ = ["COMMANDS", "CommandError", "Lines", "before", "following", "shell", "shell_lines",
           "tell"]

COMMANDS: list[tuple] = []  # (function, whether it takes a block)
before: list = []  # functions that are called ahead of each block that is run
following: list[str] = []  # texts to begin the next prompts with, as a text to be edited


class CommandError(Exception):
    """A command cannot do what it was asked for; shown without a traceback."""

    __module__ = "builtins"  # shown without it, too


def command(function=None, *, block=False):
    if function is None:
        return lambda function: command(function, block=block)
    COMMANDS.append((function, block))
    return function


def _words(text):
    try:
        return shlex.split(text)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _options(arguments, letters):
    """{letter: value} and what follows them; spelt as for getopt."""
    takes = {letter for letter, mark in zip(letters, letters[1:] + " ") if mark == ":"}
    options = {}
    while match := re.match(r"-(\w)\s*", arguments):
        letter, arguments = match[1], arguments[match.end():]
        if letter not in letters:
            raise CommandError(f"there is no option -{letter}")
        options[letter] = ""
        if letter in takes:
            options[letter], arguments = [*re.split(r"\s+", arguments, maxsplit=1), ""][:2]
    return options, arguments


# ---- code


def _keep_lines(source, filename):
    import linecache

    linecache.cache[filename] = len(source), None, source.splitlines(True), filename


def compiled(source, filename, mode="exec"):
    """Code whose lines tracebacks show."""
    import ast

    _keep_lines(source, filename)
    return compile(source, filename, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def run_code(code, namespace):
    """The value of code, which may await."""
    import inspect

    value = eval(code, namespace)
    if not code.co_flags & inspect.CO_COROUTINE:
        return value
    from pyconsole import _loop

    return _loop.run(value)


def run_statements(source, namespace, filename):
    """As at a prompt: values are shown."""
    import ast

    _keep_lines(source, filename)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(source, filename, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    for statement in tree.body:
        run_code(compile(ast.Interactive([statement]), filename, "single", flags,
                         dont_inherit=True), namespace)


def _amount(seconds):
    """0.0000123 is 12.3 µs."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _expression_or_statements(source, filename):
    try:
        return compiled(source, filename, "eval")
    except SyntaxError:
        return compiled(source, filename)


@command(block=True)
def time(arguments, namespace, body=None):
    """%time STATEMENT

    Run a statement and say how long it took; the value of an expression is shown. `%%time`
    does the same of the lines below it.
    """
    from time import perf_counter

    source = arguments if body is None else body
    if not source.strip():
        raise CommandError("%time: what is to be run?")
    code = _expression_or_statements(source, "<time>")
    before_it, begun = os.times(), perf_counter()
    value = run_code(code, namespace)
    wall, now = perf_counter() - begun, os.times()
    user = now.user - before_it.user + now.children_user - before_it.children_user
    system = now.system - before_it.system + now.children_system - before_it.children_system
    print(f"CPU times: user {_amount(user)}, sys: {_amount(system)}, "
          f"total: {_amount(user + system)}\nWall time: {_amount(wall)}")
    return value


@command(block=True)
def timeit(arguments, namespace, body=None):
    """%timeit [-n LOOPS] [-r RUNS] STATEMENT

    Measure a statement by running it many times: the mean of RUNS (7) runs of LOOPS loops, as
    many as take 0.2 seconds by default. `%%timeit [SETUP]` does the same of the lines below it.
    """
    import statistics
    from timeit import Timer

    options, source = _options(arguments, "n:r:")
    setup, source = ("pass", source) if body is None else (source or "pass", body)
    if not source.strip():
        raise CommandError("%timeit: what is to be run?")
    try:
        loops, runs = int(options.get("n", 0)), int(options.get("r", 7))
    except ValueError as error:
        raise CommandError(f"%timeit: {error}") from None
    if loops < 0 or runs < 1:
        raise CommandError("%timeit: at least one run of at least one loop")
    timer = Timer(source, setup, globals=namespace)
    loops = loops or timer.autorange()[0]
    each = [total / loops for total in timer.repeat(runs, loops)]
    print(f"{_amount(statistics.fmean(each))} ± {_amount(statistics.pstdev(each))} per loop "
          f"(mean ± std. dev. of {runs} run{'s' * (runs > 1)}, {loops:,} "
          f"loop{'s' * (loops > 1)} each)")


@contextlib.contextmanager
def _main_program(module, arguments):
    saved = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = arguments
    sys.path.insert(0, str(Path(arguments[0]).resolve().parent))
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = saved


@command
def run(arguments, namespace):
    """%run [-i] FILE [ARGUMENTS]

    Run a script as a program of its own, then have its names here. With `-i` it sees the names
    that are here, and runs among them.
    """
    import io
    from types import ModuleType

    options, rest = _options(arguments, "i")
    words = _words(rest)
    if not words:
        raise CommandError("%run: which file?")
    words[0] = os.path.expanduser(words[0])
    if not os.path.exists(words[0]) and os.path.exists(words[0] + ".py"):
        words[0] += ".py"
    try:
        with io.open_code(os.path.abspath(words[0])) as file:
            code = compile(file.read(), words[0], "exec", dont_inherit=True)
    except OSError as error:
        raise CommandError(f"%run: {words[0]}: {error.strerror}") from None
    module = sys.modules["__main__"] if "i" in options else ModuleType("__main__")
    names = namespace if "i" in options else module.__dict__
    names.update(__file__=words[0], __builtins__=builtins)
    try:
        with _main_program(module, words):
            exec(code, names)
    except SystemExit as exit:
        if exit.code not in (None, 0):
            raise CommandError(f"%run: {words[0]} exited: {exit.code}") from None
    finally:
        if names is namespace:
            namespace.pop("__file__", None)
        else:
            namespace.update({name: value for name, value in names.items()
                              if not (name.startswith("__") and name.endswith("__"))})


# ---- the shell


class Lines(list):
    """What a command printed, line by line; `s` and `n` are all of it with blanks or newlines."""

    @property
    def s(self):
        return " ".join(self)

    @property
    def n(self):
        return "\n".join(self)

    @property
    def l(self):  # noqa: E743: IPython's name
        return list(self)


_VARIABLE = re.compile(r"\$\$|\$([^\W\d]\w*)|(?<!\$)\{([^{}]+)\}")


def _fill_in(text, namespace):
    """`$name` and `{expression}` of the session's names; the shell has the others."""
    def value(match):
        if match[0] == "$$":
            return "$"
        if match[1]:
            return str(namespace[match[1]]) if match[1] in namespace else match[0]
        try:
            return str(eval(match[2], namespace))
        except Exception:
            return match[0]

    return _VARIABLE.sub(value, text)


def _keep_status(status, namespace):
    """As IPython, in `_exit_code`; minus the signal."""
    import signal

    namespace["_exit_code"] = status
    if status in (-signal.SIGINT, 128 + signal.SIGINT):
        raise KeyboardInterrupt


def shell(text, namespace):
    """!COMMAND: on the session's terminal, which is all its own meanwhile."""
    sys.stdout.flush()
    sys.stderr.flush()
    status = os.system(_fill_in(text, namespace))
    _keep_status(os.waitstatus_to_exitcode(status), namespace)


def shell_lines(text, namespace):
    """NAME = !COMMAND: what it prints."""
    import subprocess

    done = subprocess.run(_fill_in(text, namespace), shell=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    _keep_status(done.returncode, namespace)
    return Lines(os.fsdecode(done.stdout).splitlines())


# ---- objects


def _page(text):
    import pydoc
    import shutil

    if text.count("\n") < shutil.get_terminal_size().lines - 1:
        print(text)
    else:
        pydoc.pager(text)


def _signature(obj, name):
    import inspect

    try:
        return f"{name}{inspect.signature(obj)}"
    except (TypeError, ValueError):
        return ""


def _place_and_source(obj):
    import inspect

    try:
        obj = inspect.unwrap(obj)
    except ValueError:
        pass
    found = []
    for look in (inspect.getsourcefile, inspect.getsource):
        try:
            found.append(look(obj) or "")
        except (OSError, TypeError):
            found.append("")
    return found


def _facts(name, obj, with_source):
    import inspect
    import reprlib

    kind = type(obj)
    file, source = _place_and_source(obj)
    is_value = not callable(obj) and not inspect.ismodule(obj)
    yield "Signature", callable(obj) and _signature(obj, name)
    yield "Value", is_value and reprlib.repr(obj)
    yield "Length", is_value and hasattr(kind, "__len__") and str(len(obj))
    yield "Type", kind.__qualname__
    yield "File", file
    if with_source and source:
        yield "Source", "\n" + source.rstrip()
    else:
        yield "Docstring", inspect.getdoc(obj)


def tell(text, namespace, with_source):
    """OBJECT?: what is known of it; with stars, which names there are."""
    if "*" in text:
        return print("\n".join(_matching(text, namespace)))
    try:
        obj = eval(text, namespace)
    except (AttributeError, LookupError, NameError, TypeError) as error:
        raise CommandError(f"there is no {text}: {error}") from None
    _page("\n".join(f"{title + ':':<11}{' ' * (fact[0] != chr(10))}{fact}"
                    for title, fact in _facts(text, obj, with_source) if fact))


def _matching(pattern, namespace):
    from fnmatch import fnmatchcase

    owner, dot, last = pattern.rpartition(".")
    if dot and "*" in owner:
        raise CommandError(f"{pattern}: stars only in the last name")
    names = dir(eval(owner, namespace)) if owner else {*namespace, *vars(builtins)}
    hidden = last.startswith("_")
    return [owner + dot + name for name in sorted(names)
            if fnmatchcase(name, last) and (hidden or not name.startswith("_"))]


# ---- the namespace


def _own_names(namespace, types=""):
    """Names of the session's own, of types with these names, if any are given."""
    wanted = types.split()
    return [name for name, value in namespace.items() if not name.startswith("_")
            and (not wanted or type(value).__name__ in wanted)]


@command
def who(arguments, namespace):
    """%who [TYPES]

    Show the names that are defined, or those whose values are of the types.
    """
    names = _own_names(namespace, arguments)
    print("  ".join(names) if names else "there are no names")


@command
def whos(arguments, namespace):
    """%whos [TYPES]

    Show the names that are defined with types and values.
    """
    import reprlib

    rows = [("Variable", "Type", "Value")] + [
        (name, type(namespace[name]).__name__, reprlib.repr(namespace[name]))
        for name in _own_names(namespace, arguments)]
    widths = [max(len(row[i]) for row in rows) for i in (0, 1)]
    for row in rows:
        print(f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip())


def _is_sure(question):
    return input(f"{question} (y/[n]) ").strip().lower() in ("y", "yes")


@command
def reset(arguments, namespace):
    """%reset [-f]

    Take all names away that were defined. `-f`: without asking.
    """
    options, _ = _options(arguments, "f")
    if "f" not in options and not _is_sure("Take all names away?"):
        return
    for name in list(namespace):
        if not (name.startswith("__") and name.endswith("__")):
            del namespace[name]


# ---- folders, the environment


@command
def pwd(_arguments, _namespace):
    """%pwd

    The folder that the session is in.
    """
    return os.getcwd()


_folders: list[str] = []  # where %cd came from, last


@command
def cd(arguments, _namespace):
    """%cd [FOLDER]

    Go to a folder, home by default; `-` is the one that you came from.
    """
    words = _words(arguments) or ["~"]
    if words == ["-"] and not _folders:
        raise CommandError("%cd: you came from nowhere")
    here = os.getcwd()
    target = _folders[-1] if words == ["-"] else os.path.expanduser(" ".join(words))
    try:
        os.chdir(target)
    except OSError as error:
        raise CommandError(f"%cd: {target}: {error.strerror}") from None
    _folders[:] = [here]
    print(os.getcwd())


@command
def env(arguments, _namespace):
    """%env [NAME[=VALUE]]

    The environment, one of its variables, or set one.
    """
    name, mark, value = arguments.partition("=" if "=" in arguments else " ")
    if mark:
        os.environ[name.strip()] = value.strip()
        return print(f"env: {name.strip()}={value.strip()}")
    if name and name not in os.environ:
        raise CommandError(f"%env: {name} is not set")
    return os.environ[name] if name else dict(os.environ)


# ---- errors


@command
def pm(_arguments, _namespace):
    """%pm

    Look at the last traceback with pdb. `%debug` is the same.
    """
    import pdb

    if getattr(sys, "last_traceback", None) is None:
        raise CommandError("%pm: there was no exception yet")
    pdb.post_mortem(sys.last_traceback)


@command
def debug(arguments, namespace):
    """%debug

    Look at the last traceback with pdb. `%pm` is the same.
    """
    pm(arguments, namespace)


_hooks: list = []  # sys.excepthook as it was ahead of `%pdb on`


def _show_and_debug(kind, error, traceback):
    import pdb

    _hooks[-1](kind, error, traceback)
    if traceback is not None and not issubclass(kind, KeyboardInterrupt):
        pdb.post_mortem(traceback)


@command
def pdb(arguments, _namespace):
    """%pdb [on | off]

    Whether pdb begins by itself where an exception was not handled.
    """
    wanted = {"on": True, "1": True, "off": False, "0": False, "": not _hooks}.get(arguments)
    if wanted is None:
        raise CommandError("%pdb: on or off")
    if wanted and not _hooks:
        _hooks.append(sys.excepthook)
        sys.excepthook = _show_and_debug
    elif not wanted and _hooks:
        sys.excepthook = _hooks.pop()
    print(f"pdb begins by itself: {'on' if wanted else 'off'}")


# ---- files


def _read(name, what):
    try:
        return Path(os.path.expanduser(name)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{what}: {name}: {getattr(error, 'strerror', error)}") from None


def _source_of(text, namespace, what):
    """That of a file, or of an object of the session."""
    import inspect

    is_name = re.fullmatch(r"[\w.]+", text) and not text.endswith(".py")
    if os.path.exists(os.path.expanduser(text)) or not is_name:
        return _read(text, what)
    try:
        return inspect.getsource(eval(text, namespace))
    except (AttributeError, NameError, OSError, TypeError) as error:
        raise CommandError(f"{what}: {text}: {error}") from None


@command
def load(arguments, namespace):
    """%load FILE | OBJECT

    Put a file, or the source of an object, into the next prompt.
    """
    if not arguments:
        raise CommandError("%load: which file?")
    following.append(_source_of(arguments, namespace, "%load").rstrip("\n"))


def _blocks():
    """The blocks that were run, by their numbers; commands are no Python."""
    import linecache

    for name, entry in list(linecache.cache.items()):
        match = re.fullmatch(r"<input-(\d+)>", name)
        text = "".join(entry[2]) if match and len(entry) == 4 else ""
        if text and not text.lstrip().startswith(("%", "!", "?")):
            yield int(match[1]), text.rstrip("\n") + "\n"


def _chosen(ranges):
    """The blocks with these numbers: 3 5-7."""
    blocks = dict(_blocks())
    if not ranges:
        return blocks
    numbers = []
    for text in ranges:
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
        if match is None:
            raise CommandError(f"no numbers of blocks: {text}")
        numbers += [number for number in blocks
                    if int(match[1]) <= number <= int(match[2] or match[1])]
    return {number: blocks[number] for number in numbers}


@command
def save(arguments, _namespace):
    """%save [-f] FILE [NUMBERS]

    Write the blocks of this session into a file, or those with numbers like `3 5-7`, which
    tracebacks show. `-f`: also into one that is there, without asking.
    """
    options, rest = _options(arguments, "f")
    words = _words(rest)
    if not words:
        raise CommandError("%save: which file?")
    path = Path(os.path.expanduser(words[0] if "." in words[0] else words[0] + ".py"))
    text = "".join(_chosen(words[1:]).values())
    if path.exists() and "f" not in options and not _is_sure(f"Write over {path}?"):
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"%save: {path}: {error.strerror}") from None
    print(f"{path}: {text.count(chr(10))} lines")


def _edit_file(path):
    import subprocess

    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    sys.stdout.flush()
    if subprocess.run(f"{editor} {shlex.quote(str(path))}", shell=True, check=False).returncode:
        raise CommandError(f"%edit: {editor} failed: nothing is run")


@command
def edit(arguments, namespace):
    """%edit [-x] [FILE | OBJECT | NUMBERS]

    Edit a text with `VISUAL` or `EDITOR`, and run it: a file, which is kept, or a copy of the
    source of an object or of blocks of this session. `-x`: without running it.
    """
    import tempfile

    options, text = _options(arguments, "x")
    with tempfile.TemporaryDirectory(prefix="pyconsole-") as folder:
        path = Path(os.path.expanduser(text)) if text.endswith(".py") else Path(folder, "edited.py")
        if path.parent == Path(folder):
            numbers = re.fullmatch(r"[\d\s-]+", text)
            path.write_text("".join(_chosen(text.split()).values()) if numbers
                            else _source_of(text, namespace, "%edit") if text else "",
                            encoding="utf-8")
        _edit_file(path)
        source = _read(path, "%edit") if path.exists() else ""
    if "x" not in options:
        run_statements(source, namespace, str(path))
    elif not text.endswith(".py"):
        following.append(source.rstrip("\n"))


# ---- modules that change


@command
def autoreload(arguments, _namespace):
    """%autoreload [0 | 1 | 2]

    Whether modules whose files have changed are loaded again ahead of each block: none (0),
    those that `%aimport` names (1), or all (2). Functions and classes that came from them
    change as well. Without a number: look once, now.
    """
    from pyconsole import _autoreload

    if arguments not in ("", "0", "1", "2"):
        raise CommandError("%autoreload: 0, 1 or 2")
    if not arguments:
        return _autoreload.look(every=True)
    _autoreload.set_mode(int(arguments))


@command
def aimport(arguments, namespace):
    """%aimport MODULES

    Import modules, and load them again when they change, after `%autoreload 1`.
    """
    import importlib

    from pyconsole import _autoreload

    for name in arguments.replace(",", " ").split():
        importlib.import_module(name)
        namespace[name.partition(".")[0]] = sys.modules[name.partition(".")[0]]
        _autoreload.mark(name)
