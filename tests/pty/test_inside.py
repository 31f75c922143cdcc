"""The prompt inside a Python process: embed(), interact(), code.interact() after install()."""

import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from terminal import ROOT, wait_asleep

PACKAGE = str(ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "python")


@pytest.fixture
def inside(start, tmp_path):
    """Start a script on a terminal; it stands in a file of its own."""
    def inside(script, **more):
        path = tmp_path / "script.py"
        path.write_text(script)
        return start(str(path), command=sys.executable, PYTHONPATH=PACKAGE, **more)
    return inside


EMBED = """
import pyconsole
def f(spam):
    eggs = [1, 2, 3]
    pyconsole.embed()
    return spam
print("f gave", f("ham"))
"""
INTERACT = """
import pyconsole
pyconsole.install()
import code
spam = 5
code.interact("the banner", local=globals(), exitmsg="the end")
print("after it")
"""


# ---- the four ways in


def test_complaint_1__embed_has_the_editor_on_the_callers_names(inside):
    terminal = inside(EMBED).wait(">>>")
    assert re.fullmatch(r"pyconsole at .*/script.py:5 in f *>>> *", "".join(terminal.screen.display))
    terminal.keys("for egg in eggs:\rprint(spm, egg)").wait(">>> for egg in eggs:", "...     print(spm, egg)")
    terminal.keys("\x02" * 7, "a\x1b[A\x1b[B\x05\r\r").wait("ham 1", "ham 2", "ham 3", ">>>")
    terminal.keys("\x10").wait(">>> for egg in eggs:", "...     print(spam, egg)").keys("\x03")
    terminal.wait("KeyboardInterrupt", ">>>").keys("\x04").wait(">>>", "f gave ham")
    assert terminal.end() == 0


def test_complaint_1__interact_after_install(inside):
    terminal = inside(INTERACT).wait("the banner", ">>>")
    terminal.keys("def f(n):\rreturn n + spam\r\r").wait(">>> def f(n):", "...     return n + spam", "...", ">>>")
    terminal.keys("f(1)\r").wait(">>> f(1)", "6", ">>>").keys("\x04").wait(">>>", "the end", "after it")
    assert terminal.end() == 0


@pytest.mark.parametrize("module", ["pyconsole", "pyconsole.code"])
def test_complaint_1__python_m(start, module):
    terminal = start("-m", module, "-q", command=sys.executable, PYTHONPATH=PACKAGE).wait(">>>")
    terminal.keys("if 1:\r2\r\r").wait(">>> if 1:", "...     2", "...", "2", ">>>")
    terminal.keys("\x04").wait(">>>", "now exiting InteractiveConsole...")
    assert terminal.end() == 0


