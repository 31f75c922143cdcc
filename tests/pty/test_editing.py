"""Editing at the prompt: what a person's keys make of a block."""

import pytest

BLOCK = [">>> def f(n):", "...     return n"]


def type_block(terminal):
    return terminal.wait(">>>").keys("def f(n):\rreturn n").wait(*BLOCK)


def test_indent__after_a_colon_and_back_after_return(start):
    terminal = start().wait(">>>").keys("def f(n):\r").wait(">>> def f(n):", "...")
    terminal.wait_cursor(8).keys("return n").wait(*BLOCK)
    terminal.keys("\r").wait(*BLOCK, "...").wait_cursor(4)


def test_indent__of_a_blank_last_line_does_not_keep_a_block_from_running(start):
    terminal = start().wait(">>>").keys("if 1:\r7\r").wait(">>> if 1:", "...     7", "...")
    terminal.wait_cursor(8).keys("\r").wait("...     7", "...", "7", ">>>")


def test_indent__has_the_width_of_the_block(start):
    terminal = start().wait(">>>").keys("if 1:\r").wait_cursor(8)
    terminal.keys("\x7f").wait_cursor(4).keys("  if 2:\r").wait("...   if 2:", "...").wait_cursor(8)


def test_backspace__takes_a_level_of_the_indentation(start):
    terminal = type_block(start()).keys("\x1b\r").wait(*BLOCK, "...").wait_cursor(4)
    terminal.keys("\x1b[A\x01\x1b[C\x1b[C").wait_cursor(6).keys("\x01").wait_cursor(4)
    start().wait(">>>").keys("if 1:\r").wait_cursor(8).keys("\x7f").wait_cursor(4)


def test_block__is_edited_as_one_text(start):
    terminal = type_block(start()).keys("\x1b[A\x05").wait_cursor(13, -2)
    terminal.keys("\x1b[D\x1b[D", ", m").wait(">>> def f(n, m):", "...     return n")
    terminal.keys("\x1b[B\x05", " + m").wait(">>> def f(n, m):", "...     return n + m")
    terminal.keys("\r").wait(">>> def f(n, m):", "...     return n + m", "...").keys("\r")
    terminal.wait("...", ">>>").keys("f(20, 1)\r").wait(">>> f(20, 1)", "21", ">>>")


def test_complaint_08__enter_runs_what_is_complete_and_other_keys_always_do_the_one_or_the_other(start):
    terminal = start().wait(">>>").keys("print(1)\x1b\r").wait(">>> print(1)", "...")
    terminal.keys("print(2)").wait(">>> print(1)", "... print(2)")
    # Anywhere in a text that is complete, Enter runs it; in one that is not, a line is opened.
    terminal.keys("\x1b[A\r").wait(">>> print(1)", "... print(2)", "1", "2", ">>>")
    terminal.keys("print(\r").wait(">>> print(", "...").keys("3)\r").wait("3", ">>>")
    # The key that always runs says what is wrong with the text.
    terminal.keys("if 1:\x18\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>" and "IndentationError" in lines[-2])


def test_undo__and_redo_in_groups(start):
    terminal = start().wait(">>>").keys("alpha = 1").wait(">>> alpha = 1").keys("\x17\x17")
    terminal.wait(">>> alpha").keys("\x1f").wait(">>> alpha =").keys("\x1f").wait(">>> alpha = 1")
    terminal.keys("\x18r").wait(">>> alpha =").keys("\x18r").wait(">>> alpha")


def test_kill__yank_and_yank_pop(start):
    terminal = start().wait(">>>").keys("one two").wait(">>> one two").keys("\x17").wait(">>> one")
    terminal.keys("\x01\x0b").wait(">>>").keys("\x19").wait(">>> one").keys("\x1by").wait(">>> two")
    terminal.keys("\x15x = 1\x01\x1bd\x19\x19").wait(">>> xx = 1")


def test_motions__by_words_and_lines(start):
    terminal = start().wait(">>>").keys("alpha beta gamma").wait(">>> alpha beta gamma")
    terminal.keys("\x1bb").wait_cursor(15).keys("\x1b[1;5D").wait_cursor(10)
    terminal.keys("\x1bf").wait_cursor(14).keys("\x01").wait_cursor(4).keys("\x05").wait_cursor(20)
    terminal.keys("\x1b\rx").wait("... x").keys("\x1b<").wait_cursor(4, -2)
    terminal.keys("\x1b>").wait_cursor(5, -1)


def test_selection__is_cut_with_the_kill_key(start):
    terminal = start().wait(">>>").keys("abcdef\x01\x00\x1b[C\x1b[C\x1b[C").wait_cursor(7)
    terminal.keys("\x1b[3;2~").wait(">>> def").keys("\x05\x19").wait(">>> defabc")


