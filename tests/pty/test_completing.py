"""The menu on Tab, the signature of a call, and what history suggests."""

import os
import signal

import pytest

from terminal import worker_of

NAMES = "class C:\n    apple = 1\n    apricot = 2\n    avocado = 3\nc = C()\n"


def with_names(terminal):
    terminal.wait(">>>").paste(NAMES, then="\r").wait_until(lambda lines: lines[-1] == ">>>")
    return terminal


def menu(terminal):
    """The names that stand below the text."""
    return [line.split()[0] for line in terminal.lines()[terminal.cursor()[0] + 1:]]


def has_menu(*names):
    return lambda terminal: lambda _: menu(terminal) == list(names)


def wait_menu(terminal, *names):
    return terminal.wait_until(has_menu(*names)(terminal))


def test_menu__what_all_share_is_put_in_and_the_rest_is_listed(start):
    terminal = with_names(start()).keys("c.a\t")
    wait_menu(terminal, "apple", "apricot", "avocado").keys("p\t")
    wait_menu(terminal, "apple", "apricot")


def test_menu__one_key_shows_it_and_one_puts_all_in(start):
    terminal = with_names(start()).keys("c.ap\x1b?")
    wait_menu(terminal, "apple", "apricot").keys("r\x1b?")
    wait_menu(terminal, "apricot").wait_until(lambda lines: ">>> c.apr" in lines)
    terminal.keys("\x15c.ap\x1b*").wait(">>> c.apple apricot")
    terminal.keys("\x15c.av\x1b?").wait_until(has_menu("avocado")(terminal))
    terminal.keys("\x1b*").wait(">>> c.avocado")


def test_complaint_11__keys_of_the_menu(start):
    terminal = with_names(start()).keys("c.a\t")
    wait_menu(terminal, "apple", "apricot", "avocado")
    row = terminal.cursor()[0]
    for keys, name in (("\t", "apple"), ("\x1b[B", "apricot"), ("\t", "avocado"), ("\x1b[B", "apple"),
                       ("\x1b[Z", "avocado"), ("\x1b[A", "apricot")):
        terminal.keys(keys).wait_until(lambda lines, name=name: lines[row] == f">>> c.{name}")
    # Enter takes it, and does not run the line; the next one does.
    terminal.keys("\r").wait(">>> c.apricot").keys("\r").wait("2", ">>>")


@pytest.mark.parametrize("key", ["\x1b", "\x07"], ids=["escape", "C-g"])
def test_complaint_11__a_key_closes_the_menu_and_others_narrow_it(start, key):
    terminal = with_names(start()).keys("c.a\t")
    wait_menu(terminal, "apple", "apricot", "avocado").keys("v")
    wait_menu(terminal, "avocado").keys(key).wait(">>> c.av")


def test_menu__what_is_typed_behind_the_word_closes_it(start, settings):
    settings("completion = typing\n")
    terminal = with_names(start()).keys("(c.a")
    wait_menu(terminal, "apple", "apricot", "avocado").keys("\x1b\r").wait(">>> (c.a", "...")


def test_menu__does_not_come_by_itself_where_a_motion_or_a_paste_ends(start, settings):
    """What is shown of the call is asked for later than the menu would be."""
    settings("completion = typing\n")
    terminal = with_names(start()).keys("def f(one): pass\r\r").wait_until(
        lambda lines: lines[-3:] == [">>> def f(one): pass", "...", ">>>"])
    terminal.paste("f(c.ap").wait_until(lambda lines: lines[-2:] == [">>> f(c.ap", "f(one)"])
    terminal.keys("\x01").wait_until(lambda lines: lines[-1] == ">>> f(c.ap")
    terminal.keys("\x05").wait_until(lambda lines: lines[-2:] == [">>> f(c.ap", "f(one)"])


@pytest.mark.parametrize("end", "(+ ")
def test_menu__of_tab_is_closed_by_what_is_typed_behind_the_word(start, end):
    terminal = with_names(start()).keys("x = c.a\t")
    wait_menu(terminal, "apple", "apricot", "avocado").keys("pple")
    wait_menu(terminal, "apple").keys(end).wait(f">>> x = c.apple{end}".rstrip())


def test_complaint_11__a_menu_shows_type_and_doc(start):
    terminal = start().wait(">>>").paste("class D:\n    def spam(self, n):\n        'Serves it.'\n"
                                         "    def spice(self): pass\n\n", then="\r")
    terminal.wait("...", ">>>").keys("D().sp").keys("\x15D.sp\t")
    terminal.wait_until(lambda lines: sum("Serves it." in line for line in lines) == 2)
    spam = next(line for line in terminal.lines()[terminal.cursor()[0] + 1:] if "Serves it." in line)
    assert spam.split()[0] == "spam"


def test_complaint_11__completion_as_you_type_only_where_asked_for(start, settings):
    settings("completion = typing\n")
    wait_menu(with_names(start()).keys("c.a"), "apple", "apricot", "avocado")


@pytest.mark.parametrize("typed, becomes", [
    ("import colle", "import collections"), ("from os import getcwdb", "from os import getcwdb"),
    ("'/usr/includ", "'/usr/include/"), ("print(1, flus", "print(1, flush="),
    ("whil", "while"), ("AssertionE", "AssertionError"), ("assertio", "AssertionError"),
])
def test_sources(start, typed, becomes):
    terminal = start().wait(">>>").keys(typed).wait(">>> " + typed).keys("\t")
    terminal.wait_until(lambda lines: any(line.startswith(">>> " + becomes) for line in lines))


