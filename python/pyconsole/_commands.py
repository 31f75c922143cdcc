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

__all__ = ["COMMANDS", "CommandError", "Lines", "before", "command", "fill_in", "following", "is_sure",
           "last_traceback", "number_of", "options_of", "run_by_shell", "run_statements", "shell",
           "shell_lines", "tell", "words_of"]

COMMANDS: list[tuple] = []  # (function, whether it takes a block, what its arguments are)
before: list = []  # functions that are called ahead of each block that is run
following: list[str] = []  # texts to begin the next prompts with, as a text to be edited


class CommandError(Exception):
    """A command cannot do what it was asked for; shown without a traceback."""

    __module__ = "builtins"  # shown without it, too
    _hidden = None  # the last traceback ahead of it, which is still that of %pm


def last_traceback():
    error = getattr(sys, "last_value", None)
    return error._hidden if isinstance(error, CommandError) else getattr(sys, "last_traceback", None)


def command(function=None, *, block=False, completes="python"):
    if function is None:
        return lambda function: command(function, block=block, completes=completes)
    COMMANDS.append((function, block, completes))
    return function


def words_of(text):
    try:
        return shlex.split(text)
    except ValueError as error:
        raise CommandError(str(error)) from None


def options_of(arguments, letters, last=""):
    """{letter: value} and what follows them; spelt as for getopt. Behind `last` there are none."""
    takes = {letter for letter, mark in zip(letters, letters[1:] + " ") if mark == ":"}
    options = {}
    while last not in options and re.match(r"-[A-Za-z]", arguments):
        word, arguments = [*arguments[1:].split(None, 1), ""][:2]
        while word:
            letter, word = word[0], word[1:]
            if letter not in letters or letter == ":":
                raise CommandError(f"there is no option -{letter}")
            options[letter] = ""
            if letter in takes and word:
                options[letter], word = word, ""
            elif letter in takes:
                options[letter], arguments = [*arguments.split(None, 1), "", ""][:2]
    return options, arguments


def number_of(options, letter, default, what):
    try:
        return int(options.get(letter, default))
    except ValueError:
        raise CommandError(f"{what}: -{letter} takes a number") from None


# ---- code


def _keep_lines(source, filename):
    import linecache

    linecache.cache[filename] = len(source), None, source.splitlines(True), filename


def compiled(source, filename, mode="exec", flags=0):
    """Code whose lines tracebacks show."""
    import ast

    _keep_lines(source, filename)
    return compile(source, filename, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | flags, dont_inherit=True)


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

    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compiled(source, filename, flags=ast.PyCF_ONLY_AST)
    for statement in tree.body:
        run_code(compile(ast.Interactive([statement]), filename, "single", flags,
                         dont_inherit=True), namespace)


