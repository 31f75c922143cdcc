/* Sessions in the interpreter of this process: the same events as those in a process of
 * their own, output of each in its own, input, interrupts, and everything put back. */
#include "check.h"

#include <pyconsole/python.h>

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static pyconsole_python *python;

static int
start_python(void **state)
{
    (void)state;
    pyconsole_error error = {0};
    if (pyconsole_python_start(NULL, &python, &error) < 0) {
        print_error("%s\n", error.message);
        return -1;
    }
    return 0;
}

static int
stop_python(void **state)
{
    (void)state;
    pyconsole_python_stop(python);
    return 0;
}

static pyconsole_session *
open_with(const pyconsole_shared_options *options)
{
    pyconsole_session *session = NULL;
    pyconsole_error error = {0};
    assert_int_equal(pyconsole_session_new_shared(python, options, &session, &error),
                     PYCONSOLE_OK);
    return session;
}

static pyconsole_session *
open_session(void)
{
    return open_with(NULL);
}

static uint64_t
execute(pyconsole_session *session, const char *source)
{
    uint64_t request = 0;
    assert_int_equal(
        pyconsole_session_execute(session, source, PYCONSOLE_TERMINATED, &request),
        PYCONSOLE_OK);
    return request;
}

/* ---- events as text ---- */

struct transcript {
    char text[8192];
    size_t len;
    int last; /* the kind of the last event */
};

static void
note(struct transcript *transcript, const char *text)
{
    size_t len = strlen(text);
    assert_true(transcript->len + len < sizeof transcript->text);
    memcpy(transcript->text + transcript->len, text, len + 1);
    transcript->len += len;
}

static void
note_event(struct transcript *transcript, const pyconsole_event *event)
{
    char number[32];
    transcript->last = event->kind;
    switch (event->kind) {
    case PYCONSOLE_EVENT_OUTPUT:
        note(transcript, event->stream == 1 ? "1:" : "2:");
        note(transcript, event->text);
        break;
    case PYCONSOLE_EVENT_ERROR:
        note(transcript, event->name);
        note(transcript, ": ");
        note(transcript, event->detail);
        note(transcript, "\n");
        break;
    case PYCONSOLE_EVENT_DONE:
        note(transcript, event->name);
        break;
    case PYCONSOLE_EVENT_READY:
        break;
    case PYCONSOLE_EVENT_RESULT:
        note(transcript, "=");
        note(transcript, event->text);
        note(transcript, "\n");
        break;
    default:
        snprintf(number, sizeof number, " %d\n", (int)event->status);
        note(transcript, pyconsole_event_name(event->kind));
        note(transcript, number);
    }
}

/* Takes events until one of the kind. */
static void
read_until(pyconsole_session *session, int kind, struct transcript *transcript)
{
    const pyconsole_event *event = NULL;
    do {
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
        if (event != NULL) {
            note_event(transcript, event);
        }
    } while (event == NULL || event->kind != kind);
}

#define assert_runs(session, source, expected)                                         \
    do {                                                                               \
        struct transcript transcript_ = {.len = 0};                                    \
        execute((session), (source));                                                  \
        read_until((session), PYCONSOLE_EVENT_DONE, &transcript_);                     \
        assert_string_equal(transcript_.text, (expected));                             \
    } while (0)

/* When DIED has come, everything is put back. */
static void
close_session(pyconsole_session *session)
{
    struct transcript transcript = {.len = 0};
    assert_int_equal(pyconsole_session_close(session), PYCONSOLE_OK);
    read_until(session, PYCONSOLE_EVENT_DIED, &transcript);
    assert_string_equal(transcript.text, "DIED 0\n");
    pyconsole_session_free(session);
}

/* ---- the host's side of Python ---- */

/* str() of an expression in the host's own names. */
static void
host_value(const char *expression, char *ret_text, size_t size)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *names = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyObject *value = PyRun_String(expression, Py_eval_input, names, names);
    PyObject *text = value == NULL ? NULL : PyObject_Str(value);
    if (text == NULL) {
        PyErr_Print();
    }
    assert_non_null(text);
    snprintf(ret_text, size, "%s", PyUnicode_AsUTF8(text));
    Py_DECREF(text);
    Py_DECREF(value);
    PyGILState_Release(gil);
}