def test_names_of_the_block_that_is_typed(start):
    terminal = start().wait(">>>").keys("def scale(amount, factor):\rreturn am\t")
    terminal.wait(">>> def scale(amount, factor):", "...     return amount").keys(" * fa\t")
    terminal.wait("...     return amount * factor")


def test_complaint_11__keys_of_a_dict(start):
    terminal = start().wait(">>>").keys("d = {'alpha': 1, 'beta': 2}\r").wait(">>> d = {'alpha': 1, 'beta': 2}", ">>>")
    terminal.keys("d['al\t").wait_until(lambda lines: lines[-1].startswith(">>> d['alpha'"))


def test_complaint_10__a_property_is_never_run_by_tab(start):
    terminal = start().wait(">>>").paste(
        "ran = []\nclass P:\n    @property\n    def prop(self):\n        ran.append(1)\n"
        "    def __getattr__(self, name):\n        ran.append(name)\n        raise AttributeError\n\np = P()\n",
        then="\r").wait_until(lambda lines: lines[-1] == ">>>")
    terminal.keys("p.pr\t").wait(">>> p.prop").keys(".\t\x15").wait(">>>").keys("ran\r").wait(">>> ran", "[]", ">>>")


def test_complaint_10__keys_do_not_wait_for_what_was_asked(start):
    """Names are asked of a process that is stopped; the keys behind Tab are there at once."""
    terminal = start().wait(">>>").keys("1\r").wait("1", ">>>")
    os.kill(worker_of(terminal.child.pid), signal.SIGSTOP)
    terminal.keys("os.\tdef").wait(">>> os.def")
    os.kill(worker_of(terminal.child.pid), signal.SIGCONT)
    terminal.keys(" f(): pass\x01").wait(">>> os.def f(): pass")


def test_signature__with_the_parameter_at_the_cursor(start):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>")
    terminal.keys("def f(first, second=2): pass\r\r").wait("...", ">>>")
    terminal.keys("f(1, ").wait_until(lambda lines: "f(first, second=2)" in lines[-1])
    assert b"\x1b[1msecond=2\x1b[" in terminal.received


def test_complaint_12__a_suggestion_from_history(start):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("spam = 'eggs'\r")
    terminal.wait(">>> spam = 'eggs'", ">>>").keys("sp").wait(">>> spam = 'eggs'").wait_cursor(6)
    # What is suggested is no part of the text: it looks otherwise, and Enter does not take it.
    row = terminal.cursor()[0]
    assert terminal.screen.buffer[row][4].fg != terminal.screen.buffer[row][8].fg
    terminal.keys("\x1b[C").wait_cursor(17).keys("\x15").wait(">>>")
    terminal.keys("sp\x1bf").wait_cursor(8).keys("\x05").wait_cursor(17)


def test_complaint_12__a_suggestion_looks_otherwise_without_colours(start):
    terminal = start().wait(">>>").keys("spam = 1\r").wait(">>> spam = 1", ">>>").keys("sp").wait(">>> spam = 1")
    terminal.wait_cursor(6)
    assert b"s\x1b[2mpam = 1\x1b[m" in terminal.received


def test_complaint_12__a_suggestion_follows_what_is_typed(start):
    terminal = start().wait(">>>").keys("spam = 1\r").wait(">>> spam = 1", ">>>").keys("spin = 2\r")
    terminal.wait(">>> spin = 2", ">>>").keys("s").wait(">>> spin = 2").keys("p").wait(">>> spin = 2")
    terminal.keys("a").wait(">>> spam = 1").keys("x").wait(">>> spax").keys("\x7f").wait(">>> spam = 1")
    terminal.keys("\x7f\x7f").wait(">>> spin = 2").keys("\x1b[C").wait(">>> spin = 2").wait_cursor(12)
    terminal.keys("2\r").wait(">>> spin = 22", ">>>").keys("spi").wait(">>> spin = 22")


def test_complaint_12__arrow_keys_do_what_they_did(start):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("spam = 'eggs'\r")
    terminal.wait(">>> spam = 'eggs'", ">>>").keys("spa\x1b[D").wait(">>> spa").wait_cursor(6)
    terminal.keys("\x1b[C").wait_cursor(7)


def test_complaint_12__one_switch_turns_it_off(start, settings):
    settings("suggestions = off\n")
    terminal = start().wait(">>>").keys("spam = 'eggs'\r").wait(">>> spam = 'eggs'", ">>>")
    terminal.keys("spam").wait(">>> spam").keys("\x1b[C").wait(">>> spam")


def test_commands__and_files_behind_them(start, tmp_path):
    (tmp_path / "a script.py").write_text("print('ran')\n")
    terminal = start().wait(">>>").keys("%timei\t").wait(">>> %timeit").keys("\x15")
    terminal.keys(f"%run {tmp_path}/a\t").wait_until(
        lambda lines: "".join(line.ljust(80) for line in lines).rstrip().endswith("a\\ script.py"))
    terminal.keys("\r").wait("ran", ">>>").keys(f"!cat {tmp_path}/a\t").wait_until(
        lambda lines: "".join(line.ljust(80) for line in lines).rstrip().endswith("a\\ script.py"))
    terminal.keys("\r").wait("print('ran')", ">>>")
