"""What a person can type besides Python, in sessions whose host prompts."""

import os
import re
import sys

import pytest
from pyconsole.session import Session
from sessions import SECONDS, run, started


@pytest.fixture
def prompt():
    with Session(pty=(24, 80), prompts=True) as session:
        yield session.wait_ready(SECONDS)


def shown(session, source):
    """What is printed, with values and errors, as a person sees it."""
    request = run(session, source)
    return "".join(event.text.replace("\r\n", "\n") + "\n" * (event.kind == "RESULT")
                   for event in request.events
                   if event.kind in ("OUTPUT", "RESULT", "ERROR"))


def complete(session, source):
    return session.is_complete(source).wait(SECONDS).outcome


# ---- bare words


@pytest.mark.parametrize("word", ["exit", "quit", "  exit  "])
def test_exit_leaves(prompt, word):
    request = run(prompt, word)
    assert (request.outcome, prompt.exit.status) == ("exit", 0)


def test_words_are_names_where_there_are_such(prompt):
    assert shown(prompt, "exit = 3; quit = clear = help = license = 4") == ""
    assert [shown(prompt, word) for word in ("exit", "quit", "clear", "help", "license")] == [
        "3\n", "4\n", "4\n", "4\n", "4\n"]
    assert run(prompt, "del exit\nexit").outcome == "ok"  # a name among others
    assert run(prompt, "exit").outcome == "exit"


def test_clear_and_copyright(prompt):
    assert shown(prompt, "clear").startswith("\033[H\033[2J")
    assert shown(prompt, "copyright").startswith("Copyright")
    assert shown(prompt, "credits").lstrip().startswith("Thanks")


def test_help_is_interactive(prompt):
    request = prompt.execute("help")
    while "help> " not in request.output:
        prompt.next_event(SECONDS)
    prompt.write("quit\r")
    assert request.wait(SECONDS).outcome == "ok"


# ---- none of it


@pytest.mark.parametrize("source", ["%who", "!true", "?len", "len?", "x = !true", "%%time\npass"])
def test_pure_python_is_nothing_else(source):
    with Session(pty=(24, 80), prompts=True, pure_python=True) as session:
        session.wait_ready(SECONDS)
        request = run(session, source)
        assert (request.outcome, request.error.name) == ("error", "SyntaxError")
        assert complete(session, source) == "invalid"
        assert run(session, "exit").outcome == "exit"


@pytest.mark.parametrize("source", ["%who", "exit?", "!true"])
def test_without_prompts_there_are_none(session, source):
    assert run(session, source).error.name == "SyntaxError"
    assert run(session, "type(exit)").outcome == "ok"


@pytest.mark.parametrize("source", [
    "x = 5  # why?", "# what?", "'''\n%who\n'''", "'''\n!true?'''", "x = 7\nx \\\n%x", "(5\n%3)",
    "x = 1\n\n'?'"])
def test_python_is_python(prompt, source):
    assert complete(prompt, source) == "complete"
    run(prompt, "x = 7")
    request = run(prompt, source)
    assert request.outcome == "ok"
    asked = run(prompt, "import sys\n'pyconsole.commands' in sys.modules").values[0]
    assert asked == str(source.endswith("?"))  # nobody else was


@pytest.mark.parametrize("source", ["f(?", "x ?? y", "% who", "%", "!", "? 5 5", "1 + 1?", "a.?"])
def test_what_is_neither_is_a_syntax_error(prompt, source):
    assert run(prompt, source).error.name == "SyntaxError"


# ---- questions


def test_questions(prompt):
    run(prompt, "def f(a, b=2):\n    '''Adds.'''\n    return a + b\n")
    text = shown(prompt, "f?")
    assert "f(a, b=2)" in text and "Adds." in text and "return" not in text
    assert shown(prompt, "?f") == text
    assert "return a + b" in shown(prompt, "f??") == shown(prompt, "??f")
    run(prompt, "d = {'k': [f]}")
    assert "f?" not in shown(prompt, "d['k'][0]?") and "Adds." in shown(prompt, "d['k'][0]?")
    request = run(prompt, "g?")
    assert (request.outcome, request.error.name) == ("error", "CommandError")
    assert request.error.text.startswith("CommandError: there is no g")