static void
host_run(const char *source)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    assert_int_equal(PyRun_SimpleString(source), 0);
    PyGILState_Release(gil);
}

#define assert_host(expression, expected)                                              \
    do {                                                                               \
        char text_[512];                                                               \
        host_value((expression), text_, sizeof text_);                                 \
        assert_string_equal(text_, (expected));                                        \
    } while (0)

/* ---- the same events as a process ---- */

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
        "import io, sys, threading\n"
        "kept = vars(sys)['stdout'], vars(sys)['stderr'], vars(sys)['stdin'],"
        " sys.displayhook, threading.Thread.start, type(sys), list(sys.meta_path)\n"
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
    assert_host("kept == (vars(sys)['stdout'], vars(sys)['stderr'], vars(sys)['stdin'],"
                " sys.displayhook, threading.Thread.start, type(sys), sys.meta_path)",
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
    host_run("import sys; before = sys.stdout; sys.stdout = None");
    pyconsole_session *session = open_session();
    host_run("print('nowhere')");
    assert_runs(session, "print('here')", "1:here\nok");
    close_session(session);
    assert_host("sys.stdout", "None");
    host_run("sys.stdout = before");
}

/* ---- what is a session's own ---- */

static void
test_names__are_the_sessions_own(void **state)
{
    (void)state;
    pyconsole_session *one = open_session();
    pyconsole_session *two = open_session();
    assert_runs(one, "x = 1; import sys; sys.ps1 = '% '; 1/0",
                "ZeroDivisionError: division by zero\nerror");
    assert_runs(
        two,
        "import sys; hasattr(sys, 'ps1'), hasattr(sys, 'last_value'), 'x' in globals()",
        "=(False, False, False)\nok");
    assert_runs(one, "sys.ps1, type(sys.last_value).__name__",
                "=('% ', 'ZeroDivisionError')\nok");
    assert_runs(one, "41", "=41\nok");
    assert_runs(two, "_", "=(False, False, False)\nok");
    assert_runs(one, "_ = 'mine'", "ok");
    assert_runs(one, "5", "=5\nok");
    assert_runs(one, "_", "='mine'\nok");
    assert_runs(one, "sys.displayhook = lambda value: print('shown', value)", "ok");
    assert_runs(one, "5", "1:shown 5\nok");
    assert_runs(two, "5", "=5\nok");
    assert_host("hasattr(sys, 'ps1') or hasattr(sys, 'last_value')", "False");
    close_session(one);
    assert_runs(two, "1/0", "ZeroDivisionError: division by zero\nerror");
    close_session(two);
    assert_host("hasattr(sys, 'ps1') or hasattr(sys, 'last_value')", "False");
    assert_host(
        "[name for name in __import__('linecache').cache if 'session-' in name]", "[]");
    assert_host("hasattr(__import__('builtins'), '_')", "False");
}

static void
test_main__is_the_sessions_while_its_code_runs(void **state)
{
    (void)state;
    pyconsole_session *one = open_session();
    pyconsole_session *two = open_session();
    const char *define = "import dataclasses, pickle, typing\n"
                         "@dataclasses.dataclass\nclass P:\n    x: int\n"
                         "pickle.loads(pickle.dumps(P(3)))";
    host_run("P = 'the host has one too'");
    assert_runs(one, define, "=P(x=3)\nok");
    assert_runs(two, define, "=P(x=3)\nok");
    assert_runs(one, "import __main__; __main__.y = 7; y, __main__.P is P, __name__",
                "=(7, True, '__main__')\nok");
    assert_runs(one, "typing.get_type_hints(P)", "={'x': <class 'int'>}\nok");
    assert_host("P", "the host has one too");
    assert_host("type(__import__('sys').modules['__main__']) is type(__import__('io'))",
                "False");
    close_session(one);
    close_session(two);
    assert_host("type(__import__('sys').modules['__main__']) is type(__import__('io'))",
                "True");
}

