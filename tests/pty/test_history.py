"""History: what was typed is found again, by whoever typed it, and nothing is lost."""

import os
import random
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from terminal import SEED, share, worker_of
from test_recovering import settle, settled, states

KILLS = share(6, 334)


@pytest.fixture
def database(tmp_path):
    return tmp_path / ".local" / "state" / "pyconsole" / "history.sqlite3"


def entries(database):
    connection = sqlite3.connect(database)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [text for text, in connection.execute("SELECT text FROM entry ORDER BY id")]
    finally:
        connection.close()


def run(terminal, *lines):
    for line in lines:
        terminal.keys(line + "\r").wait_until(
            lambda shown, line=line: shown[-1] == ">>>" and f">>> {line}" in shown)
    return terminal


def test_up__and_down_come_back_to_what_was_typed(start):
    terminal = run(start().wait(">>>"), "1", "2").keys("new").wait(">>> new").keys("\x10")
    terminal.wait(">>> 2").keys("\x10").wait(">>> 1").keys("\x0e\x0e").wait(">>> new")


def test_complaint_07__up_goes_by_what_stands_before_the_cursor(start):
    terminal = run(start().wait(">>>"), "abc = 1", "xyz = 2", "abd = 3", "x = 4").keys("ab")
    terminal.keys("\x1b[A").wait(">>> abd = 3").keys("\x1b[A").wait(">>> abc = 1")
    terminal.keys("\x1b[B\x1b[B").wait_until(lambda lines: lines[-1].startswith(">>> ab"))


def test_folder__is_that_of_the_state_gone_back_to(start, database):
    terminal = settled(start, "import os")
    before = states(terminal)
    settle(run(terminal, "os.chdir('/')"), before)
    before = states(terminal)
    for pid in before:  # so that the prompt is there long before the state
        os.kill(pid, signal.SIGSTOP)
    terminal.keys("%undo\r").wait_until(lambda lines: lines[-1] == ">>>")
    time.sleep(0.1)
    for pid in before:
        os.kill(pid, signal.SIGCONT)
    terminal.keys("os.getcw\t").wait_until(lambda lines: ">>> os.getcwd" in lines)  # there it is
    run(terminal.keys("\x07\x15").wait(">>>"), "behind = 1")
    folders = dict(sqlite3.connect(database).execute("SELECT text, folder FROM entry"))
    assert folders["os.chdir('/')"] == folders["behind = 1"] == os.getcwd()


def test_complaint_07__a_block_is_one_entry(start):
    terminal = start().wait(">>>").keys("if 1:\r7\r\r").wait("7", ">>>").keys("\x1b[A")
    terminal.wait(">>> if 1:", "...     7")


def test_complaint_07__the_search_is_a_list_over_everything(start):
    terminal = run(start().wait(">>>"), "spam = 1", "eggs = 2", "spam + eggs", "ham = 3")
    terminal.keys("\x12spam").wait_until(lambda lines: lines[-1].strip() == "spam = 1")
    listed = [line.strip() for line in terminal.lines()[-2:]]
    assert listed == ["spam + eggs", "spam = 1"]
    terminal.keys("\x12").wait_until(lambda lines: ">>> spam = 1" in lines[-4:]).keys("\r")
    terminal.wait(">>> spam = 1").keys("\x15\x12xyzzy\x07").wait(">>>")


@pytest.mark.parametrize("query, away", [("", "\x07"), ("spam", "\x07"), ("xyzzy", "\x1b")])
def test_search__given_up_leaves_the_cursor_where_it_was(start, query, away):
    terminal = run(start().wait(">>>"), "spam = 1").keys("if x:\ry = 2\x1b[D\x1b[D").wait_cursor(11)
    terminal.keys("\x12" + query).wait_until(lambda lines: ("history: " + query).strip() in lines)
    terminal.keys(away).wait(">>> if x:", "...     y = 2").wait_cursor(11, -1)


def test_complaint_07__the_search_sees_what_is_older_than_the_last_thousand(start, environment):
    lines = ["the_oldest = 1", *(f"x{n} = {n}" for n in range(3000))]
    Path(environment["PYTHON_HISTORY"]).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    start().wait(">>>").keys("\x12the_ol").wait_until(lambda shown: shown[-1].strip() == "the_oldest = 1")