@pytest.mark.skipif(sys.version_info >= (3, 15), reason="its pdb runs a console by _pyrepl, not by interact()")
def test_complaint_1__breakpoint_and_what_pdb_calls_interact(inside):
    script = "def f(n):\n    breakpoint()\n    return n\nimport pyconsole; pyconsole.install()\nf(4)\n"
    terminal = inside(script).wait_until(lambda lines: lines and lines[-1] == "(Pdb)").keys("interact\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("[n\r* 2]\r").wait(">>> [n", "...  * 2]", "[8]", ">>>")
    terminal.keys("\x04").wait_until(lambda lines: lines[-1] == "(Pdb)").keys("c\r")
    assert terminal.end() == 0


def test_complaint_1__as_pythonbreakpoint(inside):
    terminal = inside("def f(spam):\n    breakpoint()\nf(4)\nprint('on')\n", PYTHONBREAKPOINT="pyconsole.embed").wait(">>>")
    terminal.keys("spam + 1\r").wait("5", ">>>").keys("exit()\r").wait(">>> exit()", "on")


AWAITING = """
import ast, asyncio, inspect, types
import pyconsole
pyconsole.install()
import code
class Console(code.InteractiveConsole):  # as that of python -m asyncio
    def __init__(self, names):
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    def runcode(self, code):
        value = types.FunctionType(code, self.locals)()
        if inspect.iscoroutine(value):
            asyncio.run(value)
Console({"asyncio": asyncio}).interact("", "")
"""


def test_a_console_whose_statements_await(inside):
    terminal = inside(AWAITING).wait(">>>").keys("for n in 1, 2:\rawait asyncio.sleep(0, n)\r\r")
    terminal.wait(">>> for n in 1, 2:", "...     await asyncio.sleep(0, n)", "...", "1", "2", ">>>")
    terminal.keys("[await\rasyncio.sleep(0, 3)]\r").wait(">>> [await", "...  asyncio.sleep(0, 3)]", "[3]", ">>>")


# ---- what the editor does here, too


def test_highlighting_and_completion(inside):
    terminal = inside(EMBED, NO_COLOR="", PYTHON_COLORS="1").wait(">>>").keys("egg\t").wait(">>> eggs")
    terminal.keys(".app\t").wait(">>> eggs.append").keys("\x15" + "if").wait(">>> if")
    assert terminal.screen.buffer[terminal.cursor()[0]][4].bold


def test_history__is_that_of_all_prompts(inside, start, tmp_path):
    terminal = inside(EMBED).wait(">>>").keys("spam * 2\r").wait("'hamham'", ">>>").keys("1/0\r")
    terminal.wait("ZeroDivisionError: division by zero", ">>>").keys("\x04").wait("f gave ham")
    start().wait(">>>").keys("\x10").wait(">>> 1/0").keys("\x10").wait(">>> spam * 2")


def test_pasting__several_statements_at_once(inside):
    terminal = inside(INTERACT).wait(">>>")
    terminal.paste("a = 1; a\nclass C:\n\n    def f(self):\n\n        return a\n\n@staticmethod\ndef g(): pass\nC().f() + 1\n",
                   then="\r")
    terminal.wait("1", "2", ">>>").paste("3\n1/0\n4\n", then="\r")
    terminal.wait("ZeroDivisionError: division by zero", ">>>")
    assert "3" in terminal.lines() and "4" not in terminal.lines()


def test_pasting__what_is_wrong_is_shown(inside):
    terminal = inside(INTERACT).wait(">>>").paste("x = 1\ny = = 2\n", then="\r")
    terminal.wait('  File "<console>", line 2', "    y = = 2", "        ^", "SyntaxError: invalid syntax", ">>>")
    terminal.keys("x\r").wait("NameError: name 'x' is not defined", ">>>")


def test_commands(inside):
    terminal = inside(EMBED).wait(">>>").keys("!echo $((2 + 3))\r").wait("5", ">>>").keys("%undo\r")
    terminal.wait("pyconsole: %undo needs a Python of its own; here it is the program's", ">>>")
    terminal.keys("%nothing\r").wait("CommandError: %nothing: there is no such command.", ">>>")


def test_prompts__are_those_of_sys(inside):
    terminal = inside(INTERACT).wait(">>>").keys("import sys; sys.ps1 = 'in: '; sys.ps2 = '  : '\r").wait("in:")
    terminal.keys("(1,\r2)\r").wait("in: (1,", "  :  2)", "(1, 2)", "in:")


def test_displayhook_and_excepthook(inside):
    terminal = inside(INTERACT).wait(">>>").keys("import sys; sys.displayhook = lambda v: print('value', v)\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("5\r").wait("value 5", ">>>")
    terminal.keys("sys.excepthook = lambda *a: print('mine', a[1])\r").wait_until(lambda lines: lines[-1] == ">>>")
    terminal.keys("1/0\r").wait("mine division by zero", ">>>")


# ---- the terminal is the code's while it runs


def test_input__and_a_line_without_its_end(inside):
    terminal = inside(EMBED).wait(">>>").keys("name = input('name? ')\r").wait("name?").keys("spam\r")
    terminal.wait("name? spam", ">>>").keys("print(name, end='')\r").wait("spam", ">>>")
    terminal.keys("import getpass; p = getpass.getpass()\r").wait("Password:").keys("secret\r").wait("Password:", ">>>")
    terminal.keys("p\r").wait("'secret'", ">>>")


def test_subprocess__and_a_new_size(inside):
    terminal = inside(EMBED).wait(">>>").keys("import subprocess as s\r").wait(">>> import subprocess as s", ">>>")
    terminal.keys("s.run(['stty', 'size']).returncode\r").wait("24 80", "0", ">>>").resize(30, 90)
    terminal.keys("s.run('stty size; read x; echo got $x', shell=True).returncode\r").wait("30 90").keys("abc\r")
    terminal.wait("abc", "got abc", "0", ">>>")


@pytest.mark.parametrize("typed", ["\x0489\r", "6 * 7\r\x0489\r"])
def test_typed_ahead__control_d_ends_the_console(inside, typed):
    script = "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: None)\n" + INTERACT
    terminal = inside(script).wait(">>>").keys("print('go', flush=True); signal.pause()\r")
    terminal.wait_until(lambda lines: "go" in lines).type(typed).wait_until(lambda lines: lines[-1].endswith("89"))
    wait_asleep(terminal.child.pid)
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait("the end", "after it")
    assert ("42" in terminal.lines()) == (typed[0] == "6")


@pytest.mark.parametrize("code", ["import time; time.sleep(1000)", "input()", "exec('while True: pass')"])
def test_interrupt__while_code_runs(inside, code):
    terminal = inside(INTERACT).wait(">>>").keys(f"print('go', flush=True); {code}\r").wait_until(
        lambda lines: "go" in lines)
    (terminal.interrupt() if "input" in code else terminal.type("\x03")).wait("KeyboardInterrupt", ">>>")
    terminal.keys("1\r").wait(">>> 1", "1", ">>>")


def test_interrupt__at_the_prompt_by_a_signal(inside):
    terminal = inside(INTERACT).wait(">>>").keys("abc").wait(">>> abc")
    os.kill(terminal.child.pid, signal.SIGINT)
    terminal.wait(">>> abc", "KeyboardInterrupt", ">>>").keys("\x19").wait(">>> abc")


def test_handlers__of_the_program_run_at_the_prompt(inside):
    terminal = inside("import signal\nfor n in 10, 15: signal.signal(n, lambda n, _: print('handled', n, flush=True))\n"
                      + EMBED).wait(">>>").keys("ab").wait(">>> ab")
    for number in signal.SIGUSR1, signal.SIGTERM:
        os.kill(terminal.child.pid, number)
        terminal.wait_until(lambda lines: f"handled {number}" in lines and lines[-1].startswith(">>>"))
    terminal.keys("\x15" + "7\r").wait("7", ">>>")


def test_history__has_how_a_block_ended_when_the_process_is_ended(inside, tmp_path):
    terminal = inside(EMBED).wait(">>>").keys("1/0\r").wait("ZeroDivisionError: division by zero", ">>>")
    os.kill(terminal.child.pid, signal.SIGTERM)
    terminal.end()
    database = sqlite3.connect(tmp_path / ".local" / "state" / "pyconsole" / "history.sqlite3")
    assert database.execute("SELECT text, outcome FROM entry").fetchall() == [("1/0", 2)]


def test_handlers__may_ask_at_the_prompt(inside):
    script = "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: breakpoint())\n" + INTERACT
    terminal = inside(script).wait(">>>").keys("if 1:\r7").wait(">>> if 1:", "...     7")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait_until(lambda lines: lines[-1] == "(Pdb)").keys("p spam\r").wait("5", "(Pdb)").keys("c\r")
    terminal.wait(">>> if 1:", "...     7").keys("\r\r").wait("7", ">>>")


def test_handlers__what_they_raise_ends_the_prompt(inside):
    script = """
import signal, sys
class Over(Exception): pass
def end(*_): raise Over
signal.signal(signal.SIGUSR1, end)
import pyconsole
try:
    pyconsole.interact("", exitmsg="")
except Over:
    print("over")
"""
    terminal = inside(script).wait(">>>").keys("ab").wait(">>> ab")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait(">>> ab", "over")
    assert terminal.end() == 0


def test_code_runs_on_the_callers_thread_and_no_other_is_there(inside):
    terminal = inside(INTERACT).wait(">>>").keys("import threading, os; threading.current_thread().name\r")
    terminal.wait("'MainThread'", ">>>").keys("os.listdir('/proc/self/task') == [str(os.getpid())]\r").wait("True", ">>>")
    terminal.keys("import signal; signal.getsignal(2) is signal.default_int_handler\r").wait("True", ">>>")


def test_in_another_thread(inside):
    terminal = inside("import pyconsole, threading\ndef f():\n    spam = 3\n    pyconsole.embed()\n"
                      "t = threading.Thread(target=f, name='T'); t.start(); t.join(); print('joined')\n").wait(">>>")
    terminal.keys("threading.current_thread().name, spam\r").wait("('T', 3)", ">>>").keys("\x04").wait(">>>", "joined")


THREADS = """
import pyconsole, threading
threads = [threading.Thread(target=lambda n=n: pyconsole.embed(f"console {n}")) for n in range(2)]
"""
BOTH = "for each in threads: each.start()\nfor each in threads: each.join()\n"


def both_are_open(lines):
    return {"console 0", "console 1"} <= set(lines) and lines[-1] == ">>>"


def test_in_two_threads__one_prompt_at_a_time(start, tmp_path):
    (tmp_path / "script.py").write_text(THREADS + BOTH + "print('joined')\n")
    script = f"cd; stty -a > before; {sys.executable} script.py; stty -a > after; cmp before after && echo same"
    terminal = start("-c", script, command="bash", PYTHONPATH=PACKAGE).wait_until(both_are_open)
    assert terminal.lines().count(">>>") == 1
    for text in "abc", "def":
        terminal.keys(f"'{text}' + {text!r}\r").wait_until(lambda lines: f"'{text * 2}'" in lines and lines[-1] == ">>>")
        terminal.keys("\x04")
        terminal.wait_until(lambda lines: lines[-1] == "same" or lines[-2:] == [">>>", ">>>"])
    assert terminal.wait("joined", "same").end() == 0


def test_in_two_threads__exit_is_what_it_was_when_both_are_over(inside):
    terminal = inside("import builtins; del builtins.quit\n" + THREADS + BOTH +
                      "print(type(exit).__name__, hasattr(builtins, 'quit'))\n").wait_until(both_are_open)
    terminal.keys("exit()\r").wait(">>> exit()", ">>>").keys("import builtins; del builtins.exit\r")
    terminal.wait(">>> import builtins; del builtins.exit", ">>>").keys("\x04").wait(">>>", "Quitter False")


def test_in_two_threads__code_may_wait_for_the_other_console(inside):
    script = THREADS.replace("embed(f", "interact(local={'n': n, 'threads': threads}, exitmsg='', banner=f")
    terminal = inside(script + "threads[0].start()\n").wait("console 0", ">>>")
    terminal.keys("threads[1].start(); threads[1].join()\r")
    terminal.wait("console 1", ">>>").keys("n\r").wait(">>> n", "1", ">>>").keys("\x04")
    terminal.wait_until(lambda lines: lines[-2:] == [">>>", ">>>"]).keys("n\r").wait(">>> n", "0", ">>>").keys("\x04")
    assert terminal.end() == 0


FORKING = """
import os, pty, pyconsole, signal, threading
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
threading.Thread(target=pyconsole.interact, args=("first",), daemon=True).start()
signal.sigwait([signal.SIGUSR1])
child, terminal = pty.fork()
if child == 0:
    {}
    os._exit(0)
{}
print("the child ended by", os.waitpid(child, 0)[1])
signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_in_a_forked_child__signals_are_what_they_were(inside, number):
    script = FORKING.format("signal.pause()", f"os.kill(child, {number:d})")
    terminal = inside("import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n" + script).wait("first", ">>>")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait("first", f"the child ended by {number:d}", ">>>")


def test_in_a_forked_child__a_console_has_the_editor(inside):
    script = FORKING.format("pyconsole.interact('second', exitmsg='')", """
shown = b""
for awaited, typed in (b"133;B\\a", b"7 * 8\\r"), (b"56", b""), (b"133;B\\a", b"\\x04"):
    while awaited not in shown:
        shown += os.read(terminal, 1000)
    shown = shown.partition(awaited)[2]
    os.write(terminal, typed)
""")
    terminal = inside(script).wait("first", ">>>")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait("first", "the child ended by 0", ">>>")


# ---- others write while a block is edited


OTHERS = """
import os, subprocess, sys, threading, pyconsole
go = threading.Event()
def others():
    go.wait()
    print("from a thread, to a terminal:", sys.stdout.isatty(), os.get_terminal_size().columns)
    os.write(1, b"as C writes\\n")
    subprocess.run(["echo", "a child"])
    print("an error", file=sys.stderr)
    print(*range(2000), sep="\\n")
thread = threading.Thread(target=others)
thread.start()
"""


def test_others__appear_above_the_prompt(inside):
    script = OTHERS.replace("    print(*range(2000), sep=\"\\n\")\n", "") + """
import signal; signal.signal(signal.SIGUSR1, lambda *_: go.set())
pyconsole.interact("", exitmsg="")
"""
    terminal = inside(script).wait(">>>").keys("(1,\r2").wait(">>> (1,", "...  2")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait("from a thread, to a terminal: True 80", "as C writes", "a child", "an error", ">>> (1,", "...  2")
    terminal.keys(")\r").wait(">>> (1,", "...  2)", "(1, 2)", ">>>")


def test_others__a_child_writes_on_when_the_prompt_is_over(inside):
    script = """
import pyconsole, signal, subprocess, sys, threading
go = threading.Event()
signal.signal(signal.SIGUSR1, lambda *_: go.set())
CHILD = "print('begun', flush=True); input(); print('spoken'); print(*range(3000), sep=chr(10))"
def start():
    go.wait()
    global child
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE)
thread = threading.Thread(target=start)
thread.start()
pyconsole.interact("", exitmsg="")
child.communicate(b"\\n")
assert child.returncode == 0
signal.pause()
"""
    terminal = inside(script, rows=3020).wait(">>>")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait("begun", ">>>").keys("\x04")
    terminal.wait_until(lambda lines: "spoken" in lines and lines[-1] == "2999")


def test_others__nobody_waits_for_room_when_code_runs(inside):
    script = OTHERS.replace('    subprocess.run(["echo", "a child"])\n', "") + """
import signal; signal.signal(signal.SIGUSR1, lambda *_: go.set())
pyconsole.interact("", local=globals(), exitmsg="")
"""
    terminal = inside(script, rows=2020).wait(">>>").keys("thread.join(); print('joined')")
    terminal.wait(">>> thread.join(); print('joined')")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.type("\r").wait("joined", ">>>").keys("\x04")
    assert terminal.end() == 0
    assert [line for line in terminal.lines() if line.isdigit()] == [str(n) for n in range(2000)]


def test_signals__are_heard_of_when_another_thread_gets_them(inside):
    script = """
import pyconsole, signal, threading
signal.signal(signal.SIGUSR1, lambda *_: print("heard"))
threading.Thread(target=threading.Event().wait, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
pyconsole.interact("", exitmsg="")
"""
    terminal = inside(script).wait(">>>").keys("abc").wait(">>> abc")
    for heard in ["heard"], ["heard", "heard"]:
        os.kill(terminal.child.pid, signal.SIGUSR1)
        terminal.wait(*heard, ">>> abc")


@pytest.mark.parametrize("own", [False, True])
def test_signals__the_descriptor_that_is_told_of_them_is_that_of_the_code(inside, own):
    script = f"""
import os, pyconsole, signal
reader, writer = os.pipe()
os.set_blocking(writer, False)
signal.set_wakeup_fd(writer if {own} else -1)
pyconsole.interact("", local=globals(), exitmsg="")
print(signal.set_wakeup_fd(-1) == writer)
"""
    terminal = inside(script).wait(">>>").keys("signal.set_wakeup_fd(writer) == writer\r")
    terminal.wait(str(own), ">>>").keys("\x04").wait("True")


def test_others__a_handler_writes_more_than_a_terminal_holds(inside):
    script = """
import pyconsole, signal
signal.signal(signal.SIGUSR1, lambda *_: print(*range(20000), sep="\\n"))
pyconsole.interact("", exitmsg="")
"""
    terminal = inside(script).wait(">>>").keys("abc").wait(">>> abc")
    os.kill(terminal.child.pid, signal.SIGUSR1)
    terminal.wait("19998", "19999", ">>> abc").keys("\x15" + "5\r").wait(">>> 5", "5", ">>>")


WINDOWS = """
import ctypes, select, pyconsole
turns = []
@ctypes.CFUNCTYPE(ctypes.c_int)
def hook():
    turns.append(len(turns))
    if len(turns) == 1:
        print(*range(20000), sep="\\n", flush=True)
    select.select([0], [], [])
    return 0
ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook").value = ctypes.cast(hook, ctypes.c_void_p).value
pyconsole.interact("", local=globals(), exitmsg="")
"""


def test_windows__live_while_a_block_is_edited(inside):
    terminal = inside(WINDOWS).wait("19998", "19999", ">>>").keys("len(turns) > 1\r").wait("True", ">>>")
    terminal.keys("turn\t").wait(">>> turns").keys("\x15\x04")
    assert terminal.end() == 0


# ---- ways out


def test_exit__ends_the_program_where_nobody_holds_it(inside):
    terminal = inside(INTERACT).wait(">>>").keys("raise SystemExit(3)\r")
    assert terminal.end() == 3
    assert "after it" not in terminal.lines()


@pytest.mark.parametrize("code", ["os.close(0)", "os.dup2(os.open('/dev/null', os.O_RDONLY), 0)"])
def test_input__that_code_has_taken_away_ends_the_console(inside, code):
    script = "import pyconsole\ntry:\n    pyconsole.interact('')\nexcept OSError:\n    pass\nprint('after it')\n"
    terminal = inside(script).wait(">>>").keys(f"import os; {code}\r").wait_until(lambda lines: lines[-1].endswith("after it"))
    assert terminal.end() == 0


@pytest.mark.parametrize("number", [1, 2])
def test_output__that_code_has_closed_is_not_taken_for_ours(inside, number):
    terminal = inside(INTERACT).wait(">>>").keys(f"import os; os.close({number})\r")
    terminal.wait(f">>> import os; os.close({number})", ">>>").keys("x = (1,\r2)\r").wait(">>> x = (1,", "...      2)", ">>>")


@pytest.mark.skipif(sys.version_info < (3, 13), reason="local_exit is new in Python 3.13")
def test_exit__alone(inside):
    terminal = inside("import pyconsole\npyconsole.interact('', local_exit=True)\nprint('on')\n").wait(">>>")
    terminal.keys("exit()\r").wait_until(lambda lines: lines[-2:] == ["now exiting InteractiveConsole...", "on"])


@pytest.mark.parametrize("way", ["\x04", "exit()\r", "import os; os._exit(0)\r", "import os; os.abort()\r"])
def test_modes__are_put_back(start, tmp_path, way):
    check_modes(start, tmp_path, lambda terminal: terminal.keys(way))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_modes__are_put_back_when_killed(start, tmp_path, number):
    def kill(terminal):
        terminal.keys("import os; print('pid', os.getpid())\r")
        terminal.wait_until(lambda lines: lines[-1] == ">>>" and lines[-2].startswith("pid "))
        os.kill(int(terminal.lines()[-2].split()[1]), number)
    check_modes(start, tmp_path, kill)


def check_modes(start, tmp_path, leave):
    """Under a shell that stays: the terminal is as it was, and nothing is left on."""
    (tmp_path / "script.py").write_text(EMBED)
    script = (f"cd; stty -a > before; {sys.executable} script.py; stty -a > after; "
              r"cmp before after && printf '\e[2J\e[Hsame\n'")
    terminal = start("-c", script, command="bash", PYTHONPATH=PACKAGE).wait(">>>").keys("1\r").wait("1", ">>>")
    leave(terminal)
    terminal.wait_until(lambda lines: lines == ["same"])
    for on, off in (b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?25l", b"\x1b[?25h"):
        assert terminal.received.rfind(on) <= terminal.received.rfind(off)


@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="bash is not installed")
def test_stop__and_on_again(start, tmp_path):
    (tmp_path / "script.py").write_text(EMBED)
    shell = start("--norc", "--noprofile", "-i", command="bash", PS1="sh$ ", PYTHONPATH=PACKAGE).wait("sh$")
    shell.type(f"cd; {sys.executable} script.py\r").wait(">>>").keys("if 1:\r5").wait(">>> if 1:", "...     5").keys("\x1a")
    shell.wait_until(lambda lines: "Stopped" in "".join(lines) and lines[-1] == "sh$")
    shell.type("fg\r").wait(">>> if 1:", "...     5").keys("\r\r").wait("5", ">>>").keys("\x04").wait("f gave ham", "sh$")


# ---- where the standard module is stood in for and nothing more


PLAIN = {
    "a dumb terminal": ("", {"TERM": "dumb"}),
    "PYTHON_BASIC_REPL": ("", {"PYTHON_BASIC_REPL": "1"}),
    "a setting": ("", {"SETTINGS": "inside = off\n"}),
    "input is replaced": ("import builtins; read = input; builtins.input = lambda p='': read(p)\n", {}),
    "code.input is replaced": ("code.input = lambda p='': input(p)\n", {}),
    "standard output is replaced": (
        "class Out:\n    def __getattr__(self, name): return getattr(sys.__stdout__, name)\n"
        "    def fileno(self): raise OSError\nsys.stdout = Out()\n", {}),
    "raw_input is overridden": (
        "class Console(code.InteractiveConsole):\n    def raw_input(self, prompt=''): return input(prompt)\n"
        "code.InteractiveConsole = Console\n", {}),
    "push is overridden": (
        "class Console(code.InteractiveConsole):\n    def push(self, line): return super().push(line)\n"
        "code.InteractiveConsole = Console\n", {}),
    "runsource is overridden": (
        "class Console(code.InteractiveConsole):\n"
        "    def runsource(self, *args, **more): return super().runsource(*args, **more)\n"
        "code.InteractiveConsole = Console\n", {}),
    "a reader is given": ("reader = input\n", {}),
}


def record(environment, script, keys):
    """What a script writes to its terminal, whose lines come when they are asked for."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", script], stdin=theirs, stdout=theirs, stderr=theirs,
                               env=environment, start_new_session=True)
    os.close(theirs)
    shown = b""
    for line in keys:
        while not shown.endswith((b">>> ", b"... ")):
            shown += os.read(ours, 65536)
        os.write(ours, line)
        shown += b"|"
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:
            break
    os.close(ours)
    return process.wait(), shown