/* ---- input ---- */

/* Answers the input that the source asks for, NULL for its end. */
static struct transcript
answer(pyconsole_session *session, const char *source, const char *const *answers)
{
    struct transcript transcript = {.len = 0};
    execute(session, source);
    do {
        const pyconsole_event *event = NULL;
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
        if (event == NULL) {
            continue;
        }
        note_event(&transcript, event);
        if (event->kind == PYCONSOLE_EVENT_INPUT) {
            assert_int_equal(pyconsole_session_input(session, event->request, *answers,
                                                     PYCONSOLE_TERMINATED),
                             PYCONSOLE_OK);
            answers++;
        }
    } while (transcript.last != PYCONSOLE_EVENT_DONE);
    return transcript;
}

static void
assert_asks(pyconsole_session *session, const char *source, const char *const *answers,
            const char *expected)
{
    struct transcript transcript = answer(session, source, answers);
    assert_string_equal(transcript.text, expected);
}

static void
test_input__is_one_event_for_all_that_ask(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_asks(session, "input('name? ')", (const char *[]){"Ada"},
                "1:name? INPUT 0\n='Ada'\nok");
    assert_asks(session, "import sys; sys.stdin.readline(), sys.stdin.read()",
                (const char *[]){"a", "b", NULL},
                "INPUT 0\nINPUT 0\nINPUT 0\n=('a\\n', 'b\\n')\nok");
    assert_asks(session, "[line for line in sys.stdin]", (const char *[]){"a", NULL},
                "INPUT 0\nINPUT 0\n=['a\\n']\nok");
    assert_asks(session, "input()", (const char *[]){NULL},
                "INPUT 0\nEOFError: EOF when reading a line\nerror");
    assert_asks(session, "import getpass; getpass.getpass('pw: ')",
                (const char *[]){"secret"}, "2:pw: INPUT 1\n='secret'\nok");
    close_session(session);
}

static void
test_input__steps_through_pdb_and_help(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    struct transcript transcript = answer(
        session, "def f():\n    x = 1\n    breakpoint()\n    x = 2\n    return x\nf()",
        (const char *[]){"p x", "n", "p x + 1", "c"});
    assert_non_null(strstr(transcript.text, "1:(Pdb) INPUT 0\n1:1\n"));
    assert_non_null(strstr(transcript.text, "1:(Pdb) INPUT 0\n1:3\n"));
    assert_non_null(strstr(transcript.text, "1:(Pdb) INPUT 0\n=2\nok"));
    transcript = answer(session, "help()", (const char *[]){"keywords", "quit"});
    assert_non_null(strstr(transcript.text, "help> INPUT 0\n1:\nHere is a list"));
    assert_host("'readline' in __import__('sys').modules", "False");
    close_session(session);
}

static void
test_input__is_an_error_with_nobody_to_answer(void **state)
{
    (void)state;
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    options.no_input = 1;
    pyconsole_session *session = open_with(&options);
    assert_runs(session, "input()", "EOFError: EOF when reading a line\nerror");
    close_session(session);
}

/* ---- interrupts ---- */

/* Waits until the code says so, and interrupts it. */
static void
assert_interrupted(pyconsole_session *session, const char *source)
{
    struct transcript transcript = {.len = 0};
    uint64_t request = execute(session, source);
    read_until(session, PYCONSOLE_EVENT_OUTPUT, &transcript);
    assert_int_equal(pyconsole_session_interrupt(session, request), PYCONSOLE_OK);
    transcript.len = 0;
    read_until(session, PYCONSOLE_EVENT_DONE, &transcript);
    assert_non_null(strstr(transcript.text, "INTERRUPT 0\n"));
    assert_non_null(strstr(transcript.text, "KeyboardInterrupt: \n"));
    assert_non_null(strstr(transcript.text, "interrupted"));
}

static const pyconsole_event *
wait_for(pyconsole_session *session, int kind)
{
    const pyconsole_event *event = NULL;
    do {
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
    } while (event == NULL || event->kind != kind);
    return event;
}