def test_lines__are_moved_and_indented(start):
    terminal = start().wait(">>>").keys("a\x1b\rb").wait(">>> a", "... b")
    terminal.keys("\x1b[1;3A").wait(">>> b", "... a").keys("\x1b[1;3B").wait(">>> a", "... b")
    terminal.keys("\x1b[1;3C").wait(">>> a", "...     b").keys("\x1b[1;3D").wait(">>> a", "... b")


def test_case_and_transposing(start):
    terminal = start().wait(">>>").keys("one two\x01\x1bu").wait(">>> ONE two")
    terminal.keys("\x1bc").wait(">>> ONE Two").keys("\x1bt").wait(">>> Two ONE")
    terminal.keys("\x14").wait(">>> Two OEN")


def test_macro__is_recorded_and_played(start):
    terminal = start().wait(">>>").keys("\x18(ab\x18)").wait(">>> ab").keys("\x18e").wait(">>> abab")
    terminal.keys("\x1b3\x18e").wait(">>> ababababab")


def test_macro__goes_on_behind_the_blocks_that_it_runs(start):
    terminal = start().wait(">>>").keys("\x18(x = 5").wait(">>> x = 5").keys("\r").wait(">>> x = 5", ">>>")
    terminal.keys("x * 2").wait(">>> x * 2").keys("\r").wait("10", ">>>").keys("\x18)\x0c\x18e")
    terminal.wait(">>> x = 5", ">>> x * 2", "10", ">>>").keys("'end'").wait(">>> 'end'")


def test_macro__has_the_keys_of_the_search(start):
    terminal = start().wait(">>>").keys("alpha = 1\r").wait(">>> alpha = 1", ">>>")
    terminal.keys("beta = 2\r").wait(">>> beta = 2", ">>>").keys("\x18(\x12").wait_until(
        lambda lines: "history: " in [f"{line} " for line in lines])
    terminal.keys("alp").wait("history: alp", "alpha = 1").keys("\t").wait(">>> alpha = 1")
    terminal.keys("\x05 + 3\x18)").wait(">>> alpha = 1 + 3").keys("\x15\x18e").wait(
        ">>> beta = 2", ">>> alpha = 1 + 3").keys("!").wait(">>> alpha = 1 + 3!")


def test_macro__ends_with_an_interrupt(start):
    terminal = start().wait(">>>").keys("import time; n = 0\r").wait(">>> import time; n = 0", ">>>")
    terminal.keys("\x18(time.sleep(n)").wait(">>> time.sleep(n)").keys("\r").wait(">>> time.sleep(n)", ">>>")
    terminal.keys("7\x18)").wait(">>> 7").keys("\x15n = 600\r").wait(">>> n = 600", ">>>")
    terminal.keys("\x18e").wait(">>> n = 600", ">>> time.sleep(n)").keys("\x03")
    terminal.wait("KeyboardInterrupt", ">>>").keys("8").wait(">>> 8")


def test_quoted_insert__puts_the_control_character_in(start):
    terminal = start().wait(">>>").keys("'\x11\x0b'").wait(">>> '^K'").keys("\r").wait("'\\x0b'", ">>>")


def test_digit_argument(start):
    start().wait(">>>").keys("\x1b1\x1b2x").wait(">>> xxxxxxxxxxxx")


def test_editor__the_block_in_the_persons_own(start, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i s/one/two/ \"$1\"\n")
    editor.chmod(0o755)
    terminal = start(EDITOR=str(editor)).wait(">>>").keys("'one'\x18\x05").wait(">>> 'two'")
    terminal.keys("\r").wait("'two'", ">>>")


def test_bracket__that_matches_is_marked(start):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("f(1)").wait(">>> f(1)")
    row = terminal.cursor()[0]
    terminal.wait_until(lambda _: terminal.screen.buffer[row][5] != terminal.screen.buffer[row][4])
    marked = terminal.screen.buffer[row][5]
    assert marked._replace(data=")") == terminal.screen.buffer[row][7]
    terminal.keys("\x01").wait_cursor(4)
    terminal.wait_until(lambda _: terminal.screen.buffer[row][5] != marked)


def test_highlighting__as_it_is_typed(start):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("impor").wait(">>> impor")
    row = terminal.cursor()[0]
    plain = terminal.screen.buffer[row][4]
    terminal.keys("t").wait_until(lambda _: terminal.screen.buffer[row][4] != plain)
    assert len({terminal.screen.buffer[row][x]._replace(data="") for x in range(4, 10)}) == 1