def _amount(seconds, digits=3):
    """0.0000123 is 12.3 µs."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.{digits}g} {unit}"
    return f"{seconds * 1e9:.{digits}g} ns"


@contextlib.contextmanager
def _timing():
    """What it took, once it is done or leaves."""
    from time import perf_counter

    before_it, begun, exit = os.times(), perf_counter(), None
    try:
        yield
    except SystemExit as error:
        exit = error
    wall, now = perf_counter() - begun, os.times()
    user = now.user - before_it.user + now.children_user - before_it.children_user
    system = now.system - before_it.system + now.children_system - before_it.children_system
    print(f"CPU times: user {_amount(user)}, sys: {_amount(system)}, "
          f"total: {_amount(user + system)}\nWall time: {_amount(wall)}")
    if exit is not None:
        raise exit


def _expression_or_statements(source, filename):
    with contextlib.suppress(SyntaxError):
        return compiled(source, filename, "eval")
    return compiled(source, filename)


def _statements_and_value(source, filename):
    """Code of the statements, and of the expression that may be the last of them."""
    import ast

    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compiled(source, filename, flags=ast.PyCF_ONLY_AST)
    last = tree.body.pop().value if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    parts = [compile(tree, filename, "exec", flags, dont_inherit=True)] if tree.body else []
    if last is not None:
        parts.append(compile(ast.Expression(last), filename, "eval", flags, dont_inherit=True))
    return parts


@command(block=True)
def time(arguments, namespace, body=None):
    """%time STATEMENT

    Run a statement and say how long it took; the value of an expression is shown. `%%time`
    does the same of the lines below it; if the last is an expression, its value is shown.
    """
    source = arguments if body is None else body
    if not source.strip():
        raise CommandError("%time: what is to be run?")
    parts = _statements_and_value(source, "<time>")
    value = None
    with _timing():
        for code in parts:
            value = run_code(code, namespace)
        return value


class TimeitResult:
    """What %timeit -o gives: seconds for each loop."""

    def __init__(self, loops, totals, precision):
        import statistics

        self.loops, self.repeat, self.all_runs = loops, len(totals), totals
        self.timings = [total / loops for total in totals]
        self.best, self.worst = min(self.timings), max(self.timings)
        self.average = statistics.fmean(self.timings)
        self.stdev = statistics.pstdev(self.timings)
        self._precision = precision

    def __str__(self):
        mean, deviation = (_amount(value, self._precision) for value in (self.average, self.stdev))
        return (f"{mean} ± {deviation} per loop (mean ± std. dev. of {self.repeat} "
                f"run{'s' * (self.repeat > 1)}, {self.loops:,} loop{'s' * (self.loops > 1)} each)")

    def __repr__(self):
        return f"<TimeitResult : {self}>"


@command(block=True)
def timeit(arguments, namespace, body=None):
    """%timeit [-n LOOPS] [-r RUNS] [-p DIGITS] [-qo] STATEMENT

    Measure a statement by running it many times: the mean of RUNS (7) runs of LOOPS loops, as
    many as take 0.2 seconds by default, in DIGITS (3) digits. `-q`: without printing it; `-o`:
    the result is the value. `%%timeit [SETUP]` does the same of the lines below it.
    """
    from timeit import Timer

    options, source = options_of(arguments, "n:r:p:qo")
    setup, source = ("pass", source) if body is None else (source or "pass", body)
    if not source.strip():
        raise CommandError("%timeit: what is to be run?")
    loops, runs, precision = (number_of(options, letter, default, "%timeit")
                              for letter, default in (("n", 0), ("r", 7), ("p", 3)))
    if loops < 0 or runs < 1 or precision < 1:
        raise CommandError("%timeit: at least one run of at least one loop")
    timer = Timer(source, setup, globals=namespace)
    loops = loops or timer.autorange()[0]
    result = TimeitResult(loops, timer.repeat(runs, loops), precision)
    if "q" not in options:
        print(result)
    return result if "o" in options else None


@contextlib.contextmanager
def _main_program(module, arguments, folder):
    saved = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = arguments
    sys.path.insert(0, str(folder))
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = saved


def _words_with_files(text, namespace):
    """As a shell has them: with `~`, and stars that stand for files."""
    import glob

    words = [os.path.expanduser(word) for word in words_of(fill_in(text, namespace))]
    return [file for word in words for file in sorted(glob.glob(word)) or [word]]


# Both give the code, its file, the folder that its imports look in first, and what else the module
# has of its own.


def _code_of_module(name):
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = find_spec(name + ".__main__")
        code = spec.loader.get_code(spec.name)
        return code, spec.origin, Path.cwd(), {"__spec__": spec, "__package__": spec.parent}
    except (AttributeError, ImportError, ValueError):
        raise CommandError(f"%run: there is no module {name} that can be run") from None


def _code_of_file(path):
    import io

    if not os.path.exists(path) and os.path.exists(path + ".py"):
        path += ".py"
    try:
        with io.open_code(os.path.abspath(path)) as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        return code, path, Path(path).resolve().parent, {}
    except OSError as error:
        raise CommandError(f"%run: {path}: {error.strerror}") from None


def _run_program(code, names, options):
    if "d" in options:
        import pdb

        return pdb.Pdb().run(code, names)
    with _timing() if "t" in options else contextlib.nullcontext():
        exec(code, names)


@command(completes="file")
def run(arguments, namespace):
    """%run [-indte] FILE [ARGUMENTS], %run -m MODULE [ARGUMENTS]

    Run a script as a program of its own, or a module, then have its names here. `-i`: it sees
    the names that are here, and runs among them; `-n`: its `__name__` is not `__main__`; `-d`:
    under pdb; `-t`: say how long it took; `-e`: whatever it exits with.
    """
    from types import ModuleType

    options, rest = options_of(arguments, "indtem:", last="m")
    words = _words_with_files(rest, namespace)
    if "m" in options:
        words.insert(0, options["m"])
    if not words:
        raise CommandError("%run: which file?")
    find = _code_of_module if "m" in options else _code_of_file
    code, words[0], folder, own = find(words[0])
    own.update(__file__=words[0], __builtins__=builtins)
    name = Path(words[0]).stem if "n" in options else "__main__"
    module = sys.modules["__main__"] if "i" in options else ModuleType(name)
    names = namespace if "i" in options else module.__dict__
    before_it = {key: names[key] for key in own if key in names}
    names.update(own)
    try:
        with _main_program(module, words, folder):
            _run_program(code, names, options)
    except SystemExit as exit:
        if exit.code not in (None, 0) and "e" not in options:
            raise CommandError(f"%run: {words[0]} exited: {exit.code}") from None
    finally:
        if names is namespace:
            for key in own:
                namespace.pop(key, None)
            namespace.update(before_it)
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


def fill_in(text, namespace):
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
    status = os.system(fill_in(text, namespace))
    _keep_status(os.waitstatus_to_exitcode(status), namespace)


def run_by_shell(text, **options):
    """Until it has ended; an interrupt is no matter of the module that waits."""
    import subprocess

    try:
        return subprocess.run(text, shell=True, check=False, **options)
    except KeyboardInterrupt:
        raise KeyboardInterrupt from None


def shell_lines(text, namespace):
    """NAME = !COMMAND: what it prints."""
    from subprocess import PIPE, STDOUT

    done = run_by_shell(fill_in(text, namespace), stdout=PIPE, stderr=STDOUT)
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


def _unwrapped(obj):
    import inspect

    try:
        return inspect.unwrap(obj)
    except ValueError:
        return obj


def _place(obj):
    import inspect

    try:
        return inspect.getsourcefile(_unwrapped(obj))
    except (OSError, TypeError):
        return None


def _source(obj):
    """The source, or why it cannot be read; both are empty where there is none."""
    import inspect
    import tokenize

    try:
        return inspect.getsource(_unwrapped(obj)), ""
    except (OSError, TypeError):
        return "", ""
    except (SyntaxError, ValueError, tokenize.TokenError) as error:  # the file has changed
        return "", f"cannot be read: {error.args[0]}"


def _length(obj):
    try:
        return hasattr(type(obj), "__len__") and str(len(obj))
    except Exception as error:  # as of an array without dimensions
        return f"cannot be told: {error}"


def _facts(name, obj, with_source):
    import inspect
    import reprlib

    source, why_not = _source(obj) if with_source else ("", "")
    is_value = not callable(obj) and not inspect.ismodule(obj)
    yield "Signature", callable(obj) and _signature(obj, name)
    yield "Value", is_value and reprlib.repr(obj)
    yield "Length", is_value and _length(obj)
    yield "Type", type(obj).__qualname__
    yield "File", _place(obj)
    if source:
        yield "Source", "\n" + source.rstrip()
    else:
        yield "Docstring", inspect.getdoc(obj)
        yield "Source", why_not


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


@command
def who_ls(arguments, namespace):
    """%who_ls [TYPES]

    The same names as those of `%who`, as a list.
    """
    return sorted(_own_names(namespace, arguments))


def is_sure(question):
    return input(f"{question} (y/[n]) ").strip().lower() in ("y", "yes")


@command
def reset(arguments, namespace):
    """%reset [-f]

    Take all names away that were defined. `-f`: without asking.
    """
    options, _ = options_of(arguments, "fs")
    if "f" not in options and not is_sure("Take all names away?"):
        return
    for name in list(namespace):
        if not (name.startswith("__") and name.endswith("__")):
            del namespace[name]


@command
def reset_selective(arguments, namespace):
    """%reset_selective [-f] PATTERN

    Take the names away in which a regular expression is found. `-f`: without asking.
    """
    options, pattern = options_of(arguments, "f")
    try:
        names = [name for name in _own_names(namespace) if re.search(pattern, name)]
    except re.error as error:
        raise CommandError(f"%reset_selective: {error}") from None
    if not pattern:
        raise CommandError("%reset_selective: which names?")
    if names and ("f" in options or is_sure(f"Take {', '.join(names)} away?")):
        for name in names:
            del namespace[name]


# ---- folders, the environment


@command
def pwd(_arguments, _namespace):
    """%pwd

    The folder that the session is in.
    """
    return os.getcwd()


_folders: list[str] = []  # where %cd was, in that order; the last is where it is


def _folder_before(text):
    """What `-` and `-2` mean."""
    try:
        return _folders[int(text[1:]) if text[1:] else -2]
    except IndexError:
        raise CommandError(f"%cd: there is no {text}" if text[1:]
                           else "%cd: you came from nowhere") from None


@command(completes="folder")
def cd(arguments, namespace):
    """%cd [-q] [FOLDER]

    Go to a folder, home by default; `-` is the one that you came from, and `-2` number 2 of
    `%dhist`. `-q`: without saying where that is.
    """
    options, rest = options_of(arguments, "q")
    text = " ".join(words_of(fill_in(rest, namespace))) or "~"
    if not _folders:
        with contextlib.suppress(OSError):  # it may be gone
            _folders.append(os.getcwd())
    target = _folder_before(text) if re.fullmatch(r"-\d*", text) else os.path.expanduser(text)
    try:
        os.chdir(target)
    except OSError as error:
        raise CommandError(f"%cd: {target}: {error.strerror}") from None
    _folders.append(os.getcwd())
    if "q" not in options:
        print(_folders[-1])


@command
def dhist(_arguments, _namespace):
    """%dhist

    List the folders where `%cd` was, with their numbers.
    """
    print("\n".join(f"{i}: {folder}" for i, folder in enumerate(_folders)))


@command
def env(arguments, _namespace):
    """%env [NAME[=VALUE]]

    The environment, one of its variables, or set one.
    """
    name, mark, value = arguments.partition("=" if "=" in arguments else " ")
    if mark and not name.strip():
        raise CommandError("%env: which variable?")
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

    traceback = last_traceback()
    if traceback is None:
        raise CommandError("%pm: there was no exception yet")
    pdb.post_mortem(traceback)


@command
def debug(arguments, namespace):
    """%debug [STATEMENT]

    Run a statement under pdb; without one look at the last traceback, as `%pm`.
    """
    import pdb

    if not arguments:
        return pm(arguments, namespace)
    pdb.Pdb().run(_expression_or_statements(arguments, "<debug>"), namespace)


_hooks: list = []  # sys.excepthook as it was ahead of `%pdb on`


def _show_and_debug(kind, error, traceback):
    import pdb
    from traceback import print_exception

    hook = _hooks[-1]
    # Python's own knows the lines of files alone up to 3.12
    plain = sys.version_info < (3, 13) and hook is sys.__excepthook__
    show = print_exception if plain else hook
    show(kind, error, traceback)
    if traceback is not None and not issubclass(kind, (KeyboardInterrupt, CommandError)):
        pdb.post_mortem(traceback)


@command
def pdb(arguments, _namespace):
    """%pdb [on | off]

    Whether pdb begins by itself where an exception was not handled; without either, the other
    way round.
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