static void
test_interrupt__reaches_the_request_it_means(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    pyconsole_session_interrupt(session, 0);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_INTERRUPT)->name, "idle");
    uint64_t request = execute(session, "print('on')\nwhile True: pass");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_interrupt(session, request + 1);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_INTERRUPT)->name, "mismatch");
    pyconsole_session_interrupt(session, request);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_INTERRUPT)->name,
                        "interrupting");
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DONE)->name, "interrupted");
    for (int i = 0; i < 200; i++) { /* never the next one */
        request = execute(session, "1");
        pyconsole_session_interrupt(session, request);
        execute(session, "'next'");
        wait_for(session, PYCONSOLE_EVENT_DONE);
        assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DONE)->name, "ok");
    }
    close_session(session);
}

static void
test_interrupt__ends_loops_and_input(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_interrupted(session, "print('on')\nwhile True: pass");
    assert_interrupted(session, "input('waiting\\n')");
    assert_interrupted(session, "import getpass; print('on'); getpass.getpass()");
    /* One that the code has dealt with does not end the next input(). */
    struct transcript transcript = {.len = 0};
    uint64_t request = execute(session, "try:\n    print('on')\n    while True: pass\n"
                                        "except KeyboardInterrupt: input()");
    read_until(session, PYCONSOLE_EVENT_OUTPUT, &transcript);
    pyconsole_session_interrupt(session, request);
    read_until(session, PYCONSOLE_EVENT_INPUT, &transcript);
    pyconsole_session_input(session, request, "answer", 6);
    transcript.len = 0;
    read_until(session, PYCONSOLE_EVENT_DONE, &transcript);
    assert_string_equal(transcript.text, "='answer'\nok");
    close_session(session);
}

/* ---- the caller's thread ---- */

struct window {
    pyconsole_session *session;
    pyconsole_session *other;
    struct transcript transcript;
    int ticks;
    int interrupt_at; /* tick; 0: never */
    int inner;        /* what a run from inside the pump gave */
    const char *answer;
};

/* A host's event loop turns once. */
static void
turn(void *userdata)
{
    struct window *window = userdata;
    const pyconsole_event *event = NULL;
    window->ticks++;
    while (pyconsole_session_next(window->session, &event) == PYCONSOLE_OK &&
           event != NULL) {
        note_event(&window->transcript, event);
        if (event->kind == PYCONSOLE_EVENT_INPUT) {
            pyconsole_session_input(window->session, event->request, window->answer,
                                    PYCONSOLE_TERMINATED);
        }
    }
    if (window->ticks == window->interrupt_at) {
        pyconsole_session_interrupt(window->session, 0);
    }
    if (window->other != NULL) {
        window->inner = pyconsole_shared_run(window->other, 0);
    }
}

static void
open_window(struct window *window, bool pumps)
{
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    *window = (struct window){.answer = "Ada"};
    options.thread = PYCONSOLE_CALLERS_THREAD;
    options.pump = pumps ? turn : NULL;
    options.pump_every = 5;
    options.userdata = window;
    window->session = open_with(&options);
}

/* Runs the source here; what came of it stands in window->transcript. */
static void
run_here(struct window *window, const char *source)
{
    window->ticks = 0;
    window->transcript.len = 0;
    execute(window->session, source);
    assert_int_equal(pyconsole_shared_run(window->session, 0), PYCONSOLE_OK);
    int ticks = window->ticks;
    turn(window);
    window->ticks = ticks;
}

static void
test_callers_thread__runs_what_is_asked(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, false);
    run_here(
        &window,
        "import threading; threading.get_ident() == threading.main_thread().ident");
    assert_string_equal(window.transcript.text, "=True\nok");
    run_here(&window, "input()");
    assert_string_equal(window.transcript.text,
                        "EOFError: EOF when reading a line\nerror");
    execute(window.session, "1");
    execute(window.session, "2");
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    window.transcript.len = 0;
    turn(&window);
    assert_string_equal(window.transcript.text, "=1\nok=2\nok");
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    pyconsole_session_close(window.session);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    assert_int_equal(wait_for(window.session, PYCONSOLE_EVENT_DIED)->status, 0);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_ECLOSED);
    pyconsole_session_free(window.session);
}

