"""The editor at the prompt of a console in this process.

interact() asks for it where nothing stands between the terminal and the console's own methods
(src/module/object_console.c). What is typed there goes through push(), statement by statement,
so that whatever else is overridden is called as ever.

A process may have several such consoles: one opened by what another runs, or on other threads.
At their prompts they take turns; code runs in nobody's turn, so that it may wait for a thread
that opens a console.
"""

import _thread
import ast
import os
import sys
import warnings

# Of a thread at its prompt; held once, not counted. mypy knows of no RLock here.
_turn = _thread.RLock()  # type: ignore[attr-defined]
_SHOWS_SOURCE = {"source": None} if sys.version_info >= (3, 13) else {}


def _has_terminal():
    """As input() sees it: are sys.stdin and sys.stdout the process's own?"""
    try:
        return sys.stdin.fileno() == 0 and sys.stdout.fileno() == 1
    except (AttributeError, OSError, ValueError):
        return False


def _first_line(statement):
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _parse(source):
    """Its statements, or None if it cannot be parsed."""
    try:
        with warnings.catch_warnings():  # they come when it is compiled to be run
            warnings.simplefilter("ignore")
            return ast.parse(source).body
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return None


def _pieces(source):
    """What is pushed at a time: a statement, or those that share a line."""
    lines = source.split("\n")
    statements = _parse(source)
    if not statements:
        yield source.strip("\n")
        return
    for index, statement in enumerate(statements):
        if index == 0 or _first_line(statement) > last:
            start = _first_line(statement)
        last = statement.end_lineno
        following = statements[index + 1:index + 2]
        if following and _first_line(following[0]) == last:
            continue
        # The blank line that ends a block.
        block = hasattr(statement, "body") or hasattr(statement, "cases")
        yield "\n".join(lines[start - 1:last]) + "\n" * block


def _refuse(console, source):
    """Show why a source is none."""
    try:
        compile(source + "\n", console.filename, "exec")
    except (SyntaxError, ValueError, OverflowError):
        console.showsyntaxerror(console.filename, **dict.fromkeys(_SHOWS_SOURCE, source))


def _push(console, piece):
    """Did it go well? What is shown of an exception is kept in sys."""
    before = getattr(sys, "last_value", None)
    if "\n" in piece and _parse(piece) is None:
        _refuse(console, piece)
    elif console.push(piece):
        console.resetbuffer()
        _refuse(console, piece)
    return getattr(sys, "last_value", None) is before


def _forget_other_threads():
    """In a child that was forked: nobody else is there that could end his turn."""
    if not _turn._is_owned():
        _turn._at_fork_reinit()


os.register_at_fork(after_in_child=_forget_other_threads)


def _take_turn():
    """What handlers of signals raise meanwhile comes at the end."""
    raised = None
    while not _turn._is_owned():
        try:
            _turn.acquire()
        except BaseException as error:
            raised = error
    if raised is not None:
        raise raised


def _run(console, source):
    try:
        return all(_push(console, piece) for piece in _pieces(source))
    except KeyboardInterrupt:
        console.write("\nKeyboardInterrupt\n")
        console.resetbuffer()
        return False


def _run_out_of_turn(console, source):
    _turn.release()
    try:
        return _run(console, source)
    finally:
        _take_turn()


def _edit_in_turn(edit, console, *options):
    """A handler of a signal that opens a console at a prompt does so in the turn of that."""
    if _turn._is_owned():
        return edit(lambda source: _run(console, source), *options)
    with _turn:
        return edit(lambda source: _run_out_of_turn(console, source), *options)


def edit(console):
    """Prompt, read and run until the end of the input; False where there can be no editor."""
    if not _has_terminal() or not isinstance(console.locals, dict):
        return False
    try:
        from pyconsole import _terminal
    except ImportError:  # a library that it needs is not there
        return False
    awaits = bool(console.compile.compiler.flags & ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return _edit_in_turn(_terminal.edit, console, console.locals, awaits,
                         not sys.flags.ignore_environment)