def test_list__forgets_an_entry_in_all_files(start, environment, database):
    kept = Path(environment["PYTHON_HISTORY"])
    kept.write_text("old = 1\n", encoding="utf-8")
    terminal = run(start().wait(">>>"), "token = 'abc'", "eggs = 2", "token = 'def'")
    terminal.keys("\x12token").wait_until(lambda lines: lines[-1].strip() == "token = 'abc'")
    terminal.keys("\x1bk").wait_until(lambda lines: ">>> token = 'abc'" in lines)
    terminal.keys("\x1b[3;2~").wait_until(lambda lines: lines[-1] == "history: token")
    terminal.keys("\x07").wait(">>>").keys("\x1b[A").wait(">>> eggs = 2").keys("\x1b[A").wait(">>> old = 1")
    terminal.keys("\x15\x04")
    assert terminal.end() == 0
    assert kept.read_text(encoding="utf-8") == "old = 1\neggs = 2\n"
    assert entries(database) == ["old = 1", "eggs = 2"]


def test_list__counts_all_that_was_found(start, environment):
    Path(environment["PYTHON_HISTORY"]).write_text("".join(f"x{n} = {n}\n" for n in range(25)), encoding="utf-8")
    terminal = start(rows=8).wait(">>>").keys("\x12x").wait_until(lambda shown: shown[-1] == "1 of 25")
    terminal.keys("\x12" * 12).wait_until(lambda shown: ">>> x12 = 12" in shown and shown[-1] == "13 of 25")
    terminal.keys("\x12" * 12).wait_until(lambda shown: ">>> x0 = 0" in shown and shown[-1] == "x0 = 0")


def test_complaint_06__two_consoles_lose_nothing_and_up_is_each_ones_own(start, database):
    one, two = start().wait(">>>"), start().wait(">>>")
    for n in range(3):
        run(one, f"one{n} = 0")
        run(two, f"two{n} = 0")
    one.keys("\x1b[A").wait(">>> one2 = 0").keys("\x1b[A").wait(">>> one1 = 0").keys("\x15")
    two.keys("\x1b[A").wait(">>> two2 = 0").keys("\x15")
    for terminal in one, two:
        terminal.keys("\x04")
        assert terminal.end() == 0
    assert entries(database) == ["one0 = 0", "two0 = 0", "one1 = 0", "two1 = 0", "one2 = 0", "two2 = 0"]
    third = start().wait(">>>").keys("\x1b[A").wait(">>> two2 = 0").keys("\x1b[A")
    third.wait(">>> one2 = 0")


def test_folder__is_where_the_session_went(start, database, tmp_path):
    (tmp_path / "below").mkdir()
    terminal = start().wait(">>>").keys(f"import os; os.chdir({str(tmp_path)!r})\r").wait_until(
        lambda lines: lines[-1] == ">>>")
    run(terminal, "here = 1", "os.chdir('below')", "there = 2").keys("\x12\x1bd").wait_until(
        lambda lines: lines[-1].strip() == "there = 2").keys("\x07\x04").end()
    connection = sqlite3.connect(database)
    kept = dict(connection.execute("SELECT text, folder FROM entry"))
    connection.close()
    assert (kept["here = 1"], kept["there = 2"]) == (str(tmp_path), str(tmp_path / "below"))


def test_history_command__of_all_sessions(start):
    run(start().wait(">>>"), "spam = 1", "eggs = 2", "spam = 3").keys("\x04").end()
    terminal = run(start().wait(">>>"), "ham = 4").keys("%history\r").wait(">>> %history", "ham = 4", ">>>")
    terminal.keys("%history -g spam\r").wait(">>> %history -g spam", "spam = 1", "spam = 3", "%history -g spam", ">>>")
    terminal.keys("%history -g s*= [23]\r").wait_until(lambda lines: lines[-4:] == [
        ">>> %history -g s*= [23]", "eggs = 2", "spam = 3", ">>>"])
    terminal.keys("%history -l 2\r").wait(">>> %history -l 2", "%history -g s*= [23]", "%history -l 2", ">>>")
    terminal.keys("%history -l x\r").wait("pyconsole: %history -l takes a number", ">>>")


