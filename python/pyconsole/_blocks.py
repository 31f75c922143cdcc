"""The commands about what was typed and what is in files: %history, %save, %load, %edit."""

import os
import re
import shlex
import sys
from pathlib import Path

from pyconsole._commands import (
    CommandError,
    command,
    fill_in,
    following,
    is_sure,
    number_of,
    options_of,
    run_by_shell,
    run_statements,
    words_of,
)

# ---- the blocks of this session


def _blocks():
    """What was typed, by the numbers that tracebacks show."""
    import linecache

    for name, entry in list(linecache.cache.items()):
        match = re.fullmatch(r"<input-(\d+)>", name)
        text = "".join(entry[2]) if match and len(entry) == 4 else ""
        if text:
            yield int(match[1]), text.rstrip("\n") + "\n"


def _behind_command(text, namespace):
    """What stands behind the command that the text begins with; None: it is Python."""
    from pyconsole import commands

    found = commands.find(text, namespace)
    return None if found is None else found[1]


def _is_python(text, namespace):
    return _behind_command(text, namespace) is None


_RANGE = r"(\d+)(?:([-:])(\d+))?"


def _chosen(ranges, blocks, what="blocks"):
    """Those with these numbers: 3 5-7, which is the same as 3 5:8."""
    if not ranges:
        return [*blocks.items()]
    numbers = []
    for text in ranges:
        match = re.fullmatch(_RANGE, text)
        if match is None:
            raise CommandError(f"no numbers of {what}: {text}")
        last = int(match[3]) - (match[2] == ":") if match[3] else int(match[1])
        numbers += [number for number in blocks if int(match[1]) <= number <= last]
    return [(number, blocks[number]) for number in numbers]


def _before_this():
    return dict(list(_blocks())[:-1])


def _python_blocks(ranges, namespace):
    blocks = {number: text for number, text in _blocks() if _is_python(text, namespace)}
    return [text for _number, text in _chosen(ranges, blocks)]


def _are_numbers(text):
    return bool(re.fullmatch(rf"{_RANGE}(?:\s+{_RANGE})*", text))


def _numbered(number, text):
    return "".join(f"{f'{number}: ' if i == 0 else '':>6}{line}"
                   for i, line in enumerate(text.splitlines(True)))