static void
test_callers_thread__stops_at_its_budget(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, false);
    execute(window.session, "import time; time.sleep(0.01)");
    execute(window.session, "2");
    assert_int_equal(pyconsole_shared_run(window.session, 1), PYCONSOLE_MORE);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    pyconsole_session_free(window.session);
}

static void
test_callers_thread__prints_without_end_and_does_not_hang(void **state)
{
    (void)state;
    struct window window;
    const pyconsole_event *event = NULL;
    size_t printed = 0;
    open_window(&window, false);
    execute(window.session, "for i in range(40): print('x' * 99_999)");
    execute(window.session,
            "import threading\n"
            "t = threading.Thread(target=lambda: print('y' * 1_000_000))\n"
            "t.start(); t.join()");
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    for (int done = 0; done < 2;) {
        assert_int_equal(pyconsole_session_wait(window.session, -1, &event),
                         PYCONSOLE_OK);
        printed += event->kind == PYCONSOLE_EVENT_OUTPUT ? event->len : 0;
        done += event->kind == PYCONSOLE_EVENT_DONE;
    }
    assert_int_equal(printed, 5000001);
    pyconsole_session_free(window.session);
}

static void
test_pump__answers_input(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, true);
    run_here(&window, "input('name? ')");
    assert_string_equal(window.transcript.text, "1:name? INPUT 0\n='Ada'\nok");
    pyconsole_session_free(window.session);
}

/* It turned while this waited, or there would be no interrupt. */
static void
test_pump__turns_while_code_waits_and_interrupts_it(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "while True: pass",
        "import time; time.sleep(1000)",
        "import socket; a, b = socket.socketpair(); a.recv(1)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
        "import subprocess; subprocess.run(['sleep', '20'], stdout=-3, stderr=-3)",
        "threading.Event().wait()",
        "input()",
    };
    struct window window;
    open_window(&window, true);
    window.answer = NULL;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        window.interrupt_at = i == 6 ? 1 : 2;
        run_here(&window, sources[i]);
        assert_non_null(strstr(window.transcript.text, "INTERRUPT 0\n"));
        assert_true(strstr(window.transcript.text, "interrupted") != NULL || i == 6);
        window.interrupt_at = 0;
        run_here(&window, "'next'");
        assert_non_null(strstr(window.transcript.text, "='next'\nok"));
    }
    pyconsole_session_free(window.session);
}

static void
test_run__is_refused_inside_a_run(void **state)
{
    (void)state;
    struct window window;
    struct window other;
    open_window(&window, true);
    open_window(&other, true);
    window.other = other.session;
    execute(other.session, "1");
    run_here(&window, "import time; time.sleep(0.05)");
    assert_int_equal(window.inner, PYCONSOLE_OK); /* of the turn after it */
    window.other = window.session;
    window.interrupt_at = 2;
    run_here(&window, "while True: pass");
    assert_non_null(strstr(window.transcript.text, "interrupted"));
    pyconsole_session_free(window.session);
    pyconsole_session_free(other.session);
}

static void
count_signal(int number)
{
    (void)number;
}

static void
test_signals__are_the_hosts(void **state)
{
    (void)state;
    struct sigaction mine = {.sa_handler = count_signal};
    struct sigaction kick = {.sa_handler = count_signal};
    struct sigaction now;
    assert_int_equal(sigaction(SIGINT, &mine, NULL), 0);
    assert_int_equal(sigaction(SIGRTMIN + 6, &kick, NULL), 0);
    struct window window;
    open_window(&window, true);
    window.interrupt_at = 1;
    run_here(&window, "import time; time.sleep(1000)");
    assert_non_null(strstr(window.transcript.text, "interrupted"));
    assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
    assert_true(now.sa_handler == count_signal);
    assert_int_equal(sigaction(SIGRTMIN + 6, NULL, &now), 0);
    assert_true(now.sa_handler == count_signal);
    pyconsole_session_free(window.session);
    pyconsole_session *own = open_session();
    assert_runs(own,
                "import signal; len(signal.pthread_sigmask(signal.SIG_BLOCK, ())) > 50",
                "=True\nok");
    close_session(own);
}

