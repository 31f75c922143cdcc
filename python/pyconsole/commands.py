"""What can be typed at the prompt besides Python: exit, obj?, !command, %command.

    from pyconsole import commands

    def greet(arguments, namespace):
        return f"hello, {arguments}"

    commands.register("greet", greet, doc="%greet NAME\\n\\nSay hello.")

Then `%greet Ada` shows 'hello, Ada'. The worker of a session at a terminal asks find() of a
text that begins or ends as no Python does (src/runtime/commands.c).
"""

import builtins
import re
import sys
from pathlib import Path
from types import SimpleNamespace

from pyconsole import _blocks, _commands  # noqa: F401: its commands
from pyconsole._commands import CommandError, before, following, last_traceback

__all__ = ["CommandError", "asked", "before", "commands", "find", "following", "register", "unregister"]

commands: dict[str, SimpleNamespace] = {}  # by name: those of _commands.py, and what is registered

_OWN = str(Path(__file__).parent)

_NAME = r"[^\W\d]\w*"
_PERCENT = re.compile(rf"(%%?)({_NAME})(?:\s+(.*))?")
_OBJECT = rf"%%?{_NAME}|[\w*.]*\*[\w*.]*|{_NAME}(?:\.{_NAME}|\[(?:-?\d+|'[^'\\]*'|\"[^\"\\]*\")\])*"
_QUESTION = re.compile(rf"(\?\??)\s*({_OBJECT})?|({_OBJECT})\s*(\?\??)")
_ASSIGNMENT = re.compile(rf"({_NAME})\s*=\s*(?:!\s*(\S.*)|%({_NAME})(?:\s+(.*))?)")
_SHELL = re.compile(r"(!!?)\s*(\S(?s:.*))")


def register(name, function, *, doc=None, block=False, completes="python"):
    """Add a command, or put another in its place.

    `function(arguments, namespace)` is called for `%name arguments`; what it returns is shown
    as the value of an expression is. With `block` it is also called as
    `function(arguments, namespace, body)` for `%%name arguments` and the lines below. `doc`,
    the function's docstring by default, begins with a line that shows how it is spelt.
    `completes` says what the arguments are, for completion: "python", "file" or "folder".
    """
    if not re.fullmatch(_NAME, name):
        raise ValueError(f"not a name: {name!r}")
    commands[name] = SimpleNamespace(name=name, function=function, block=block, completes=completes,
                                     doc=(function.__doc__ if doc is None else doc) or "")


def unregister(name):
    """Take a command away. KeyError: there is none."""
    del commands[name]


# ---- bare words


def _leave(*_):
    raise SystemExit


def _help(*_):
    import pydoc

    pydoc.help()


def _clear(*_):
    print(end="\033[H\033[2J\033[3J", flush=True)


def _tell(word):
    return lambda *_: getattr(builtins, word)()


_WORDS = {"exit": _leave, "quit": _leave, "help": _help, "clear": _clear,
          **{word: _tell(word) for word in ("copyright", "credits", "license")
             if hasattr(builtins, word)}}


# ---- finding


def _refuse(message):
    def refuse(*_):
        raise CommandError(message)

    return refuse


def _unknown(marks, name):
    import difflib

    near = difflib.get_close_matches(name, commands, 3)
    hint = " Did you mean " + " or ".join(f"{marks}{found}" for found in near) + "?" if near else ""
    return _refuse(f"{marks}{name}: there is no such command.{hint}")


def _percent(marks, name, arguments, body):
    command = commands.get(name)
    if command is None:
        return _unknown(marks, name)
    if marks == "%":
        return lambda namespace: command.function(arguments, namespace)
    if not command.block:
        return _refuse(f"%%{name}: there is only %{name}, for one line")
    return lambda namespace: command.function(arguments, namespace, body)


def _ends_with_blank_line(body):
    return "\n" in body and not body.rpartition("\n")[2].strip()


def _find_percent(line, after):
    """(function, rest, complete); a block takes all that follows, up to a blank line."""
    match = _PERCENT.fullmatch(line)
    if match is None:
        return None
    marks, name, arguments = match.groups()
    function = _percent(marks, name, (arguments or "").strip(), after)
    return (function, after, True) if marks == "%" else (function, "", _ends_with_blank_line(
        "\n" + after if after else ""))


def _find_line(line):
    """The function for a line that is no Python, or None."""
    if match := _SHELL.fullmatch(line):
        run = _commands.shell if match[1] == "!" else _commands.shell_lines
        return lambda namespace: run(match[2], namespace)
    if match := _ASSIGNMENT.fullmatch(line):
        target, shell, name, arguments = match.groups()
        value = (_percent("%", name, (arguments or "").strip(), "") if name
                 else lambda namespace: _commands.shell_lines(shell, namespace))
        return lambda namespace: namespace.update({target: value(namespace)})
    if match := _QUESTION.fullmatch(line):
        ahead, name, other, behind = match.groups()
        name = name or other or ""
        if name.startswith("%") or not name:
            return lambda namespace: _describe(name.lstrip("%"))
        return lambda namespace: _commands.tell(name, namespace, len(ahead or behind) > 1)
    return None