def _write(path, text, what, mode="w"):
    try:
        with open(path, mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CommandError(f"{what}: {path}: {error.strerror}") from None


@command(completes="file")
def history(arguments, _namespace):
    """%history [-nu] [-f FILE] [NUMBERS]

    Show the blocks of this session, or those with numbers like `3 5-7`, which tracebacks show.
    `-n`: with their numbers; `-u`: each once; `-f`: into a file. `%history -g [PATTERN]` shows
    those of all sessions, or the ones that have a text or a pattern with stars in them;
    `%history -l [NUMBER]` the last ones (10) of all sessions.
    """
    options, rest = options_of(arguments, "nuf:rtgl")
    if {"g", "l"} & options.keys():
        raise CommandError("%history of all sessions is the prompt's own, and stands alone")
    if options.get("f") == "":
        raise CommandError("%history: into which file?")
    blocks = _chosen(rest.split(), _before_this())
    if "u" in options:
        latest = {text: number for number, text in blocks}
        blocks = [(number, text) for number, text in blocks if latest[text] == number]
    text = "".join(_numbered(number, block) if "n" in options else block
                   for number, block in blocks)
    if "f" not in options:
        return print(text, end="")
    path = Path(os.path.expanduser(options["f"]))
    if not path.exists() or is_sure(f"Write over {path}?"):
        _write(path, text, "%history")


def _put(text):
    following.append(text.rstrip("\n"))


def _last_or_chosen(arguments, namespace, what):
    blocks = _python_blocks(arguments.split(), namespace)
    if not blocks:
        raise CommandError(f"{what}: there are no such blocks")
    return "".join(blocks) if arguments else blocks[-1]


@command
def recall(arguments, namespace):
    """%recall [NUMBERS]

    Put the last block, or those with the numbers, into the next prompt.
    """
    _put(_last_or_chosen(arguments, namespace, "%recall"))


@command
def rerun(arguments, namespace):
    """%rerun [NUMBERS]

    Run the last block again, or those with the numbers.
    """
    source = _last_or_chosen(arguments, namespace, "%rerun")
    print(source, end="")
    run_statements(source, namespace, "<rerun>")


# ---- files


def _read(name, what):
    try:
        return Path(os.path.expanduser(name)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{what}: {name}: {getattr(error, 'strerror', error)}") from None


def _source_of(text, namespace, what):
    """That of blocks, of a file, or of an object of the session."""
    import inspect

    if _are_numbers(text):
        return _last_or_chosen(text, namespace, what)
    is_name = re.fullmatch(r"[\w.]+", text) and not text.endswith(".py")
    if os.path.exists(os.path.expanduser(text)) or not is_name:
        return _read(text, what)
    try:
        return inspect.getsource(eval(text, namespace))
    except (AttributeError, NameError, OSError, TypeError) as error:
        raise CommandError(f"{what}: {text}: {error}") from None


def _lines_of(source, ranges):
    """Those with these numbers: 3-5,8."""
    lines = dict(enumerate(source.splitlines(True), 1))
    chosen = _chosen(ranges.replace(",", " ").split(), lines, "lines")
    return "".join(line for _number, line in chosen)


def _symbols_of(source, names):
    """The functions and classes with these names."""
    import ast

    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise CommandError(f"%load: {error}") from None
    wanted = names.split(",")
    found = [ast.get_source_segment(source, node) for node in body
             if getattr(node, "name", None) in wanted]
    if len(found) < len(wanted):
        raise CommandError(f"%load: not all of {names} are there")
    return "\n\n".join(found)


@command(completes="file")
def load(arguments, namespace):
    """%load [-r LINES] [-s NAMES] FILE | OBJECT | NUMBERS

    Put a file, the source of an object, or blocks of this session into the next prompt. `-r`:
    only its lines `3-5,8`; `-s`: only its functions and classes `f,g`.
    """
    options, text = options_of(arguments, "r:s:y")
    if not text:
        raise CommandError("%load: which file?")
    source = _source_of(fill_in(text, namespace), namespace, "%load")
    if "r" in options:
        source = _lines_of(source, options["r"])
    _put(_symbols_of(source, options["s"]) if "s" in options else source)


def _commands_and_python(text, namespace):
    """The lines of the commands that a block begins with, and what stands behind them."""
    rest = _behind_command(text, namespace)
    if rest is None:
        return [], text
    lines = text.splitlines(True)
    above = len(rest) - len(rest.lstrip("\n")) if rest else len(lines)
    more, python = _commands_and_python("".join(lines[above:]), namespace)
    return lines[:above] + more, python


def _program(ranges, namespace):
    """The blocks as a file has them that python3 can run."""
    blocks = [_commands_and_python(text, namespace)
              for _number, text in _chosen(ranges, _before_this())]
    if not blocks:
        raise CommandError("%save: there are no such blocks")
    if not any(python for _lines, python in blocks):
        raise CommandError("%save: there are only commands in these blocks, no Python")
    return "".join("".join(f"# {line}" if line.strip() else line for line in lines) + python
                   for lines, python in blocks)


@command(completes="file")
def save(arguments, namespace):
    """%save [-fa] FILE [NUMBERS]

    Write the blocks of this session into a file, or those with numbers like `3 5-7`, which
    tracebacks show. Commands become comments, so that python3 can run the file; where there
    are only commands nothing is written. `-f`: also into a file that is there, without
    asking; `-a`: behind what is in it.
    """
    options, rest = options_of(arguments, "far")
    words = words_of(fill_in(rest, namespace))
    if not words:
        raise CommandError("%save: which file?")
    path = Path(os.path.expanduser(words[0] if "." in words[0] else words[0] + ".py"))
    text = _program(words[1:], namespace)
    asks = path.exists() and not {"f", "a"} & options.keys()
    if asks and not is_sure(f"Write over {path}?"):
        return
    _write(path, text, "%save", "a" if "a" in options else "w")
    count = text.count("\n")
    print(f"{path}: {count} line{'s' * (count != 1)}")


def _edit_file(path, line):
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    sys.stdout.flush()
    place = f"+{line} " if line else ""
    done = run_by_shell(f"{editor} {place}{shlex.quote(str(path))}")
    if done.returncode:
        raise CommandError(f"%edit: {editor} failed: nothing is run")


@command(completes="file")
def edit(arguments, namespace):
    """%edit [-x] [-n LINE] [FILE | OBJECT | NUMBERS]

    Edit a text with `VISUAL` or `EDITOR`, and run it: a file, which is kept, or a copy of the
    source of an object or of blocks of this session. `-x`: without running it; `-n`: begin at
    a line.
    """
    import tempfile

    options, text = options_of(arguments, "xn:")
    text = fill_in(text, namespace)
    with tempfile.TemporaryDirectory(prefix="pyconsole-") as folder:
        path = Path(os.path.expanduser(text)) if text.endswith(".py") else Path(folder, "edited.py")
        if path.parent == Path(folder):
            _write(path, _source_of(text, namespace, "%edit") if text else "", "%edit")
        _edit_file(path, number_of(options, "n", 0, "%edit"))
        source = _read(path, "%edit") if path.exists() else ""
    if "x" not in options:
        run_statements(source, namespace, str(path))
    elif not text.endswith(".py"):
        _put(source)