/* ---- the end ---- */

static void
test_exit__ends_the_session_and_not_the_host(void **state)
{
    (void)state;
    static const char *const sources[] = {"exit(3)", "import sys; sys.exit(3)",
                                          "raise SystemExit(3)", "quit(3)"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        pyconsole_session *session = open_session();
        struct transcript transcript = {.len = 0};
        execute(session, sources[i]);
        read_until(session, PYCONSOLE_EVENT_DIED, &transcript);
        assert_string_equal(transcript.text, "EXIT 3\nDIED 3\n");
        pyconsole_session_free(session);
    }
    assert_host("__import__('sys').stdin.closed", "False");
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
    assert_host("type(vars(__import__('sys'))['stdout']).__module__", "_io");
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

/* ---- objects ---- */

static void
test_objects__are_the_hosts_own(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *list = PyList_New(0);
    assert_int_equal(pyconsole_shared_set_object(session, "shared", list),
                     PYCONSOLE_OK);
    assert_int_equal(pyconsole_shared_set_object(session, "no name", list),
                     PYCONSOLE_EINVAL);
    PyGILState_Release(gil);
    assert_runs(session, "shared.append(6 * 7)", "ok");
    gil = PyGILState_Ensure();
    assert_int_equal(PyList_GET_SIZE(list), 1);
    PyObject *module = PyModule_New("hosts");
    assert_int_equal(PyModule_AddStringConstant(module, "greeting", "hello"), 0);
    assert_int_equal(pyconsole_shared_set_locals(session, module), PYCONSOLE_OK);
    assert_int_equal(pyconsole_shared_set_locals(session, Py_None), PYCONSOLE_EINVAL);
    PyGILState_Release(gil);
    assert_runs(session, "greeting; import __main__; __main__.greeting; made = 1",
                "='hello'\n='hello'\nok");
    close_session(session);
    gil = PyGILState_Ensure();
    assert_true(PyObject_HasAttrString(module, "made"));
    assert_false(PyObject_HasAttrString(module, "_"));
    Py_DECREF(module);
    Py_DECREF(list);
    PyGILState_Release(gil);
}

/* ---- the other ends ---- */

/* Until the last session has put back what was there. */
static void
wait_until_put_back(void)
{
    char text[64] = "";
    while (strcmp(text, "_io") != 0) {
        host_value("type(vars(__import__('sys'))['stdout']).__module__", text,
                   sizeof text);
    }
}

static void
test_free__interrupts_what_runs(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    execute(session, "print('on')\nwhile True: pass");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_free(session);
    session = open_session();
    execute(session, "input()");
    wait_for(session, PYCONSOLE_EVENT_INPUT);
    pyconsole_session_free(session);
    session = open_session();
    execute(session, "print('on')\nwhile True: print('x' * 999)");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_free(session);
    wait_until_put_back();
}

static void
test_stop__cuts_off_what_cannot_be_stopped(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    struct transcript transcript = {.len = 0};
    /* Between two waits an interrupt does stop it: it begins again then. */
    execute(session, "import threading\n"
                     "go = threading.Event()\n"
                     "def stay():\n"
                     "    try:\n"
                     "        print('on')\n"
                     "        go.wait()\n"
                     "    except KeyboardInterrupt:\n"
                     "        stay()\n"
                     "stay()\n");
    read_until(session, PYCONSOLE_EVENT_OUTPUT, &transcript);
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *locals = pyconsole_shared_get_locals(session);
    PyObject *go = Py_NewRef(PyDict_GetItemString(locals, "go"));
    Py_DECREF(locals);
    PyGILState_Release(gil);
    pyconsole_session_stop(session, 30);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DIED)->name, "stopped");
    gil = PyGILState_Ensure();
    Py_XDECREF(PyObject_CallMethod(go, "set", NULL));
    Py_DECREF(go);
    PyGILState_Release(gil);
    wait_until_put_back();
    pyconsole_session_free(session);
}

