/* What code of sessions in this process's Python prints: through whole text streams, each
 * in its own, in order, and no more than the host takes. The host keeps its own streams. */
#include "../tools/host.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

static void
test_execute__gives_output_values_and_errors_in_order(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_runs(session, "print('one')\n6 * 7\nprint('two')\n",
                "1:one\n=42\n1:two\nok");
    assert_runs(session, "_ + 1", "=43\nok");
    assert_runs(session, "import sys; print('e', file=sys.stderr); print('o')",
                "2:e\n1:o\nok");
    assert_runs(session, "1/0", "ZeroDivisionError: division by zero\nerror");
    assert_runs(session, "def",
                "SyntaxError: invalid syntax (<session-1 input-5>, line 1)\nerror");
    close_session(session);
}

/* ---- streams ---- */

static void
test_streams__are_whole_text_streams(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_runs(
        session,
        "import io, sys\n"
        "out = sys.stdout\n"
        "(out.encoding, out.errors, out.isatty(), out.closed, out.name, out.mode,"
        " out.line_buffering, out.writable())",
        "=('utf-8', 'backslashreplace', False, False, '<stdout>', 'w', True, "
        "True)\nok");
    assert_runs(
        session,
        "try: out.fileno()\nexcept io.UnsupportedOperation: print('no fd')\n"
        "out.writelines(['a\\n', 'b\\n'])\n"
        "_ = out.buffer.write(b'\\xe2\\x82'); out.buffer.write(b'\\xac \\xff\\n');\n"
        "isinstance(sys.stdin, io.TextIOBase), isinstance(out, io.TextIOWrapper)",
        "1:no fd\n1:a\n1:b\n1:\xe2\x82\xac \\xff\n=4\n=(True, True)\nok");
    assert_runs(session, "print('\\udc80'); out.reconfigure(line_buffering=False)",
                "1:\\udc80\nok");
    assert_runs(session,
                "import logging\n"
                "logging.getLogger('x').addHandler(logging.StreamHandler())\n"
                "logging.getLogger('x').error('logged')",
                "2:logged\nok");
    close_session(session);
}

static void
test_redirect_stdout__is_the_sessions_own(void **state)
{
    (void)state;
    pyconsole_session *one = open_session();
    pyconsole_session *two = open_session();
    assert_runs(one,
                "import contextlib, io, sys\n"
                "outer, inner = io.StringIO(), io.StringIO()\n"
                "stack = contextlib.ExitStack()\n"
                "_ = stack.enter_context(contextlib.redirect_stdout(outer))\n"
                "print(1)\n",
                "ok");
    assert_runs(two, "print('not redirected')", "1:not redirected\nok");
    assert_runs(one,
                "with contextlib.redirect_stdout(inner): print(2)\n"
                "print(3, end=''); stack.close()\n"
                "outer.getvalue(), inner.getvalue(), sys.stdout is outer",
                "=('1\\n3', '2\\n', False)\nok");
    close_session(one);
    close_session(two);
}

static void
test_host__keeps_its_streams(void **state)
{
    (void)state;
    host_run(
        "import io, os, sys, threading\n"
        "kept = vars(sys)['stdout'], vars(sys)['stderr'], vars(sys)['stdin'],"
        " sys.displayhook, threading.Thread.start, os.fork, type(sys), list(sys.meta_path)\n"
        "sys.stdout = mine = io.StringIO()");
    pyconsole_session *session = open_session();
    assert_runs(session, "import sys; sys.stdout.write('theirs\\n'); print('too')",
                "1:theirs\n=7\n1:too\nok");
    assert_host("(print('mine'), sys.stdout is mine)[1]", "True");
    assert_host("mine.getvalue()", "mine\n");
    host_run("sys.stdout = other = io.StringIO(); print('other')");
    assert_runs(session, "print('still theirs')", "1:still theirs\nok");
    assert_host("other.getvalue()", "other\n");
    close_session(session);
    assert_host("vars(sys)['stdout'] is other", "True");
    host_run("sys.stdout = kept[0]");
    assert_host(
        "kept == (vars(sys)['stdout'], vars(sys)['stderr'], vars(sys)['stdin'],"
        " sys.displayhook, threading.Thread.start, os.fork, type(sys), sys.meta_path)",
        "True");
}

static void
test_host__may_replace_what_stands_for_its_streams(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    host_run(
        "import io, sys; before = sys.stdout; vars(sys)['stdout'] = io.StringIO()");
    close_session(session);
    assert_host("type(vars(sys)['stdout']).__name__", "StringIO");
    host_run("sys.stdout = before");
}

static void
test_host__without_streams_prints_nowhere(void **state)
{
    (void)state;
    host_run("before = sys.stdout; sys.stdout = None");
    pyconsole_session *session = open_session();
    host_run("print('nowhere')");
    assert_runs(session, "print('here')", "1:here\nok");
    close_session(session);
    assert_host("sys.stdout", "None");
    host_run("sys.stdout = before");
}

/* ---- many at once ---- */

enum { MANY = 100, LINES = 50 };

/* Threads and tasks of one session, each with lines of its own. */
static const char many[] =
    "import asyncio, threading\n"
    "def lines(kind):\n"
    "    for n in range(50): print(f'{me} {kind} {n}')\n"
    "async def task():\n"
    "    for n in range(50):\n"
    "        print(f'{me} task {n}')\n"
    "        await asyncio.sleep(0)\n"
    "async def tasks():\n"
    "    await asyncio.gather(task(), asyncio.to_thread(lines, 'to_thread'))\n"
    "threads = [threading.Thread(target=lines, args=('thread',)),\n"
    "           threading.Thread(target=asyncio.run, args=(tasks(),))]\n"
    "for thread in threads: thread.start()\n"
    "lines('main')\n"
    "for thread in threads: thread.join()\n";