def test_history_command__in_the_order_in_which_blocks_ran(start):
    terminal = run(start().wait(">>>"), " secret = 1", "aa = 1", "bb = 2").keys("%history -l 3\r")
    terminal.wait(">>> %history -l 3", "aa = 1", "bb = 2", "%history -l 3", ">>>")
    terminal.keys("%history -g =\r").wait(" secret = 1", "aa = 1", "bb = 2", "%history -g =", ">>>")


def test_broken__is_said_at_the_prompt(start, database):
    database.parent.mkdir(parents=True)
    database.write_text("garbage " * 1000)
    terminal = start().wait(">>>").keys("x = 1\r")
    terminal.wait_until(lambda lines: "the history was broken" in " ".join(lines) and lines[-1] == ">>>")
    assert database.with_name("history.sqlite3.broken-1").exists()
    run(terminal, "y = 2")
    assert " ".join(terminal.lines()).count("the history was broken") == 1


def test_written_before_it_runs(start, database):
    terminal = start().wait(">>>").keys("import os; print('now', flush=True); os.read(0, 1)\r")
    terminal.wait("now")
    assert entries(database) == ["import os; print('now', flush=True); os.read(0, 1)"]


@pytest.mark.parametrize("victim", ["front end", "worker", "both"])
def test_complaint_06__killed_while_lines_are_accepted(start, database, victim):
    """Every block that was seen to run is in the database, at whatever moment death came."""
    chance = random.Random(f"{victim} {SEED}")
    typed = 0
    for _ in range(KILLS):
        terminal = start().wait(">>>")
        seen = run(terminal, f"k{typed} = 0")
        worker = worker_of(seen.child.pid)
        count = chance.randrange(1, 40)
        for n in range(typed + 1, typed + count + 1):
            terminal.type(f"k{n} = {n}; print({n})\r")
        for _ in range(chance.randrange(count * 3)):
            terminal.read()
            if str(typed + count) in terminal.lines():
                break
        if victim != "worker":
            os.kill(terminal.child.pid, signal.SIGKILL)
        if victim != "front end":
            os.kill(worker, signal.SIGKILL)
        ran = [int(line) for line in terminal.lines() if line.isdigit()]
        kept = set(entries(database))
        assert f"k{typed} = 0" in kept
        assert not [n for n in ran if f"k{n} = {n}; print({n})" not in kept]
        typed += count + 1
        terminal.child.close(force=True)


def test_kept_once__and_not_with_a_leading_space(start, database):
    terminal = run(start().wait(">>>"), "a = 1", "a = 1", "b = 2", "a = 1")
    terminal.keys(" secret\x1b\r\x7f")
    terminal.keys("\x15").keys("\x04")
    assert "secret" not in "".join(entries(database))
    assert entries(database) == ["a = 1", "b = 2", "a = 1"]


@pytest.mark.parametrize("mode", ["private", "off"])
def test_private__nothing_is_added(start, settings, database, mode):
    settings(f"history = {mode}\n")
    run(start().wait(">>>"), "spam = 1").keys("\x1b[A").wait(">>> spam = 1")
    assert not database.exists() or entries(database) == []


def test_python_history__is_where_lines_go(start, environment):
    Path(environment["PYTHON_HISTORY"]).write_text("before = 1\n", encoding="utf-8")
    terminal = start().wait(">>>").keys("\x1b[A").wait(">>> before = 1").keys("\x15")
    run(terminal, "after = 2").keys("\x04")
    assert terminal.end() == 0
    assert Path(environment["PYTHON_HISTORY"]).read_text(encoding="utf-8") == "before = 1\nafter = 2\n"


def test_operate_and_get_next(start):
    terminal = run(start().wait(">>>"), "1", "2", "3").keys("\x10\x10\x10").wait(">>> 1")
    terminal.keys("\x0f").wait("1", ">>> 2").keys("\x0f").wait("2", ">>> 3")