@pytest.mark.parametrize("before, more", PLAIN.values(), ids=PLAIN)
def test_plain__is_what_the_standard_module_does(environment, settings, before, more):
    settings(more.get("SETTINGS", ""))
    keys = b"spam\n", b"1;2\n", b"if 1:\n", b"    3\n", b"\n", b"1/0\n", b"x = = 1\n", b"\x04"
    script = ("import sys\n{}import code\nreader = None\n" + before +
              "code.interact(readfunc=reader, local={{'spam': 4}}, exitmsg='out')\n")
    environment = {**environment, "PYTHONPATH": PACKAGE, **more}
    ours = script.replace("{{", "{").replace("}}", "}").replace("{}", "import pyconsole; pyconsole.install()\n", 1)
    theirs = script.replace("{{", "{").replace("}}", "}").replace("{}", "", 1)
    assert record(environment, ours, keys) == record(environment, theirs, keys)


WAYS = {"embed": ["-c", "import pyconsole; pyconsole.embed()"],
        "interact": ["-c", "import pyconsole; pyconsole.interact()"], "-m": ["-m", "pyconsole"]}


@pytest.mark.parametrize("arguments", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("inside", ["on", "off"])
def test_setting__says_whether_there_is_an_editor(start, settings, inside, arguments):
    settings(f"inside = {inside}\n")
    terminal = start(*arguments, command=sys.executable, PYTHONPATH=PACKAGE).wait(">>>")
    terminal.keys("6 * 7\r").wait(">>> 6 * 7", "42", ">>>")
    assert (b"\x1b]133;A" in terminal.received) == (inside == "on")


def test_libraries__of_the_editor_come_with_the_first_prompt():
    script = ("import sys; from pathlib import Path; import pyconsole, pyconsole.code\n"
              "maps = Path('/proc/self/maps').read_text()\n"
              "print([name for name in ('sqlite', 'utf8proc', 'jansson', '_terminal', '_prompt') if name in maps "
              "or 'pyconsole.' + name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": PACKAGE},
                          capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_a_cursor_that_code_hides_is_seen_at_the_prompt(inside):
    terminal = inside(INTERACT, columns=40).wait("the banner", ">>>")
    terminal.keys("print('\\033[?25l' 'hidden')\r").wait("hidden", ">>>")
    assert not terminal.screen.cursor.hidden