def test_complaint_05__vi_keys_by_the_settings(start, settings):
    settings("editing-mode = vi\n")
    terminal = start().wait(">>>").keys("spam eggs").wait(">>> spam eggs").keys("\x1b")
    terminal.wait_cursor(12).keys("0").wait_cursor(4).keys("dw").wait(">>> eggs")
    terminal.keys("u").wait(">>> spam eggs").keys("$xA!").wait(">>> spam egg!")


def test_complaint_05__vi_keys_shape_the_cursor(start, settings):
    settings("editing-mode = vi\n")
    terminal = start().wait(">>>").keys("x").wait(">>> x")
    before = len(terminal.received)
    terminal.keys("\x1b").wait_until(lambda _: b" q" in terminal.received[before:])
    before = len(terminal.received)
    terminal.keys("i").wait_until(lambda _: b" q" in terminal.received[before:])


def test_complaint_05__keys_of_inputrc(start, environment):
    with open(environment["INPUTRC"], "a", encoding="utf-8") as inputrc:
        inputrc.write('"\\C-xq": "print(7)"\nControl-t: kill-whole-line\n')
    terminal = start().wait(">>>").keys("\x18q").wait(">>> print(7)").keys("\x14").wait(">>>")
    terminal.keys("\x18q\r").wait(">>> print(7)", "7", ">>>")


def test_delete_char__of_a_key_that_is_no_character_ends_nothing(start, environment):
    with open(environment["INPUTRC"], "a", encoding="utf-8") as inputrc:
        inputrc.write('"\\e[3~": delete-char\n')
    terminal = start().wait(">>>").keys("\x1b[3~", "ab\x01\x1b[3~").wait(">>> b")
    terminal.keys("\x05\x1b\r").wait(">>> b", "...").keys("\x1b[3~", "7").wait(">>> b", "... 7")


def test_inputrc__includes_a_file_of_the_home(start, environment, tmp_path):
    (tmp_path / ".more").write_text('"\\C-xq": "print(9)"\n')
    with open(environment["INPUTRC"], "a", encoding="utf-8") as inputrc:
        inputrc.write("$include ~/.more\n")
    start().wait(">>>").keys("\x18q\r").wait(">>> print(9)", "9", ">>>")


def test_inputrc__a_sequence_of_characters_takes_none_of_them_away(start, environment):
    with open(environment["INPUTRC"], "a", encoding="utf-8") as inputrc:
        inputrc.write('"jk": "X"\n')
    terminal = start().wait(">>>").keys("'just jkj").wait(">>> 'just Xj").keys("'\r")
    terminal.wait(">>> 'just Xj'", "'just Xj'", ">>>")


def test_inputrc__that_nobody_wrote_for_himself_leaves_our_keys_alone(start):
    terminal = start(INPUTRC="").wait(">>>").keys("\x1b[3~", "a\x1b[1;3C").wait(">>>     a")
    terminal.keys("\x1b[1;3D").wait(">>> a")


def test_complaint_05__keys_of_the_settings(start, settings):
    settings('bind "\\C-xq": "print(8)"\n')
    start().wait(">>>").keys("\x18q\r").wait(">>> print(8)", "8", ">>>")


def test_wrong_lines__are_told_of_with_the_file_they_are_in(start, settings, environment):
    file = settings('nonsense = 1\nbind "\\C-xq": nonsense\nstyle keyword = nonsense\n')
    with open(environment["INPUTRC"], "a", encoding="utf-8") as inputrc:
        inputrc.write('"\\C-xq": nonsense\n')
    terminal = start(columns=200).wait(">>>")
    told = [line.partition(": ")[0] for line in terminal.lines()[:-1]]
    assert told == [f"{file}:1", f"{environment['INPUTRC']}:3", f"{file}:2", f"{file}:3"]


def test_help__shows_the_keys(start):
    start(PAGER="head -n 9; exit 0 #").wait(">>>").keys("\x1bOP").wait_until(
        lambda lines: any("beginning-of-line" in line for line in lines))


def test_paste_mode__enter_only_opens_lines(start):
    terminal = start().wait(">>>").keys("\x1bOR1\r2\r").wait_until(lambda lines: len(lines) >= 3)
    terminal.keys("\x1bOR").keys("\x7f\r").wait("1", "2", ">>>")


@pytest.mark.parametrize("line, said", [("indet = 4", "indet"), ("indent = many", "many")])
def test_settings__a_bad_line_is_named_with_its_number(start, settings, line, said):
    path = settings(f"# mine\n\n{line}\nsuggestions = off\n")
    terminal = start().wait(">>>")
    shown = "".join(terminal.screen.display[:-1]).replace(" ", "")
    assert f"{path}:3:" in shown and said in shown
    terminal.keys("1\r").wait(">>> 1", "1", ">>>")