def test_questions__about_a_function_whose_file_has_changed(prompt, tmp_path):
    file = tmp_path / "changing.py"
    file.write_text("def f():\n    '''Adds.'''\n")
    run(prompt, f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom changing import f\n")
    file.write_text("def f():\n    '''Adds.\n")
    text = shown(prompt, "f?")
    more = shown(prompt, "f??")
    assert "Adds." in text and more.startswith(text)
    assert re.fullmatch(r"Source: +cannot be read: .*\n", more[len(text):])


def test_questions__about_an_object_whose_length_cannot_be_told(prompt):
    run(prompt, "class A:\n    'Is odd.'\n    def __len__(self): raise TypeError('unsized')\n")
    run(prompt, "a = A()")
    text = shown(prompt, "a?")
    assert "Is odd." in text and "Length:     cannot be told: unsized\n" in text


def test_stars_list_names(prompt):
    assert shown(prompt, "*Interrupt?") == "KeyboardInterrupt\n"
    assert shown(prompt, "str.*with?") == "str.endswith\nstr.startswith\n"


# ---- the shell


def test_shell(prompt):
    assert shown(prompt, "!echo one; test -t 0 && echo terminal") == "one\nterminal\n"
    assert shown(prompt, "!exit 3") == ""
    assert shown(prompt, "_exit_code") == "3\n"
    run(prompt, "name = 'Ada'")
    assert shown(prompt, "!echo $name {name.upper()} $$((1+1)) ${HOME:+home} {no such}") == (
        "Ada ADA 2 home {no such}\n")
    assert shown(prompt, "!echo one\\\n two\n1 + 1") == "one two\n2\n"


def test_lines_of_the_shell(prompt):
    assert shown(prompt, "x = !printf 'a b\\nc\\n'; echo err >&2") == ""
    assert shown(prompt, "x\nx.s\nx.n") == "['a b', 'c', 'err']\n'a b c err'\n'a b\\nc\\nerr'\n"
    assert shown(prompt, "!!echo one") == "['one']\n"


def test_shell_is_interrupted(prompt):
    # Not a second child of the shell: dash loses a signal that comes while it makes one.
    request = prompt.execute("!echo begun; exec sleep 1000")
    while "begun" not in request.output:
        prompt.next_event(SECONDS)
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert shown(prompt, "1") == "1\n"


# ---- commands


@pytest.mark.parametrize("source", ["x = !{command}", "!!{command}", "%edit"])
def test_shell_is_interrupted__without_a_traceback(prompt, tmp_path, source):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    command = f"exec sleep 1000 > {begun};:"
    run(prompt, f"import os; os.environ['EDITOR'] = {command!r}; os.environ.pop('VISUAL', None)")
    request = prompt.execute(source.format(command=command))
    begun.open().close()
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.error.text == "KeyboardInterrupt\n"


def test_unknown_commands(prompt):
    request = run(prompt, "%tmie 5")
    assert (request.outcome, request.error.name) == ("error", "CommandError")
    assert request.error.text == ("CommandError: %tmie: there is no such command. "
                                  "Did you mean %time or %timeit?\n")
    assert run(prompt, "%xyzzy").error.detail == "%xyzzy: there is no such command."
    assert run(prompt, "%histori").error.detail.endswith("Did you mean %history or %dhist?")
    assert run(prompt, "%undo 5").error.detail == "%undo is the prompt's own, and stands alone"
    assert shown(prompt, "%env PCTEST=what?") == "env: PCTEST=what?\n"
    assert run(prompt, "%%who\n5").error.detail == "%%who: there is only %who, for one line"


def test_time(prompt):
    assert re.fullmatch(r"CPU times: user .+ s, sys: .+ s, total: .+ s\nWall time: .+s\n42\n",
                        shown(prompt, "%time 6 * 7").replace("ns", " s").replace("ms", " s")
                        .replace("µs", " s"))
    shown(prompt, "%time y = 5")
    shown(prompt, "%%time\nfor i in range(3):\n    y += i\n")
    assert shown(prompt, "y") == "8\n"
    assert shown(prompt, "%%time\ny += 1\ny\n").endswith("s\n9\n")
    assert shown(prompt, "%%time\ny\ny += 1\n").endswith("s\n")
    text = shown(prompt, "%time 1 / 0")
    assert text.startswith("Traceback") and "_commands" not in text and "1 / 0" in text


def test_time__of_what_is_no_python(prompt):
    text = shown(prompt, "%time def")
    assert text.splitlines()[0] == '  File "<time>", line 1' and text.count("SyntaxError") == 1


def test_timeit(prompt):
    run(prompt, "calls = []")
    text = shown(prompt, "%timeit -n 3 -r 2 calls.append(1)")
    assert re.fullmatch(r"[\d.]+ [nµm]?s ± [\d.]+ [nµm]?s per loop "
                        r"\(mean ± std. dev. of 2 runs, 3 loops each\)\n", text)
    assert shown(prompt, "len(calls)") == "6\n"
    shown(prompt, "%%timeit -n1 -r1 z = 2\ncalls.append(z)\n")
    assert shown(prompt, "calls[-1]") == "2\n"
    assert run(prompt, "%timeit -r 0 1").error.name == "CommandError"
    assert run(prompt, "%timeit -x 1").error.detail == "there is no option -x"


def test_run(prompt, tmp_path):
    script = tmp_path / "a script.py"
    script.write_text("import sys\nprint(sys.argv[1:], __name__, 'x' in globals())\ny = 5\n"
                      "if sys.argv[1:] == ['bad']: sys.exit(3)\n")
    run(prompt, "x = 1; import sys; argv = sys.argv[:]")
    assert shown(prompt, f"%run '{script}' one 'two words'") == "['one', 'two words'] __main__ False\n"
    assert shown(prompt, f"%run -i '{script}'") == "[] __main__ True\n"
    assert shown(prompt, "y, sys.argv == argv, '__file__' in globals()") == "(5, True, False)\n"
    assert run(prompt, f"%run '{script}' bad").error.detail == f"%run: {script} exited: 3"
    assert "No such file" in run(prompt, "%run nowhere.py").error.detail
    script.write_text("def f():\n    1 / 0\nf()\n")
    text = shown(prompt, f"%run '{script}'")
    assert "_commands" not in text and text.count("File") == 2 and "1 / 0" in text


def test_timeit__gives_the_result(prompt):
    assert shown(prompt, "%timeit -qn2 -r3 -o 1").startswith("<TimeitResult : ")
    assert shown(prompt, "r = %timeit -qon2 -r3 1\nr.loops, r.repeat, len(r.timings)") == "(2, 3, 3)\n"
    assert re.match(r"\d{5}|\d+\.\d+ ", shown(prompt, "%timeit -p 6 -n1 -r2 sum(range(12345))"))
    assert run(prompt, "%timeit -n x 1").error.detail == "%timeit: -n takes a number"


def test_run__options(prompt, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(__name__, sys.argv[1:])\nif sys.argv[1:]: sys.exit(5)\n")
    package = tmp_path / "runnable"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text("import sys\nprint(__name__, sys.argv[1:])\ndone = 7\n")
    run(prompt, f"import os; where = {str(tmp_path)!r}; import sys; sys.path.insert(0, where)")
    assert shown(prompt, "%run -n {where}/script.py") == "script []\n"
    assert shown(prompt, "%run -e $where/script.py a") == "__main__ ['a']\n"
    files = [str(tmp_path / name) for name in ("runnable/__init__.py", "runnable/__main__.py")]
    assert shown(prompt, "%run -e {where}/script.py {where}/runnable/*.py") == f"__main__ {files}\n"
    assert shown(prompt, "%run -m runnable a b") == "__main__ ['a', 'b']\n"
    assert shown(prompt, "%run -m runnable -i -x1") == "__main__ ['-i', '-x1']\n"
    assert shown(prompt, "done") == "7\n"
    for arguments in ("", "a"):  # with which it leaves
        assert re.search(r"\nCPU times: .*\nWall time: ", shown(prompt, f"%run -t {{where}}/script.py {arguments}"))
    assert run(prompt, "%run -m no.such.one").error.detail == "%run: there is no module no.such.one that can be run"
    request = prompt.execute("%run -d {where}/script.py")
    while "(Pdb) " not in request.output:
        prompt.next_event(SECONDS)
    prompt.write("c\r")
    assert request.wait(SECONDS).outcome == "ok" and "__main__ []" in request.output


def test_run__a_module_as_python_m_does(prompt, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "string.py").write_text("here = 1\n")
    (package / "__main__.py").write_text(
        "from .string import here\nimport string, sys\n"
        "print(here, string.ascii_lowercase[:3], __package__, __spec__.name, sys.path[0])\n")
    run(prompt, f"%cd -q {tmp_path}")
    for options in ("", "-i "):
        assert shown(prompt, f"%run {options}-m package") == f"1 abc package package.__main__ {tmp_path}\n"
    assert shown(prompt, "__package__, __spec__, '__file__' in globals()") == "(None, None, False)\n"


def test_names__as_a_list_and_taken_away(prompt):
    run(prompt, "a1 = 1; a2 = 'x'; b = 2")
    assert shown(prompt, "%who_ls int") == "['a1', 'b']\n"
    shown(prompt, "%reset_selective -f ^a")
    assert shown(prompt, "%who_ls") == "['b']\n"
    assert run(prompt, "%reset_selective (").error.name == "CommandError"


def test_debug__a_statement(prompt):
    request = prompt.execute("%debug x = 5")
    while "(Pdb) " not in request.output:
        prompt.next_event(SECONDS)
    prompt.write("c\r")
    assert request.wait(SECONDS).outcome == "ok"
    assert shown(prompt, "x") == "5\n"


def test_folders__by_number_and_quietly(prompt, tmp_path):
    for name in "one", "two":
        (tmp_path / name).mkdir()
    start = shown(prompt, "%pwd").strip("'\n")
    run(prompt, f"where = {str(tmp_path)!r}")
    assert shown(prompt, "%cd -q {where}/one") == ""
    assert shown(prompt, "%cd $where/two") == f"{tmp_path}/two\n"
    assert shown(prompt, "%dhist") == f"0: {start}\n1: {tmp_path}/one\n2: {tmp_path}/two\n"
    assert shown(prompt, "%cd -1") == f"{tmp_path}/one\n"
    assert shown(prompt, "%cd -") == f"{tmp_path}/two\n"
    assert run(prompt, "%cd -99").error.detail == "%cd: there is no -99"


def test_names(prompt):
    assert shown(prompt, "%who") == "there are no names\n"
    run(prompt, "one = 1; two = 'two'; _three = 3")
    assert shown(prompt, "%who") == "one  two\n"
    assert shown(prompt, "%who str") == "two\n"
    assert shown(prompt, "%whos") == ("Variable  Type  Value\none       int   1\n"
                                      "two       str   'two'\n")
    request = prompt.execute("%reset")
    while "(y/[n]) " not in request.output:
        prompt.next_event(SECONDS)
    prompt.write("n\r")
    request.wait(SECONDS)
    assert shown(prompt, "one") == "1\n"
    assert shown(prompt, "%reset -f") == ""
    assert run(prompt, "one").error.name == "NameError"
    assert shown(prompt, "__name__") == "'__main__'\n"


def test_folders(prompt, tmp_path):
    here = os.getcwd()
    assert shown(prompt, f"%cd {tmp_path}") == f"{tmp_path}\n"
    assert shown(prompt, "%pwd") == f"{str(tmp_path)!r}\n"
    assert shown(prompt, "%cd -") == f"{here}\n"
    assert run(prompt, "%cd /nowhere").error.detail == "%cd: /nowhere: No such file or directory"


def test_folders__out_of_one_that_is_gone(prompt, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    run(prompt, f"import os; os.chdir({str(gone)!r})")
    gone.rmdir()
    assert shown(prompt, f"%cd {tmp_path}") == f"{tmp_path}\n"
    assert run(prompt, "%cd -").error.detail == "%cd: you came from nowhere"


def test_environment(prompt):
    assert shown(prompt, "%env PCTEST=a b") == "env: PCTEST=a b\n"
    assert shown(prompt, "%env PCTEST") == "'a b'\n"
    assert shown(prompt, "!echo $PCTEST") == "a b\n"
    assert shown(prompt, "x = %env PCTEST\nx") == "'a b'\n"
    assert run(prompt, "%env NONE_SUCH").error.detail == "%env: NONE_SUCH is not set"
    assert run(prompt, "%env =3").error.detail == "%env: which variable?"


def test_pm_and_pdb(prompt):
    assert run(prompt, "%pm").error.detail == "%pm: there was no exception yet"
    run(prompt, "def f(x):\n    return 1 / x\n\nf(0)")
    for source in ("%pm", "%pdb on\nf(0)"):
        request = prompt.execute(source)
        while "(Pdb) " not in request.output:
            assert request.outcome is None
            prompt.next_event(SECONDS)
        prompt.write("p x\rq\r")
        assert "\n0\r\n" in request.wait(SECONDS).output and "code.py" not in request.output
    assert "\n    f(0)\r\n" in request.output
    assert shown(prompt, "%pdb") == "pdb begins by itself: off\n"
    assert run(prompt, "f(0)").outcome == "error"


def test_tracebacks__have_nothing_of_the_library(prompt):
    run(prompt, "import sys, traceback")
    frames = "['<module>']\n"
    run(prompt, "1 / 0")
    assert shown(prompt, "[frame.name for frame in traceback.extract_tb(sys.last_traceback)]") == frames
    assert shown(prompt, "[frame.name for frame in traceback.extract_tb(sys.last_value.__traceback__)]") == frames
    assert shown(prompt, "hasattr(sys, 'last_exc') == (sys.version_info >= (3, 12))") == "True\n"
    run(prompt, "sys.excepthook = lambda *error: print([frame.name for frame in traceback.extract_tb(error[2])])")
    assert run(prompt, "2 / 0").output.splitlines() == ["['<module>']"]


def test_pm_and_pdb__are_not_for_what_a_command_could_not_do(prompt):
    run(prompt, "1 / 0")
    for source in ("%nope", "%cd /none/such", "%pdb on\n%nope"):
        assert run(prompt, source).error.name == "CommandError"
    request = prompt.execute("%pm")
    while "(Pdb) " not in request.output:
        assert request.outcome is None
        prompt.next_event(SECONDS)
    prompt.write("q\r")
    assert "-> 1 / 0\r\n" in request.wait(SECONDS).output


def test_list(prompt):
    text = shown(prompt, "%commands")
    assert text == shown(prompt, "%lsmagic") == shown(prompt, "?")
    assert "%who [TYPES]" in text and "Show the names that are defined" in text
    assert "Run a script" in shown(prompt, "%run?")
    line = next(line for line in text.splitlines() if line.startswith("%timeit"))
    assert line.endswith("by default, in DIGITS (3) digits")


def test_several_and_python_behind_them(prompt):
    assert shown(prompt, "\n!echo one\n!echo two\nx = 5\nx") == "one\ntwo\n5\n"
    text = shown(prompt, "%pwd\n\n1 / 0")
    assert ", line 3, in <module>" in text
    assert shown(prompt, "%nope\nprint('not run')").startswith("CommandError")


def test_complete(prompt):
    assert {source: complete(prompt, source) for source in (
        "%who", "!ls", "x = !ls", "len?", "%time (", "exit", "%%time", "%%time\nx = 1",
        "%%time\nfor i in x:\n    pass\n", "!ls\nif x:", "!ls\nx = (1)", "%who\n%%time\n5")} == {
        "%who": "complete", "!ls": "complete", "x = !ls": "complete", "len?": "complete",
        "%time (": "complete", "exit": "complete", "%%time": "incomplete",
        "%%time\nx = 1": "incomplete", "%%time\nfor i in x:\n    pass\n": "complete",
        "!ls\nif x:": "incomplete", "!ls\nx = (1)": "complete", "%who\n%%time\n5": "incomplete"}


def test_own_commands(prompt):
    run(prompt, "from pyconsole import commands\n"
                "def greet(arguments, namespace, body=None):\n"
                "    '''%greet NAME\n\n    Say hello. Or more.'''\n"
                "    print(sorted(namespace)[-1], repr(body))\n    return 'hello, ' + arguments\n"
                "commands.register('greet', greet, block=True)\nzz = 1")
    assert shown(prompt, "%greet Ada ") == "zz None\n'hello, Ada'\n"
    assert shown(prompt, "%%greet Bob\nx\n") == "zz 'x\\n'\n'hello, Bob'\n"
    assert "%greet NAME" in shown(prompt, "%commands") and "Or more." in shown(prompt, "%greet?")
    run(prompt, "commands.unregister('greet')")
    assert run(prompt, "%greet").error.name == "CommandError"
    assert run(prompt, "commands.register('a b', print)").error.name == "ValueError"


def test_values_go_through_the_hook(prompt):
    run(prompt, "import sys\nsys.displayhook = lambda value: print('value', value)")
    assert shown(prompt, "%pwd\n5") == f"value {os.getcwd()}\nvalue 5\n"
    run(prompt, "sys.excepthook = lambda *error: print('error', error[0].__name__)")
    assert shown(prompt, "%nope") == "error CommandError\n"
    assert shown(prompt, "1 / 0") == "error ZeroDivisionError\n"


def test_what_is_called_ahead_may_fail(prompt):
    run(prompt, "from pyconsole import commands")
    run(prompt, "commands.before.append(lambda: 1 / 0)")
    text = shown(prompt, "print('ran')")
    assert "ZeroDivisionError" in text and text.endswith("ran\n")
    run(prompt, "commands.before.clear()")
    assert shown(prompt, "1") == "1\n"


def test_what_is_called_ahead_may_take_itself_away(prompt):
    run(prompt, "from pyconsole import commands\n"
                "def once(): commands.before.remove(once); print('once')\n")
    run(prompt, "commands.before += [once, lambda: print('each')]")
    assert shown(prompt, "1") == "once\neach\n1\n"
    assert shown(prompt, "2") == "each\n2\n"


@pytest.mark.parametrize("source, name", [("1 / 0", "ZeroDivisionError"), ("def", "SyntaxError")])
def test_a_hook_for_exceptions_that_raises(prompt, source, name):
    run(prompt, "import sys\ndef hook(*error): raise KeyError('hook')\nsys.excepthook = hook\n")
    request = run(prompt, source)
    before, _, original = request.output.partition("Original exception was:")
    assert request.outcome == "error"
    assert before.startswith("Error in sys.excepthook:") and "KeyError: 'hook'" in before
    assert name in original and name not in before
    assert shown(prompt, "2") == "2\n"


def test_a_hook_for_exceptions_that_is_interrupted(prompt):
    run(prompt, "import sys\ndef hook(*error): raise KeyboardInterrupt\nsys.excepthook = hook\n")
    before, _, original = run(prompt, "1 / 0").output.partition("Original exception was:")
    assert before.startswith("Error in sys.excepthook:") and "KeyboardInterrupt" in before
    assert "ZeroDivisionError" in original
    assert shown(prompt, "2") == "2\n"


@pytest.mark.parametrize("source", ["1 / 0", "def"])
def test_a_hook_for_exceptions_that_leaves(prompt, source):
    run(prompt, "import sys\ndef hook(*error): sys.exit(4)\nsys.excepthook = hook\n")
    assert (run(prompt, source).outcome, prompt.exit.status) == ("exit", 4)


def test_commands_are_interrupted(prompt):
    request = started(prompt, "%time BEGUN; import time; time.sleep(1000)")
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"


# ---- completing


def candidates(session, text):
    """What the text becomes with each candidate."""
    found = session.complete(text).wait(SECONDS).completions
    return [text[:found.start] + item.text + text[found.end:] for item in found.candidates]


@pytest.mark.parametrize("text, first", [
    ("%timei", "%timeit"), ("  %%ti", "  %%time"), ("%wh", "%who"), ("x = %who_", "x = %who_ls"),
    ("%check", "%checkpoint"), ("!true\n%who_", "!true\n%who_ls"), ("y = 5; %wh", None),
    ("x = (5\n%wh", None),
])
def test_completion__of_commands(prompt, text, first):
    assert candidates(prompt, text)[:1] == ([first] if first else [])


@pytest.mark.parametrize("text, becomes", [
    ("%run {}/sc", ["%run {}/script.py"]), ("%load -r 3 {}/sc", ["%load -r 3 {}/script.py"]),
    ("!cat {}/sc", ["!cat {}/script.py"]), ("x = !cat <{}/sc", ["x = !cat <{}/script.py"]),
    ("%cd {}/", ["%cd {}/a\\ folder/"]), ("%cd {}/a\\ folder/", []),
    ("%run {}/", ["%run {}/a\\ folder/", "%run {}/script.py", "%run {}/é.py"]),
    ("%run '{}/a f", ["%run '{}/a folder/"]), ("%run {}/a\\ folder/in", ["%run {}/a\\ folder/inner.py"]),
    ("x = !cat {}/é", ["x = !cat {}/é.py"]), ("%run {}/.h", ["%run {}/.hidden"]),
])
def test_completion__of_files(prompt, tmp_path, text, becomes):
    (tmp_path / "a folder").mkdir()
    for name in ("script.py", "é.py", ".hidden", "a folder/inner.py"):
        (tmp_path / name).touch()
    assert candidates(prompt, text.format(tmp_path)) == [each.format(tmp_path) for each in becomes]


@pytest.mark.parametrize("text, becomes", [
    ("%timeit spam_n", "%timeit spam_number"), ("%%time\nif 1:\n    spam_n", "%%time\nif 1:\n    spam_number"),
    ("%debug sys.getswi", "%debug sys.getswitchinterval"), ("%time d['al", "%time d['alpha'"),
    ("%time é = spam_n", "%time é = spam_number"), ("?spam_n", "?spam_number"),
])
def test_completion__of_python_behind_commands(prompt, text, becomes):
    run(prompt, "import sys; spam_number = 5; d = {'alpha': 1}")
    assert candidates(prompt, text)[:1] == [becomes]


def test_completion__has_its_time_when_the_commands_are_loaded(prompt):
    run(prompt, "import sys, time\nclass Slow:\n    def find_spec(self, name, *more):\n"
                "        time.sleep(name == 'pyconsole.commands')\nsys.meta_path.insert(0, Slow())")
    found = prompt.complete("%timei", deadline=1).wait(SECONDS).completions
    assert (found.texts, found.late) == (["timeit"], False)


def test_completion__of_commands_of_ones_own(prompt):
    run(prompt, "from pyconsole import commands\n"
                "commands.register('visit', lambda *_: None, completes='folder', doc='%visit FOLDER')")
    assert candidates(prompt, "%visi") == ["%visit"]
    assert "%visit /usr/" in candidates(prompt, "%visit /us")


# ---- files


def test_save_and_load(prompt, tmp_path):
    file = tmp_path / "saved.py"
    run(prompt, "x = 1")
    run(prompt, "%who")
    run(prompt, "def f():\n    return x")
    assert shown(prompt, f"%save {file}") == f"{file}: 4 lines\n"
    assert file.read_text() == "x = 1\n# %who\ndef f():\n    return x\n"
    assert shown(prompt, f"%save -f {file} 3-3") == f"{file}: 2 lines\n"
    assert shown(prompt, f"%save -f {file} 1 3") == f"{file}: 3 lines\n"
    for source in (f"%load {file}", "%load f"):
        request = run(prompt, source)
        texts = [event.text for event in request.events if event.kind == "EDIT"]
        assert (request.outcome, texts[0][-12:]) == ("ok", "    return x")
    assert run(prompt, "%load nowhere.py").error.detail == "%load: nowhere.py: No such file or directory"


def test_edit(prompt, tmp_path, monkeypatch):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\ncat \"$1\"; echo 'y = 6' >\"$1\"; echo y >>\"$1\"\n")
    editor.chmod(0o755)
    run(prompt, f"import os; os.environ['VISUAL'] = {str(editor)!r}\ny = 5\n")
    assert shown(prompt, "%edit") == "6\n"
    assert shown(prompt, "%edit 1").endswith("y = 5\n6\n")
    script = tmp_path / "script.py"
    script.write_text("z = 7\n")
    assert shown(prompt, f"%edit {script}") == "z = 7\n6\n"
    assert script.read_text() == "y = 6\ny\n"
    request = run(prompt, "%edit -x")
    assert [event.text for event in request.events if event.kind == "EDIT"] == ["y = 6\ny"]
    run(prompt, "os.environ['VISUAL'] = 'false'")
    assert run(prompt, "%edit").error.detail == "%edit: false failed: nothing is run"


def edits(request):
    return [event.text for event in request.events if event.kind == "EDIT"]


def test_save__appends_and_takes_ranges(prompt, tmp_path):
    file = tmp_path / "saved.py"
    for n in range(1, 6):
        run(prompt, f"x{n} = {n}")
    shown(prompt, f"where = {str(file)!r}")
    assert shown(prompt, "%save {where} 2-3") == f"{file}: 2 lines\n"
    assert shown(prompt, "%save -a {where} 4:6") == f"{file}: 2 lines\n"
    assert file.read_text() == "x2 = 2\nx3 = 3\nx4 = 4\nx5 = 5\n"


def test_save__has_commands_as_comments(prompt, tmp_path):
    file = tmp_path / "saved.py"
    for source in ("%pwd\n\n!true\nx = 1", "x?", "y = %pwd", "%%time\nz = 2\n", "if x:\n    z = 3\n"):
        assert run(prompt, source).outcome == "ok"
    assert shown(prompt, f"%save {file}") == f"{file}: 10 lines\n"
    assert file.read_text() == ("# %pwd\n\n# !true\nx = 1\n# x?\n# y = %pwd\n# %%time\n# z = 2\n"
                                "if x:\n    z = 3\n")


def test_save__writes_nothing_where_there_is_no_python(prompt, tmp_path):
    file = tmp_path / "saved.py"
    file.write_text("kept = 1\n")
    run(prompt, "%pwd")
    run(prompt, "x = 1")
    only_commands = "%save: there are only commands in these blocks, no Python"
    assert run(prompt, f"%save {file} 1").error.detail == only_commands
    assert run(prompt, f"%save -f {file} 1").error.detail == only_commands
    assert run(prompt, f"%save -f {file} 50").error.detail == "%save: there are no such blocks"
    assert file.read_text() == "kept = 1\n"
    assert shown(prompt, f"%save -f {file} 2") == f"{file}: 1 line\n"


def test_load__of_blocks_lines_and_names(prompt, tmp_path):
    file = tmp_path / "loaded.py"
    file.write_text("def f():\n    return 1\n\nx = 5\n\ndef g():\n    return 2\n")
    run(prompt, "y = 6")
    assert edits(run(prompt, f"%load -r 1-2,4 {file}")) == ["def f():\n    return 1\nx = 5"]
    assert edits(run(prompt, f"%load -s g {file}")) == ["def g():\n    return 2"]
    assert edits(run(prompt, "%load 1")) == ["y = 6"]
    assert run(prompt, f"%load -s h {file}").error.detail == "%load: not all of h are there"
    assert run(prompt, f"%load -r f {file}").error.detail == "no numbers of lines: f"


def test_history(prompt, tmp_path):
    file = tmp_path / "history.txt"
    run(prompt, "x = 1")
    run(prompt, "if x:\n    y = 2\n")
    run(prompt, "x = 1")
    assert shown(prompt, "%history") == "x = 1\nif x:\n    y = 2\nx = 1\n"
    assert shown(prompt, "%history -n 2-4") == "   2: if x:\n          y = 2\n   3: x = 1\n   4: %history\n"
    assert shown(prompt, "%history -nu 1-3") == "   2: if x:\n          y = 2\n   3: x = 1\n"
    assert shown(prompt, f"%history -f {file} 2") == ""
    assert file.read_text() == "if x:\n    y = 2\n"
    assert run(prompt, "%history spam").error.detail == "no numbers of blocks: spam"
    assert run(prompt, "%history -f").error.detail == "%history: into which file?"
    assert "stands alone" in run(prompt, "%history -g x").error.detail


def test_recall_and_rerun(prompt):
    run(prompt, "n = [1]")
    run(prompt, "n.append(2); n")
    assert shown(prompt, "%rerun") == "n.append(2); n\n[1, 2, 2]\n"
    assert shown(prompt, "%rerun 2 2").endswith("[1, 2, 2, 2, 2]\n")
    assert edits(run(prompt, "%recall 1-2")) == ["n = [1]\nn.append(2); n"]
    assert edits(run(prompt, "%recall")) == ["n.append(2); n"]
    assert run(prompt, "%recall 50").error.detail == "%recall: there are no such blocks"


def test_edit__begins_at_a_line(prompt, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho \"$1\"\n")
    editor.chmod(0o755)
    run(prompt, f"import os; os.environ['VISUAL'] = {str(editor)!r}\n")
    assert shown(prompt, "%edit -xn 3 1").splitlines()[0] == "+3"
    assert run(prompt, "%edit -n x 1").error.detail == "%edit: -n takes a number"


# ---- modules that change


def test_autoreload__by_its_names(prompt, tmp_path):
    file = tmp_path / "changing.py"
    file.write_text("x = 1\n")
    run(prompt, f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.dont_write_bytecode = True")
    shown(prompt, "%load_ext autoreload")
    shown(prompt, "%autoreload explicit")
    shown(prompt, "%aimport changing")
    file.write_text("x = 22\n")
    assert shown(prompt, "changing.x") == "22\n"
    assert shown(prompt, "%aimport") == "Modules to load again: changing\nModules to skip: \n"
    shown(prompt, "%aimport -changing")
    file.write_text("x = 333\n")
    assert shown(prompt, "changing.x") == "22\n"
    assert shown(prompt, "%aimport").endswith("Modules to skip: changing\n")
    shown(prompt, "%autoreload off")
    assert run(prompt, "%autoreload maybe").error.detail == "%autoreload: off, explicit, all or now"
    assert run(prompt, "%load_ext no_such").error.name == "ModuleNotFoundError"


def test_autoreload(prompt, tmp_path):
    file = tmp_path / "changing.py"

    def write(number, padding):
        file.write_text(f"def f():\n    return {number}\n\nclass C:\n    def m(self):\n"
                        f"        return {number}\n\n    n = {number}\n{padding}")
        os.utime(file, ns=(number * 10**9, number * 10**9))

    write(1, "")
    run(prompt, f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.dont_write_bytecode = True")
    run(prompt, "import changing\nfrom changing import f, C\nc = C()")
    run(prompt, "%autoreload 2")
    values = "(f(), c.m(), C.n, changing.f())"
    assert shown(prompt, values) == "(1, 1, 1, 1)\n"
    write(2, "# more\n")
    assert shown(prompt, values) == "(2, 2, 2, 2)\n"
    write(3, "1 / 0\n")
    assert "ZeroDivisionError" in shown(prompt, values)
    write(4, "\n    def __init_subclass__(cls):\n        super().__init_subclass__()\n")
    run(prompt, "class D(C): pass")
    assert shown(prompt, values) == "(4, 4, 4, 4)\n"
    run(prompt, "%autoreload 1")
    write(5, "# more\n")
    assert shown(prompt, values) == "(4, 4, 4, 4)\n"
    run(prompt, "%aimport changing")
    write(6, "")
    assert shown(prompt, values) == "(6, 6, 6, 6)\n"
    run(prompt, "%autoreload 0")
    write(7, "# more\n")
    assert shown(prompt, values) == "(6, 6, 6, 6)\n"
    assert shown(prompt, "%autoreload\n" + values) == "(7, 7, 7, 7)\n"
    assert shown(prompt, "C is changing.C and f is changing.f and isinstance(D(), C)") == "True\n"