static void
test_fork__leaves_the_session_to_the_parent(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_runs(session,
                "import os, sys\n"
                "r, w = os.pipe()\n"
                "pid = os.fork()\n"
                "if pid == 0:\n"
                "    print('not in the session', file=sys.stderr)\n"
                "    os.write(w, b'child')\n"
                "else:\n"
                "    os.waitpid(pid, 0)[1], os.read(r, 9)",
                "=(0, b'child')\nok");
    close_session(session);
}

static void
test_clone__is_refused(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    pyconsole_session *clone = NULL;
    assert_int_equal(pyconsole_session_clone(session, &clone, NULL), PYCONSOLE_OK);
    assert_string_equal(wait_for(clone, PYCONSOLE_EVENT_REFUSED)->text,
                        "the session is in its host's process");
    pyconsole_session_free(clone);
    close_session(session);
}

static void
test_options__are_checked(void **state)
{
    (void)state;
    pyconsole_session *session = NULL;
    pyconsole_error error = {0};
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    assert_int_equal(pyconsole_session_new_shared(NULL, NULL, &session, &error),
                     PYCONSOLE_EINVAL);
    options.thread = 7;
    assert_int_equal(pyconsole_session_new_shared(python, &options, &session, &error),
                     PYCONSOLE_EINVAL);
    assert_string_not_equal(error.message, "");
    assert_int_equal(pyconsole_shared_run(NULL, 0), PYCONSOLE_EINVAL);
    session = open_session();
    assert_int_equal(pyconsole_shared_run(session, 0), PYCONSOLE_EINVAL);
    close_session(session);
}

/* Left to pyconsole_python_stop. */
static void
test_stop_python__ends_the_sessions_that_are_left(void **state)
{
    (void)state;
    static pyconsole_session *left;
    left = open_session();
    execute(left, "print('on')\nwhile True: pass");
    wait_for(left, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_python_stop(python);
    wait_for(left, PYCONSOLE_EVENT_DIED);
    pyconsole_session_free(left);
    python = NULL;
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
        cmocka_unit_test(test_names__are_the_sessions_own),
        cmocka_unit_test(test_main__is_the_sessions_while_its_code_runs),
        cmocka_unit_test(test_input__is_one_event_for_all_that_ask),
        cmocka_unit_test(test_input__steps_through_pdb_and_help),
        cmocka_unit_test(test_input__is_an_error_with_nobody_to_answer),
        cmocka_unit_test(test_interrupt__reaches_the_request_it_means),
        cmocka_unit_test(test_interrupt__ends_loops_and_input),
        cmocka_unit_test(test_callers_thread__runs_what_is_asked),
        cmocka_unit_test(test_callers_thread__stops_at_its_budget),
        cmocka_unit_test(test_callers_thread__prints_without_end_and_does_not_hang),
        cmocka_unit_test(test_pump__answers_input),
        cmocka_unit_test(test_pump__turns_while_code_waits_and_interrupts_it),
        cmocka_unit_test(test_run__is_refused_inside_a_run),
        cmocka_unit_test(test_signals__are_the_hosts),
        cmocka_unit_test(test_exit__ends_the_session_and_not_the_host),
        cmocka_unit_test(test_many__print_at_once_and_every_byte_is_in_its_own),
        cmocka_unit_test(test_output__waits_at_the_mark_until_it_is_taken),
        cmocka_unit_test(test_output__is_dropped_and_counted_at_the_mark),
        cmocka_unit_test(test_objects__are_the_hosts_own),
        cmocka_unit_test(test_free__interrupts_what_runs),
        cmocka_unit_test(test_stop__cuts_off_what_cannot_be_stopped),
        cmocka_unit_test(test_fork__leaves_the_session_to_the_parent),
        cmocka_unit_test(test_clone__is_refused),
        cmocka_unit_test(test_options__are_checked),
        cmocka_unit_test(test_stop_python__ends_the_sessions_that_are_left),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