def _find(line, after):
    if line.startswith("%") and not _QUESTION.fullmatch(line):
        return _find_percent(line, after)
    if after.strip() and line.endswith("?") and not line.startswith(("?", "!", "%")):
        return None
    function = _find_line(line)
    return function and (function, after, True)


def _first_line(text):
    """A line, with those that a backslash at its end joins to it if it is the shell's; the rest."""
    line, _, after = text.partition("\n")
    while line.startswith("!") and line.endswith("\\") and after:
        more, _, after = after.partition("\n")
        line = f"{line}\n{more}"
    return line.rstrip(), after


def find(source, namespace, words_only=False):
    """What the source begins with, if that is a command, else None.

    The function that runs it; the rest of the source, its lines where they were; whether the
    command is complete.
    """
    text = source.lstrip()
    line, after = _first_line(text)
    word = _WORDS.get(line) if line not in namespace and not after.strip() else None
    found = (word, "", True) if word else None if words_only else _find(line, after)
    if found is None:
        return None
    function, rest, complete = found
    above = source.count("\n") - rest.count("\n")
    return _runner(function, namespace), "\n" * above + rest if rest.strip() else "", complete


# ---- completing


_ARGUMENTS = re.compile(rf"\s*(?:{_NAME}\s*=\s*)?(?:!!?|\?\??|%%?({_NAME})\s)")
_WORD = re.compile(r"(?:\\.|[^\s\\=<>|&;(])*\Z")


def _word_of_file(rest):
    """Where the last word begins, as shlex has them, and whether it is in quotes."""
    quotes = re.findall(r"\\.|['\"]", rest)
    opened = ""
    for quote in quotes:
        opened = opened if len(quote) > 1 else "" if quote == opened else opened or quote
    return (rest.rindex(opened) + 1, True) if opened else (_WORD.search(rest).start(), False)


def asked(text):
    """What is typed at the end of a text that begins with a command; None: Python.

    ("name", start, names), ("file" or "folder", start, whether it is in quotes), or
    ("python", start, None): Python behind a command. `start` counts bytes.
    """
    *above, line = text.split("\n")
    first = next((each for each in (*above, line) if each.strip()), "").lstrip()
    if above and first.startswith("%%"):
        return "python", len(above[0].encode()), None
    if any(each.strip() and each.lstrip()[0] not in "%!?" for each in above):
        return None
    before = len(text.encode()) - len(line.encode())
    if match := re.fullmatch(rf"(\s*(?:{_NAME}\s*=\s*)?%%?)(\w*)", line):
        return ("name", before + len(match[1].encode()),
                {name: command.function for name, command in commands.items()})
    match = _ARGUMENTS.match(line)
    if match is None:
        return None
    here = before + len(match[0].encode())
    completes = ("file" if match[0].endswith("!") else
                 getattr(commands.get(match[1]), "completes", "python"))
    if completes == "python":
        return "python", here, None
    rest = line[match.end():]
    word, quoted = _word_of_file(rest)
    return completes, here + len(rest[:word].encode()), quoted


# ---- running


def _without_own_frames(traceback):
    while traceback and traceback.tb_frame.f_code.co_filename.startswith(_OWN):
        traceback = traceback.tb_next
    return traceback


def _runner(function, namespace):
    def run():  # whose frame is not shown
        try:
            value = function(namespace)
            if value is not None:
                sys.displayhook(value)
        except CommandError as error:
            error._hidden = last_traceback()
            raise error.with_traceback(None) from None
        except BaseException as error:
            raise error.with_traceback(_without_own_frames(error.__traceback__))

    return run


# ---- commands about commands


def _describe(name):
    from inspect import cleandoc

    if name and name not in commands:
        _unknown("%", name)()
    shown = [commands[name]] if name else [commands[name] for name in sorted(commands)]
    for command in shown:
        usage, _, text = cleandoc(command.doc or f"%{command.name}").partition("\n")
        first = " ".join(re.split(r"\.(?:\s|$)", text, maxsplit=1)[0].split())
        print(f"{usage}\n\n{text.strip()}" if name else f"{usage:<40} {first}".rstrip())


def _list(_arguments, _namespace):
    """%commands

    List the commands. `%lsmagic` is the same; `%NAME?` tells more about one.
    """
    _describe("")


_LIST_AGAIN = "%lsmagic\n\nList the commands. `%commands` is the same."


_OF_THE_PROMPT = {  # src/repl/own.c
    "checkpoint": """%checkpoint [[-d] NAME]

        Keep the state of the session under a name; there are 16 at most. `-d`: give it up.
        Without a name: list them.
        """,
    "restore": """%restore [NAME]

        Go back to the state that has that name, or on to a later one; `%undo` takes that back.
        """,
    "undo": """%undo [NUMBER]

        Take the session back to before the last block, or so many.
        """,
}


def _of_the_prompt(name):
    def refuse(_arguments, _namespace):
        raise CommandError(f"%{name} is the prompt's own, and stands alone")

    refuse.__doc__ = _OF_THE_PROMPT[name]
    return refuse


for _function, _block, _completes in _commands.COMMANDS:
    register(_function.__name__.rstrip("_"), _function, block=_block, completes=_completes)
for _name in _OF_THE_PROMPT:
    register(_name, _of_the_prompt(_name))
register("commands", _list)
register("lsmagic", _list, doc=_LIST_AGAIN)