def test_operate_and_get_next__of_an_entry_that_was_edited(start):
    terminal = run(start().wait(">>>"), "1", "2", "3").keys("\x10\x10\x10", "0").wait(">>> 10")
    terminal.keys("\x0f").wait("10", ">>> 2").keys("\x0f").wait("2", ">>> 3")


def test_restore__puts_an_edited_entry_back(start):
    terminal = run(start().wait(">>>"), "1", "2").keys("\x10\x10", "0").wait(">>> 10")
    terminal.keys("\x1br").wait(">>> 1").keys("\x1br", "5").wait(">>> 15").keys("\r").wait("15", ">>>")
    terminal.keys("new\x1br", "!").wait(">>> new!")  # it was never in the history


def test_edited_entry__is_a_place_that_the_walk_goes_on_from(start, settings):
    settings("suggestions = off\n")
    terminal = run(start().wait(">>>"), "1", "2", "3").keys("new\x10\x10", "0").wait(">>> 20")
    terminal.keys("\x10").wait(">>> 1").keys("\x0e").wait(">>> 20").keys("\x1br").wait(">>> 2")
    terminal.keys("5\x0e").wait(">>> 3").keys("\x0e").wait(">>> new").keys("\x10\x10").wait(">>> 25")
    terminal.keys("\x1b>").wait(">>> new").keys("\x10\x10\r").wait("25", ">>>")
    terminal.keys("\x10\x10\x10").wait(">>> 2")  # as it was in the history


def test_edited_entry__down_leads_to_what_was_typed(start, settings):
    settings("suggestions = off\n")
    terminal = run(start().wait(">>>"), "x = 1").keys("x\x1b[A").wait(">>> x = 1")
    terminal.keys("0\x1b[B").wait(">>> x").keys("\x1b[A").wait(">>> x = 10")


def test_edited_entry__up_goes_by_what_it_begins_with(start, settings):
    settings("suggestions = off\n")
    terminal = run(start().wait(">>>"), "y = 2", "x = 1").keys("\x1b[A").wait(">>> x = 1")
    terminal.keys("\x15y\x1b[A").wait(">>> y = 2").keys("\x1b[B").wait(">>> y")


def test_edited_entry__what_was_searched_is_another_text(start, settings):
    settings("suggestions = off\n")
    terminal = run(start().wait(">>>"), "1", "2", "3").keys("\x10\x10\x10").wait(">>> 1")
    terminal.keys("\x122\r").wait(">>> 2").keys("\x10").wait(">>> 3").keys("\x0e").wait(">>> 2")


def test_argument__of_that_number_is_put_in(start):
    terminal = run(start().wait(">>>"), "{1,  22, 333}").keys("a \x1b\x19").wait(">>> a 22,")
    terminal.keys(" \x1b2\x1b\x19").wait(">>> a 22, 333}").keys(" \x1b0\x1b\x19", "!").wait(
        ">>> a 22, 333} {1,!")
    terminal.keys("\x1b3\x1b\x19", "?").wait(">>> a 22, 333} {1,!?")


def test_vi__searches_again(start, settings):
    settings("editing-mode = vi\n")
    terminal = run(start().wait(">>>"), "10", "2", "11", "3", "12").keys("x\x1b/1").wait_until(
        lambda lines: ">>> 12" in lines)
    terminal.keys("\r").wait(">>> 12").keys("n").wait(">>> 11").keys("n").wait(">>> 10")
    terminal.keys("nN").wait(">>> 11").keys("NN").wait(">>> 12").keys("n").wait(">>> 11")
    terminal.keys("\r").wait("11", ">>>").keys("y\x1bn").wait(">>> 11").keys("n").wait(">>> 12")


def test_vi__the_cursor_stands_on_the_entry_that_was_recalled(start, settings):
    settings("editing-mode = vi\n")
    run(start().wait(">>>"), "abc").keys("\x1bkx").wait(">>> ab")


def test_last_argument__is_put_in(start):
    run(start().wait(">>>"), "print(1, 22)", "print(33)").keys("x = \x1b.").wait(
        ">>> x = print(33)").keys("\x1b.").wait(">>> x = 22)")