/* Every line is whole, of this session, and in order with those of its kind. */
static void
assert_lines(const char *text, int me)
{
    static const char *const kinds[] = {"main", "thread", "task", "to_thread"};
    int next[4] = {0};
    while (*text != '\0') {
        int session = -1;
        int number = -1;
        int used = 0;
        char kind[16] = "";
        assert_int_equal(sscanf(text, "%d %15s %d\n%n", &session, kind, &number, &used),
                         3);
        assert_int_equal(session, me);
        size_t k = 0;
        while (k < 4 && strcmp(kind, kinds[k]) != 0) {
            k++;
        }
        assert_true(k < 4);
        assert_int_equal(number, next[k]++);
        text += used;
    }
    for (size_t k = 0; k < 4; k++) {
        assert_int_equal(next[k], LINES);
    }
}

static void
test_many__print_at_once_and_every_byte_is_in_its_own(void **state)
{
    (void)state;
    pyconsole_session *sessions[MANY];
    for (int i = 0; i < MANY; i++) {
        char set[32];
        sessions[i] = open_session();
        snprintf(set, sizeof set, "me = %d", i);
        execute(sessions[i], set);
    }
    for (int i = 0; i < MANY; i++) {
        execute(sessions[i], many);
    }
    for (int i = 0; i < MANY; i++) {
        struct transcript transcript = {.len = 0};
        char *text = calloc(1, 4 * LINES * 32);
        size_t len = 0;
        assert_non_null(text);
        read_until(sessions[i], PYCONSOLE_EVENT_DONE, &transcript);
        for (;;) {
            const pyconsole_event *event = NULL;
            assert_int_equal(pyconsole_session_wait(sessions[i], -1, &event),
                             PYCONSOLE_OK);
            if (event->kind == PYCONSOLE_EVENT_DONE) {
                assert_string_equal(event->name, "ok");
                break;
            }
            assert_string_equal(
                event->kind == PYCONSOLE_EVENT_OUTPUT ? "" : event->text, "");
            assert_true(len + event->len < 4 * LINES * 32);
            memcpy(text + len, event->text, event->len);
            len += event->len;
        }
        assert_lines(text, i);
        free(text);
    }
    for (int i = 0; i < MANY; i++) {
        close_session(sessions[i]);
    }
    assert_host("type(vars(sys)['stdout']).__module__", "_io");
}

/* ---- water marks ---- */

static void
test_output__waits_at_the_mark_until_it_is_taken(void **state)
{
    (void)state;
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    options.output_high = 1 << 16;
    pyconsole_session *session = open_with(&options);
    const pyconsole_event *event = NULL;
    size_t len = 0;
    execute(session, "for i in range(3000): print('x' * 999)");
    do {
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
        assert_int_not_equal(event->kind, PYCONSOLE_EVENT_DROPPED);
        len += event->kind == PYCONSOLE_EVENT_OUTPUT ? event->len : 0;
    } while (event->kind != PYCONSOLE_EVENT_DONE);
    assert_int_equal(len, 3000000);
    execute(session, "print('on')\nwhile True: print('x' * 999)");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_interrupt(session, 0); /* while it waits, or not */
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DONE)->name, "interrupted");
    close_session(session);
}

static void
test_output__is_dropped_and_counted_at_the_mark(void **state)
{
    (void)state;
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    options.output_high = 1 << 16;
    options.drop_output = 1;
    pyconsole_session *session = open_with(&options);
    const pyconsole_event *event = NULL;
    size_t len = 0;
    size_t dropped = 0;
    execute(session, "import threading; done = threading.Event()");
    execute(session,
            "for i in range(3000): print('x' * 999)\nprint('last'); done.set()");
    host_run("pass"); /* nothing is taken until it has printed all */
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *locals = pyconsole_shared_get_locals(session);
    PyObject *done = NULL;
    while ((done = PyDict_GetItemString(locals, "done")) == NULL) {
        Py_BEGIN_ALLOW_THREADS
        sched_yield();
        Py_END_ALLOW_THREADS
    }
    PyObject *waited = PyObject_CallMethod(done, "wait", NULL);
    assert_ptr_equal(waited, Py_True);
    Py_DECREF(waited);
    Py_DECREF(locals);
    PyGILState_Release(gil);
    execute(session, "print('seen')");
    for (int dones = 0; dones < 3;) {
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
        len += event->kind == PYCONSOLE_EVENT_OUTPUT ? event->len : 0;
        dropped += event->kind == PYCONSOLE_EVENT_DROPPED ? (size_t)event->status : 0;
        dones += event->kind == PYCONSOLE_EVENT_DONE;
    }
    assert_true(dropped > 0);
    assert_int_equal(len + dropped, 3000000 + 5 + 5);
    close_session(session);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_execute__gives_output_values_and_errors_in_order),
        cmocka_unit_test(test_streams__are_whole_text_streams),
        cmocka_unit_test(test_redirect_stdout__is_the_sessions_own),
        cmocka_unit_test(test_host__keeps_its_streams),
        cmocka_unit_test(test_host__may_replace_what_stands_for_its_streams),
        cmocka_unit_test(test_host__without_streams_prints_nowhere),
        cmocka_unit_test(test_many__print_at_once_and_every_byte_is_in_its_own),
        cmocka_unit_test(test_output__waits_at_the_mark_until_it_is_taken),
        cmocka_unit_test(test_output__is_dropped_and_counted_at_the_mark),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
