"""%checkpoint and %restore: states of the session with names, and %undo by number."""

import os
import signal

import pytest

from terminal import worker_of


def run(terminal, *lines):
    """Run lines of which each leaves a prompt of its own at once."""
    for line in lines:
        terminal.keys(line + "\r").wait_until(lambda shown, line=line: shown[-2:] == [f">>> {line}", ">>>"])
    return terminal


def value(terminal, name, shown):
    return terminal.keys(name + "\r").wait(f">>> {name}", shown, ">>>")


def test_restore__comes_back_to_a_name_and_says_where_that_is(start):
    terminal = run(start().wait(">>>"), "n = [1]").keys("%checkpoint one\r")
    terminal.wait(">>> %checkpoint one", "Checkpoint one (1 of 16).", ">>>")
    run(terminal, "n.append(2)", "n.append(3)").keys("%restore one\r")
    terminal.wait("Back at checkpoint one, after n = [1]", ">>>")
    value(terminal, "n", "[1]").keys("%restore one\r").wait("Back at checkpoint one, after n = [1]", ">>>")
    value(run(terminal, "n.append(4)"), "n", "[1, 4]")


def test_restore__forward_again_and_undone(start):
    terminal = run(start().wait(">>>"), "n = 1").keys("%checkpoint one\r").wait("Checkpoint one (1 of 16).", ">>>")
    run(terminal, "n = 2").keys("%checkpoint two\r").wait("Checkpoint two (2 of 16).", ">>>")
    terminal.keys("%restore one\r").wait("Back at checkpoint one, after n = 1", ">>>")
    value(terminal, "n", "1").keys("%restore two\r").wait("Back at checkpoint two, after n = 2", ">>>")
    run(terminal, "n = 3").keys("%undo\r").wait("Back to before the last block.", ">>>")
    value(terminal, "n", "2")


def test_checkpoint__without_a_name_lists_them(start):
    terminal = start().wait(">>>").keys("%checkpoint\r")
    terminal.wait("There are no checkpoints; %checkpoint NAME makes one.", ">>>")
    terminal.keys("%checkpoint early\r").wait("Checkpoint early (1 of 16).", ">>>")
    run(terminal, "x = 5").keys("%checkpoint later\r").wait("Checkpoint later (2 of 16).", ">>>")
    terminal.keys("%restore\r").wait("early             where nothing had run",
                                     "later             after x = 5", ">>>")
    terminal.keys("%checkpoint -d early\r").wait(">>> %checkpoint -d early", ">>>")
    terminal.keys("%checkpoint\r").wait(">>> %checkpoint", "later             after x = 5", ">>>")
    terminal.keys("%checkpoint -d early\r").wait(
        "pyconsole: there is no checkpoint early; %checkpoint lists them", ">>>")


def test_checkpoint__of_the_same_name_takes_its_place(start):
    terminal = run(start().wait(">>>"), "n = 1").keys("%checkpoint it\r").wait("Checkpoint it (1 of 16).", ">>>")
    run(terminal, "n = 2").keys("%checkpoint it\r").wait("Checkpoint it (1 of 16).", ">>>")
    run(terminal, "n = 3").keys("%restore it\r").wait("Back at checkpoint it, after n = 2", ">>>")
    value(terminal, "n", "2")


def test_checkpoint__there_are_sixteen_at_most(start):
    terminal = start().wait(">>>")
    for i in range(16):
        terminal.keys(f"%checkpoint c{i}\r").wait(f"Checkpoint c{i} ({i + 1} of 16).", ">>>")
    terminal.keys("%checkpoint more\r").wait_until(lambda lines: lines[-1] == ">>>" and any(
        line.startswith("pyconsole: there are 16 checkpoints, which is the most") for line in lines))
    terminal.keys("%checkpoint c3\r").wait("Checkpoint c3 (16 of 16).", ">>>")


@pytest.mark.parametrize("name", ["two words", "-x", "n" * 41])
def test_checkpoint__a_name_is_a_word(start, name):
    start().wait(">>>").keys(f"%checkpoint {name}\r").wait(
        "pyconsole: the name of a checkpoint is a word of at most 40 bytes", ">>>")