# ---- modules that change


_MODES = {"off": 0, "explicit": 1, "all": 2, "complete": 2, "0": 0, "1": 1, "2": 2, "3": 2}


@command
def autoreload(arguments, _namespace):
    """%autoreload [off | explicit | all | now]

    Whether modules whose files have changed are loaded again ahead of each block: none (`off`
    or 0), those that `%aimport` names (`explicit` or 1), or all (`all` or 2). Functions and
    classes that came from them change as well. `now`, or nothing: look once, now.
    """
    from pyconsole import _autoreload

    if arguments not in ("", "now", *_MODES):
        raise CommandError("%autoreload: off, explicit, all or now")
    if arguments in ("", "now"):
        return _autoreload.look(every=True)
    _autoreload.set_mode(_MODES[arguments])


@command
def aimport(arguments, namespace):
    """%aimport [MODULES]

    Import modules, and load them again when they change, after `%autoreload explicit`; one
    with a `-` ahead of it never. Without any: list them.
    """
    import importlib

    from pyconsole import _autoreload

    if not arguments:
        return print(_autoreload.described())
    for name in arguments.replace(",", " ").split():
        if name.startswith("-"):
            _autoreload.skip(name[1:])
            continue
        importlib.import_module(name)
        namespace[name.partition(".")[0]] = sys.modules[name.partition(".")[0]]
        _autoreload.mark(name)


@command
def load_ext(arguments, _namespace):
    """%load_ext MODULE

    Import a module, which registers commands of its own. What comes with `%autoreload` in
    IPython is here already.
    """
    import importlib

    if not arguments:
        raise CommandError("%load_ext: which module?")
    if arguments != "autoreload":
        importlib.import_module(arguments)
