#!/usr/bin/env python3
"""Make docs/commands.md from the docstrings of the commands (_commands.py and _blocks.py).

    tools/commands.py              write the page
    tools/commands.py --check      say whether the page is what they say
"""

import sys
from inspect import cleandoc
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.md"

HEAD = """\
# Commands

*Made by tools/commands.py from `_commands.py` and `_blocks.py` in python/pyconsole; what is to
change is changed there.*

At the prompt a block is Python. Where it begins or ends as no Python does, it is a command, as
IPython spells them; with `pure-python = on` in the [settings](settings.md) there are none but
bare words. Several may follow each other, one a line, with Python behind them.

| spelt | does |
|---|---|
| `exit`, `quit` | leave, where no variable has that name; the same holds for the other words |
| `help` | the help of Python, as `help()` |
| `copyright`, `credits`, `license` | what `copyright()` and so on show |
| `clear` | clear the screen |
| `OBJECT?`, `?OBJECT` | signature, type, value, file and documentation |
| `OBJECT??`, `??OBJECT` | the same with the source |
| `*name*?`, `str.*with?` | the names that fit |
| `?` | all commands; `%NAME?` tells more about one |
| `!COMMAND` | run it by the shell, on the terminal; its status is `_exit_code` |
| `NAME = !COMMAND` | what it prints, errors too, as a list of lines; `.s` and `.n` are all of it in one string, with blanks or newlines |
| `NAME = %COMMAND` | the value of a command |
| `!!COMMAND` | the same list, shown |

In a `COMMAND` `$name` and `{expression}` stand for values of the session, as far as there are
such; the shell has the others, and `$$` is a dollar sign.

## States to go back to

A state is all that Python holds in the session: names, modules, what they have become. It is a fork
of its process, so it costs little, and nothing that was written to files or sent to others is taken
back; `random` has another seed, as after each fork, unless the code sets one. `%undo` has those that are made while the prompt is idle, `checkpoints` of them
([settings](settings.md)); those of `%checkpoint` stay until they are given up. There can be none
while the session runs threads, tasks or other interpreters, which a fork does not copy; the prompt
says so. When Python dies, it offers the latest. A console inside a program, as that of
`pyconsole.embed()`, has no states.

## %commands

`%NAME` takes the rest of its line; `%%NAME`, where there is such, the lines below, up to a blank one.

"""

FOOT = """\
## Commands of your own

```python
from pyconsole import commands

def greet(arguments, namespace):
    \"\"\"%greet NAME

    Say hello.
    \"\"\"
    return f"hello, {arguments}"

commands.register("greet", greet)
```

Then `%greet Ada` shows `'hello, Ada'`. A package does this in a function that the start-up file
calls, or when it is imported. `commands.CommandError` says what is wrong without a traceback. With
`block=True` the function is also called as `greet(arguments, namespace, body)`, for `%%greet`;
`completes="file"` or `"folder"` says what Tab offers behind it.
Functions in the list `commands.before` are called ahead of each block that is run, whatever they
raise; a text that is put into the list `commands.following` begins the next prompt, to be edited.
"""


def registered():
    """The commands, without the package, which needs its extensions."""
    package = ModuleType("pyconsole")
    package.__path__ = [str(ROOT / "python" / "pyconsole")]
    sys.modules["pyconsole"] = package
    sys.dont_write_bytecode = True
    from pyconsole.commands import commands

    return [commands[name] for name in sorted(commands)]


def page():
    text = HEAD
    for command in registered():
        usage, _, rest = cleandoc(command.doc).partition("\n")
        text += f"### `{usage}`\n\n{rest.strip()}\n\n"
    return text + FOOT


def main():
    made = page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is not what the commands say: run tools/commands.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