def test_checkpoint__says_why_there_is_none(start, settings):
    settings("checkpoints = 0\n")
    terminal = start().wait(">>>").keys("import threading; e = threading.Event(); "
                                        "threading.Thread(target=e.wait, daemon=True).start()\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("%checkpoint one\r")
    terminal.wait("pyconsole: there can be no checkpoint now: 1 other thread runs", ">>>")
    assert sum("there can be no checkpoint" in line for line in terminal.lines()) == 1
    terminal.keys("%restore one\r").wait("pyconsole: there is no checkpoint one; %checkpoint lists them", ">>>")


@pytest.mark.parametrize("closed", ["0", "1", "2", "0); os.close(1"])
def test_checkpoint__with_standard_descriptors_closed(start, closed):
    terminal = run(start().wait(">>>"), "import os", f"os.close({closed})").keys("%checkpoint one\r")
    terminal.wait("Checkpoint one (1 of 16).", ">>>")
    run(terminal, "n = 1").keys("%restore one\r").wait(f"Back at checkpoint one, after os.close({closed})", ">>>")
    terminal.keys("n\r").wait("NameError: name 'n' is not defined", ">>>")


def test_death__the_latest_name_is_offered_where_there_is_nothing_later(start, settings):
    settings("checkpoints = 0\n")
    terminal = run(start().wait(">>>"), "kept = 5").keys("%checkpoint safe\r").wait("Checkpoint safe (1 of 16).", ">>>")
    os.kill(worker_of(terminal.child.pid), signal.SIGKILL)
    terminal.wait_until(lambda lines: lines[-1].startswith("Enter: go back to checkpoint safe.")).keys("\r")
    terminal.wait("Back at checkpoint safe, after kept = 5", ">>>")
    value(terminal, "kept", "5")


def test_death__after_a_restore_comes_back_behind_that(start):
    terminal = run(start().wait(">>>"), "n = 1").keys("%checkpoint one\r").wait("Checkpoint one (1 of 16).", ">>>")
    run(terminal, "n = 2").keys("%restore one\r").wait("Back at checkpoint one, after n = 1", ">>>")
    terminal.keys("import os; os._exit(1)\r").wait_until(lambda lines: lines[-1].startswith("Enter: go back")).keys("\r")
    terminal.wait("Back to before the last block.", ">>>")
    value(terminal, "n", "1")


def test_undo__so_many_blocks(start):
    from test_recovering import settle, states

    terminal = settle(start().wait(">>>"))
    for line in "n = 1", "n = 2", "n = 3", "n = 4":
        before = states(terminal)
        settle(run(terminal, line), before)
    terminal.keys("%undo 3\r").wait("Back to before the last 3 blocks.", ">>>")
    value(terminal, "n", "1").keys("%undo 30\r").wait("pyconsole: there is no state to go back to", ">>>")
    terminal.keys("%undo x\r").wait("pyconsole: %undo takes a number of blocks", ">>>")
    value(terminal, "n", "1")


@pytest.mark.parametrize("kept", [1, 2])
def test_undo__of_as_many_blocks_as_the_setting_says(start, settings, kept):
    from test_recovering import settle, states

    settings(f"checkpoints = {kept}\n")
    terminal = settle(start().wait(">>>"))
    for line in "n = 1", "n = 2", "n = 3", "n = 4":
        before = states(terminal)
        settle(run(terminal, line), before)
    terminal.keys(f"%undo {kept + 1}\r").wait("pyconsole: there is no state to go back to", ">>>")
    terminal.keys(f"%undo {kept}\r").wait_until(lambda lines: lines[-2].startswith("Back to before the last "))
    value(terminal, "n", str(4 - kept))


def test_own_commands__are_in_the_history(start):
    terminal = start().wait(">>>").keys("%checkpoint one\r").wait("Checkpoint one (1 of 16).", ">>>")
    terminal.keys("\x1b[A").wait(">>> %checkpoint one")


def test_completion__of_names(start):
    terminal = start().wait(">>>").keys("%checkpoint before\r").wait("Checkpoint before (1 of 16).", ">>>")
    terminal.keys("%checkpoint behind\r").wait("Checkpoint behind (2 of 16).", ">>>")
    terminal.keys("%restore \t").wait_until(lambda lines: lines[-3].startswith(">>> %restore be"))
    assert [line.split()[0] for line in terminal.lines()[-2:]] == ["before", "behind"]
    terminal.keys("h").wait_until(lambda lines: lines[-1].startswith("behind")).keys("\t\r").wait(">>> %restore behind")
    terminal.keys("\r").wait("Back at checkpoint behind, where nothing had run", ">>>")
